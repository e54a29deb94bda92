use core::time::Duration;

use super::foreign::foreign;
use super::{Interval, MICROS_PER_SECOND, OutOfRange, fraction};

foreign!(Duration => Interval);

/// As microseconds only, to the nearest one.
impl TryFrom<Duration> for Interval {
    type Error = OutOfRange;

    fn try_from(duration: Duration) -> Result<Self, OutOfRange> {
        let micros = |seconds: i64| {
            let nanos = fraction::micros(duration.subsec_nanos());
            seconds.checked_mul(MICROS_PER_SECOND)?.checked_add(nanos)
        };
        let microseconds = i64::try_from(duration.as_secs()).ok().and_then(micros).ok_or_else(|| {
            OutOfRange::new(
                format_args!("{} seconds", duration.as_secs()),
                "an interval of at most 2^63 microseconds",
            )
        })?;
        Ok(Self { microseconds, ..Self::ZERO })
    }
}

/// Only what has a fixed length: no months, and no days, which daylight saving time makes longer or shorter.
impl TryFrom<Interval> for Duration {
    type Error = OutOfRange;

    fn try_from(interval: Interval) -> Result<Self, OutOfRange> {
        match interval {
            Interval { months: 0, days: 0, microseconds } => {
                u64::try_from(microseconds).ok().map(Self::from_micros)
            }
            _ => None,
        }
        .ok_or_else(|| OutOfRange::new(interval, "a Duration, which has no months, no days and no sign"))
    }
}

#[cfg(test)]
mod tests {
    use std::format;

    use proptest::prelude::*;

    use super::*;
    use crate::types::Type;
    use crate::types::datetime::testing::{unreadable, unsendable};
    use crate::types::testing::{round_trip, text};

    proptest! {
        #[test]
        fn durations_arrive_to_the_microsecond(micros in 0..=i64::MAX.unsigned_abs(), nanos in 0..500_u64) {
            let duration = Duration::from_micros(micros);
            prop_assert_eq!(round_trip(&Type::INTERVAL, &duration), duration);
            prop_assert_eq!(round_trip(&Type::INTERVAL, &(duration + Duration::from_nanos(nanos))), duration);
        }
    }

    #[test]
    fn what_has_no_fixed_length_or_is_too_long_is_refused() {
        let reason = "is not a Duration, which has no months, no days and no sign";
        for interval in ["1 mon", "1 day", "-00:00:00.000001", "infinity"] {
            assert_eq!(unreadable::<Duration>(&Type::INTERVAL, interval), format!("{interval} {reason}"));
        }
        assert_eq!(text::<Duration>(&Type::INTERVAL, b"100:00:00").unwrap(), Duration::from_secs(360_000));
        assert_eq!(
            unsendable(&Type::INTERVAL, &Duration::MAX),
            "18446744073709551615 seconds is not an interval of at most 2^63 microseconds"
        );
    }
}
