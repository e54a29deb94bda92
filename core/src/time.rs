//! Time as the shell tells it: core never reads a clock.

use core::ops::{Add, Sub};
use core::time::Duration;

/// A moment, in nanoseconds since an origin that the shell chose once (the start of the process will do).
///
/// Only differences mean anything. Every input that can start or end a wait takes one as `now`; it must not
/// go backwards between calls on the same connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(pub u64);

impl Instant {
    /// The moment `millis` milliseconds after the shell's origin.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    /// The time from `earlier` to this moment; zero when `earlier` is later.
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    /// Saturates at the end of time (584 years after the origin).
    fn add(self, duration: Duration) -> Self {
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(nanos))
    }
}

impl Sub for Instant {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        self.saturating_since(earlier)
    }
}

/// How long to wait before the next try, after so many failures in a row (0 is the first): `first`, twice as long each
/// time and no longer than `longest`, of which a random part of up to a half is left out, so that many who failed
/// together do not come back together. `random` is any number.
pub fn backoff(first: Duration, longest: Duration, failures: u32, random: u32) -> Duration {
    let whole = first.saturating_mul(1_u32 << failures.min(20)).min(longest);
    whole.mul_f64(1.0 - f64::from(random) / f64::from(u32::MAX) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit_and_lose_up_to_a_half() {
        let (first, longest) = (Duration::from_millis(100), Duration::from_secs(1));
        let wait = |failures, random| backoff(first, longest, failures, random).as_millis();
        assert_eq!(
            [wait(0, 0), wait(1, 0), wait(3, 0), wait(4, 0), wait(u32::MAX, 0)],
            [100, 200, 800, 1000, 1000]
        );
        assert_eq!([wait(0, u32::MAX), wait(4, u32::MAX)], [50, 500]);
    }
}
