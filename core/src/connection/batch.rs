use alloc::collections::VecDeque;
use alloc::vec::Vec;

use bytes::BytesMut;

use super::Connection;
use super::send::leaving;
use super::write::{check_count, write_blind, write_query};
use crate::error::{Error, UsageError};
use crate::operation::{BatchMode, Kind, OperationId, Query, QueryOptions, Text};
use crate::pipeline::{Expected, Flight, Waiting};
use crate::statement::{Class, Key, Statement};
use crate::time::Instant;
use crate::types::Parameters;

/// Several queries being written into one flight.
///
/// Nothing of it is sent before [`Batch::finish`]; dropped without, it never was.
#[derive(Debug)]
pub struct Batch<'a> {
    connection: &'a mut Connection,
    now: Instant,
    mode: BatchMode,
    flight: (BytesMut, VecDeque<Expected>),
    operations: Vec<OperationId>,
}

impl Connection {
    /// Begins a batch.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] when the connection is closed.
    pub fn batch(&mut self, now: Instant, mode: BatchMode) -> Result<Batch<'_>, Error> {
        self.admit(now)?;
        if mode == BatchMode::ContinueOnError {
            // All but the first would be run outside of a transaction that cannot begin.
            self.wire.close_opening();
        }
        Ok(Batch { connection: self, now, mode, flight: Default::default(), operations: Vec::new() })
    }

    /// Whether a query's types are known here, so that it can be part of a batch.
    pub fn is_described(&self, sql: &str, options: &QueryOptions<'_>) -> bool {
        self.described_statement(sql, options).is_some()
    }

    /// What is known here of a query's statement.
    pub fn described_statement<'a>(&'a self, sql: &str, options: &QueryOptions<'a>) -> Option<&'a Statement> {
        let key = Key { sql, types: options.types };
        options.statement.or_else(|| self.statements.get(key))
    }

    /// Forgets what is known here of a query's statement: the server is asked at its next use. For a statement that others
    /// have described, and that means something else on this session's `search_path`.
    pub fn forget_statement(&mut self, sql: &str, options: &QueryOptions<'_>) {
        self.statements.remove(Key { sql, types: options.types });
    }
}

impl Batch<'_> {
    /// Adds a query.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] when a parameter cannot be encoded, and when the query has parameters whose types are
    /// not known: prepare it first. Nothing of the batch is sent then.
    pub fn query(
        &mut self,
        sql: &str,
        options: &QueryOptions<'_>,
        parameters: &dyn Parameters,
    ) -> Result<OperationId, Error> {
        let known = self.connection.known(sql, options);
        let text = match &known {
            Some((statement, _)) => Text::Described(statement.clone()),
            None if options.types.len() == parameters.count() => {
                Text::Undescribed { sql: sql.into(), types: options.types.into() }
            }
            None => {
                return Err(UsageError::call(
                    "a batch takes statements with parameters when they are prepared",
                )
                .into());
            }
        };
        if text.class() == Class::Copy {
            return Err(UsageError::call("COPY cannot be part of a batch").into());
        }
        check_count(
            known.as_ref().map_or(options.types.len(), |(known, _)| known.parameters().len()),
            parameters,
        )?;
        let mut query = Query::new(text, parameters.count(), options, self.connection.mode);
        query.batched = self.mode == BatchMode::FailFast;
        let deadline = self.connection.deadline(self.now, options.timeout);
        let id = self.connection.start(Kind::Query(query), deadline);
        let (bytes, expected) = &mut self.flight;
        let mut flight = Flight::new(bytes, expected);
        let written = match &known {
            Some((statement, naming)) => write_query(&mut flight, id, statement, naming, parameters),
            None => write_blind(&mut flight, id, sql, options.types, parameters),
        };
        if let Err(error) = written {
            drop(flight);
            self.connection.remove(id);
            return Err(error);
        }
        self.operations.push(id);
        if self.mode == BatchMode::ContinueOnError {
            flight.sync(id);
        }
        flight.commit();
        if let Some((statement, naming)) = known {
            self.connection.note_naming(id, &statement, naming, false);
        }
        Ok(id)
    }

    /// Sends it. The operations end together in a batch that fails fast, else one by one.
    pub fn finish(mut self) -> Vec<OperationId> {
        let operations = core::mem::take(&mut self.operations);
        let (mut bytes, mut expected) = core::mem::take(&mut self.flight);
        let Some(last) = operations.last().copied() else { return operations };
        if self.mode == BatchMode::FailFast {
            let mut flight = Flight::new(&mut bytes, &mut expected);
            flight.sync(last);
            flight.commit();
        }
        let Connection { wire, statements, portals, .. } = &mut *self.connection;
        if wire.is_free() {
            leaving(wire, statements, portals).commit();
            wire.launch((bytes, expected));
            wire.left(last, false);
            self.connection.closes_left();
        } else {
            wire.wait(Waiting { operation: last, flight: Some((bytes, expected)), holds: false });
        }
        operations
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        for id in self.operations.drain(..) {
            // A name given by a Parse that is never sent is not given.
            self.connection.unname(id);
            self.connection.remove(id);
        }
    }
}
