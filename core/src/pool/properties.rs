//! Random users, servers, sizes and times: never more than `max_size` connections (nor one more while there are too many
//! because it was lowered), never one connection to two, every wait
//! ends, nobody overtakes, and nobody waits while something is idle.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::vec;
use std::vec::Vec;

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Step {
    Acquire(Option<u64>),
    TryAcquire,
    Abandon(usize),
    /// The shell answers to one of the connections that are to be opened.
    Opened(usize),
    OpenFailed(usize, bool),
    Accept(usize, bool),
    Release(usize, Returned),
    Detach(usize),
    Settled(usize, bool),
    Closed(usize),
    /// An idle connection is found dead.
    Dies(usize),
    ExpireAll,
    Resize(usize, usize),
    Pass(u64),
    Close(Option<u64>),
}

fn step() -> impl Strategy<Value = Step> {
    let any = 0..16_usize;
    let returned = (prop::bool::weighted(0.1), prop::bool::weighted(0.2), 0..3_u64)
        .prop_map(|(closed, unsettled, queries)| Returned { closed, unsettled, queries });
    prop_oneof![
        10 => prop::option::of(0..5000_u64).prop_map(Step::Acquire),
        2 => Just(Step::TryAcquire),
        2 => any.clone().prop_map(Step::Abandon),
        10 => any.clone().prop_map(Step::Opened),
        3 => (any.clone(), prop::bool::weighted(0.2)).prop_map(|(at, definite)| Step::OpenFailed(at, definite)),
        12 => (any.clone(), prop::bool::weighted(0.9)).prop_map(|(at, alive)| Step::Accept(at, alive)),
        12 => (any.clone(), returned).prop_map(|(at, returned)| Step::Release(at, returned)),
        1 => any.clone().prop_map(Step::Detach),
        4 => (any.clone(), prop::bool::weighted(0.8)).prop_map(|(at, well)| Step::Settled(at, well)),
        6 => any.clone().prop_map(Step::Closed),
        1 => any.prop_map(Step::Dies),
        1 => Just(Step::ExpireAll),
        2 => (0..4_usize, 0..8_usize).prop_map(|(min_size, max_size)| Step::Resize(min_size, max_size)),
        8 => (0..4000_u64).prop_map(Step::Pass),
        1 => prop::option::of(0..3000_u64).prop_map(Step::Close),
    ]
}

fn config() -> impl Strategy<Value = PoolConfig> {
    let lifetime = prop::option::of(1..20_000_u64);
    (1..6_usize, 0..6_usize, 0..6_usize, 1..4_usize, lifetime.clone(), lifetime, any::<bool>(), any::<bool>())
        .prop_map(
            |(max_size, min_size, min_idle, max_opening, max_lifetime, max_inactive_lifetime, fifo, worn)| {
                PoolConfig {
                    max_size,
                    min_size: min_size.min(max_size),
                    min_idle: min_idle.min(max_size),
                    max_opening,
                    max_lifetime: max_lifetime.map(Duration::from_millis),
                    max_inactive_lifetime: max_inactive_lifetime.map(Duration::from_millis),
                    max_queries: worn.then_some(3),
                    idle_order: if fifo { IdleOrder::Fifo } else { IdleOrder::Lifo },
                    leak_after: Some(Duration::from_secs(2)),
                    ..PoolConfig::default()
                }
            },
        )
}

/// The shell, its users, and what must be.
struct World {
    pool: Pool,
    now: Instant,
    closing: bool,
    waiting: BTreeMap<WaiterId, Instant>,
    opening: Vec<ConnectionId>,
    idle: Vec<ConnectionId>,
    /// Given and not taken yet.
    offered: Vec<(Option<WaiterId>, ConnectionId)>,
    in_use: Vec<ConnectionId>,
    settling: Vec<ConnectionId>,
    to_close: Vec<ConnectionId>,
    /// How many there were at last.
    size: usize,
}

impl World {
    fn new(config: PoolConfig) -> Self {
        let now = Instant::from_millis(0);
        let mut pool = Pool::new(config, 11, now).expect("a configuration that can be");
        pool.handle_timeout(now);
        let mut world = Self {
            pool,
            now,
            closing: false,
            waiting: BTreeMap::new(),
            opening: Vec::new(),
            idle: Vec::new(),
            offered: Vec::new(),
            in_use: Vec::new(),
            settling: Vec::new(),
            to_close: Vec::new(),
            size: 0,
        };
        world.obey();
        world
    }

    fn take(list: &mut Vec<ConnectionId>, at: usize) -> Option<ConnectionId> {
        (!list.is_empty()).then(|| list.swap_remove(at % list.len()))
    }

