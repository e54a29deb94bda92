use crate::connection::Connection;
use crate::error::UsageError;
use crate::message::frontend::CopyFail;
use crate::operation::{Direction, OperationId, Stage};

/// What the server is told, and its log with it.
const REFUSED: &str = "COPY FROM STDIN was run by a command that has no data for it";

impl Connection {
    /// A command that is no COPY command turned out to be a COPY FROM STDIN: the server waits for data that
    /// nobody has, so it is told that none will come.
    ///
    /// In the extended protocol the Sync of its flight was swallowed by the COPY, so another one takes its place.
    pub(super) fn refuse_copy_in(&mut self, id: OperationId, extended: bool) {
        let tail = self.wire.outbox.tail();
        // Cannot fail: the text is ours.
        let _ = CopyFail { message: REFUSED }.encode(tail);
        if extended {
            let _ = crate::message::frontend::Sync.encode(tail);
        }
        self.refuse_copy(id);
    }

    /// The outcome of a COPY that came by the wrong door, whatever else the server says of it.
    pub(super) fn refuse_copy(&mut self, id: OperationId) {
        self.refuse(
            id,
            "COPY FROM STDIN and COPY TO STDOUT stream data and cannot be run as a plain command",
        );
    }

    /// The outcome of a statement that a COPY command was given and that streams nothing, or the wrong way.
    pub(in crate::connection) fn refuse_command(&mut self, id: OperationId) {
        self.refuse(id, "a COPY command takes a COPY … FROM STDIN or a COPY … TO STDOUT, each its own");
    }

    fn refuse(&mut self, id: OperationId, why: &str) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        operation.refused.get_or_insert_with(|| UsageError::call(why).into());
        let Some(copy) = operation.copy() else { return };
        if copy.direction == Direction::In && copy.stage == Stage::Starting {
            // Its Sync was to come with the end of the data.
            copy.stage = Stage::Ended(self.wire.outbox.written());
            self.wire.sync(id);
        }
    }
}
