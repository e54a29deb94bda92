use alloc::vec::Vec;

use super::waiters::Waiter;
use crate::time::Instant;

/// Names a connection of a pool, from when it is to be opened until it is closed; never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConnectionId {
    index: u32,
    generation: u32,
}

/// The place that a connection has in the pool.
#[derive(Debug)]
pub(super) struct Slot {
    generation: u32,
    state: State,
    /// When it is too old.
    pub(super) expires: Option<Instant>,
    pub(super) queries: u64,
    /// It was used since it was last reset.
    pub(super) dirty: bool,
    /// It is to be closed when it comes back, whatever its age.
    pub(super) retired: bool,
}

/// What a connection is doing.
#[derive(Debug, Clone, Copy)]
pub(super) enum State {
    /// There is none.
    Free,
    Opening,
    Idle {
        since: Instant,
    },
    /// Given to somebody who has not taken it yet: whoever asked without waiting has no place in the queue.
    Offered {
        waiter: Option<Waiter>,
        asked: Instant,
    },
    InUse {
        since: Instant,
        reported: bool,
    },
    /// Given back with something under way.
    Settling {
        until: Instant,
    },
    Closing,
}

/// How many connections are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) opening: usize,
    pub(super) idle: usize,
    pub(super) in_use: usize,
    pub(super) settling: usize,
    pub(super) closing: usize,
}

/// The places of a pool.
#[derive(Debug, Default)]
pub(super) struct Slots {
    slots: Vec<Slot>,
    tally: Tally,
}

impl ConnectionId {
    /// Its place, below the greatest `max_size` so far: that of no other connection at the same time.
    pub fn index(self) -> usize {
        self.index as usize
    }
}

impl Tally {
    /// All there are.
    pub(super) fn size(self) -> usize {
        self.opening + self.idle + self.in_use + self.settling + self.closing
    }

    /// Those that are there, or soon will be.
    pub(super) fn staying(self) -> usize {
        self.size() - self.closing
    }

    fn of(&mut self, state: &State) -> Option<&mut usize> {
        match state {
            State::Free => None,
            State::Opening => Some(&mut self.opening),
            State::Idle { .. } => Some(&mut self.idle),
            State::Offered { .. } | State::InUse { .. } => Some(&mut self.in_use),
            State::Settling { .. } => Some(&mut self.settling),
            State::Closing => Some(&mut self.closing),
        }
    }
}

impl Slots {
    /// A place for a new connection.
    pub(super) fn take_free(&mut self, state: State) -> ConnectionId {
        let free = self.slots.iter().position(|slot| matches!(slot.state, State::Free));
        let at = free.unwrap_or_else(|| {
            self.slots.push(Slot::free());
            self.slots.len() - 1
        });
        // More places than 2^32 do not fit in memory.
        let index = u32::try_from(at).unwrap_or(u32::MAX);
        let generation = self.slots.get(at).map_or(0, |slot| slot.generation);
        let id = ConnectionId { index, generation };
        self.set_state(id, state);
        id
    }

    /// Changes what a connection is doing; one that is free is no more.
    pub(super) fn set_state(&mut self, id: ConnectionId, state: State) {
        let Some(slot) = self.slots.get_mut(id.index()).filter(|slot| slot.generation == id.generation)
        else {
            return;
        };
        if let Some(count) = self.tally.of(&slot.state) {
            *count -= 1;
        }
        if let Some(count) = self.tally.of(&state) {
            *count += 1;
        }
        if matches!(state, State::Free) {
            *slot = Slot { generation: slot.generation.wrapping_add(1), ..Slot::free() };
        } else {
            slot.state = state;
        }
    }

    /// What a connection is doing; one that is no more is free.
    pub(super) fn state(&self, id: ConnectionId) -> State {
        let slot = self.slots.get(id.index()).filter(|slot| slot.generation == id.generation);
        slot.map_or(State::Free, |slot| slot.state)
    }

    pub(super) fn get_mut(&mut self, id: ConnectionId) -> Option<&mut Slot> {
        self.slots.get_mut(id.index()).filter(|slot| slot.generation == id.generation)
    }

    /// All connections, with what they are doing.
    pub(super) fn iter(&self) -> impl Iterator<Item = (ConnectionId, &Slot, State)> {
        (0..)
            .zip(&self.slots)
            .filter(|(_, slot)| !matches!(slot.state, State::Free))
            .map(|(index, slot)| (ConnectionId { index, generation: slot.generation }, slot, slot.state))
    }

    pub(super) fn tally(&self) -> Tally {
        self.tally
    }
}

impl Slot {
    const fn free() -> Self {
        Self { generation: 0, state: State::Free, expires: None, queries: 0, dirty: false, retired: false }
    }
}

/// The first connection at a place.
#[cfg(test)]
pub(super) fn first_at(index: u32) -> ConnectionId {
    ConnectionId { index, generation: 0 }
}