    fn step(&mut self, step: Step) {
        let now = self.now;
        match step {
            Step::Acquire(timeout) => {
                let timeout = timeout.map(Duration::from_millis);
                let waiter = self.pool.acquire(now, timeout);
                self.waiting.insert(waiter, now + timeout.unwrap_or(Duration::from_secs(30)));
            }
            Step::TryAcquire => {
                if let Some(grant) = self.pool.try_acquire(now) {
                    assert!(self.waiting.is_empty(), "nobody overtakes those who wait");
                    self.leave_idle(grant.connection);
                    self.offered.push((None, grant.connection));
                }
            }
            Step::Abandon(at) => self.abandon(at),
            Step::Opened(at) => {
                if let Some(id) = Self::take(&mut self.opening, at) {
                    self.idle.push(id);
                    self.pool.opened(id, now);
                }
            }
            Step::OpenFailed(at, definite) => {
                if let Some(id) = Self::take(&mut self.opening, at) {
                    let failure = if definite { Failure::Definite } else { Failure::Unavailable };
                    self.pool.open_failed(id, failure, now);
                }
            }
            Step::Accept(at, alive) => self.accept(at, alive),
            Step::Release(at, returned) => self.release(at, returned),
            Step::Detach(at) => {
                if let Some(id) = Self::take(&mut self.in_use, at) {
                    self.pool.detach(id, now);
                }
            }
            Step::Settled(at, well) => self.settle(at, well),
            Step::Closed(at) => {
                if let Some(id) = Self::take(&mut self.to_close, at) {
                    self.pool.closed(id, now);
                }
            }
            Step::Dies(at) => {
                if !self.idle.is_empty() {
                    let id = self.idle[at % self.idle.len()];
                    self.pool.broken(id, now);
                }
            }
            Step::ExpireAll => self.pool.expire_all(now),
            Step::Resize(min_size, max_size) => {
                let resized = self.pool.resize(min_size, max_size, now);
                assert_eq!(resized.is_ok(), min_size <= max_size && max_size > 0);
            }
            Step::Pass(millis) => self.pass(Duration::from_millis(millis)),
            Step::Close(limit) => {
                self.closing = true;
                self.pool.close(now, limit.map(Duration::from_millis));
            }
        }
        self.obey();
    }

    fn abandon(&mut self, at: usize) {
        let all: Vec<WaiterId> = self
            .waiting
            .keys()
            .copied()
            .chain(self.offered.iter().filter_map(|(waiter, _)| *waiter))
            .collect();
        if all.is_empty() {
            return;
        }
        let waiter = all[at % all.len()];
        self.waiting.remove(&waiter);
        if let Some(at) = self.offered.iter().position(|(other, _)| *other == Some(waiter)) {
            let (_, connection) = self.offered.swap_remove(at);
            self.idle.push(connection);
        }
        self.pool.abandon(waiter, self.now);
    }

    fn accept(&mut self, at: usize, alive: bool) {
        if self.offered.is_empty() {
            return;
        }
        let (waiter, connection) = self.offered.swap_remove(at % self.offered.len());
        if alive {
            assert!(self.pool.accepted(connection, self.now));
            self.in_use.push(connection);
            return;
        }
        if let Some(waiter) = waiter {
            // Its deadline is what it was; how much of it is left is the pool's to know.
            self.waiting.insert(waiter, Instant(u64::MAX));
        }
        self.pool.broken(connection, self.now);
    }

    fn release(&mut self, at: usize, returned: Returned) {
        let Some(id) = Self::take(&mut self.in_use, at) else { return };
        if !returned.closed && !returned.unsettled {
            self.idle.push(id);
        }
        self.pool.release(id, returned, self.now);
    }

    fn settle(&mut self, at: usize, well: bool) {
        let Some(id) = Self::take(&mut self.settling, at) else { return };
        if well {
            self.idle.push(id);
            self.pool.settled(id, self.now);
        } else {
            self.pool.broken(id, self.now);
        }
    }

    /// Time passes as a shell lets it: with a stop at every timeout.
    fn pass(&mut self, duration: Duration) {
        let end = self.now + duration;
        let mut in_vain = 0;
        while let Some(at) = self.pool.poll_timeout().filter(|at| *at <= end) {
            in_vain = if at > self.now { 0 } else { in_vain + 1 };
            assert!(in_vain < 3, "it spins");
            self.now = self.now.max(at);
            self.pool.handle_timeout(self.now);
            self.obey();
        }
        self.now = end;
        self.pool.handle_timeout(end);
    }

    fn leave_idle(&mut self, id: ConnectionId) {
        let at = self.idle.iter().position(|idle| *idle == id).expect("only what is idle is given or closed");
        self.idle.swap_remove(at);
    }

