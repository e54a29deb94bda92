//! The policy of a pool: who gets which connection, and when connections are opened and closed.
//!
//! It has no connections: it knows each by a [`ConnectionId`], and the shell does what it says. Time and a seed come
//! in as arguments. The run loop of every shell is the same: after each command or input, do what
//! [`Pool::poll_action`] says until it says nothing, and be back at [`Pool::poll_timeout`] with
//! [`Pool::handle_timeout`].
//!
//! ```
//! use trunkline_core::Instant;
//! use trunkline_core::pool::{Action, Pool, PoolConfig, Returned};
//!
//! let now = Instant::from_millis(0);
//! let mut pool = Pool::new(PoolConfig::default(), 42, now)?;
//! let ada = pool.acquire(now, None);
//! let Some(Action::Open(connection)) = pool.poll_action() else { panic!("nobody opens one") };
//! // Some time later the shell has a connection to the server.
//! let now = Instant::from_millis(20);
//! pool.opened(connection, now);
//! let Some(Action::Give(waiter, grant)) = pool.poll_action() else { panic!("nobody gets it") };
//! assert_eq!((waiter, grant.connection), (ada, connection));
//! pool.accepted(connection, now);
//! // Ada has it, and gives it back.
//! pool.release(connection, Returned { queries: 3, ..Returned::default() }, now);
//! assert_eq!(pool.stats().idle, 1);
//! # Ok::<(), trunkline_core::error::UsageError>(())
//! ```

mod action;
mod backoff;
mod config;
mod inputs;
mod maintenance;
#[cfg(test)]
mod properties;
mod resize;
mod slot;
mod stats;
#[cfg(test)]
mod tests;
mod waiters;

use alloc::collections::VecDeque;
use core::time::Duration;

pub use action::{Action, CloseCause, Failure, Grant, Refusal, Returned};
pub use config::{IdleOrder, PoolConfig};
pub use slot::ConnectionId;
pub use stats::{Closed, PoolStats, WaitTimes};
pub use waiters::WaiterId;

use crate::error::UsageError;
use crate::time::Instant;
use backoff::{Backoff, Chance};
use slot::{Slots, State};
use waiters::{Waiter, Waiters};

/// A pool's policy; see the [module](self).
///
/// Ids of connections and waiters that are no more are ignored everywhere.
#[derive(Debug)]
pub struct Pool {
    config: PoolConfig,
    slots: Slots,
    /// The idle ones; who was given back first is in front.
    idle: VecDeque<ConnectionId>,
    waiters: Waiters,
    backoff: Backoff,
    chance: Chance,
    /// What was counted; what can be looked up is filled in when it is asked for.
    counts: PoolStats,
    actions: VecDeque<Action>,
    /// When to look at all connections and waiters again, at the latest. Early is harmless, and so it may stay when
    /// what it was set for is over.
    alarm: Option<Instant>,
    closing: Option<Closing>,
}

/// The pool is closing: when it stops waiting for connections that are given out.
#[derive(Debug, Clone, Copy)]
struct Closing {
    deadline: Option<Instant>,
}

impl Pool {
    /// A pool, which opens the connections that it is to keep open at the first [`Pool::handle_timeout`]: at once. `seed`
    /// is fresh randomness.
    ///
    /// # Errors
    ///
    /// As [`PoolConfig::validate`].
    pub fn new(config: PoolConfig, seed: u64, now: Instant) -> Result<Self, UsageError> {
        config.validate()?;
        Ok(Self {
            config,
            slots: Slots::default(),
            idle: VecDeque::new(),
            waiters: Waiters::default(),
            backoff: Backoff::default(),
            chance: Chance::new(seed),
            counts: PoolStats::default(),
            actions: VecDeque::new(),
            alarm: Some(now),
            closing: None,
        })
    }

    // Commands.

    /// Somebody wants a connection, within `timeout` or else the pool's own. [`Action::Give`] or [`Action::Refuse`]
    /// will answer.
    pub fn acquire(&mut self, now: Instant, timeout: Option<Duration>) -> WaiterId {
        let deadline = timeout.or(self.config.acquire_timeout).map(|timeout| now + timeout);
        let waiter = self.waiters.arrive(now, deadline);
        if self.closing.is_some() {
            self.actions.push_back(Action::Refuse(waiter.id, Refusal::Closed));
            return waiter.id;
        }
        self.waiters.insert(waiter);
        self.serve(now);
        // Served at once, nobody needs to be woken for it.
        if !self.waiters.is_empty() {
            self.wake_at(deadline);
        }
        waiter.id
    }

