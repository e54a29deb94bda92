use core::fmt;
use core::time::Duration;

use super::CloseCause;

/// What a pool has and has done.
///
/// ```
/// use trunkline_core::pool::PoolStats;
///
/// fn is_too_small(stats: &PoolStats) -> bool {
///     stats.waiting > 0 && stats.idle == 0 && stats.timed_out > 0
/// }
/// assert!(!is_too_small(&PoolStats::default()));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStats {
    /// Connections there are, in any state.
    pub size: usize,
    /// Of these, those that wait to be used.
    pub idle: usize,
    /// Those that are given out.
    pub in_use: usize,
    /// Those that are being opened.
    pub opening: usize,
    /// Those that were given back and end what was under way.
    pub settling: usize,
    /// Those that are being closed.
    pub closing: usize,
    /// How many wait for a connection.
    pub waiting: usize,
    /// Connections opened so far.
    pub opened: u64,
    /// Attempts to open one that failed.
    pub open_failures: u64,
    /// Connections closed so far, by cause.
    pub closed: Closed,
    /// Connections given out so far.
    pub acquired: u64,
    /// How many waited in vain until their deadline.
    pub timed_out: u64,
    /// How many stopped waiting by themselves.
    pub abandoned: u64,
    /// How long those who got a connection waited for it, all together.
    pub wait_total: Duration,
    /// How long the one waited who waited the longest.
    pub wait_max: Duration,
    /// How the times are spread.
    pub waits: WaitTimes,
    /// Connections reported as leaks.
    pub leaks: u64,
}

/// How many connections were closed, for each cause.
///
/// ```
/// use trunkline_core::pool::PoolStats;
///
/// let stats = PoolStats::default();
/// assert_eq!(stats.closed.total(), 0);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Closed([u64; CloseCause::ALL.len()]);

/// How long those who got a connection waited for it: a histogram whose classes double.
///
/// ```
/// use trunkline_core::pool::PoolStats;
///
/// let stats = PoolStats::default();
/// println!("half waited at most {:?}", stats.waits.percentile(50));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WaitTimes([u64; CLASSES]);

/// The last is for everything above 2^26 µs, a minute.
const CLASSES: usize = 28;

impl Closed {
    /// How many were closed for this cause.
    ///
    /// ```
    /// use trunkline_core::pool::{CloseCause, PoolStats};
    ///
    /// let stats = PoolStats::default();
    /// assert_eq!(stats.closed.because(CloseCause::Lifetime), 0);
    /// ```
    pub fn because(&self, cause: CloseCause) -> u64 {
        CloseCause::ALL.iter().zip(self.0).find(|(known, _)| **known == cause).map_or(0, |(_, count)| count)
    }

    /// How many were closed.
    ///
    /// ```
    /// use trunkline_core::pool::{CloseCause, PoolStats};
    ///
    /// let closed = PoolStats::default().closed;
    /// let sum: u64 = CloseCause::ALL.iter().map(|cause| closed.because(*cause)).sum();
    /// assert_eq!(closed.total(), sum);
    /// ```
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    pub(super) fn add(&mut self, cause: CloseCause) {
        let mut counts = CloseCause::ALL.iter().zip(&mut self.0);
        if let Some((_, count)) = counts.find(|(known, _)| **known == cause) {
            *count += 1;
        }
    }
}

impl fmt::Debug for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(CloseCause::ALL.iter().zip(self.0).filter(|(_, count)| *count > 0)).finish()
    }
}

impl WaitTimes {
    /// A time that so many percent waited at most: exact to a factor of two. Zero when nobody has waited.
    ///
    /// ```
    /// use std::time::Duration;
    /// use trunkline_core::pool::PoolStats;
    ///
    /// // Nobody has waited yet.
    /// assert_eq!(PoolStats::default().waits.percentile(99), Duration::ZERO);
    /// ```
    pub fn percentile(&self, percent: u8) -> Duration {
        let all: u64 = self.0.iter().sum();
        if all == 0 {
            return Duration::ZERO;
        }
        let wanted = all.saturating_mul(u64::from(percent.min(100))).div_ceil(100);
        let mut so_far = 0;
        for (limit, count) in self.classes() {
            so_far += count;
            if so_far >= wanted {
                return limit;
            }
        }
        Duration::MAX
    }

    /// The classes: the time that those in it waited less than, and how many they are. The first is of those who waited
    /// less than a microsecond.
    ///
    /// ```
    /// use trunkline_core::pool::PoolStats;
    ///
    /// for (less_than, count) in PoolStats::default().waits.classes() {
    ///     println!("{count} waited less than {less_than:?}");
    /// }
    /// ```
    pub fn classes(&self) -> impl Iterator<Item = (Duration, u64)> {
        let last = CLASSES - 1;
        self.0.iter().enumerate().map(move |(class, count)| {
            let limit = if class == last { Duration::MAX } else { Duration::from_micros(1 << class) };
            (limit, *count)
        })
    }

    fn add(&mut self, waited: Duration) {
        let micros = waited.as_micros();
        let class = (u128::BITS - micros.leading_zeros()) as usize;
        if let Some(count) = self.0.get_mut(class.min(CLASSES - 1)) {
            *count += 1;
        }
    }
}

impl PoolStats {
    pub(super) fn acquired_after(&mut self, waited: Duration) {
        self.acquired += 1;
        self.wait_total = self.wait_total.saturating_add(waited);
        self.wait_max = self.wait_max.max(waited);
        self.waits.add(waited);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_exact_to_a_factor_of_two() {
        let mut waits = WaitTimes::default();
        assert_eq!(waits.percentile(50), Duration::ZERO);
        for _ in 0..90 {
            waits.add(Duration::from_nanos(300));
        }
        for _ in 0..9 {
            waits.add(Duration::from_micros(1500));
        }
        waits.add(Duration::from_secs(3600));
        assert_eq!(waits.percentile(90), Duration::from_micros(1));
        assert_eq!(waits.percentile(99), Duration::from_micros(2048));
        assert_eq!(waits.percentile(100), Duration::MAX);
        assert_eq!(waits.classes().map(|(_, count)| count).sum::<u64>(), 100);
    }

    #[test]
    fn causes_are_counted_each() {
        let mut closed = Closed::default();
        closed.add(CloseCause::Broken);
        closed.add(CloseCause::Broken);
        closed.add(CloseCause::Inactive);
        assert_eq!(
            (closed.because(CloseCause::Broken), closed.because(CloseCause::Queries), closed.total()),
            (2, 0, 3)
        );
    }
}