    /// Does what the pool says, and checks that it may say so.
    fn obey(&mut self) {
        while let Some(action) = self.pool.poll_action() {
            match action {
                Action::Open(id) => self.opening.push(id),
                Action::Give(waiter, grant) => {
                    let first = *self.waiting.keys().next().expect("somebody waits");
                    assert_eq!(waiter, first, "who came first is served first");
                    self.waiting.remove(&waiter);
                    self.leave_idle(grant.connection);
                    self.offered.push((Some(waiter), grant.connection));
                }
                Action::Refuse(waiter, why) => {
                    let deadline = self.waiting.remove(&waiter).expect("it waits");
                    if matches!(why, Refusal::Timeout(_)) {
                        assert!(deadline <= self.now || deadline == Instant(u64::MAX));
                    }
                }
                Action::Settle(id) => self.settling.push(id),
                Action::Close(id, cause) => {
                    if cause == CloseCause::Unsettled {
                        self.settling.retain(|settling| *settling != id);
                    }
                    self.idle.retain(|idle| *idle != id);
                    self.to_close.push(id);
                }
                Action::Abort(id) => {
                    self.in_use.retain(|used| *used != id);
                    self.offered.retain(|(_, offered)| *offered != id);
                }
                Action::ReportLeak(id, held) => {
                    assert!(self.in_use.contains(&id) && held >= Duration::from_secs(2));
                }
            }
        }
        self.check();
    }

    fn check(&mut self) {
        let offered = self.offered.iter().map(|(_, id)| *id);
        let lists = [&self.opening, &self.idle, &self.in_use, &self.settling, &self.to_close];
        let all: Vec<ConnectionId> = lists.into_iter().flatten().copied().chain(offered).collect();
        let (stats, max_size) = (self.pool.stats(), self.pool.config().max_size);
        assert!(all.len() <= max_size.max(self.size), "never more than max_size: {stats:?}");
        self.size = all.len();
        let too_many = stats.size - stats.closing > max_size;
        assert!(!too_many || stats.idle == 0, "what is too much does not lie idle");
        let distinct: BTreeSet<usize> = all.iter().map(|id| id.index()).collect();
        assert_eq!(distinct.len(), all.len(), "one place, one connection, one user");
        let in_hands = self.in_use.len() + self.offered.len();
        assert_eq!((stats.size, stats.idle, stats.in_use), (all.len(), self.idle.len(), in_hands));
        assert_eq!(stats.waiting, self.waiting.len());
        if self.waiting.is_empty() {
            return;
        }
        assert!(!self.closing, "a pool that closes lets nobody wait");
        assert_eq!(stats.idle, 0, "nobody waits while something is idle");
        let has_room = stats.size < max_size;
        if has_room && self.opening.is_empty() {
            assert!(self.pool.poll_timeout().is_some(), "who waits for nothing must be woken");
        }
    }

    /// Everybody stops, and the server answers everything: all must come to an end.
    fn end(mut self) {
        for _ in 0..10_000 {
            if self.waiting.is_empty() && self.offered.is_empty() && self.in_use.is_empty() {
                break;
            }
            for step in [
                Step::Accept(0, true),
                Step::Release(0, Returned::default()),
                Step::Settled(0, true),
                Step::Closed(0),
                Step::Opened(0),
                Step::Pass(100),
            ] {
                self.step(step);
            }
        }
        assert!(self.waiting.is_empty(), "every wait ends");
        self.step(Step::Close(Some(0)));
        for _ in 0..20 {
            for step in [Step::Opened(0), Step::Settled(0, true), Step::Closed(0), Step::Pass(10_000)] {
                self.step(step);
            }
        }
        assert!(self.pool.is_drained(), "{:?}", self.pool.stats());
        assert_eq!(self.pool.poll_timeout(), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn a_pool_keeps_its_promises(config in config(), steps in prop::collection::vec(step(), 0..120)) {
        let mut world = World::new(config);
        for step in steps {
            world.step(step);
        }
        world.end();
    }

    #[test]
    fn with_a_server_that_comes_back_everybody_is_served_in_order(count in 1..60_usize, failures in 0..20_usize) {
        let mut world = World::new(PoolConfig { acquire_timeout: None, max_size: 3, ..PoolConfig::default() });
        for _ in 0..count {
            world.step(Step::Acquire(Some(1_000_000)));
        }
        for _ in 0..failures {
            world.step(Step::OpenFailed(0, false));
            world.step(Step::Pass(500));
        }
        let start = world.now;
        let mut served = 0;
        while served < count {
            for step in [Step::Opened(0), Step::Opened(0), Step::Opened(0), Step::Accept(0, true)] {
                world.step(step);
            }
            served += world.in_use.len();
            world.step(Step::Release(0, Returned::default()));
            world.step(Step::Pass(1));
        }
        prop_assert!(world.now - start < Duration::from_millis(600 + count as u64), "back within half a second");
    }
}
