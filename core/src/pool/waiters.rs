use alloc::collections::VecDeque;

use crate::time::Instant;

/// Names somebody who waits for a connection; never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WaiterId(pub(super) u64);

/// Somebody who waits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiter {
    pub(super) id: WaiterId,
    pub(super) since: Instant,
    pub(super) deadline: Option<Instant>,
}

/// Those who wait, who came first in front.
#[derive(Debug, Default)]
pub(super) struct Waiters {
    /// Sorted by id, which is the order they came in.
    queue: VecDeque<Waiter>,
    last: u64,
}

impl Waiters {
    /// Somebody who has come, and does not stand in the queue yet.
    pub(super) fn arrive(&mut self, since: Instant, deadline: Option<Instant>) -> Waiter {
        self.last += 1;
        Waiter { id: WaiterId(self.last), since, deadline }
    }

    /// Puts somebody into the queue: one who was given a connection that turned out dead has his place back.
    pub(super) fn insert(&mut self, waiter: Waiter) {
        let at = self.queue.partition_point(|other| other.id < waiter.id);
        self.queue.insert(at, waiter);
    }

    /// Takes out the first.
    pub(super) fn pop(&mut self) -> Option<Waiter> {
        self.queue.pop_front()
    }

    /// Takes somebody out who waits no longer.
    pub(super) fn remove(&mut self, id: WaiterId) -> bool {
        let at = self.queue.partition_point(|other| other.id < id);
        let found = self.queue.get(at).is_some_and(|waiter| waiter.id == id);
        if found {
            self.queue.remove(at);
        }
        found
    }

    /// Takes out somebody whose deadline has passed.
    pub(super) fn take_late(&mut self, now: Instant) -> Option<Waiter> {
        let late = |waiter: &Waiter| waiter.deadline.is_some_and(|deadline| deadline <= now);
        let at = self.queue.iter().position(late)?;
        self.queue.remove(at)
    }

    /// The next deadline.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.queue.iter().filter_map(|waiter| waiter.deadline).min()
    }

    pub(super) fn len(&self) -> usize {
        self.queue.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_who_comes_back_has_his_place() {
        let mut waiters = Waiters::default();
        for _ in 0..4 {
            let waiter = waiters.arrive(Instant::default(), None);
            waiters.insert(waiter);
        }
        let (first, second) = (waiters.pop().unwrap(), waiters.pop().unwrap());
        waiters.insert(second);
        waiters.insert(first);
        assert!(waiters.remove(WaiterId(3)) && !waiters.remove(WaiterId(3)));
        let order: std::vec::Vec<u64> =
            core::iter::from_fn(|| waiters.pop()).map(|waiter| waiter.id.0).collect();
        assert_eq!(order, [1, 2, 4]);
    }
}
