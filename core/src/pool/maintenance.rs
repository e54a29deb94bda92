use alloc::vec::Vec;

use super::{Action, CloseCause, ConnectionId, Pool, Refusal, State};
use crate::time::Instant;

/// What happens by itself as time passes, and as connections are missed.
impl Pool {
    /// Time has passed. Harmless when early.
    pub fn handle_timeout(&mut self, now: Instant) {
        while let Some(waiter) = self.waiters.take_late(now) {
            self.counts.timed_out += 1;
            let waited = now - waiter.since;
            self.actions.push_back(Action::Refuse(waiter.id, Refusal::Timeout(waited)));
        }
        self.close_old(now);
        self.close_inactive(now);
        self.end_waits(now);
        self.alarm = self.next_timeout();
        self.grow(now);
    }

    /// Opens what is missing, as far as it may.
    pub(super) fn grow(&mut self, now: Instant) {
        if self.closing.is_some() {
            return;
        }
        let tally = self.slots.tally();
        let awaited = self.waiters.len().saturating_sub(tally.opening);
        let missing = self.config.min_size.saturating_sub(tally.staying());
        let spare = self
            .config
            .min_idle
            .saturating_add(self.waiters.len())
            .saturating_sub(tally.idle + tally.opening);
        let spare = if self.config.min_idle > 0 { spare } else { 0 };
        let room = self.config.max_size.saturating_sub(tally.size());
        let wanted = awaited.max(missing).max(spare).min(room);
        if wanted == 0 {
            return;
        }
        if let Some(until) = self.backoff.until(now, !self.waiters.is_empty()) {
            return self.wake_at(Some(until));
        }
        // While attempts fail, one at a time finds out when that ends.
        let at_once = if self.backoff.is_failing() { 1 } else { self.config.max_opening };
        for _ in 0..wanted.min(at_once.saturating_sub(tally.opening)) {
            let connection = self.slots.take_free(State::Opening);
            self.actions.push_back(Action::Open(connection));
        }
    }

    fn close_old(&mut self, now: Instant) {
        let old: Vec<ConnectionId> = self
            .slots
            .iter()
            .filter(|(_, slot, state)| {
                matches!(state, State::Idle { .. }) && slot.expires.is_some_and(|expires| expires <= now)
            })
            .map(|(id, _, _)| id)
            .collect();
        for id in old {
            self.idle.retain(|idle| *idle != id);
            self.close_connection(id, CloseCause::Lifetime);
        }
    }

    /// Those that are idle the longest are in front, whatever the order in which they are given out.
    fn close_inactive(&mut self, now: Instant) {
        let Some(limit) = self.config.max_inactive_lifetime else { return };
        while let Some(&id) = self.idle.front()
            && let State::Idle { since } = self.slots.state(id)
            && since + limit <= now
            && self.has_spare()
        {
            self.idle.pop_front();
            self.close_connection(id, CloseCause::Inactive);
        }
    }

    /// Whether there is an idle connection more than there is to be.
    fn has_spare(&self) -> bool {
        let tally = self.slots.tally();
        tally.staying() > self.config.min_size && tally.idle > self.config.min_idle
    }

    /// Ends waits for connections that are in somebody's hands.
    fn end_waits(&mut self, now: Instant) {
        let all: Vec<(ConnectionId, State)> = self.slots.iter().map(|(id, _, state)| (id, state)).collect();
        let gives_up =
            self.closing.and_then(|closing| closing.deadline).is_some_and(|deadline| deadline <= now);
        for (id, state) in all {
            match state {
                State::Settling { until } if until <= now => {
                    self.close_connection(id, CloseCause::Unsettled);
                }
                State::InUse { .. } | State::Offered { .. } if gives_up => {
                    self.counts.closed.add(CloseCause::PoolClosed);
                    self.slots.set_state(id, State::Free);
                    self.actions.push_back(Action::Abort(id));
                }
                State::InUse { since, reported: false }
                    if self.config.leak_after.is_some_and(|limit| since + limit <= now) =>
                {
                    self.counts.leaks += 1;
                    self.slots.set_state(id, State::InUse { since, reported: true });
                    self.actions.push_back(Action::ReportLeak(id, now - since));
                }
                _ => {}
            }
        }
    }

    /// The next moment at which something happens by itself, apart from growth.
    pub(super) fn next_timeout(&self) -> Option<Instant> {
        let has_spare = self.has_spare();
        let of_connections = self.slots.iter().filter_map(|(_, slot, state)| match state {
            State::Idle { since } => {
                let inactive = self.config.max_inactive_lifetime.map(|limit| since + limit);
                let inactive = inactive.filter(|_| has_spare);
                slot.expires.into_iter().chain(inactive).min()
            }
            State::Settling { until } => Some(until),
            State::InUse { since, reported: false } => self.config.leak_after.map(|limit| since + limit),
            _ => None,
        });
        let in_hands = self.slots.tally().in_use > 0;
        let closing = self.closing.and_then(|closing| closing.deadline).filter(|_| in_hands);
        of_connections.chain(self.waiters.deadline()).chain(closing).min()
    }
}
