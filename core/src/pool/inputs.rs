use super::{Action, CloseCause, ConnectionId, Failure, Grant, IdleOrder, Pool, Refusal, State};
use crate::time::Instant;

/// What the shell tells.
impl Pool {
    /// A connection that was to be opened is open.
    pub fn opened(&mut self, connection: ConnectionId, now: Instant) {
        if !matches!(self.slots.state(connection), State::Opening) {
            return;
        }
        self.backoff.succeeded();
        self.enter(connection, now);
    }

    /// A connection that the shell opened by itself joins the pool, if there is room for it.
    pub fn adopt(&mut self, now: Instant) -> Option<ConnectionId> {
        if self.closing.is_some() || self.slots.tally().size() >= self.config.max_size {
            return None;
        }
        let connection = self.slots.take_free(State::Opening);
        self.enter(connection, now);
        Some(connection)
    }

    fn enter(&mut self, connection: ConnectionId, now: Instant) {
        self.counts.opened += 1;
        let lifetime = self.config.max_lifetime;
        let jitter = lifetime.map(|lifetime| self.chance.part_of(lifetime / 10));
        if let Some(slot) = self.slots.get_mut(connection) {
            slot.expires = lifetime.map(|lifetime| now + (lifetime - jitter.unwrap_or_default()));
        }
        self.rest(connection, now);
    }

    /// A connection could not be opened.
    pub fn open_failed(&mut self, connection: ConnectionId, failure: Failure, now: Instant) {
        if !matches!(self.slots.state(connection), State::Opening) {
            return;
        }
        self.counts.open_failures += 1;
        self.slots.set_state(connection, State::Free);
        let (first, max) = (self.config.retry_delay, self.config.max_retry_delay);
        self.backoff.failed(now, first, max, &mut self.chance);
        if failure == Failure::Definite {
            self.refuse_all(Refusal::Failed);
        }
        self.grow(now);
    }

    /// Whoever was given a connection has taken it. False when it is none of the pool's any more: a pool that closes
    /// has taken it away.
    pub fn accepted(&mut self, connection: ConnectionId, now: Instant) -> bool {
        let State::Offered { waiter, asked } = self.slots.state(connection) else { return false };
        let since = waiter.map_or(asked, |waiter| waiter.since);
        self.counts.acquired_after(now - since);
        self.slots.set_state(connection, State::InUse { since: now, reported: false });
        self.wake_at(self.config.leak_after.map(|limit| now + limit));
        true
    }

    /// A connection turned out to be dead. Who was given it has his place in the queue back.
    pub fn broken(&mut self, connection: ConnectionId, now: Instant) {
        match self.slots.state(connection) {
            State::Offered { waiter, .. } => {
                self.close_connection(connection, CloseCause::Broken);
                if let Some(waiter) = waiter {
                    if self.closing.is_some() {
                        return self.actions.push_back(Action::Refuse(waiter.id, Refusal::Closed));
                    }
                    self.waiters.insert(waiter);
                    self.wake_at(waiter.deadline);
                }
            }
            State::Idle { .. } => {
                self.idle.retain(|idle| *idle != connection);
                self.close_connection(connection, CloseCause::Broken);
            }
            State::Settling { .. } => self.close_connection(connection, CloseCause::Unsettled),
            State::InUse { .. } => self.close_connection(connection, CloseCause::Broken),
            State::Free | State::Opening | State::Closing => return,
        }
        self.serve(now);
    }

    /// A connection has ended what was under way, and no transaction is open.
    pub fn settled(&mut self, connection: ConnectionId, now: Instant) {
        if matches!(self.slots.state(connection), State::Settling { .. }) {
            self.rest(connection, now);
        }
    }

    /// A connection that was to be closed is closed.
    pub fn closed(&mut self, connection: ConnectionId, now: Instant) {
        if matches!(self.slots.state(connection), State::Closing) {
            self.slots.set_state(connection, State::Free);
            self.grow(now);
        }
    }

    /// A connection is free: somebody gets it, or it lies idle, or it has seen enough.
    pub(super) fn rest(&mut self, connection: ConnectionId, now: Instant) {
        let surplus = self.has_too_many();
        let Some(slot) = self.slots.get_mut(connection) else { return };
        let worn = self.config.max_queries.is_some_and(|max| slot.queries >= max);
        let old = slot.expires.is_some_and(|expires| expires <= now);
        let cause = match (self.closing, slot.retired) {
            (Some(_), _) => Some(CloseCause::PoolClosed),
            (None, true) => Some(CloseCause::Expired),
            (None, false) if old => Some(CloseCause::Lifetime),
            (None, false) if worn => Some(CloseCause::Queries),
            (None, false) if surplus => Some(CloseCause::Surplus),
            (None, false) => None,
        };
        if let Some(cause) = cause {
            self.close_connection(connection, cause);
            return self.grow(now);
        }
        let expires = slot.expires;
        self.slots.set_state(connection, State::Idle { since: now });
        self.idle.push_back(connection);
        self.serve(now);
        if matches!(self.slots.state(connection), State::Idle { .. }) {
            self.wake_at(expires);
            self.wake_at(self.config.max_inactive_lifetime.map(|limit| now + limit));
        }
    }

    /// Gives what is idle to those who wait, in their order.
    pub(super) fn serve(&mut self, now: Instant) {
        while !self.waiters.is_empty() {
            let Some(grant) = self.take_idle(now) else { break };
            if let Some(waiter) = self.waiters.pop() {
                self.give(grant, waiter, now);
            }
        }
        self.grow(now);
    }

    /// Takes an idle connection, past those that are too old.
    pub(super) fn take_idle(&mut self, now: Instant) -> Option<Grant> {
        loop {
            let connection = match self.config.idle_order {
                IdleOrder::Lifo => self.idle.pop_back(),
                IdleOrder::Fifo => self.idle.pop_front(),
            }?;
            let State::Idle { since } = self.slots.state(connection) else { continue };
            let Some(slot) = self.slots.get_mut(connection) else { continue };
            if slot.expires.is_some_and(|expires| expires <= now) {
                self.close_connection(connection, CloseCause::Lifetime);
                continue;
            }
            let unused = now - since;
            let ping = self.config.ping_after.is_some_and(|limit| unused >= limit);
            return Some(Grant { connection, unused, ping, reset: self.config.reset && slot.dirty });
        }
    }

    pub(super) fn close_connection(&mut self, connection: ConnectionId, cause: CloseCause) {
        self.counts.closed.add(cause);
        self.slots.set_state(connection, State::Closing);
        self.actions.push_back(Action::Close(connection, cause));
    }
}
