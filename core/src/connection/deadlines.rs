use alloc::collections::VecDeque;
use core::time::Duration;

use super::Connection;
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

impl Connection {
    /// When a command given now is to have ended, with the limit that says so.
    pub(super) fn deadline(&self, now: Instant, timeout: Option<Duration>) -> Option<(Instant, Duration)> {
        timeout.or(self.command_timeout).map(|limit| (now + limit, limit))
    }

    /// From now on an operation has this deadline, and no other.
    pub(super) fn set_deadline(&mut self, id: OperationId, deadline: Option<(Instant, Duration)>) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        if let Some((before, _)) = core::mem::replace(&mut operation.deadline, deadline) {
            self.deadlines.remove(before, id);
        }
        if let Some((deadline, _)) = deadline {
            self.deadlines.insert(deadline, id);
        }
    }
}
