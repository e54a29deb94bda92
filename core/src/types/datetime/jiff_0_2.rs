//! Infinity and 24:00:00, which jiff does not have, and years that only one of the two has are errors in both
//! directions. Nanoseconds are rounded.

use jiff::{Span, civil};

use super::foreign::foreign;
use super::{
    Date, Interval, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, OutOfRange, Time, Timestamp,
    TimestampTz, date, fraction, timestamp,
};

foreign!(
    civil::Date => Date,
    civil::Time => Time,
    civil::DateTime => Timestamp,
    jiff::Timestamp => TimestampTz,
    Span => Interval,
);

impl TryFrom<Date> for civil::Date {
    type Error = OutOfRange;

    #[inline]
    fn try_from(date: Date) -> Result<Self, OutOfRange> {
        let civil = |(year, month, day): (i32, u8, u8)| {
            Self::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
        };
        date.ymd().and_then(civil).ok_or_else(|| OutOfRange::new(date, "a jiff::civil::Date"))
    }
}

impl TryFrom<civil::Date> for Date {
    type Error = OutOfRange;

    #[inline]
    fn try_from(civil: civil::Date) -> Result<Self, OutOfRange> {
        let (month, day) = (civil.month().unsigned_abs(), civil.day().unsigned_abs());
        Self::from_ymd(civil.year().into(), month, day).map_err(|_| OutOfRange::new(civil, date::RANGE))
    }
}

impl TryFrom<Time> for civil::Time {
    type Error = OutOfRange;

    #[inline]
    fn try_from(time: Time) -> Result<Self, OutOfRange> {
        let (hour, minute, second, micro) = time.hms_micro();
        let civil = || {
            let nanos = i32::try_from(micro).ok()?.checked_mul(1000)?;
            Self::new(hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?, nanos).ok()
        };
        civil().ok_or_else(|| OutOfRange::new(time, "a jiff::civil::Time"))
    }
}

/// To the nearest microsecond, as the server reads it: 23:59:59.9999999 becomes 24:00:00.
impl From<civil::Time> for Time {
    #[inline]
    fn from(civil: civil::Time) -> Self {
        let [hour, minute, second] =
            [civil.hour(), civil.minute(), civil.second()].map(|part| u32::from(part.unsigned_abs()));
        Self::rounded(hour * 3600 + minute * 60 + second, civil.subsec_nanosecond().unsigned_abs())
            .unwrap_or(Self::MAX)
    }
}

impl TryFrom<Timestamp> for civil::DateTime {
    type Error = OutOfRange;

    #[inline]
    fn try_from(timestamp: Timestamp) -> Result<Self, OutOfRange> {
        let date = timestamp.date().try_into().ok();
        let time = timestamp.time().and_then(|time| time.try_into().ok());
        date.zip(time)
            .map(|(date, time)| Self::from_parts(date, time))
            .ok_or_else(|| OutOfRange::new(timestamp, "a jiff::civil::DateTime"))
    }
}

/// To the nearest microsecond, as the server reads it.
impl TryFrom<civil::DateTime> for Timestamp {
    type Error = OutOfRange;

    #[inline]
    fn try_from(civil: civil::DateTime) -> Result<Self, OutOfRange> {
        let date = Date::try_from(civil.date()).ok();
        date.and_then(|date| Self::new(date, civil.time().into()).ok())
            .ok_or_else(|| OutOfRange::new(civil, timestamp::RANGE))
    }
}

impl TryFrom<TimestampTz> for jiff::Timestamp {
    type Error = OutOfRange;

    #[inline]
    fn try_from(timestamp: TimestampTz) -> Result<Self, OutOfRange> {
        let moment = timestamp.unix_micros().ok().and_then(|micros| Self::from_microsecond(micros).ok());
        moment.ok_or_else(|| OutOfRange::new(timestamp, "a jiff::Timestamp"))
    }
}

