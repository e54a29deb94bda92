//! The queue of expected replies, and the grammar they follow.

pub mod expect;
mod flight;
mod hold;
mod operation_id;

use alloc::collections::VecDeque;

pub(crate) use flight::{Binding, Flight, is_skipped_whole};
pub(crate) use hold::{Hold, Waiting};
pub use operation_id::OperationId;

use crate::error::ProtocolError;
use expect::Step;

/// One reply that the server owes: whose it is, and how far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) operation: OperationId,
    pub(crate) step: Step,
}

/// The replies that the server owes, in the order in which they come.
///
/// A queue and never one state for the connection: pipelining is the normal case. ReadyForQuery are counted
/// here and not by the Syncs sent, since a Sync sent into a COPY FROM STDIN is swallowed by the server.
#[derive(Debug, Default)]
pub(crate) struct Pipeline {
    expected: VecDeque<Expected>,
}

/// What one message did to the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Advance {
    /// Whose reply it was.
    pub(crate) operation: OperationId,
    /// The step it came in.
    pub(crate) before: Step,
    /// The step after it.
    pub(crate) after: Step,
}

impl Pipeline {
    /// Takes the message `tag` as the next reply.
    pub(crate) fn advance(&mut self, tag: u8) -> Result<Advance, ProtocolError> {
        let Some(front) = self.expected.front_mut() else {
            return Err(ProtocolError::Unexpected { tag, step: "nothing: no reply is owed" });
        };
        let before = front.step;
        let Some(after) = expect::next(before, tag) else {
            return Err(ProtocolError::Unexpected { tag, step: before.awaited() });
        };
        let operation = front.operation;
        front.step = after;
        if after == Step::Done {
            self.expected.pop_front();
        }
        Ok(Advance { operation, before, after })
    }

    /// After an error: takes off the next reply that the server will skip, up to the Sync that ends it.
    pub(crate) fn pop_skipped(&mut self) -> Option<Expected> {
        match self.expected.front() {
            Some(expected) if expected.step != Step::Sync => self.expected.pop_front(),
            _ => None,
        }
    }

    /// Whether the next reply is one to this operation.
    pub(crate) fn is_next(&self, operation: OperationId) -> bool {
        self.expected.front().is_some_and(|expected| expected.operation == operation)
    }

    /// The next reply.
    pub(crate) fn front(&self) -> Option<Expected> {
        self.expected.front().copied()
    }

    /// The last reply.
    pub(crate) fn last(&self) -> Option<Expected> {
        self.expected.back().copied()
    }

    /// The operations that replies are owed to; one may come several times.
    pub(crate) fn operations(&self) -> impl Iterator<Item = OperationId> {
        self.expected.iter().map(|expected| expected.operation)
    }

    pub(crate) fn queue(&mut self) -> &mut VecDeque<Expected> {
        &mut self.expected
    }

    pub(crate) fn len(&self) -> usize {
        self.expected.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.expected.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.expected.clear();
    }
}
