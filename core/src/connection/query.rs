use alloc::sync::Arc;
use core::time::Duration;

use super::Connection;
use super::send::leaving;
use super::wire::Wire;
use super::write::{check_count, parameters_in, write_blind, write_parsed, write_query};
use crate::config::StatementMode;
use crate::error::{Error, UsageError};
use crate::operation::{Kind, OperationId, Phase, Query, QueryOptions, Text};
use crate::pipeline::Flight;
use crate::statement::{Class, Key, Naming, Statement};
use crate::time::Instant;
use crate::types::{Parameters, Type};
use crate::wire::Unencodable;

/// The protocol counts parameters in an Int16, without a sign.
const MAX_PARAMETERS: usize = 0xffff;

impl Connection {
    /// Runs one statement.
    ///
    /// It is written at once when its parameters' types are known (it was described before, has no parameters,
    /// or the caller gives the types); otherwise it is described first, [`Event::Described`](super::Event)
    /// follows, and the caller answers with [`Connection::bind`].
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] when a parameter or the SQL cannot be encoded: nothing was sent. [`Error::Closed`] when
    /// the connection is closed.
    pub fn query(
        &mut self,
        now: Instant,
        sql: &str,
        options: &QueryOptions<'_>,
        parameters: &dyn Parameters,
    ) -> Result<OperationId, Error> {
        self.admit(now)?;
        if options.mode.unwrap_or(self.mode) == StatementMode::Simple {
            return self.query_simply(now, sql, options, parameters);
        }
        let known = self.known(sql, options);
        let deadline = self.deadline(now, options.timeout);
        let Some((statement, naming)) = known else {
            return self.query_undescribed(sql, options, parameters, deadline);
        };
        check_count(statement.parameters().len(), parameters)?;
        let holds = statement.class() == Class::Copy;
        let query = Query::new(Text::Described(statement.clone()), parameters.count(), options, self.mode);
        let id = self.start(Kind::Query(query), deadline);
        self.send(id, holds, |flight| {
            write_query(flight, id, &statement, &naming, parameters)?;
            flight.sync(id);
            Ok::<_, Error>(())
        })?;
        self.note_naming(id, &statement, naming, false);
        Ok(id)
    }

    /// Answers [`Event::Described`](super::Event): the parameters of a query whose types are now known.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] when a parameter cannot be encoded; the operation is over then, and did nothing.
    pub fn bind(&mut self, id: OperationId, parameters: &dyn Parameters) -> Result<(), Error> {
        self.check_open()?;
        let bound = self.bind_described(id, parameters);
        if bound.is_err() {
            self.forget(id);
        }
        self.pump();
        bound
    }

    /// The statement and how this use names it, when its description is known.
    pub(super) fn known(&mut self, sql: &str, options: &QueryOptions<'_>) -> Option<(Statement, Naming)> {
        let mode = options.mode.unwrap_or(self.mode);
        let key = match options.statement {
            Some(statement) => Key { sql: statement.sql(), types: statement.given_types() },
            None => Key { sql, types: options.types },
        };
        let found = self.statements.find(key).map(|(statement, naming)| (statement.clone(), naming));
        let (statement, naming) = match (found, options.statement) {
            (Some(found), _) => found,
            (None, Some(statement)) => {
                // Described elsewhere, or at a time when types were not what they are now.
                let statement = match self.registry.is_empty() {
                    true => statement.clone(),
                    false => statement.with_types(&self.registry),
                };
                self.remember(statement.clone());
                (statement, Naming::Unnamed)
            }
            (None, None) => return None,
        };
        Some((statement, Self::naming(naming, mode, self.wire.is_free())))
    }

    /// A query's SQL, with its description when that is known.
    pub(super) fn text(&mut self, sql: &str, options: &QueryOptions<'_>) -> Text {
        match self.known(sql, options) {
            Some((statement, _)) => Text::Described(statement),
            None => Text::Undescribed { sql: sql.into(), types: options.types.into() },
        }
    }

    /// How a flight names its statement. Only one that leaves at once gives a name: one that waits may be passed by
    /// others that count on the name, or never leave.
    fn naming(found: Naming, mode: StatementMode, leaves_at_once: bool) -> Naming {
        match found {
            _ if mode != StatementMode::Named => Naming::Unnamed,
            Naming::Assign(_) if !leaves_at_once => Naming::Unnamed,
            naming => naming,
        }
    }

    fn query_undescribed(
        &mut self,
        sql: &str,
        options: &QueryOptions<'_>,
        parameters: &dyn Parameters,
        deadline: Option<(Instant, Duration)>,
    ) -> Result<OperationId, Error> {
        if !options.types.is_empty() {
            check_count(options.types.len(), parameters)?;
        }
        if parameters.count() > MAX_PARAMETERS {
            // The server would describe the statement, but with a count that has wrapped around.
            return Err(Unencodable::TooMany("parameters", MAX_PARAMETERS).into());
        }
        if parameters.count() == 0 {
            // The server would say so too, but only of what it was sent.
            check_count(parameters_in(sql), parameters)?;
        }
        let text = Text::Undescribed { sql: sql.into(), types: options.types.into() };
        let query = Query::new(text, parameters.count(), options, self.mode);
        let types_known =
            parameters.count() == options.types.len() && options.types.iter().all(Type::is_known);
        if types_known && self.may_ask_blindly() {
            let holds = Class::of(sql) == Class::Copy;
            let id = self.start(Kind::Query(query), deadline);
            return self.send(id, holds, |flight| {
                write_blind(flight, id, sql, options.types, parameters)?;
                flight.sync(id);
                Ok::<_, Error>(())
            });
        }
        // Encoded by nobody yet, so what is wrong with the text must be found here.
        if memchr::memchr(0, sql.as_bytes()).is_some() {
            return Err(Unencodable::ContainsNul("the SQL").into());
        }
        Ok(self.start_unbound(query, deadline))
    }

    /// Whether results may be asked for in binary before their types are known.
    ///
    /// A type without binary output fails such a request. Outside a transaction block that costs a second flight;
    /// inside one it would abort the caller's transaction. One that the program wants in text is in none.
    pub(super) fn may_ask_blindly(&self) -> bool {
        use crate::message::backend::TransactionStatus::Idle;
        self.session.status == Idle
            && self.wire.block_openers == 0
            && self.wire.is_free()
            && !self.registry.asks_for_text()
    }

    pub(super) fn bind_described(
        &mut self,
        id: OperationId,
        parameters: &dyn Parameters,
    ) -> Result<(), Error> {
        let not_described = || UsageError::call("bind answers Event::Described, and is called once for each");
        let operation = self.operations.get_mut(id).ok_or_else(not_described)?;
        if operation.phase != Phase::Described {
            return Err(not_described().into());
        }
        let query = operation.query().ok_or_else(not_described)?;
        let Text::Described(statement) = &query.sql else { return Err(not_described().into()) };
        let statement = statement.clone();
        let (mode, parsed) = (query.mode, query.parsed);
        let portal = self.bind_portal(id);
        check_count(statement.parameters().len(), parameters)?;
        let key = Key { sql: statement.sql(), types: statement.given_types() };
        let is_holder = self.wire.hold.holder() == Some(id);
        let found = self.statements.find(key).map_or(Naming::Unnamed, |(_, naming)| naming);
        let naming = Self::naming(found, mode, is_holder);
        // What described it ran nothing.
        let written_at = self.wire.outbox.written();
        let write = |flight: &mut Flight<'_>| {
            if let Some((name, rows, _)) = &portal {
                flight.set_portal(Arc::clone(name), *rows);
            }
            if parsed {
                write_parsed(flight, id, &statement, parameters)?;
            } else {
                write_query(flight, id, &statement, &naming, parameters)?;
            }
            match portal {
                Some((_, _, false)) => flight.flush(),
                _ => flight.sync(id),
            }
            Ok::<_, Error>(())
        };
        let holds = statement.class() == Class::Copy || matches!(portal, Some((_, _, false)));
        if is_holder {
            let mut flight = leaving(&mut self.wire, &self.statements, &self.portals);
            write(&mut flight)?;
            flight.commit();
            self.closes_left();
            if !holds {
                self.wire.hold.release();
            }
        } else {
            let flight = Some(Wire::detached(write)?);
            if let Some(waiting) = self.wire.hold.find(id) {
                waiting.flight = flight;
                waiting.holds = holds;
            }
        }
        if let Some(operation) = self.operations.get_mut(id) {
            operation.phase = Phase::Running;
            operation.written_at = written_at;
        }
        self.note_naming(id, &statement, naming, parsed);
        Ok(())
    }

    /// Notes what a flight that was written does with the statement's name, and the columns it will have.
    pub(super) fn note_naming(
        &mut self,
        id: OperationId,
        statement: &Statement,
        naming: Naming,
        parsed: bool,
    ) {
        let key = Key { sql: statement.sql(), types: statement.given_types() };
        let assigns = !parsed && matches!(naming, Naming::Assign(_));
        if let (false, Naming::Assign(name)) = (parsed, naming) {
            self.statements.assigned(key, name);
        }
        if let Some(operation) = self.operations.get_mut(id) {
            operation.columns = statement.columns().cloned();
            if let Some(query) = operation.query() {
                query.naming = assigns;
            }
        }
    }
}
