//! Counts the queries of a cell, and times each.

use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

/// Shared by all connections of a cell; the runtime has one thread.
#[derive(Debug)]
pub(crate) struct Meter {
    phase: Cell<Phase>,
    rows: u64,
    latencies: RefCell<Vec<Duration>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    WarmUp,
    Measuring,
    Stopped,
}

impl Meter {
    /// `rows` is what every query must return.
    pub(crate) fn new(rows: u64) -> Self {
        // Room for all that a fast machine does in a window, so that no reallocation is measured.
        Self { phase: Cell::new(Phase::WarmUp), rows, latencies: RefCell::new(Vec::with_capacity(1 << 20)) }
    }

    pub(crate) fn start(&self) {
        self.phase.set(Phase::Measuring);
    }

    pub(crate) fn stop(&self) {
        self.phase.set(Phase::Stopped);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.phase.get() == Phase::Stopped
    }

    /// One query is done: it was sent at `sent` and gave `rows`.
    pub(crate) fn record(&self, sent: Instant, rows: u64) -> Result<()> {
        ensure!(rows == self.rows, "a query gave {rows} rows, the first one {}", self.rows);
        if self.phase.get() == Phase::Measuring {
            self.latencies.borrow_mut().push(sent.elapsed());
        }
        Ok(())
    }

    /// All latencies of the window, shortest first.
    pub(crate) fn sorted(&self) -> Vec<Duration> {
        let mut latencies = self.latencies.take();
        latencies.sort_unstable();
        latencies
    }
}

/// The value that `percent` of `sorted` do not exceed, in microseconds; 0 of nothing.
pub(crate) fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).map_or(0.0, |latency| latency.as_secs_f64() * 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let latencies: Vec<_> = (1..=10).map(Duration::from_micros).collect();
        assert_eq!(percentile(&latencies, 50).round(), 5.0);
        assert_eq!(percentile(&latencies, 99).round(), 10.0);
        assert_eq!(percentile(&[], 50), 0.0);
    }
}
