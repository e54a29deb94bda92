//! Statements and the operations that run them.

use trunkline_core::error::UsageError;
use trunkline_core::{Error, OperationId};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{Engine, clock};
use crate::engine::operations::Wants;
use crate::error;
use crate::parameters::Malformed;
use crate::rows::{address, size};

/// What is returned in place of an operation's number when there is none: the error is the last one.
const FAILED: u32 = u32::MAX;

#[wasm_bindgen]
impl Engine {
    /// Makes room for `bytes` of parameters and gives their address; what was written stays.
    pub fn scratch(&mut self, bytes: u32) -> u32 {
        address(self.scratch.reserve(size(bytes)))
    }

    /// The number of a statement to run; JavaScript remembers it by its text.
    pub fn statement(&mut self, sql: &str) -> u32 {
        self.statements.add(sql)
    }

    /// Forgets a statement's number; false while operations of it are under way.
    pub fn release(&mut self, statement: u32) -> bool {
        self.statements.release(statement).is_some()
    }

    /// Runs a statement with the parameters in the scratch area; `timeout` in milliseconds, 0 for the default.
    /// The flag 1 says that its rows are not wanted; from bit 8 on the flags say what values become.
    pub fn exec(&mut self, statement: u32, parameters: u32, flags: u32, timeout: f64, now: f64) -> u32 {
        let started = self.start(statement, parameters, timeout, now);
        self.refresh();
        self.number(started, Some(statement), Wants::new(flags))
    }

    /// Answers the event that an operation's parameters are known; false when that ended it with the last error.
    pub fn bind(&mut self, operation: u32, parameters: u32) -> bool {
        let bound = self.load(parameters).and_then(|()| match self.operations.get(operation) {
            Some(known) => self.connection.bind(known.id, &self.scratch),
            None => Ok(()),
        });
        self.refresh();
        match bound {
            Ok(()) => true,
            Err(error) => {
                self.end(operation);
                self.fail(&error);
                false
            }
        }
    }

    /// Runs a script of statements, without parameters.
    pub fn simple(&mut self, sql: &str, now: f64) -> u32 {
        let started = self.connection.simple_query(clock::instant(now), sql);
        self.refresh();
        self.number(started, None, Wants::default())
    }

    /// Describes a statement, which `exec` then runs in one flight.
    pub fn prepare(&mut self, statement: u32, now: f64) -> u32 {
        let Some(entry) = self.statements.get(statement) else {
            return self.number(Err(no_statement()), None, Wants::default());
        };
        self.types.follow(&mut self.connection);
        let started = self.connection.prepare(clock::instant(now), &entry.sql, &[]);
        self.refresh();
        self.number(started, Some(statement), Wants::default())
    }

    /// Closes a prepared statement on the server.
    #[wasm_bindgen(js_name = closeStatement)]
    pub fn close_statement(&mut self, statement: u32, now: f64) -> u32 {
        let prepared = self.statements.get_mut(statement).and_then(|entry| entry.prepared.take());
        let Some(prepared) = prepared else {
            return self.number(Err(no_statement()), None, Wants::default());
        };
        let started = self.connection.close_statement(clock::instant(now), &prepared);
        self.refresh();
        self.number(started, Some(statement), Wants::default())
    }

    /// Nobody waits for an operation any more; there will be no event of it.
    pub fn forget(&mut self, operation: u32) {
        if let Some(known) = self.end(operation) {
            self.connection.forget(known);
        }
        self.refresh();
    }

    /// The error of the call that has just failed.
    #[wasm_bindgen(js_name = lastError)]
    pub fn last_error(&mut self) -> Option<String> {
        self.objects.take_last()
    }
}

impl Engine {
    fn start(
        &mut self,
        statement: u32,
        parameters: u32,
        timeout: f64,
        now: f64,
    ) -> Result<OperationId, Error> {
        self.load(parameters)?;
        self.types.follow(&mut self.connection);
        let entry = self.statements.get(statement).ok_or_else(no_statement)?;
        let options = entry.options(clock::timeout(timeout));
        let started = self.connection.query(clock::instant(now), &entry.sql, &options, &self.scratch);
        self.scratch.shrink();
        started
    }

    pub(super) fn load(&mut self, parameters: u32) -> Result<(), Error> {
        self.scratch.load(size(parameters)).map_err(|_| Malformed::error().into())
    }

    pub(super) fn number(
        &mut self,
        started: Result<OperationId, Error>,
        statement: Option<u32>,
        wants: Wants,
    ) -> u32 {
        match started {
            Ok(id) => {
                if let Some(entry) = statement.and_then(|statement| self.statements.get_mut(statement)) {
                    entry.in_flight += 1;
                }
                self.operations.add(id, statement, wants)
            }
            Err(error) => {
                self.fail(&error);
                FAILED
            }
        }
    }

    pub(super) fn fail(&mut self, error: &Error) {
        self.objects.keep(error::failure(error));
    }

    /// Forgets an operation's number.
    pub(super) fn end(&mut self, operation: u32) -> Option<OperationId> {
        let known = self.operations.remove(operation)?;
        if let Some(entry) = known.statement.and_then(|statement| self.statements.get_mut(statement)) {
            entry.in_flight = entry.in_flight.saturating_sub(1);
        }
        Some(known.id)
    }
}

pub(super) fn no_statement() -> Error {
    UsageError::call("this statement is closed").into()
}
