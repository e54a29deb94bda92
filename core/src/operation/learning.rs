use alloc::collections::VecDeque;
use alloc::vec::Vec;

use super::OperationId;

/// Which types are being asked for, and which operations wait for them.
///
/// Introspections are answered in the order in which they are sent, so that an operation waits for one of them: the
/// last that brings a type it needs. They are numbered.
#[derive(Debug, Default)]
pub(crate) struct Learning {
    /// What the next introspection asks for.
    wanted: Vec<u32>,
    /// The number of the next introspection.
    next: u64,
    under_way: VecDeque<Introspection>,
    /// Operations by the number of what they wait for, in the order in which they came.
    waiting: Vec<(u64, OperationId)>,
}

#[derive(Debug)]
struct Introspection {
    number: u64,
    operation: OperationId,
    oids: Vec<u32>,
    /// All types were forgotten since it was sent: what it says may be what was forgotten.
    outdated: bool,
}

/// What came of an introspection.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Answered {
    /// Whether what it says must not be believed any more.
    pub(crate) outdated: bool,
    /// Who waited for it.
    pub(crate) waiting: Vec<OperationId>,
}

impl Learning {
    /// An operation waits for these types, which are asked for unless they are already.
    pub(crate) fn want(&mut self, operation: OperationId, oids: &[u32]) {
        let mut number = 0;
        for oid in oids {
            let mut fresh = self.under_way.iter().filter(|introspection| !introspection.outdated);
            let asked = fresh.find(|introspection| introspection.oids.contains(oid));
            if asked.is_none() && !self.wanted.contains(oid) {
                self.wanted.push(*oid);
            }
            number = number.max(asked.map_or(self.next, |introspection| introspection.number));
        }
        self.waiting.push((number, operation));
    }

    pub(crate) fn wants_any(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// What is to be asked for; the caller tells by [`Learning::asked`] that it was, or by [`Learning::give_up`]
    /// that it cannot be.
    pub(crate) fn take_wanted(&mut self) -> Vec<u32> {
        core::mem::take(&mut self.wanted)
    }

    /// An introspection was sent.
    pub(crate) fn asked(&mut self, operation: OperationId, oids: Vec<u32>) {
        self.under_way.push_back(Introspection { number: self.next, operation, oids, outdated: false });
        self.next += 1;
    }

    /// What was wanted cannot be asked for: who waited for it.
    pub(crate) fn give_up(&mut self) -> Vec<OperationId> {
        let number = self.next;
        self.next += 1;
        self.take_waiting(number, number)
    }

    /// Whether what an introspection says is still to be believed.
    pub(crate) fn believes(&self, operation: OperationId) -> bool {
        self.under_way.iter().any(|sent| sent.operation == operation && !sent.outdated)
    }

    /// An operation starts over, and waits no longer.
    pub(crate) fn leave(&mut self, operation: OperationId) {
        for (_, waiting) in &mut self.waiting {
            if *waiting == operation {
                *waiting = OperationId::NONE;
            }
        }
    }

    /// An introspection was answered, one way or the other.
    pub(crate) fn answered(&mut self, operation: OperationId) -> Answered {
        match self.under_way.pop_front() {
            Some(done) if done.operation == operation => {
                Answered { outdated: done.outdated, waiting: self.take_waiting(0, done.number) }
            }
            _ => Answered::default(),
        }
    }

    /// All types were forgotten: what is under way is not believed, and asked for again.
    pub(crate) fn outdate(&mut self) {
        self.under_way.iter_mut().for_each(|introspection| introspection.outdated = true);
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Those who wait for an introspection from `first` to `last`.
    fn take_waiting(&mut self, first: u64, last: u64) -> Vec<OperationId> {
        let (mut taken, mut at) = (Vec::new(), 0);
        while let Some(&(number, operation)) = self.waiting.get(at) {
            if (first..=last).contains(&number) {
                self.waiting.remove(at);
                taken.push(operation);
            } else {
                at += 1;
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use std::vec;

    use super::*;

    fn id(index: u32) -> OperationId {
        OperationId { index, generation: 0 }
    }

    /// Sends what is wanted.
    fn ask(learning: &mut Learning, operation: u32) -> Vec<u32> {
        let oids = learning.take_wanted();
        learning.asked(id(operation), oids.clone());
        oids
    }

    fn answered(learning: &mut Learning, operation: u32) -> Vec<OperationId> {
        learning.answered(id(operation)).waiting
    }

    #[test]
    fn each_type_is_asked_for_once() {
        let mut learning = Learning::default();
        learning.want(id(0), &[7, 8]);
        learning.want(id(1), &[8]);
        assert_eq!(ask(&mut learning, 10), [7, 8]);
        learning.want(id(2), &[7]);
        assert!(!learning.wants_any());
        assert_eq!(answered(&mut learning, 10), [id(0), id(1), id(2)]);
        learning.want(id(3), &[7]);
        assert!(learning.wants_any(), "its answer was not enough, or is forgotten");
    }

    #[test]
    fn an_operation_waits_for_the_last_that_it_needs() {
        let mut learning = Learning::default();
        learning.want(id(0), &[7]);
        ask(&mut learning, 10);
        learning.want(id(1), &[7, 8]);
        assert_eq!(ask(&mut learning, 11), [8]);
        learning.want(id(2), &[7]);
        assert_eq!(answered(&mut learning, 10), [id(0), id(2)]);
        assert_eq!(answered(&mut learning, 11), [id(1)]);
    }

    #[test]
    fn what_cannot_be_asked_keeps_nobody_waiting() {
        let mut learning = Learning::default();
        learning.want(id(0), &[7]);
        ask(&mut learning, 10);
        learning.want(id(1), &[8]);
        assert_eq!(learning.take_wanted(), [8]);
        assert_eq!(learning.give_up(), [id(1)]);
        learning.want(id(2), &[8]);
        assert_eq!(answered(&mut learning, 10), [id(0)]);
        assert!(learning.wants_any());
    }

    #[test]
    fn what_was_asked_before_all_was_forgotten_is_asked_again() {
        let mut learning = Learning::default();
        learning.want(id(0), &[7]);
        ask(&mut learning, 10);
        learning.outdate();
        learning.want(id(1), &[7]);
        assert_eq!(ask(&mut learning, 11), [7]);
        let first = learning.answered(id(10));
        assert_eq!(first, Answered { outdated: true, waiting: vec![id(0)] });
        assert_eq!(learning.answered(id(11)), Answered { outdated: false, waiting: vec![id(1)] });
    }
}
