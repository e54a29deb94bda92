//! Infinity and 24:00:00, which chrono does not have, and years that only one of the two has are errors in both
//! directions. Nanoseconds are rounded; a leap second is the next minute's first.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};

use super::foreign::foreign;
use super::{Date, OutOfRange, Time, Timestamp, TimestampTz, date, time, timestamp};

foreign!(
    NaiveDate => Date,
    NaiveTime => Time,
    NaiveDateTime => Timestamp,
    DateTime<Utc> => TimestampTz,
    DateTime<FixedOffset> => TimestampTz,
);

impl TryFrom<Date> for NaiveDate {
    type Error = OutOfRange;

    #[inline]
    fn try_from(date: Date) -> Result<Self, OutOfRange> {
        // What stands for infinity is no day of chrono's either.
        let days = date.raw_days().checked_sub(Date::EPOCH.raw_days());
        let naive = days.and_then(Self::from_epoch_days);
        naive.ok_or_else(|| OutOfRange::new(date, "a chrono::NaiveDate"))
    }
}

impl TryFrom<NaiveDate> for Date {
    type Error = OutOfRange;

    #[inline]
    fn try_from(naive: NaiveDate) -> Result<Self, OutOfRange> {
        Self::from_unix_days(naive.to_epoch_days()).map_err(|_| OutOfRange::new(naive, date::RANGE))
    }
}

impl TryFrom<Time> for NaiveTime {
    type Error = OutOfRange;

    #[inline]
    fn try_from(time: Time) -> Result<Self, OutOfRange> {
        let (seconds, micros) = time.seconds_micros();
        Self::from_num_seconds_from_midnight_opt(seconds, micros * 1000)
            .ok_or_else(|| OutOfRange::new(time, "a chrono::NaiveTime"))
    }
}

/// To the nearest microsecond, as the server reads it: 23:59:59.9999999 becomes 24:00:00.
impl TryFrom<NaiveTime> for Time {
    type Error = OutOfRange;

    #[inline]
    fn try_from(naive: NaiveTime) -> Result<Self, OutOfRange> {
        Self::rounded(naive.num_seconds_from_midnight(), naive.nanosecond())
            .ok_or_else(|| OutOfRange::new(naive, time::RANGE))
    }
}

impl TryFrom<Timestamp> for NaiveDateTime {
    type Error = OutOfRange;

    #[inline]
    fn try_from(timestamp: Timestamp) -> Result<Self, OutOfRange> {
        let moment = timestamp.unix_micros().ok().and_then(DateTime::from_timestamp_micros);
        moment
            .map(|moment| moment.naive_utc())
            .ok_or_else(|| OutOfRange::new(timestamp, "a chrono::NaiveDateTime"))
    }
}

/// To the nearest microsecond, as the server reads it.
impl TryFrom<NaiveDateTime> for Timestamp {
    type Error = OutOfRange;

    #[inline]
    fn try_from(naive: NaiveDateTime) -> Result<Self, OutOfRange> {
        let moment = naive.and_utc();
        Self::rounded(moment.timestamp(), moment.timestamp_subsec_nanos())
            .ok_or_else(|| OutOfRange::new(naive, timestamp::RANGE))
    }
}

impl TryFrom<TimestampTz> for DateTime<Utc> {
    type Error = OutOfRange;

    #[inline]
    fn try_from(timestamp: TimestampTz) -> Result<Self, OutOfRange> {
        let moment = timestamp.unix_micros().ok().and_then(Self::from_timestamp_micros);
        moment.ok_or_else(|| OutOfRange::new(timestamp, "a chrono::DateTime"))
    }
}

/// In UTC: PostgreSQL does not keep the offset that a timestamp was written with.
impl TryFrom<TimestampTz> for DateTime<FixedOffset> {
    type Error = OutOfRange;

    #[inline]
    fn try_from(timestamp: TimestampTz) -> Result<Self, OutOfRange> {
        DateTime::<Utc>::try_from(timestamp).map(|moment| moment.fixed_offset())
    }
}

/// To the nearest microsecond, as the server reads it.
impl<Tz: TimeZone> TryFrom<DateTime<Tz>> for TimestampTz {
    type Error = OutOfRange;

