use alloc::sync::Arc;
use core::time::Duration;

use super::Connection;
use crate::error::{CloseReason, Error};
use crate::operation::{Kind, OperationId};
use crate::time::Instant;

/// What goes ahead of the next command.
#[derive(Debug, Default)]
pub(super) struct Prologue {
    pending: Option<Arc<str>>,
    under_way: Option<OperationId>,
    limit: Duration,
}

impl Connection {
    /// Sends a script ahead of the next command, in its flight: a ping (an empty script), or what resets the session
    /// for its next user. In place of one that was set before and was not sent yet.
    ///
    /// It must succeed, and within `limit` from that command: else the connection is closed, and the commands behind it
    /// with it. When the server ended the session in the script, it has not run what is behind it, and
    /// [`Error::safe_to_retry`] says so. `set exit_on_error = on` makes it end the session at any error of the script.
    pub fn set_prologue(&mut self, sql: Arc<str>, limit: Duration) {
        self.prologue.pending = Some(sql);
        self.prologue.limit = limit;
    }

    /// Whether another command can be taken: to be asked first by each that can be a session's first. What goes ahead
    /// of it is sent.
    pub(super) fn admit(&mut self, now: Instant) -> Result<(), Error> {
        self.check_room()?;
        self.send_prologue()?;
        let Some(id) = self.prologue.under_way else { return Ok(()) };
        let Some(operation) = self.operations.get(id) else { return Ok(()) };
        if operation.written_at < self.wire.outbox.sent() {
            return Ok(());
        }
        // Not before it leaves: behind it may be a BEGIN, which waits for the transaction's first statement.
        let limit = self.prologue.limit;
        self.set_deadline(id, Some((now + limit, limit)));
        Ok(())
    }

    /// Writes what goes ahead of a command, for one that does not leave at once.
    pub(super) fn send_prologue(&mut self) -> Result<(), Error> {
        let Some(sql) = self.prologue.pending.take() else { return Ok(()) };
        let id = self.start(Kind::Control { opens: false }, None);
        if let Some(operation) = self.operations.get_mut(id) {
            // Nobody takes its rows.
            operation.forgotten = true;
        }
        self.prologue.under_way = Some(id);
        self.send(id, false, |flight| flight.query(id, &sql)).map(drop)
    }

    /// Whether this operation went ahead of the others, whose fate depends on it.
    pub(super) fn is_prologue(&self, id: OperationId) -> bool {
        self.prologue.under_way == Some(id)
    }

    /// ReadyForQuery came for the script.
    pub(super) fn prologue_ended(&mut self, id: OperationId) {
        let failure = self.prologue_failure();
        self.prologue.under_way = None;
        self.remove(id);
        if let Some(Error::Server(error)) = failure {
            self.close_because(CloseReason::Reset(error));
        }
    }

    /// The script was not answered in time.
    pub(super) fn prologue_expired(&mut self) {
        self.close_because(CloseReason::Unanswered(self.prologue.limit));
    }

    /// Why it failed; the session that ended in it has not run what is behind it.
    pub(super) fn prologue_failure(&self) -> Option<Error> {
        self.operations.get(self.prologue.under_way?)?.outcome.as_ref()?.as_ref().err().cloned()
    }
}
