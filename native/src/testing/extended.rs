//! The extended query protocol.

use trunkline_core::SqlState;
use trunkline_core::message::backend::{
    BackendMessage, BindComplete, CloseComplete, DataRow, EmptyQueryResponse, FieldDescription, NoData,
    ParameterDescription, ParseComplete, PortalSuspended, RowDescription,
};
use trunkline_core::message::frontend::{Bind, Execute, FrontendMessage, Parse, Target};
use trunkline_core::sql::{Lexer, TokenKind};
use trunkline_core::types::Type;
use trunkline_core::wire::Format;

use super::command::tag;
use super::script::Reply;
use super::session::{Failure, Session, failure, nonsense};
use super::values::{self, Cell};

#[derive(Debug, Clone)]
pub(super) struct Prepared {
    sql: String,
    types: Vec<Type>,
    /// What it returns; none when it returns no rows.
    columns: Option<Vec<(String, Type)>>,
}

#[derive(Debug)]
pub(super) struct Portal {
    prepared: Prepared,
    parameters: Vec<Option<String>>,
    formats: Vec<Format>,
    /// What is left of its rows, once it has begun.
    rows: Option<std::vec::IntoIter<Vec<Cell>>>,
}

impl Session {
    pub(super) fn extended(&mut self, message: &FrontendMessage<'_>) -> Result<(), Failure> {
        match message {
            FrontendMessage::Parse(parse) => self.parse(parse),
            FrontendMessage::Bind(bind) => self.bind(bind),
            FrontendMessage::Describe(describe) => self.describe(describe.target),
            FrontendMessage::Execute(execute) => self.execute(execute),
            FrontendMessage::Close(close) => {
                match close.target {
                    Target::Statement(name) => drop(self.statements.remove(name)),
                    Target::Portal(name) => drop(self.portals.remove(name)),
                }
                self.say(&BackendMessage::CloseComplete(CloseComplete));
                Ok(())
            }
            // All is answered at once, so Flush has nothing to do.
            FrontendMessage::Flush(_) => Ok(()),
            _ => Err(failure(SqlState::FEATURE_NOT_SUPPORTED, "the scripted backend does not play this")),
        }
    }

    fn parse(&mut self, parse: &Parse<'_>) -> Result<(), Failure> {
        let is_empty = Lexer::new(parse.sql).all(|token| token.is_blank());
        if !is_empty {
            self.check(parse.sql)?;
        }
        let given = parse.types.iter().map(|oid| (*oid != 0).then(|| Type::from_oid(*oid))).collect();
        let (types, columns) = self.describe_sql(parse.sql, given)?;
        let prepared = Prepared { sql: parse.sql.to_owned(), types, columns };
        self.statements.insert(parse.statement.to_owned(), prepared);
        self.say(&BackendMessage::ParseComplete(ParseComplete));
        Ok(())
    }

    /// The types of the parameters and the columns, by what the script tells of that SQL.
    #[expect(clippy::type_complete, reason = "the two halves of a Prepared")]
    fn describe_sql(
        &self,
        sql: &str,
        mut types: Vec<Option<Type>>,
    ) -> Result<(Vec<Type>, Option<Vec<(String, Type)>>), Failure> {
        let script = self.backend.script();
        let numbers = Lexer::new(sql).filter_map(|token| match token.kind {
            TokenKind::Parameter(number) => number,
            _ => None,
        });
        types.resize(numbers.max().unwrap_or_default().into(), None);
        let told = script.of(sql).find_map(|line| line.types.clone()).unwrap_or_default();
        if !told.is_empty() && told.len() != types.len() {
            let why = format!("it has {} parameters, and {} were told", types.len(), told.len());
            return Err(nonsense(sql, &why));
        }
        types.iter_mut().zip(told).for_each(|(type_, told)| *type_ = type_.take().or(Some(told)));
        let types: Option<Vec<Type>> = types.into_iter().collect();
        let untold = "nothing tells the types of its parameters: add with(…) or parameters(…)";
        let types = types.ok_or_else(|| nonsense(sql, untold))?;
        let columns = script.of(sql).find_map(|line| match &line.reply {
            Reply::Rows { columns, .. } => Some(columns.clone()),
            _ => None,
        });
        Ok((types, columns))
    }

    fn bind(&mut self, bind: &Bind<'_>) -> Result<(), Failure> {
        let prepared = self.prepared(bind.statement)?;
        let count = prepared.types.len();
        if bind.parameters.len() != count {
            let given = bind.parameters.len();
            let message =
                format!("bind message supplies {given} parameters, but the statement requires {count}");
            return Err(failure(SqlState::PROTOCOL_VIOLATION, &message));
        }
        let texts = prepared.types.iter().zip(&bind.parameters).enumerate();
        let parameters =
            texts.map(|(at, (type_, raw))| values::text(type_, format(&bind.formats, at), *raw)).collect();
        let portal = Portal { prepared, parameters, formats: bind.result_formats.clone(), rows: None };
        self.portals.insert(bind.portal.to_owned(), portal);
        self.say(&BackendMessage::BindComplete(BindComplete));
        Ok(())
    }

