//! Transactions: BEGIN travels with the first statement, and what ends one is sent without anybody waiting.

use super::Connection;
use super::write::write_command;
use crate::config::StatementMode;
use crate::error::{Error, SqlState};
use crate::operation::{Kind, OperationId};

impl Connection {
    /// Writes a command that opens a transaction or a savepoint, to leave with the next flight.
    ///
    /// It has no Sync of its own: when it fails, the server skips what came with it, which fails with the same
    /// error. What was to follow waits until it is known to have succeeded, so that nothing is run outside of the
    /// transaction that it was meant for.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] when the connection is closed.
    pub fn begin(&mut self, sql: &str) -> Result<(), Error> {
        self.check_room()?;
        self.send_prologue()?;
        self.session.failure = None;
        let id = self.start(Kind::Control { opens: true }, None);
        let opened = match self.mode {
            StatementMode::Simple => Ok(false),
            _ => self.wire.open(id, |flight| write_command(flight, id, sql)),
        };
        match opened {
            Ok(true) => Ok(()),
            Ok(false) => self.send(id, true, |flight| flight.query(id, sql)).map(drop),
            Err(error) => {
                self.remove(id);
                Err(error)
            }
        }
    }

    /// Sends a command of which nobody wants to hear, such as the ROLLBACK of a transaction that was given up.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] when the connection is closed.
    pub fn control(&mut self, sql: &str) -> Result<(), Error> {
        self.check_open()?;
        let id = self.start(Kind::Control { opens: false }, None);
        self.send(id, false, |flight| flight.query(id, sql)).map(drop)
    }

    /// What the server said last of a statement that failed since the last [`Connection::begin`].
    pub fn last_failure(&self) -> Option<&SqlState> {
        self.session.failure.as_ref()
    }

    /// It was executed: what waits for it can follow.
    pub(super) fn begun(&mut self, id: OperationId) {
        if self.wire.hold.holder() == Some(id) {
            self.wire.hold.release();
            self.pump();
        }
    }

    /// Why those fail that were skipped together with it.
    pub(super) fn skipped_because(&self, failed: OperationId) -> Error {
        let failed = self.operations.get(failed);
        match failed.map(|operation| (&operation.kind, &operation.outcome)) {
            Some((Kind::Control { opens: true }, Some(Err(error)))) => error.clone(),
            _ => Error::Skipped,
        }
    }

    /// It failed: what waited to be run in its transaction is not run.
    pub(super) fn not_begun(&mut self, id: OperationId) {
        let error = self.skipped_because(id);
        while let Some(waiting) = self.wire.hold.take_waiting() {
            for id in waiting.operations() {
                self.unname(id);
                if let Some(operation) = self.operations.get_mut(id) {
                    operation.outcome = Some(Err(error.clone()));
                }
                self.finish(id);
            }
        }
    }
}
