use core::time::Duration;
use std::vec::Vec;

use super::*;

pub(super) const SECOND: Duration = Duration::from_secs(1);

/// A pool, the time, and what it said.
pub(super) struct Bench {
    pub(super) pool: Pool,
    pub(super) now: Instant,
}

impl Bench {
    pub(super) fn new(change: impl FnOnce(&mut PoolConfig)) -> Self {
        let mut config =
            PoolConfig { max_lifetime: None, max_inactive_lifetime: None, ..PoolConfig::default() };
        change(&mut config);
        let now = Instant::from_millis(0);
        let mut pool = Pool::new(config, 3, now).unwrap();
        assert_eq!((pool.poll_timeout(), pool.poll_action()), (Some(now), None), "nothing before it is told");
        pool.handle_timeout(now);
        Self { pool, now }
    }

    pub(super) fn actions(&mut self) -> Vec<Action> {
        core::iter::from_fn(|| self.pool.poll_action()).collect()
    }

    pub(super) fn pass(&mut self, time: Duration) -> Vec<Action> {
        let end = self.now + time;
        let mut actions = Vec::new();
        while let Some(at) = self.pool.poll_timeout().filter(|at| *at <= end) {
            self.now = at;
            self.pool.handle_timeout(at);
            actions.extend(self.actions());
        }
        self.now = end;
        actions
    }

    /// Opens all that is to be opened.
    pub(super) fn open_all(&mut self) -> Vec<ConnectionId> {
        let mut opened = Vec::new();
        for action in self.actions() {
            let Action::Open(id) = action else { panic!("{action:?}") };
            self.pool.opened(id, self.now);
            opened.push(id);
        }
        opened
    }

    pub(super) fn acquire(&mut self) -> WaiterId {
        self.pool.acquire(self.now, None)
    }

    /// Acquires one that is there.
    pub(super) fn take(&mut self) -> Grant {
        let waiter = self.acquire();
        let actions = self.actions();
        let Some(Action::Give(to, grant)) = actions.first() else { panic!("{actions:?}") };
        assert_eq!(*to, waiter);
        assert!(self.pool.accepted(grant.connection, self.now));
        *grant
    }

    pub(super) fn release(&mut self, connection: ConnectionId, queries: u64) {
        self.pool.release(connection, Returned { queries, ..Returned::default() }, self.now);
    }
}

#[test]
fn min_size_is_opened_at_once_and_kept() {
    let mut bench = Bench::new(|config| config.min_size = 3);
    let opened = bench.open_all();
    assert_eq!((opened.len(), bench.pool.stats().idle), (3, 3));
    bench.pool.broken(opened[0], bench.now);
    assert_eq!(
        bench.actions()[..],
        [Action::Close(opened[0], CloseCause::Broken), Action::Open(ConnectionId::at(3))]
    );
}

#[test]
fn min_idle_is_kept_beyond_those_in_use() {
    let mut bench = Bench::new(|config| (config.min_idle, config.max_size) = (2, 3));
    assert_eq!(bench.open_all().len(), 2);
    bench.take();
    assert_eq!(bench.pool.stats().opening, 1);
    bench.take();
    assert_eq!(bench.pool.stats().opening, 1, "max_size comes first");
}

#[test]
fn no_more_are_opened_at_once_than_allowed() {
    let mut bench = Bench::new(|config| config.max_opening = 2);
    for _ in 0..5 {
        bench.acquire();
    }
    let first = bench.actions();
    assert_eq!(first.len(), 2);
    let Action::Open(id) = first[0] else { panic!() };
    bench.pool.opened(id, bench.now);
    let then = bench.actions();
    assert!(matches!(then[..], [Action::Give(..), Action::Open(_)]), "{then:?}");
}

#[test]
fn the_one_given_back_last_is_given_out_first_unless_told_otherwise() {
    for (order, expected) in [(IdleOrder::Lifo, 1), (IdleOrder::Fifo, 0)] {
        let mut bench = Bench::new(|config| (config.min_size, config.idle_order) = (2, order));
        let opened = bench.open_all();
        assert_eq!(bench.take().connection, opened[expected]);
    }
}

