use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::ascii::{Ascii, Form, Shown, split};
use super::scan::Scan;
use super::{Date, MICROS_PER_DAY, OutOfRange, Time};
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::{Type, oid, problem};

const NOT: ParseError = ParseError::not("a timestamp without time zone, like 2024-01-31 04:05:06.789");
pub(super) const RANGE: &str = "a timestamp between 4714-11-24 BC and 294276-12-31";

/// A date and a time of day in microseconds, in no time zone, or infinity. See ["Date/Time Types"].
///
/// It is shown as the server does with `DateStyle` ISO, and read from that and from ISO 8601.
///
/// ```
/// use trunkline_core::types::{Date, Time, Timestamp};
///
/// let moment = Timestamp::new(Date::from_ymd(2024, 1, 31)?, Time::from_hms_micro(4, 5, 6, 789_000)?)?;
/// assert_eq!(moment.to_string(), "2024-01-31 04:05:06.789");
/// assert_eq!(moment.iso().to_string(), "2024-01-31T04:05:06.789");
/// assert_eq!("2024-01-31T04:05:06.789".parse(), Ok(moment));
/// # Ok::<(), trunkline_core::types::OutOfRange>(())
/// ```
///
/// ["Date/Time Types"]: https://www.postgresql.org/docs/18/datatype-datetime.html
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 4714-11-24 00:00:00 BC, the first one.
    pub const MIN: Self = Self(-211_813_488_000_000_000);
    /// 294276-12-31 23:59:59.999999, the last one.
    pub const MAX: Self = Self(9_223_371_331_199_999_999);
    /// 1970-01-01 00:00:00.
    pub const EPOCH: Self = Self(-946_684_800_000_000);
    /// `infinity`, later than all others.
    pub const INFINITY: Self = Self(i64::MAX);
    /// `-infinity`, earlier than all others.
    pub const NEG_INFINITY: Self = Self(i64::MIN);

    /// A day and the time on it; 24:00:00 is 00:00:00 of the next day. Infinity has no time, and stays what it is.
    ///
    /// ```
    /// use trunkline_core::types::{Date, Time, Timestamp};
    ///
    /// let midnight = Timestamp::new(Date::from_ymd(2024, 12, 31)?, Time::MAX)?;
    /// assert_eq!(midnight.to_string(), "2025-01-01 00:00:00");
    /// # Ok::<(), trunkline_core::types::OutOfRange>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the day is after 294276-12-31, the last one of timestamps.
    pub fn new(date: Date, time: Time) -> Result<Self, OutOfRange> {
        let Some(days) = date.days() else {
            return Ok(if date > Date::EPOCH { Self::INFINITY } else { Self::NEG_INFINITY });
        };
        let midnight = i64::from(days).checked_mul(MICROS_PER_DAY);
        let finite = midnight.and_then(|micros| Self::finite(micros.checked_add(time.micros())?));
        finite.ok_or_else(|| OutOfRange::new(format_args!("{date} {time}"), RANGE))
    }

    /// The microseconds since 1970-01-01 00:00:00.
    ///
    /// ```
    /// use trunkline_core::types::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_unix_micros(1_500_000)?.to_string(), "1970-01-01 00:00:01.5");
    /// # Ok::<(), trunkline_core::types::OutOfRange>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When that is before 4714-11-24 BC.
    pub fn from_unix_micros(micros: i64) -> Result<Self, OutOfRange> {
        micros
            .checked_add(Self::EPOCH.0)
            .and_then(Self::finite)
            .ok_or_else(|| OutOfRange::new(format_args!("{micros} microseconds after 1970-01-01"), RANGE))
    }

    /// A moment at a distance from 2000-01-01, unless that is out of range.
    #[inline]
    pub(super) fn finite(micros: i64) -> Option<Self> {
        (Self::MIN.0..=Self::MAX.0).contains(&micros).then_some(Self(micros))
    }

    /// The microseconds since 1970-01-01 00:00:00.
    ///
    /// ```
    /// use trunkline_core::types::Timestamp;
    ///
    /// assert_eq!(Timestamp::EPOCH.unix_micros(), Ok(0));
    /// assert!(Timestamp::INFINITY.unix_micros().is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// When it is infinity, or so late (after January 294247) that an `i64` is too small.
    #[inline]
    pub fn unix_micros(self) -> Result<i64, OutOfRange> {
        let micros = if self.is_finite() { self.0.checked_sub(Self::EPOCH.0) } else { None };
        micros.ok_or_else(|| OutOfRange::new(self, "a number of microseconds since 1970-01-01"))
    }

    /// The day; infinity's is infinity.
    ///
    /// ```
    /// use trunkline_core::types::{Date, Timestamp};
    ///
    /// assert_eq!("2024-01-31 04:05:06".parse::<Timestamp>()?.date().ymd(), Some((2024, 1, 31)));
    /// assert_eq!(Timestamp::INFINITY.date(), Date::INFINITY);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    #[inline]
    pub fn date(self) -> Date {
        match self {
            Self::INFINITY => Date::INFINITY,
            Self::NEG_INFINITY => Date::NEG_INFINITY,
            Self(micros) => Date::finite(split(micros).0).unwrap_or(Date::MIN),
        }
    }

    /// The time of day; `None` for infinity.
    ///
    /// ```
    /// use trunkline_core::types::{Time, Timestamp};
    ///
    /// assert_eq!(Timestamp::EPOCH.time(), Some(Time::MIN));
    /// assert_eq!(Timestamp::INFINITY.time(), None);
    /// ```
    #[inline]
    pub fn time(self) -> Option<Time> {
        if self.is_finite() { Time::checked(self.0.rem_euclid(MICROS_PER_DAY)) } else { None }
    }

    /// Whether it is a moment, and not infinity.
    ///
    /// ```
    /// use trunkline_core::types::Timestamp;
    ///
    /// assert!(Timestamp::MAX.is_finite() && !Timestamp::NEG_INFINITY.is_finite());
    /// ```
    #[inline]
    pub const fn is_finite(self) -> bool {
        self.0 != Self::INFINITY.0 && self.0 != Self::NEG_INFINITY.0
    }

    /// The distance from 2000-01-01, or what stands for infinity.
    #[inline]
    pub(super) const fn micros(self) -> i64 {
        self.0
    }

    /// As ISO 8601 and ECMAScript have it: `2024-01-31T04:05:06.789`; years beyond 0 to 9999 with a sign and six
    /// digits. Infinity is `infinity`, which neither has.
    ///
    /// ```
    /// use trunkline_core::types::Timestamp;
    ///
    /// assert_eq!(Timestamp::EPOCH.iso().to_string(), "1970-01-01T00:00:00");
    /// ```
    pub fn iso(self) -> impl fmt::Display {
        Shown(move |f: &mut fmt::Formatter<'_>| self.write(f, b"", Form::Iso))
    }

    pub(super) fn write(self, f: &mut fmt::Formatter<'_>, zone: &[u8], form: Form) -> fmt::Result {
        match self {
            Self::INFINITY => return f.write_str("infinity"),
            Self::NEG_INFINITY => return f.write_str("-infinity"),
            Self(_) => {}
        }
        let mut ascii = Ascii::new();
        ascii.timestamp(self.0, zone, form);
        ascii.write(f)
    }

    #[inline]
    pub(super) fn from_raw(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let bytes = raw.try_into().map_err(|_| problem::length(type_, raw.len()))?;
        let timestamp = Self(i64::from_be_bytes(bytes));
        if !(Self::MIN..=Self::MAX).contains(&timestamp) && timestamp.is_finite() {
            return Err(beyond(timestamp.0));
        }
        Ok(timestamp)
    }
}

