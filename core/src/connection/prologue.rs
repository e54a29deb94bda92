use alloc::sync::Arc;
use core::time::Duration;

use super::Connection;
use crate::error::{CloseReason, Error};
use crate::operation::{Kind, OperationId};
use crate::time::Instant;

/// What goes ahead of the next command.
#[derive(Debug, Default)]
pub(super) struct Prologue {
    pending: Option<(Arc<str>, Duration)>,
    under_way: Option<OperationId>,
}

impl Connection {
    /// Sends a script ahead of the next command, in its flight: a ping (an empty script), or what resets the session
    /// for its next user. In place of one that was set before and was not sent yet.
    ///
    /// It must succeed, and within `limit` from that command: else the connection is closed, and the commands behind it
    /// with it. When the server ended the session in the script, it has not run what is behind it, and
    /// [`Error::safe_to_retry`] says so. `set exit_on_error = on` makes it end the session at any error of the script.
    pub fn set_prologue(&mut self, sql: Arc<str>, limit: Duration) {
        self.prologue.pending = Some((sql, limit));
    }

    /// Whether another command can be taken: to be asked first by each that can be a session's first. What goes ahead of
    /// it is sent.
    pub(super) fn admit(&mut self, now: Instant) -> Result<(), Error> {
        self.check_room()?;
        let Some((sql, limit)) = self.prologue.pending.take() else { return Ok(()) };
        let id = self.start(Kind::Prologue, Some((now + limit, limit)));
        if let Some(operation) = self.operations.get_mut(id) {
            // Nobody takes its rows or its outcome.
            operation.forgotten = true;
        }
        let sent = self.wire.send(id, false, |flight| flight.query(id, &sql));
        self.prologue.under_way = Some(id);
        self.started(id, sent).map(drop)
    }

    /// Whether this operation went ahead of the others, whose fate depends on it.
    pub(super) fn is_prologue(&self, id: OperationId) -> bool {
        self.prologue.under_way == Some(id)
    }

    /// ReadyForQuery came for the script.
    pub(super) fn prologue_ended(&mut self, id: OperationId) {
        let failed = self.prologue_failure(id);
        self.prologue.under_way = None;
        self.remove(id);
        if let Some(Error::Server(error)) = failed {
            self.close_because(CloseReason::Reset(error));
        }
    }

    /// Whether the session ended in the script, so that nothing behind it was run.
    pub(super) fn ended_in_prologue(&self) -> bool {
        self.prologue.under_way.is_some_and(|id| self.prologue_failure(id).is_some())
    }

    fn prologue_failure(&self, id: OperationId) -> Option<Error> {
        self.operations.get(id)?.outcome.as_ref()?.as_ref().err().cloned()
    }
}