#[test]
fn a_connection_is_pinged_after_a_second_and_reset_when_it_was_used() {
    let mut bench = Bench::new(|config| config.min_size = 1);
    bench.open_all();
    let first = bench.take();
    assert_eq!((first.ping, first.reset), (false, false));
    bench.release(first.connection, 0);
    assert!(!bench.take().reset, "nobody used it");
    bench.release(first.connection, 2);
    bench.pass(SECOND - Duration::from_nanos(1));
    let second = bench.take();
    assert_eq!((second.ping, second.reset), (false, true));
    bench.release(first.connection, 0);
    bench.pass(SECOND);
    let third = bench.take();
    assert_eq!((third.ping, third.reset), (true, true), "a reset that was not sent is still due");
}

#[test]
fn a_wait_ends_at_its_deadline() {
    let mut bench = Bench::new(|config| config.max_size = 1);
    let patient = bench.acquire();
    bench.open_all_but_give();
    let hasty = bench.pool.acquire(bench.now, Some(SECOND));
    let waiting = bench.acquire();
    assert_ne!(patient, hasty);
    assert_eq!(bench.pass(SECOND)[..], [Action::Refuse(hasty, Refusal::Timeout(SECOND))]);
    assert_eq!(bench.pass(29 * SECOND)[..], [Action::Refuse(waiting, Refusal::Timeout(30 * SECOND))]);
    assert_eq!(bench.pool.stats().timed_out, 2);
}

#[test]
fn a_definite_failure_reaches_all_who_wait_and_another_does_not() {
    let mut bench = Bench::new(|_| {});
    let (first, second) = (bench.acquire(), bench.acquire());
    let actions = bench.actions();
    let [Action::Open(one), Action::Open(other)] = actions[..] else { panic!("{actions:?}") };
    bench.pool.open_failed(one, Failure::Unavailable, bench.now);
    assert_eq!(bench.actions()[..], []);
    bench.pool.open_failed(other, Failure::Definite, bench.now);
    assert_eq!(
        bench.actions()[..],
        [Action::Refuse(first, Refusal::Failed), Action::Refuse(second, Refusal::Failed)]
    );
}

#[test]
fn a_server_that_is_down_is_tried_one_by_one_until_it_is_back() {
    let mut bench = Bench::new(|config| config.max_size = 4);
    for _ in 0..4 {
        bench.acquire();
    }
    let mut attempts = bench.actions();
    assert_eq!(attempts.len(), 4);
    for round in 0..40 {
        for action in attempts {
            let Action::Open(id) = action else { panic!("{action:?}") };
            bench.pool.open_failed(id, Failure::Unavailable, bench.now);
        }
        assert_eq!(bench.actions()[..], [], "not before some time has passed, round {round}");
        attempts = bench.pass(Duration::from_millis(500));
        attempts.truncate(1);
        assert_eq!(attempts.len(), 1, "round {round}");
    }
    let Action::Open(id) = attempts[0] else { panic!() };
    bench.pool.opened(id, bench.now);
    let then = bench.actions();
    assert!(
        matches!(then[..], [Action::Give(..), Action::Open(_), Action::Open(_), Action::Open(_)]),
        "{then:?}"
    );
}

#[test]
fn a_connection_given_back_unsettled_is_given_on_when_it_has_settled_or_closed_when_it_does_not() {
    let mut bench = Bench::new(|config| (config.min_size, config.max_size) = (1, 1));
    bench.open_all();
    let unsettled = Returned { unsettled: true, queries: 1, ..Returned::default() };
    let id = bench.take().connection;
    bench.pool.release(id, unsettled, bench.now);
    let waiter = bench.acquire();
    assert_eq!(bench.actions()[..], [Action::Settle(id)]);
    bench.pool.settled(id, bench.now);
    let grant = Grant { connection: id, unused: Duration::ZERO, ping: false, reset: true };
    assert_eq!(bench.actions()[..], [Action::Give(waiter, grant)]);
    bench.pool.accepted(id, bench.now);
    bench.pool.release(id, unsettled, bench.now);
    bench.actions();
    assert_eq!(bench.pass(5 * SECOND)[..], [Action::Close(id, CloseCause::Unsettled)]);
    bench.pool.settled(id, bench.now);
    assert_eq!(bench.actions()[..], [], "too late");
}

#[test]
fn a_dead_connection_costs_nobody_his_place() {
    let mut bench = Bench::new(|config| (config.min_size, config.max_size) = (2, 2));
    let opened = bench.open_all();
    let (first, second) = (bench.acquire(), bench.acquire());
    let third = bench.acquire();
    bench.actions();
    bench.pool.broken(opened[1], bench.now);
    bench.pool.accepted(opened[0], bench.now);
    bench.actions();
    bench.release(opened[0], 1);
    let actions = bench.actions();
    assert!(matches!(actions[..], [Action::Give(to, _)] if to == first), "{actions:?}, {second:?} {third:?}");
}

