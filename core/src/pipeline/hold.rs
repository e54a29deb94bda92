use alloc::collections::VecDeque;

use bytes::BytesMut;

use super::flight::is_synced;
use super::{Expected, OperationId};

/// Commands given while one operation holds the wire.
///
/// A query whose statement is being described, and a COPY, own the wire until they end: a Bind of somebody
/// else in between would land inside a COPY stream, or overtake what was asked for first.
///
/// ```text
/// wire ──▶ [ holder ]   waiting: [ flight ][ to describe ][ flight ] …
///                                 leaves when the holder ends, in order
/// ```
#[derive(Debug, Default)]
pub(crate) struct Hold {
    turn: Turn,
    /// Nobody may go: a cancel request is on its way, and must hit nobody else.
    blocked: bool,
    waiting: VecDeque<Waiting>,
}

/// Whose turn it is to write.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Whoever comes first.
    #[default]
    Free,
    /// This one's, until it ends.
    Held(OperationId),
    /// The same, but the flight that comes next completes it: the two leave as one.
    Opening(OperationId),
}

/// A command that waits for the wire.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// The operation, or the last of a batch.
    pub(crate) operation: OperationId,
    /// What it will send; `None` while its parameters' types are not known.
    pub(crate) flight: Option<(BytesMut, VecDeque<Expected>)>,
    /// Whether it holds the wire in its turn.
    pub(crate) holds: bool,
}

impl Waiting {
    /// The operations that wait in it; one may come several times.
    pub(crate) fn operations(&self) -> impl Iterator<Item = OperationId> {
        let expected = self.flight.iter().flat_map(|(_, expected)| expected);
        core::iter::once(self.operation).chain(expected.map(|expected| expected.operation))
    }

    /// Whether ReadyForQuery is the last reply to what it will send.
    pub(crate) fn is_synced(&self) -> bool {
        self.flight.as_ref().is_some_and(|(_, expected)| is_synced(expected))
    }

    /// Whether nobody else is in its flight.
    pub(crate) fn is_alone(&self, operation: OperationId) -> bool {
        self.operations().all(|waits| waits == operation)
    }
}

impl Hold {
    pub(crate) fn holder(&self) -> Option<OperationId> {
        match self.turn {
            Turn::Free => None,
            Turn::Held(holder) | Turn::Opening(holder) => Some(holder),
        }
    }

    pub(crate) fn is_held(&self) -> bool {
        self.turn != Turn::Free || self.blocked
    }

    pub(crate) fn block(&mut self, blocked: bool) {
        self.blocked = blocked;
    }

    pub(crate) fn is_blocked(&self) -> bool {
        self.blocked
    }

    pub(crate) fn hold(&mut self, operation: OperationId) {
        self.turn = Turn::Held(operation);
    }

    pub(crate) fn open(&mut self, operation: OperationId) {
        self.turn = Turn::Opening(operation);
    }

    pub(crate) fn release(&mut self) {
        self.turn = Turn::Free;
    }

    /// The holder that the flight that comes next completes.
    pub(crate) fn opening(&self) -> Option<OperationId> {
        match self.turn {
            Turn::Opening(holder) => Some(holder),
            Turn::Free | Turn::Held(_) => None,
        }
    }

    pub(crate) fn wait(&mut self, waiting: Waiting) {
        self.waiting.push_back(waiting);
    }

    /// The command that has waited longest.
    pub(crate) fn next(&self) -> Option<&Waiting> {
        self.waiting.front()
    }

    /// Takes it.
    pub(crate) fn take_waiting(&mut self) -> Option<Waiting> {
        self.waiting.pop_front()
    }

    /// The waiting command of an operation.
    pub(crate) fn find(&mut self, operation: OperationId) -> Option<&mut Waiting> {
        self.waiting.iter_mut().find(|waiting| waiting.operation == operation)
    }

    /// Whether an operation waits for the wire.
    pub(crate) fn is_waiting(&self, operation: OperationId) -> bool {
        self.waiting.iter().any(|waiting| waiting.operations().any(|waits| waits == operation))
    }

    /// The operations that wait for a description.
    pub(crate) fn undescribed(&self) -> impl Iterator<Item = OperationId> {
        self.waiting.iter().filter(|waiting| waiting.flight.is_none()).map(|waiting| waiting.operation)
    }

    /// Takes a waiting command out: nothing of it was sent. One that shares its flight with others stays.
    pub(crate) fn remove(&mut self, operation: OperationId) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|waiting| !waiting.is_alone(operation));
        before != self.waiting.len()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.waiting.iter().filter_map(|waiting| waiting.flight.as_ref()).map(|(bytes, _)| bytes.len()).sum()
    }
}