    fn describe(&mut self, target: Target<'_>) -> Result<(), Failure> {
        let (columns, formats) = match target {
            Target::Statement(name) => {
                let prepared = self.prepared(name)?;
                let types = prepared.types.iter().map(Type::oid).collect();
                self.say(&BackendMessage::ParameterDescription(ParameterDescription { types }));
                (prepared.columns, Vec::new())
            }
            Target::Portal(name) => {
                let portal = self.portals.get(name).ok_or_else(|| no_portal(name))?;
                (portal.prepared.columns.clone(), portal.formats.clone())
            }
        };
        match columns {
            Some(columns) => self.say_columns(&columns, &formats),
            None => self.say(&BackendMessage::NoData(NoData)),
        }
        Ok(())
    }

    fn execute(&mut self, execute: &Execute<'_>) -> Result<(), Failure> {
        let mut portal = self.portals.remove(execute.portal).ok_or_else(|| no_portal(execute.portal))?;
        let Prepared { sql, columns, .. } = &portal.prepared;
        if Lexer::new(sql).all(|token| token.is_blank()) {
            self.say(&BackendMessage::EmptyQueryResponse(EmptyQueryResponse));
            return Ok(());
        }
        let mut rows = match portal.rows.take() {
            Some(rows) => rows,
            None => {
                self.check(sql)?;
                match self.run(sql, &portal.parameters)? {
                    Reply::Rows { columns: found, rows } if Some(&found) == columns.as_ref() => {
                        rows.into_iter()
                    }
                    Reply::Affects(rows) if columns.is_none() => {
                        self.complete(&tag(sql, rows));
                        return Ok(());
                    }
                    _ => return Err(nonsense(sql, "it has answers of different columns")),
                }
            }
        };
        let limit = usize::try_from(execute.max_rows).unwrap_or_default();
        let limit = if limit == 0 { usize::MAX } else { limit };
        let columns = columns.as_deref().unwrap_or_default();
        let mut sent = 0_u64;
        for row in rows.by_ref().take(limit) {
            self.say_row(columns, &portal.formats, &row);
            sent += 1;
        }
        if rows.len() > 0 {
            self.say(&BackendMessage::PortalSuspended(PortalSuspended));
            portal.rows = Some(rows);
            self.portals.insert(execute.portal.to_owned(), portal);
            return Ok(());
        }
        self.complete(&tag(sql, sent));
        Ok(())
    }

    /// An answer as a whole, with its columns.
    pub(super) fn answer(&mut self, reply: &Reply, sql: &str, formats: &[Format]) {
        match reply {
            Reply::Rows { columns, rows } => {
                self.say_columns(columns, formats);
                for row in rows {
                    self.say_row(columns, formats, row);
                }
                self.complete(&tag(sql, u64::try_from(rows.len()).unwrap_or_default()));
            }
            Reply::Affects(rows) => self.complete(&tag(sql, *rows)),
            // They are no answers: `run` has them fail.
            Reply::Fails(_) | Reply::Nonsense(_) => {}
        }
    }

    fn say_columns(&mut self, columns: &[(String, Type)], formats: &[Format]) {
        let fields = columns.iter().enumerate().map(|(at, (name, type_))| FieldDescription {
            name,
            table: 0,
            attribute: 0,
            type_oid: type_.oid(),
            type_size: -1,
            modifier: -1,
            format: format(formats, at),
        });
        let fields = fields.collect();
        self.say(&BackendMessage::RowDescription(RowDescription { fields }));
    }

    fn say_row(&mut self, columns: &[(String, Type)], formats: &[Format], row: &[Cell]) {
        let cells =
            row.iter().zip(columns).enumerate().map(|(at, (cell, (_, type_)))| match format(formats, at) {
                Format::Binary => cell.clone(),
                Format::Text => values::text(type_, Format::Binary, cell.as_deref()).map(String::into_bytes),
            });
        let cells: Vec<Cell> = cells.collect();
        let values = cells.iter().map(Option::as_deref).collect();
        self.say(&BackendMessage::DataRow(DataRow { values }));
    }

    fn prepared(&self, name: &str) -> Result<Prepared, Failure> {
        self.statements.get(name).cloned().ok_or_else(|| {
            let message = format!("prepared statement \"{name}\" does not exist");
            failure(SqlState::INVALID_SQL_STATEMENT_NAME, &message)
        })
    }
}

/// The format of value `at`: there is none (all text), one for all, or one for each.
fn format(formats: &[Format], at: usize) -> Format {
    match formats {
        [one] => *one,
        formats => formats.get(at).copied().unwrap_or_default(),
    }
}

fn no_portal(name: &str) -> Failure {
    failure(SqlState::INVALID_CURSOR_NAME, &format!("portal \"{name}\" does not exist"))
}
