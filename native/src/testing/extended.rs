//! The extended query protocol.

use std::vec::IntoIter;

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
use super::script::{Columns, Reply};
use super::session::{Failure, Session, failure, nonsense};
use super::values::{self, Cell};

#[derive(Debug, Clone)]
pub(super) struct Prepared {
    sql: String,
    types: Vec<Type>,
    /// What it returns; none when it returns no rows.
    columns: Option<Columns>,
}

#[derive(Debug)]
pub(super) struct Portal {
    prepared: Prepared,
    parameters: Vec<Option<String>>,
    formats: Vec<Format>,
    /// What is left of its rows, once it has begun.
    rows: Option<IntoIter<Vec<Cell>>>,
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
        if !is_empty(parse.sql) {
            self.check(parse.sql)?;
        }
        let types = self.parameter_types(parse.sql, &parse.types)?;
        let columns = self.backend.script().columns(parse.sql);
        let prepared = Prepared { sql: parse.sql.to_owned(), types, columns };
        self.statements.insert(parse.statement.to_owned(), prepared);
        self.say(&BackendMessage::ParseComplete(ParseComplete));
        Ok(())
    }

    /// The types of a statement's parameters: those given by the client, else those that the test told.
    fn parameter_types(&self, sql: &str, given: &[u32]) -> Result<Vec<Type>, Failure> {
        let numbers = Lexer::new(sql).filter_map(|token| match token.kind {
            TokenKind::Parameter(number) => number,
            _ => None,
        });
        let count = numbers.max().map_or(0, usize::from);
        let told = self.backend.script().of(sql).find_map(|line| line.types.clone()).unwrap_or_default();
        if !told.is_empty() && told.len() != count {
            return Err(nonsense(sql, &format!("it has {count} parameters, and {} were told", told.len())));
        }
        let type_ = |at: usize| match given.get(at) {
            Some(&oid) if oid != 0 => Some(Type::from_oid(oid)),
            _ => told.get(at).cloned(),
        };
        let untold = "nothing tells the types of its parameters: add with(…) or parameters(…)";
        (0..count).map(type_).collect::<Option<_>>().ok_or_else(|| nonsense(sql, untold))
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
        let begun = match portal.rows.take() {
            Some(rows) => Some(rows),
            None => self.begin(&portal)?,
        };
        let Some(mut rows) = begun else { return Ok(()) };
        let limit = match usize::try_from(execute.max_rows) {
            Ok(0) | Err(_) => usize::MAX,
            Ok(limit) => limit,
        };
        let columns = portal.prepared.columns.as_deref().unwrap_or_default();
        let mut sent = 0;
        for row in rows.by_ref().take(limit) {
            self.say_row(columns, &portal.formats, &row);
            sent += 1;
        }
        if rows.len() == 0 {
            self.complete(&tag(&portal.prepared.sql, sent));
        } else {
            self.say(&BackendMessage::PortalSuspended(PortalSuspended));
            portal.rows = Some(rows);
            self.portals.insert(execute.portal.to_owned(), portal);
        }
        Ok(())
    }

    /// Runs a portal's statement; gives the rows to send, or none when it has been answered already.
    fn begin(&mut self, portal: &Portal) -> Result<Option<IntoIter<Vec<Cell>>>, Failure> {
        let Prepared { sql, columns, .. } = &portal.prepared;
        if is_empty(sql) {
            self.say(&BackendMessage::EmptyQueryResponse(EmptyQueryResponse));
            return Ok(None);
        }
        self.check(sql)?;
        match self.run(sql, &portal.parameters)? {
            Reply::Rows { columns: found, rows } if Some(&found) == columns.as_ref() => {
                Ok(Some(rows.into_iter()))
            }
            Reply::Affects(rows) if columns.is_none() => {
                self.complete(&tag(sql, rows));
                Ok(None)
            }
            Reply::RolledBack => {
                self.complete("ROLLBACK");
                Ok(None)
            }
            _ => Err(nonsense(sql, "it has answers of different columns")),
        }
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
            Reply::RolledBack => self.complete("ROLLBACK"),
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

fn is_empty(sql: &str) -> bool {
    Lexer::new(sql).all(|token| token.is_blank())
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
