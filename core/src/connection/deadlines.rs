use alloc::collections::VecDeque;

use crate::operation::OperationId;
use crate::time::Instant;

/// When operations time out, the earliest first.
///
/// Most come in their order, since most have the same timeout: a queue is less than a tree, and faster.
#[derive(Debug, Default)]
pub(super) struct Deadlines(VecDeque<(Instant, OperationId)>);

impl Deadlines {
    pub(super) fn insert(&mut self, deadline: Instant, id: OperationId) {
        let at = self.0.partition_point(|(other, _)| *other <= deadline);
        self.0.insert(at, (deadline, id));
    }

    pub(super) fn remove(&mut self, deadline: Instant, id: OperationId) {
        let from = self.0.partition_point(|(other, _)| *other < deadline);
        let same = self.0.iter().skip(from).take_while(|(other, _)| *other == deadline);
        let found = same.zip(from..).find(|((_, other), _)| *other == id).map(|(_, at)| at);
        if let Some(at) = found {
            self.0.remove(at);
        }
    }

    pub(super) fn first(&self) -> Option<Instant> {
        self.0.front().map(|(deadline, _)| *deadline)
    }

    /// Takes out one that has passed.
    pub(super) fn take_passed(&mut self, now: Instant) -> Option<OperationId> {
        let passed = self.first().is_some_and(|deadline| deadline <= now);
        passed.then(|| self.0.pop_front()).flatten().map(|(_, id)| id)
    }
}
