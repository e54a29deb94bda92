//! Flow control: when to read, when to take more commands.

use crate::config::Limits;

/// The marks that bound what a connection holds in memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flow {
    /// Bytes of rows received and not yet taken.
    unread: usize,
    /// Bytes of rows received that cannot be taken before their types are known.
    withheld: usize,
    learning_limit: usize,
    high_water: usize,
    outbox_mark: usize,
    outbox_limit: usize,
    max_depth: usize,
}

impl Flow {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            unread: 0,
            withheld: 0,
            learning_limit: limits.learning_limit,
            high_water: limits.high_water,
            outbox_mark: limits.outbox_mark,
            outbox_limit: limits.outbox_limit,
            max_depth: limits.pipeline_depth,
        }
    }

    pub(crate) fn arrived(&mut self, bytes: usize) {
        self.unread = self.unread.saturating_add(bytes);
    }

    pub(crate) fn taken(&mut self, bytes: usize) {
        self.unread = self.unread.saturating_sub(bytes);
    }

    /// Rows came that cannot be taken yet. They do not keep the socket from being read, since what will release
    /// them comes behind them; false when they are too many.
    #[must_use]
    pub(crate) fn withhold(&mut self, bytes: usize) -> bool {
        self.withheld = self.withheld.saturating_add(bytes);
        self.withheld <= self.learning_limit
    }

    /// They can be taken, or were dropped.
    pub(crate) fn release(&mut self, bytes: usize) {
        self.withheld = self.withheld.saturating_sub(bytes);
    }

    /// Whether the shell should read.
    ///
    /// Reading stops when enough waits to be taken, except while something waits to be sent: the server stops
    /// reading when its own send buffer is full, so two sides that only write would wait for each other for ever.
    pub(crate) fn wants_read(&self, outbox_is_empty: bool) -> bool {
        self.unread < self.high_water || !outbox_is_empty
    }

    /// Whether another command is welcome: neither the outbox nor the queue of replies is over its mark.
    pub(crate) fn can_accept(&self, outbox: usize, depth: usize) -> bool {
        outbox < self.outbox_mark && depth < self.max_depth
    }

    /// Whether so much waits to be sent that another command would be memory without end.
    pub(crate) fn is_full(&self, outbox: usize) -> bool {
        outbox >= self.outbox_limit
    }

    /// How many bytes can be withheld.
    pub(crate) fn learning_limit(&self) -> usize {
        self.learning_limit
    }

    pub(crate) fn unread(&self) -> usize {
        self.unread
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_withheld_has_a_limit_of_its_own() {
        let mut flow = Flow::new(&Limits { high_water: 100, learning_limit: 200, ..Limits::default() });
        assert!(flow.withhold(200) && flow.wants_read(true));
        assert!(!flow.withhold(1));
        flow.release(101);
        assert!(flow.withhold(100));
    }

    #[test]
    fn reading_stops_at_the_mark_but_never_while_writing() {
        let mut flow = Flow::new(&Limits { high_water: 100, ..Limits::default() });
        assert!(flow.wants_read(true));
        flow.arrived(100);
        assert!(!flow.wants_read(true));
        assert!(flow.wants_read(false));
        flow.taken(1);
        assert!(flow.wants_read(true));
    }
}