#[cold]
fn beyond(micros: i64) -> BoxError {
    OutOfRange::new(format_args!("{micros} microseconds after 2000-01-01"), RANGE).into()
}

impl FromStr for Timestamp {
    type Err = ParseError;

    /// Reads `2024-01-31 04:05:06.789`, also with `T` between, a date alone (midnight), ` BC` at the end or a signed
    /// year as in ISO 8601, `infinity`, `-infinity` and `epoch`. Fractions of microseconds are rounded.
    ///
    /// Of offsets, `Z` and `+00` are taken, and all others refused. The server would drop them, and with them the
    /// moment that was meant.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut scan = Scan::new(text);
        if let Some(special) = scan.special(Self::INFINITY, Self::NEG_INFINITY, Self::EPOCH) {
            return Ok(special);
        }
        match scan.timestamp() {
            Some((micros, None | Some(0))) => Self::finite(micros).ok_or(NOT),
            _ => Err(NOT),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, b"", Form::Server)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

impl Codec for Timestamp {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::TIMESTAMP
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        out.extend_from_slice(&self.0.to_be_bytes());
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        Self::from_raw(type_, raw)
    }
}

codec!(Timestamp);

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::datetime::testing::{shows, timestamp};
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    proptest! {
        #[test]
        fn timestamps_arrive_in_both_formats(moment in timestamp()) {
            prop_assert_eq!(round_trip(&Type::TIMESTAMP, &moment), moment);
            prop_assert_eq!(text::<Timestamp>(&Type::TIMESTAMP, moment.to_string().as_bytes()).unwrap(), moment);
            prop_assert_eq!(moment.iso().to_string().parse(), Ok(moment));
            prop_assert_eq!(Timestamp::new(moment.date(), moment.time().unwrap_or(Time::MIN)), Ok(moment));
            if let Ok(micros) = moment.unix_micros() {
                prop_assert_eq!(Timestamp::from_unix_micros(micros), Ok(moment));
            }
        }

        #[test]
        fn any_bytes_are_survived(
            raw: Vec<u8>,
            text in "[0-9]{1,7}-[0-9]{1,2}-[0-9]{1,2}[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?Z?( BC)?",
        ) {
            survives::<Timestamp>(&Type::TIMESTAMP, &raw);
            survives::<Timestamp>(&Type::TIMESTAMP, text.as_bytes());
        }
    }

    #[test]
    fn timestamps_look_as_the_server_writes_them() {
        for text in [
            "2024-01-31 04:05:06.789",
            "0001-12-31 23:59:59.5 BC",
            "0044-03-15 00:00:00 BC",
            "12024-01-01 00:00:00.1",
        ] {
            shows(&text.parse::<Timestamp>().unwrap(), text);
        }
        shows(&Timestamp::MIN, "4714-11-24 00:00:00 BC");
        shows(&Timestamp::MAX, "294276-12-31 23:59:59.999999");
        shows(&Timestamp::EPOCH, "1970-01-01 00:00:00");
        shows(&Timestamp::INFINITY, "infinity");
        shows(&Timestamp::NEG_INFINITY, "-infinity");
    }

    #[test]
    fn what_the_server_reads_is_read() {
        let read = |text: &str| text.parse::<Timestamp>().map(|moment| moment.to_string());
        for (text, moment) in [
            ("2024-01-01", "2024-01-01 00:00:00"),
            ("2024-01-01t4:05", "2024-01-01 04:05:00"),
            ("2024-01-01T00:00:00Z", "2024-01-01 00:00:00"),
            ("2024-01-01 00:00:00+00:00", "2024-01-01 00:00:00"),
            ("2024-01-01 24:00:00", "2024-01-02 00:00:00"),
            ("2023-12-31 23:59:59.9999999", "2024-01-01 00:00:00"),
            ("2024-01-01 00:00:00.123456789", "2024-01-01 00:00:00.123457"),
            ("2024-01-01 BC", "2024-01-01 00:00:00 BC"),
            ("epoch", "1970-01-01 00:00:00"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(moment), "{text}");
        }
    }

    #[test]
    fn what_the_server_refuses_is_refused_and_lost_offsets_too() {
        for text in [
            "",
            "2024-01-01T",
            "2024-01-01 05",
            "2024-01-01-05",
            "2024-01-01 24:00:01",
            "294277-01-01",
            "4714-11-23 23:59:59.999999 BC",
            "5874897-12-31",
            "99999999-01-01",
            "2024-01-01 00:00:00+05",
            "2024-01-01 00:00:00 CET",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(NOT), "{text}");
        }
    }

    #[test]
    fn parts_that_make_no_timestamp_are_refused() {
        let midnight = Timestamp::new(Date::EPOCH, Time::MAX).unwrap();
        assert_eq!(midnight.to_string(), "1970-01-02 00:00:00");
        let late =
            Timestamp::new(Date::from_ymd(294_276, 12, 31).unwrap(), Time::MAX).unwrap_err().to_string();
        assert_eq!(late, "294276-12-31 24:00:00 is not a timestamp between 4714-11-24 BC and 294276-12-31");
        assert!(Timestamp::new(Date::MAX, Time::MIN).is_err());
        assert_eq!(Timestamp::new(Date::NEG_INFINITY, Time::MAX), Ok(Timestamp::NEG_INFINITY));
        assert_eq!((Timestamp::INFINITY.date(), Timestamp::INFINITY.time()), (Date::INFINITY, None));
    }

    #[test]
    fn what_does_not_fit_the_unix_epoch_is_refused() {
        let refused = |moment: Timestamp| moment.unix_micros().unwrap_err().to_string();
        assert_eq!(
            refused(Timestamp::MAX),
            "294276-12-31 23:59:59.999999 is not a number of microseconds since 1970-01-01"
        );
        assert_eq!(refused(Timestamp::INFINITY), "infinity is not a number of microseconds since 1970-01-01");
        assert!(Timestamp::from_unix_micros(i64::MIN).is_err());
        assert_eq!(
            Timestamp::from_unix_micros(i64::MAX).unwrap().to_string(),
            "294247-01-10 04:00:54.775807"
        );
        assert_eq!(Timestamp::EPOCH.unix_micros(), Ok(0));
    }

    #[test]
    fn bytes_that_are_no_timestamp_are_refused() {
        assert_eq!(
            &encode(&Type::TIMESTAMP, &Timestamp::EPOCH).unwrap()[..],
            b"\xff\xfc\xa2\xfe\xc4\xc8\x20\x00"
        );
        for raw in [i64::MAX - 1, i64::MIN + 1, Timestamp::MAX.0 + 1, Timestamp::MIN.0 - 1] {
            assert!(binary::<Timestamp>(&Type::TIMESTAMP, &raw.to_be_bytes()).is_err());
        }
        assert!(binary::<Timestamp>(&Type::TIMESTAMP, &[0; 7]).is_err());
    }
}
