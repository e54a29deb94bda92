//! Infinity and 24:00:00, which time does not have, and years that only one of the two has are errors in both
//! directions. Nanoseconds are rounded.

use time::{OffsetDateTime, PrimitiveDateTime, UtcDateTime};

use super::foreign::foreign;
use super::{Date, OutOfRange, Time, Timestamp, TimestampTz, date, timestamp};

foreign!(
    time::Date => Date,
    time::Time => Time,
    PrimitiveDateTime => Timestamp,
    OffsetDateTime => TimestampTz,
    UtcDateTime => TimestampTz,
);

/// That of 2000-01-01.
const JULIAN_DAY_OF_2000: i32 = 2_451_545;

impl TryFrom<Date> for time::Date {
    type Error = OutOfRange;

    #[inline]
    fn try_from(date: Date) -> Result<Self, OutOfRange> {
        // What stands for infinity is no day of time's either.
        let julian_day = date.raw_days().checked_add(JULIAN_DAY_OF_2000);
        julian_day
            .and_then(|day| Self::from_julian_day(day).ok())
            .ok_or_else(|| OutOfRange::new(date, "a time::Date"))
    }
}

impl TryFrom<time::Date> for Date {
    type Error = OutOfRange;

    #[inline]
    fn try_from(theirs: time::Date) -> Result<Self, OutOfRange> {
        // With the most that `time` can hold, a million years, this does not overflow.
        Self::finite(theirs.to_julian_day() - JULIAN_DAY_OF_2000)
            .ok_or_else(|| OutOfRange::new(theirs, date::RANGE))
    }
}

impl TryFrom<Time> for time::Time {
    type Error = OutOfRange;

    #[inline]
    fn try_from(time: Time) -> Result<Self, OutOfRange> {
        let (hour, minute, second, micro) = time.hms_micro();
        Self::from_hms_micro(hour, minute, second, micro).map_err(|_| OutOfRange::new(time, "a time::Time"))
    }
}

/// To the nearest microsecond, as the server reads it: 23:59:59.9999999 becomes 24:00:00.
impl From<time::Time> for Time {
    #[inline]
    fn from(theirs: time::Time) -> Self {
        let (hour, minute, second, nanos) = theirs.as_hms_nano();
        let seconds = u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second);
        Self::rounded(seconds, nanos).unwrap_or(Self::MAX)
    }
}

impl TryFrom<Timestamp> for PrimitiveDateTime {
    type Error = OutOfRange;

    #[inline]
    fn try_from(timestamp: Timestamp) -> Result<Self, OutOfRange> {
        let date = timestamp.date().try_into().ok();
        let time = timestamp.time().and_then(|time| time.try_into().ok());
        date.zip(time)
            .map(|(date, time)| Self::new(date, time))
            .ok_or_else(|| OutOfRange::new(timestamp, "a time::PrimitiveDateTime"))
    }
}

/// To the nearest microsecond, as the server reads it.
impl TryFrom<PrimitiveDateTime> for Timestamp {
    type Error = OutOfRange;

    #[inline]
    fn try_from(theirs: PrimitiveDateTime) -> Result<Self, OutOfRange> {
        Self::rounded(theirs.as_utc().unix_timestamp(), theirs.nanosecond())
            .ok_or_else(|| OutOfRange::new(theirs, timestamp::RANGE))
    }
}

impl TryFrom<TimestampTz> for UtcDateTime {
    type Error = OutOfRange;

    #[inline]
    fn try_from(timestamp: TimestampTz) -> Result<Self, OutOfRange> {
        let utc = PrimitiveDateTime::try_from(timestamp.utc());
        utc.map(PrimitiveDateTime::as_utc).map_err(|_| OutOfRange::new(timestamp, "a time::UtcDateTime"))
    }
}

/// To the nearest microsecond, as the server reads it.
impl TryFrom<UtcDateTime> for TimestampTz {
    type Error = OutOfRange;

    #[inline]
    fn try_from(theirs: UtcDateTime) -> Result<Self, OutOfRange> {
        Timestamp::rounded(theirs.unix_timestamp(), theirs.nanosecond())
            .map(Self::from_utc)
            .ok_or_else(|| OutOfRange::new(theirs, timestamp::RANGE))
    }
}

/// In UTC: PostgreSQL does not keep the offset that a timestamp was written with.
impl TryFrom<TimestampTz> for OffsetDateTime {
    type Error = OutOfRange;

    #[inline]
    fn try_from(timestamp: TimestampTz) -> Result<Self, OutOfRange> {
        let utc = PrimitiveDateTime::try_from(timestamp.utc());
        utc.map(PrimitiveDateTime::assume_utc)
            .map_err(|_| OutOfRange::new(timestamp, "a time::OffsetDateTime"))
    }
}

