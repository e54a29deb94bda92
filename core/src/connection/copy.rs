use super::Connection;
use crate::error::UsageError;
use crate::message::frontend::CopyFail;
use crate::operation::OperationId;

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
        if let Some(operation) = self.operations.get_mut(id) {
            let why = "COPY FROM STDIN and COPY TO STDOUT stream data and cannot be run as a plain command";
            operation.refused = Some(UsageError::call(why).into());
        }
    }
}
