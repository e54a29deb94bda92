//! The extended query protocol.

use trunkline_core::message::frontend::{Bind, Describe, FrontendMessage, Parse, Target};
use trunkline_core::types::Type;
use trunkline_core::wire::Format;

use super::sql::{Command, Failure};
use super::{Backend, Copying, Portal, Prepared, catalog};
use crate::messages as m;

impl Backend {
    pub(super) fn extended(&mut self, message: &FrontendMessage<'_>) -> Result<(), Failure> {
        match message {
            FrontendMessage::Parse(parse) => self.parse(parse),
            FrontendMessage::Bind(bind) => self.bind(bind),
            FrontendMessage::Describe(describe) => self.describe(*describe),
            FrontendMessage::Execute(execute) => self.execute(execute.portal, execute.max_rows),
            FrontendMessage::Close(close) => {
                match close.target {
                    Target::Statement(name) => drop(self.statements.remove(name)),
                    Target::Portal(name) => drop(self.portals.remove(name)),
                }
                self.say(&m::closed());
                Ok(())
            }
            // Out of COPY its messages mean nothing, and what is flushed is not seen here.
            _ => Ok(()),
        }
    }

    fn parse(&mut self, parse: &Parse<'_>) -> Result<(), Failure> {
        let command = Command::parse(parse.sql)?;
        self.check_status(&command)?;
        if !parse.statement.is_empty() && self.statements.contains_key(parse.statement) {
            let message = format!("prepared statement \"{}\" already exists", parse.statement);
            return Err(Failure::new("42P05", message));
        }
        let mut types = command.parameters();
        for (known, given) in types.iter_mut().zip(parse.types.iter().filter(|oid| **oid != 0)) {
            *known = *given;
        }
        let prepared = Prepared { command, types, schema: self.schema };
        self.statements.insert(parse.statement.into(), prepared);
        self.say(&m::parsed());
        Ok(())
    }

    fn bind(&mut self, bind: &Bind<'_>) -> Result<(), Failure> {
        let prepared = self.prepared(bind.statement)?;
        self.check_status(&prepared.command)?;
        if bind.parameters.len() != prepared.types.len() {
            return Err(Failure::new("08P01", "bind message supplies another number of parameters"));
        }
        if prepared.command == Command::Table && prepared.schema != self.schema {
            let failure = Failure::new("0A000", "cached plan must not change result type");
            return Err(failure.routine("RevalidateCachedQuery"));
        }
        if prepared.command == Command::FailEarly {
            return Err(Failure::new("22012", "division by zero"));
        }
        let pair = bind.parameters.first().copied().flatten();
        if prepared.command == Command::Echo(catalog::PAIR)
            && pair.is_some_and(|pair| !self.catalog.takes_pair(pair))
        {
            return Err(
                Failure::new("42804", "wrong number of columns: 2, expected 3").routine("record_recv")
            );
        }
        let portal = Portal {
            command: prepared.command,
            parameters: bind.parameters.iter().map(|value| value.map(<[u8]>::to_vec)).collect(),
            formats: bind.result_formats.clone(),
            types: prepared.types,
            schema: self.schema,
            sent: 0,
        };
        self.portals.insert(bind.portal.into(), portal);
        self.say(&m::bound());
        Ok(())
    }

    fn describe(&mut self, describe: Describe<'_>) -> Result<(), Failure> {
        let (columns, format) = match describe.target {
            Target::Statement(name) => {
                let prepared = self.prepared(name)?;
                let types: Vec<Type> = prepared.types.iter().map(|oid| Type::from_oid(*oid)).collect();
                self.say(&m::parameters(&types));
                (prepared.command.columns(prepared.schema), Format::Text)
            }
            Target::Portal(name) => {
                let portal = self.portals.get(name).ok_or_else(no_portal)?;
                let format = portal.format()?;
                (portal.command.columns(portal.schema), format)
            }
        };
        self.say(&columns.map_or_else(m::no_data, |columns| m::columns(&columns, format)));
        Ok(())
    }

    fn execute(&mut self, name: &str, max_rows: i32) -> Result<(), Failure> {
        let mut portal = self.portals.remove(name).ok_or_else(no_portal)?;
        let format = portal.format()?;
        match &portal.command {
            Command::Empty => self.say(&m::empty()),
            Command::Introspect => {
                let asked = portal.parameters.first().and_then(Option::as_deref).unwrap_or_default();
                let rows = self.catalog.introspect(catalog::oids(asked));
                if self.catalog.fails {
                    return Err(Failure::new("42501", "permission denied for table pg_type"));
                }
                self.say_rows(&rows);
            }
            Command::CopyIn => {
                self.say(&m::copy_in());
                self.copying = Some(Copying::Extended(Vec::new()));
            }
            Command::CopyOut(rows) => self.copy_out(*rows),
            command if command.columns(portal.schema).is_some() => {
                let parameter = portal.parameters.first().and_then(Option::as_deref);
                let rows = self.rows(command, portal.schema, parameter, format);
                let rows = rows.get(portal.sent..).unwrap_or_default();
                let limit = usize::try_from(max_rows).unwrap_or_default();
                if limit == 0 || rows.len() < limit {
                    self.say_rows(rows);
                } else {
                    self.say_row_run(&rows[..limit]);
                    self.say(&m::raw(b's', b""));
                    portal.sent += limit;
                    self.portals.insert(name.into(), portal);
                }
            }
            command => {
                let tag = self.run(command)?;
                self.say(&m::complete(&tag));
            }
        }
        Ok(())
    }

    fn say_row_run(&mut self, rows: &[Vec<Option<Vec<u8>>>]) {
        for row in rows {
            let values: Vec<Option<&[u8]>> = row.iter().map(Option::as_deref).collect();
            self.say(&m::row(&values));
        }
    }

    pub(super) fn say_rows(&mut self, rows: &[Vec<Option<Vec<u8>>>]) {
        self.say_row_run(rows);
        self.say(&m::complete(&format!("SELECT {}", rows.len())));
    }

    fn prepared(&self, name: &str) -> Result<Prepared, Failure> {
        let missing = || Failure::new("26000", format!("prepared statement \"{name}\" does not exist"));
        self.statements.get(name).cloned().ok_or_else(missing)
    }
}

impl Portal {
    /// The one format of its results.
    fn format(&self) -> Result<Format, Failure> {
        let format = self.formats.first().copied().unwrap_or_default();
        let blind = matches!(self.command, Command::Acl | Command::Custom(catalog::BLIND, _));
        if blind && format == Format::Binary {
            let failure = Failure::new("42883", "no binary output function available for type aclitem");
            return Err(failure.routine("getTypeBinaryOutputInfo"));
        }
        debug_assert_eq!(self.parameters.len(), self.types.len());
        Ok(format)
    }
}

fn no_portal() -> Failure {
    Failure::new("34000", "portal \"\" does not exist")
}
