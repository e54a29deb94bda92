use core::time::Duration;

use crate::config::Random;
use crate::time::{Instant, backoff};

/// When to try to connect again after failures.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
    /// For those who wait.
    until: Instant,
    /// For connections that nobody waits for.
    until_unattended: Instant,
}

/// What the delay is doubled up to while nobody waits: a wrong password should not fill the server's log.
const MAX_UNATTENDED: Duration = Duration::from_secs(30);

impl Backoff {
    /// An attempt failed.
    pub(super) fn failed(&mut self, now: Instant, first: Duration, max: Duration, chance: &mut Chance) {
        let mut delay = |longest| backoff(first, longest, self.failures, chance.any());
        self.until = now + delay(max);
        self.until_unattended = now + delay(MAX_UNATTENDED);
        self.failures = self.failures.saturating_add(1);
    }

    /// An attempt succeeded.
    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// Whether the last attempt failed.
    pub(super) fn is_failing(&self) -> bool {
        self.failures > 0
    }

    /// Until when no attempt is to be made, if that is later than now.
    pub(super) fn until(&self, now: Instant, awaited: bool) -> Option<Instant> {
        let until = if awaited { self.until } else { self.until_unattended };
        (until > now).then_some(until)
    }
}

/// Chance, from a seed that the shell gave.
#[derive(Debug)]
pub(super) struct Chance(Random);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(Random::new(seed))
    }

    /// Any number.
    fn any(&mut self) -> u32 {
        u32::try_from(self.0.next() >> 32).unwrap_or_default()
    }

    /// A time from nothing up to `limit`.
    pub(super) fn part_of(&mut self, limit: Duration) -> Duration {
        let nanos = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
        // The modulo's bias is nothing to a jitter.
        Duration::from_nanos(self.0.next() % nanos.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_up_to_its_limit_and_ends_with_success() {
        let (first, max) = (Duration::from_millis(50), Duration::from_millis(500));
        let (mut backoff, mut chance) = (Backoff::default(), Chance::new(7));
        let now = Instant::from_millis(1000);
        assert_eq!(backoff.until(now, true), None);
        for whole in [50, 100, 200, 400, 500, 500, 500] {
            backoff.failed(now, first, max, &mut chance);
            let delay = backoff.until(now, true).unwrap() - now;
            let whole = Duration::from_millis(whole);
            assert!(whole / 2 <= delay && delay <= whole, "{delay:?} of {whole:?}");
        }
        for _ in 0..100 {
            backoff.failed(now, first, max, &mut chance);
        }
        let unattended = backoff.until(now, false).unwrap() - now;
        assert!(unattended >= MAX_UNATTENDED / 2 && unattended <= MAX_UNATTENDED, "{unattended:?}");
        backoff.succeeded();
        assert!(!backoff.is_failing() && backoff.until(now, true).is_none());
    }
}