/// To the nearest microsecond, as the server reads it.
impl TryFrom<jiff::Timestamp> for TimestampTz {
    type Error = OutOfRange;

    #[inline]
    fn try_from(moment: jiff::Timestamp) -> Result<Self, OutOfRange> {
        // Both parts have the sign of the whole there.
        let (seconds, nanos) = match moment.subsec_nanosecond() {
            nanos @ ..0 => (moment.as_second() - 1, nanos + 1_000_000_000),
            nanos => (moment.as_second(), nanos),
        };
        Timestamp::rounded(seconds, nanos.unsigned_abs())
            .map(Self::from_utc)
            .ok_or_else(|| OutOfRange::new(moment, timestamp::RANGE))
    }
}

/// Years and months, days, and hours down to microseconds, as the server would show it. A span has one sign for
/// all of it, so that an interval with two is an error.
impl TryFrom<Interval> for Span {
    type Error = OutOfRange;

    #[inline]
    fn try_from(interval: Interval) -> Result<Self, OutOfRange> {
        let Interval { months, days, microseconds } = interval;
        let span = || {
            Self::new()
                .try_years(months / 12)?
                .try_months(months % 12)?
                .try_days(days)?
                .try_hours(microseconds / MICROS_PER_HOUR)?
                .try_minutes(microseconds / MICROS_PER_MINUTE % 60)?
                .try_seconds(microseconds / MICROS_PER_SECOND % 60)?
                .try_milliseconds(microseconds / 1000 % 1000)?
                .try_microseconds(microseconds % 1000)
        };
        let signs = [i64::from(months).signum(), i64::from(days).signum(), microseconds.signum()];
        let mixed = signs.contains(&1) && signs.contains(&-1);
        let span = if mixed { None } else { span().ok() };
        span.ok_or_else(|| {
            OutOfRange::new(interval, "a jiff::Span, which has one sign and at most 19998 years")
        })
    }
}

/// Years are twelve months, weeks seven days, and nanoseconds are rounded to microseconds.
impl TryFrom<Span> for Interval {
    type Error = OutOfRange;