#[test]
fn what_is_old_worn_unused_or_expired_is_replaced() {
    let minute = Duration::from_secs(60);
    let mut bench = Bench::new(|config| {
        (config.min_size, config.max_lifetime, config.max_queries) = (1, Some(10 * minute), Some(100));
        config.max_inactive_lifetime = Some(minute);
    });
    let first = bench.open_all()[0];
    assert_eq!(bench.pass(8 * minute)[..], [], "min_size is kept");
    let actions = bench.pass(2 * minute);
    assert!(matches!(actions[..], [Action::Close(id, CloseCause::Lifetime), Action::Open(_)] if id == first));
    let Action::Open(second) = actions[1] else { panic!() };
    bench.pool.closed(first, bench.now);
    bench.pool.opened(second, bench.now);
    bench.take();
    bench.release(second, 100);
    let actions = bench.actions();
    assert!(matches!(actions[..], [Action::Close(id, CloseCause::Queries), Action::Open(_)] if id == second));
    let Action::Open(third) = actions[1] else { panic!() };
    bench.pool.closed(second, bench.now);
    bench.pool.opened(third, bench.now);
    bench.take();
    bench.acquire();
    let fourth = bench.open_all_but_give()[0];
    bench.release(fourth, 1);
    bench.release(third, 1);
    let actions = bench.pass(minute);
    assert_eq!(actions[..], [Action::Close(fourth, CloseCause::Inactive)]);
    bench.pool.closed(fourth, bench.now);
    bench.take();
    bench.pool.expire_all(bench.now);
    bench.release(third, 1);
    let actions = bench.actions();
    assert!(matches!(actions[..], [Action::Close(id, CloseCause::Expired), Action::Open(_)] if id == third));
}

#[test]
fn a_connection_held_for_long_is_reported_once() {
    let mut bench = Bench::new(|config| (config.min_size, config.leak_after) = (1, Some(SECOND)));
    let id = bench.open_all()[0];
    bench.take();
    assert_eq!(bench.pass(3 * SECOND)[..], [Action::ReportLeak(id, SECOND)]);
    bench.release(id, 1);
    bench.take();
    assert_eq!(bench.pass(3 * SECOND)[..], [Action::ReportLeak(id, SECOND)]);
}

#[test]
fn a_pool_that_closes_waits_and_then_takes_away() {
    let mut bench = Bench::new(|config| (config.min_size, config.max_size) = (3, 3));
    let opened = bench.open_all();
    for _ in 0..2 {
        bench.take();
    }
    bench.acquire();
    bench.actions();
    let waiter = bench.acquire();
    bench.pool.close(bench.now, Some(SECOND));
    assert_eq!(bench.actions()[..], [Action::Refuse(waiter, Refusal::Closed)]);
    bench.release(opened[2], 1);
    assert_eq!(bench.actions()[..], [Action::Close(opened[2], CloseCause::PoolClosed)]);
    bench.pool.closed(opened[2], bench.now);
    assert!(!bench.pool.is_drained());
    assert_eq!(bench.pass(SECOND)[..], [Action::Abort(opened[0]), Action::Abort(opened[1])]);
    assert!(!bench.pool.accepted(opened[0], bench.now), "taken away before it was taken");
    bench.release(opened[1], 1);
    let late = bench.acquire();
    assert_eq!(bench.actions()[..], [Action::Refuse(late, Refusal::Closed)]);
    assert!(bench.pool.is_drained());
}

impl Bench {
    /// Opens all that is to be opened for those who wait.
    fn open_all_but_give(&mut self) -> Vec<ConnectionId> {
        let mut given = Vec::new();
        let mut actions = self.actions();
        while let Some(action) = actions.pop() {
            match action {
                Action::Open(id) => self.pool.opened(id, self.now),
                Action::Give(_, grant) => {
                    self.pool.accepted(grant.connection, self.now);
                    given.push(grant.connection);
                }
                _ => panic!("{action:?}"),
            }
            actions.extend(self.actions());
        }
        given
    }
}

impl ConnectionId {
    /// The first connection at a place.
    fn at(index: u32) -> Self {
        slot::first_at(index)
    }
}