/// To the nearest microsecond, as the server reads it.
impl TryFrom<OffsetDateTime> for TimestampTz {
    type Error = OutOfRange;

    #[inline]
    fn try_from(theirs: OffsetDateTime) -> Result<Self, OutOfRange> {
        Timestamp::rounded(theirs.unix_timestamp(), theirs.nanosecond())
            .map(Self::from_utc)
            .ok_or_else(|| OutOfRange::new(theirs, timestamp::RANGE))
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec;

    use proptest::prelude::*;
    use time::{Month, UtcOffset};

    use super::*;
    use crate::types::Type;
    use crate::types::datetime::testing::{date, time, timestamp, unreadable, unsendable};
    use crate::types::testing::{encode, round_trip};

    proptest! {
        #[test]
        fn what_time_has_arrives(date in date(), time in time(), timestamp in timestamp()) {
            if let Ok(theirs) = time::Date::try_from(date) {
                prop_assert_eq!(date.ymd(), Some((theirs.year(), theirs.month().into(), theirs.day())));
                prop_assert_eq!(round_trip(&Type::DATE, &theirs), theirs);
            }
            match time::Time::try_from(time) {
                Ok(theirs) => prop_assert_eq!(round_trip(&Type::TIME, &theirs), theirs),
                Err(_) => prop_assert_eq!(time, Time::MAX),
            }
            if let Ok(theirs) = PrimitiveDateTime::try_from(timestamp) {
                prop_assert_eq!(Timestamp::try_from(theirs), Ok(timestamp));
                prop_assert_eq!(round_trip(&Type::TIMESTAMP, &theirs), theirs);
                prop_assert_eq!(round_trip(&Type::TIMESTAMPTZ, &theirs.as_utc()), theirs.as_utc());
                prop_assert_eq!(round_trip(&Type::TIMESTAMPTZ, &theirs.assume_utc()), theirs.assume_utc());
            }
        }
    }

    #[test]
    fn what_time_lacks_is_refused_by_name() {
        assert_eq!(unreadable::<time::Date>(&Type::DATE, "infinity"), "infinity is not a time::Date");
        assert_eq!(
            unreadable::<time::Date>(&Type::DATE, "5874897-12-31"),
            "5874897-12-31 is not a time::Date"
        );
        assert_eq!(unreadable::<time::Time>(&Type::TIME, "24:00:00"), "24:00:00 is not a time::Time");
        assert_eq!(
            unreadable::<PrimitiveDateTime>(&Type::TIMESTAMP, "infinity"),
            "infinity is not a time::PrimitiveDateTime"
        );
        let late = "294276-01-01 00:00:00+00";
        assert!(unreadable::<UtcDateTime>(&Type::TIMESTAMPTZ, late).starts_with(late));
        assert_eq!(
            unreadable::<OffsetDateTime>(&Type::TIMESTAMPTZ, "-infinity"),
            "-infinity is not a time::OffsetDateTime"
        );
    }

    #[test]
    fn what_postgresql_lacks_is_refused_by_name() {
        let early = time::Date::from_calendar_date(-5000, Month::January, 1).unwrap();
        assert_eq!(
            unsendable(&Type::DATE, &early),
            "-5000-01-01 is not a date between 4714-11-24 BC and 5874897-12-31"
        );
        assert_eq!(
            unsendable(&Type::TIMESTAMPTZ, &early.midnight().assume_utc()),
            "-5000-01-01 0:00:00.0 +00:00:00 is not a timestamp between 4714-11-24 BC and 294276-12-31"
        );
        let range = "is not a timestamp between 4714-11-24 BC and 294276-12-31";
        assert!(unsendable(&Type::TIMESTAMP, &early.midnight()).ends_with(range));
        assert!(unsendable(&Type::TIMESTAMPTZ, &early.midnight().as_utc()).ends_with(range));
    }

    #[test]
    fn nanoseconds_are_rounded_and_offsets_converted() {
        let moment = OffsetDateTime::from_unix_timestamp_nanos(-876_543_211).unwrap();
        let moment = moment.to_offset(UtcOffset::from_hms(5, 30, 0).unwrap());
        assert_eq!(TimestampTz::try_from(moment).unwrap().to_string(), "1969-12-31 23:59:59.123457+00");
        assert_eq!(Time::from(time::Time::MAX), Time::MAX);
        let dates = vec![time::Date::MIN.saturating_add(time::Duration::days(3_000_000))];
        assert_eq!(round_trip(&Type::DATE_ARRAY, &dates), dates);
        let epoch = time::Date::from_ordinal_date(1970, 1).unwrap();
        assert_eq!(&encode(&Type::DATE, &epoch).unwrap()[..], (-10_957_i32).to_be_bytes());
    }
}