    #[inline]
    fn try_from(span: Span) -> Result<Self, OutOfRange> {
        let interval = || {
            let nanos = span.get_nanoseconds().unsigned_abs() % 1_000_000_000;
            let rest = fraction::micros(nanos.try_into().ok()?);
            let months = i32::from(span.get_years()).checked_mul(12)?.checked_add(span.get_months())?;
            let days = span.get_weeks().checked_mul(7)?.checked_add(span.get_days())?;
            let mut microseconds = 0_i64;
            for (count, unit) in [
                (span.get_hours().into(), MICROS_PER_HOUR),
                (span.get_minutes(), MICROS_PER_MINUTE),
                (span.get_seconds(), MICROS_PER_SECOND),
                (span.get_milliseconds(), 1000),
                (span.get_microseconds(), 1),
                (span.get_nanoseconds() / 1_000_000_000, MICROS_PER_SECOND),
                (span.get_nanoseconds().signum(), rest),
            ] {
                microseconds = count.checked_mul(unit)?.checked_add(microseconds)?;
            }
            Some(Self { months, days, microseconds })
        };
        interval().ok_or_else(|| OutOfRange::new(span, "an interval"))
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::Type;
    use crate::types::datetime::testing::{date, interval, time, timestamp, unreadable, unsendable};
    use crate::types::testing::round_trip;

    proptest! {
        #[test]
        fn what_jiff_has_arrives(date in date(), time in time(), timestamp in timestamp()) {
            if let Ok(civil) = civil::Date::try_from(date) {
                prop_assert_eq!(civil.to_string(), date.iso().to_string());
                prop_assert_eq!(round_trip(&Type::DATE, &civil), civil);
            }
            match civil::Time::try_from(time) {
                Ok(civil) => prop_assert_eq!(round_trip(&Type::TIME, &civil), civil),
                Err(_) => prop_assert_eq!(time, Time::MAX),
            }
            if let Ok(civil) = civil::DateTime::try_from(timestamp) {
                prop_assert_eq!(civil.to_string(), timestamp.iso().to_string());
                prop_assert_eq!(round_trip(&Type::TIMESTAMP, &civil), civil);
            }
            let moment = TimestampTz::from_utc(timestamp);
            if let Ok(theirs) = jiff::Timestamp::try_from(moment) {
                prop_assert_eq!(theirs.to_string(), moment.iso().to_string());
                prop_assert_eq!(round_trip(&Type::TIMESTAMPTZ, &theirs), theirs);
            }
        }

        #[test]
        fn spans_arrive_in_their_parts(interval in interval()) {
            if let Ok(span) = Span::try_from(interval) {
                prop_assert_eq!(Interval::try_from(span), Ok(interval));
                prop_assert_eq!(span.to_string().parse(), Ok(interval));
                prop_assert_eq!(round_trip(&Type::INTERVAL, &span).fieldwise(), span.fieldwise());
            }
        }
    }

    #[test]
    fn what_jiff_lacks_is_refused_by_name() {
        assert_eq!(unreadable::<civil::Date>(&Type::DATE, "infinity"), "infinity is not a jiff::civil::Date");
        assert_eq!(
            unreadable::<civil::Date>(&Type::DATE, "10000-01-01"),
            "10000-01-01 is not a jiff::civil::Date"
        );
        assert_eq!(unreadable::<civil::Time>(&Type::TIME, "24:00:00"), "24:00:00 is not a jiff::civil::Time");
        assert_eq!(
            unreadable::<civil::DateTime>(&Type::TIMESTAMP, "infinity"),
            "infinity is not a jiff::civil::DateTime"
        );
        assert_eq!(
            unreadable::<jiff::Timestamp>(&Type::TIMESTAMPTZ, "-infinity"),
            "-infinity is not a jiff::Timestamp"
        );
        for interval in ["1 mon -1 days", "1 day -00:00:01", "-1 years +00:00:01", "20000 years", "infinity"]
        {
            let reason = "is not a jiff::Span, which has one sign and at most 19998 years";
            assert_eq!(unreadable::<Span>(&Type::INTERVAL, interval), std::format!("{interval} {reason}"));
        }
    }

    #[test]
    fn what_postgresql_lacks_is_refused_by_name() {
        assert_eq!(
            unsendable(&Type::DATE, &civil::Date::MIN),
            "-009999-01-01 is not a date between 4714-11-24 BC and 5874897-12-31"
        );
        let range = "is not a timestamp between 4714-11-24 BC and 294276-12-31";
        assert_eq!(
            unsendable(&Type::TIMESTAMP, &civil::DateTime::MIN),
            std::format!("-009999-01-01T00:00:00 {range}")
        );
        assert!(unsendable(&Type::TIMESTAMPTZ, &jiff::Timestamp::MIN).ends_with(range));
    }

    #[test]
    fn nanoseconds_are_rounded_and_arrays_are_arrays() {
        let moment = jiff::Timestamp::new(0, -876_543_211).unwrap();
        assert_eq!(TimestampTz::try_from(moment).unwrap().to_string(), "1969-12-31 23:59:59.123457+00");
        let late = civil::date(1969, 12, 31).at(23, 59, 59, 999_999_500);
        assert_eq!(Timestamp::try_from(late).unwrap().to_string(), "1970-01-01 00:00:00");
        let span = Span::new().weeks(-1).hours(25).nanoseconds(501);
        assert_eq!(Interval::try_from(span).unwrap().to_string(), "-7 days -25:00:00.000001");
        let dates = vec![civil::date(2024, 2, 29)];
        assert_eq!(round_trip(&Type::DATE_ARRAY, &dates), dates);
    }
}