    /// An idle connection, if there is one and nobody waits for it. To be answered like [`Action::Give`].
    pub fn try_acquire(&mut self, now: Instant) -> Option<Grant> {
        if self.closing.is_some() || !self.waiters.is_empty() {
            return None;
        }
        let grant = self.take_idle(now)?;
        self.slots.set_state(grant.connection, State::Offered { waiter: None, asked: now });
        self.grow(now);
        Some(grant)
    }

    /// Somebody waits no longer. A connection that was given and not accepted yet goes to the next.
    pub fn abandon(&mut self, waiter: WaiterId, now: Instant) {
        if self.waiters.remove(waiter) {
            self.counts.abandoned += 1;
            return;
        }
        let offered = self.slots.iter().find_map(|(id, _, state)| match state {
            State::Offered { waiter: Some(other), .. } if other.id == waiter => Some(id),
            _ => None,
        });
        if let Some(connection) = offered {
            self.counts.abandoned += 1;
            self.rest(connection, now);
        }
    }

    /// A connection is given back.
    pub fn release(&mut self, connection: ConnectionId, returned: Returned, now: Instant) {
        if !matches!(self.slots.state(connection), State::InUse { .. }) {
            return;
        }
        if let Some(slot) = self.slots.get_mut(connection) {
            slot.queries = slot.queries.saturating_add(returned.queries);
            slot.dirty |= returned.queries > 0;
        }
        if returned.closed {
            self.close_connection(connection, CloseCause::Broken);
        } else if returned.unsettled {
            let until = now + self.config.settle_timeout;
            self.slots.set_state(connection, State::Settling { until });
            self.actions.push_back(Action::Settle(connection));
            self.wake_at(Some(until));
        } else {
            return self.rest(connection, now);
        }
        self.grow(now);
    }

    /// A connection that is given out is its user's own from now on.
    pub fn detach(&mut self, connection: ConnectionId, now: Instant) {
        if matches!(self.slots.state(connection), State::InUse { .. }) {
            self.slots.set_state(connection, State::Free);
            self.counts.closed.add(CloseCause::Detached);
            self.grow(now);
        }
    }

    /// Replaces all connections there are: those in use when they are given back.
    pub fn expire_all(&mut self, now: Instant) {
        while let Some(connection) = self.idle.pop_front() {
            self.close_connection(connection, CloseCause::Expired);
        }
        let others: alloc::vec::Vec<ConnectionId> = self.slots.iter().map(|(id, _, _)| id).collect();
        for id in others {
            if !matches!(self.slots.state(id), State::Opening)
                && let Some(slot) = self.slots.get_mut(id)
            {
                slot.retired = true;
            }
        }
        self.grow(now);
    }

    /// Closes the pool: who waits is refused, what is idle is closed, and so is what comes back. What has not come back
    /// after `limit` is taken away.
    pub fn close(&mut self, now: Instant, limit: Option<Duration>) {
        let deadline = limit.map(|limit| now + limit);
        self.closing = Some(Closing { deadline });
        self.refuse_all(Refusal::Closed);
        while let Some(connection) = self.idle.pop_front() {
            self.close_connection(connection, CloseCause::PoolClosed);
        }
        self.wake_at(deadline);
    }

    // Outputs.

    /// What the shell is to do next.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// When to call [`Pool::handle_timeout`]. Every command and input may change the answer.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.alarm
    }

    // Getters.

    /// What the pool has and has done.
    pub fn stats(&self) -> PoolStats {
        let tally = self.slots.tally();
        PoolStats {
            size: tally.size(),
            idle: tally.idle,
            in_use: tally.in_use,
            opening: tally.opening,
            settling: tally.settling,
            closing: tally.closing,
            waiting: self.waiters.len(),
            ..self.counts
        }
    }

    /// Its configuration.
    pub fn config(&self) -> &PoolConfig {
        &self.config
    }

    /// Whether it was closed: it gives out no more connections.
    pub fn is_closing(&self) -> bool {
        self.closing.is_some()
    }

    /// Whether it was closed and has no connection left.
    pub fn is_drained(&self) -> bool {
        self.is_closing() && self.slots.tally().size() == 0
    }

    fn refuse_all(&mut self, why: Refusal) {
        while let Some(waiter) = self.waiters.pop() {
            self.actions.push_back(Action::Refuse(waiter.id, why));
        }
    }

    fn give(&mut self, grant: Grant, waiter: Waiter, now: Instant) {
        self.slots.set_state(grant.connection, State::Offered { waiter: Some(waiter), asked: now });
        self.actions.push_back(Action::Give(waiter.id, grant));
    }

    fn wake_at(&mut self, at: Option<Instant>) {
        self.alarm = match (self.alarm, at) {
            (Some(alarm), Some(at)) => Some(alarm.min(at)),
            (alarm, at) => alarm.or(at),
        };
    }
}