    #[inline]
    fn try_from(moment: DateTime<Tz>) -> Result<Self, OutOfRange> {
        Timestamp::try_from(moment.naive_utc()).map(Self::from_utc)
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::Type;
    use crate::types::datetime::testing::{date, time, timestamp, unreadable, unsendable};
    use crate::types::testing::{encode, round_trip};

    proptest! {
        #[test]
        fn what_chrono_has_arrives(date in date(), time in time(), timestamp in timestamp()) {
            if let Ok(naive) = NaiveDate::try_from(date) {
                prop_assert_eq!(Date::try_from(naive), Ok(date));
                prop_assert_eq!(round_trip(&Type::DATE, &naive), naive);
                prop_assert_eq!(naive.to_string(), date.iso().to_string().replace("+0", "+").replace("-00", "-"));
            }
            match NaiveTime::try_from(time) {
                Ok(naive) => prop_assert_eq!(round_trip(&Type::TIME, &naive), naive),
                Err(_) => prop_assert_eq!(time, Time::MAX),
            }
            if let Ok(naive) = NaiveDateTime::try_from(timestamp) {
                prop_assert_eq!(Timestamp::try_from(naive), Ok(timestamp));
                prop_assert_eq!(round_trip(&Type::TIMESTAMP, &naive), naive);
                let moment = naive.and_utc();
                prop_assert_eq!(round_trip(&Type::TIMESTAMPTZ, &moment), moment);
                prop_assert_eq!(round_trip(&Type::TIMESTAMPTZ, &moment.fixed_offset()), moment);
            }
        }
    }

    #[test]
    fn what_chrono_lacks_is_refused_by_name() {
        assert_eq!(unreadable::<NaiveDate>(&Type::DATE, "infinity"), "infinity is not a chrono::NaiveDate");
        assert_eq!(
            unreadable::<NaiveDate>(&Type::DATE, "300000-01-01"),
            "300000-01-01 is not a chrono::NaiveDate"
        );
        assert_eq!(unreadable::<NaiveTime>(&Type::TIME, "24:00:00"), "24:00:00 is not a chrono::NaiveTime");
        assert_eq!(
            unreadable::<NaiveDateTime>(&Type::TIMESTAMP, "-infinity"),
            "-infinity is not a chrono::NaiveDateTime"
        );
        assert_eq!(
            unreadable::<DateTime<Utc>>(&Type::TIMESTAMPTZ, "294276-12-31 00:00:00+00"),
            "294276-12-31 00:00:00+00 is not a chrono::DateTime"
        );
    }

    #[test]
    fn what_postgresql_lacks_is_refused_by_name() {
        let early = NaiveDate::from_ymd_opt(-5000, 1, 1).unwrap();
        assert_eq!(
            unsendable(&Type::DATE, &early),
            "-5000-01-01 is not a date between 4714-11-24 BC and 5874897-12-31"
        );
        assert_eq!(
            unsendable(&Type::TIMESTAMPTZ, &early.and_time(NaiveTime::MIN).and_utc()),
            "-5000-01-01 00:00:00 is not a timestamp between 4714-11-24 BC and 294276-12-31"
        );
        let leap = NaiveTime::from_hms_micro_opt(23, 59, 59, 1_500_000).unwrap();
        assert_eq!(
            unsendable(&Type::TIME, &leap),
            "23:59:60.500 is not a time between 00:00:00 and 24:00:00"
        );
    }

    #[test]
    fn nanoseconds_are_rounded_and_leap_seconds_go_on() {
        let sent = |nanos| {
            let moment = DateTime::from_timestamp(-1, nanos).unwrap();
            TimestampTz::try_from(moment).unwrap().to_string()
        };
        assert_eq!(sent(123_456_789), "1969-12-31 23:59:59.123457+00");
        assert_eq!(sent(999_999_500), "1970-01-01 00:00:00+00");
        assert_eq!(sent(999_999_499), "1969-12-31 23:59:59.999999+00");
        let leap = NaiveTime::from_hms_micro_opt(12, 34, 59, 1_500_000).unwrap();
        assert_eq!(Time::try_from(leap).unwrap().to_string(), "12:35:00.5");
    }

    #[test]
    fn offsets_are_converted_and_arrays_are_arrays() {
        let moment = DateTime::parse_from_rfc3339("2024-01-01T00:00:00+05:30").unwrap();
        assert_eq!(TimestampTz::try_from(moment).unwrap().to_string(), "2023-12-31 18:30:00+00");
        assert_eq!(round_trip(&Type::TIMESTAMPTZ_ARRAY, &vec![moment]), [moment]);
        assert_eq!(&encode(&Type::DATE, &NaiveDate::default()).unwrap()[..], (-10_957_i32).to_be_bytes());
    }
}
