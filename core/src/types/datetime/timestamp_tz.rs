use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::ascii::{Form, Shown};
use super::scan::Scan;
use super::{MICROS_PER_SECOND, OutOfRange, Timestamp};
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::{Type, oid};

const NOT: ParseError =
    ParseError::not("a timestamp with an offset from UTC, like 2024-01-31 04:05:06.789+00");
/// ECMAScript's "time values" end 100 million days before and after 1970-01-01.
const ECMASCRIPT_LIMIT: i64 = 8_640_000_000_000_000;
const DATE: &str = "a JavaScript Date: whole milliseconds between -271821-04-20 and 275760-09-13";

/// A moment in microseconds, or infinity. See ["Date/Time Types"].
///
/// That is all PostgreSQL keeps: it has no time zone of its own. Here it is in UTC, as the server shows it when that
/// is its `TimeZone`; it is read from any offset.
///
/// ```
/// use trunkline_core::types::TimestampTz;
///
/// let moment: TimestampTz = "2024-01-31T04:05:06.789+05:30".parse()?;
/// assert_eq!(moment.to_string(), "2024-01-30 22:35:06.789+00");
/// assert_eq!(moment.iso().to_string(), "2024-01-30T22:35:06.789Z");
/// assert_eq!(TimestampTz::from_unix_micros(1_706_654_106_789_000).as_ref(), Ok(&moment));
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Date/Time Types"]: https://www.postgresql.org/docs/18/datatype-datetime.html
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimestampTz(Timestamp);

impl TimestampTz {
    /// 4714-11-24 00:00:00+00 BC, the first one.
    pub const MIN: Self = Self(Timestamp::MIN);
    /// 294276-12-31 23:59:59.999999+00, the last one.
    pub const MAX: Self = Self(Timestamp::MAX);
    /// 1970-01-01 00:00:00+00.
    pub const EPOCH: Self = Self(Timestamp::EPOCH);
    /// `infinity`, later than all others.
    pub const INFINITY: Self = Self(Timestamp::INFINITY);
    /// `-infinity`, earlier than all others.
    pub const NEG_INFINITY: Self = Self(Timestamp::NEG_INFINITY);

    /// The moment at a date and time in UTC.
    ///
    /// ```
    /// use trunkline_core::types::{Timestamp, TimestampTz};
    ///
    /// assert_eq!(TimestampTz::from_utc(Timestamp::EPOCH), TimestampTz::EPOCH);
    /// ```
    pub const fn from_utc(utc: Timestamp) -> Self {
        Self(utc)
    }

    /// The microseconds since 1970-01-01 00:00:00+00.
    ///
    /// ```
    /// use trunkline_core::types::TimestampTz;
    ///
    /// let moment = TimestampTz::from_unix_micros(1_706_654_106_789_000)?;
    /// assert_eq!(moment.to_string(), "2024-01-30 22:35:06.789+00");
    /// # Ok::<(), trunkline_core::types::OutOfRange>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When that is before 4714-11-24 BC.
    pub fn from_unix_micros(micros: i64) -> Result<Self, OutOfRange> {
        Timestamp::from_unix_micros(micros).map(Self)
    }

    /// The milliseconds since 1970-01-01 00:00:00+00 as JavaScript's `Date` has them.
    ///
    /// ```
    /// use trunkline_core::types::TimestampTz;
    ///
    /// assert_eq!(TimestampTz::from_unix_millis(1500.0)?.unix_micros(), Ok(1_500_000));
    /// assert!(TimestampTz::from_unix_millis(f64::NAN).is_err());
    /// # Ok::<(), trunkline_core::types::OutOfRange>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When it is not such a number: not whole, NaN, more than 8.64e15 either way, or before 4714-11-24 BC.
    #[expect(clippy::cast_possible_truncation, reason = "compared with what it was, and below 2^53")]
    pub fn from_unix_millis(millis: f64) -> Result<Self, OutOfRange> {
        let whole = millis as i64;
        if whole as f64 != millis || whole.abs() > ECMASCRIPT_LIMIT {
            return Err(OutOfRange::new("the number of milliseconds", DATE));
        }
        Self::from_unix_micros(whole.saturating_mul(1000))
    }

    /// The date and time in UTC.
    ///
    /// ```
    /// use trunkline_core::types::TimestampTz;
    ///
    /// let moment: TimestampTz = "2024-01-31 04:05:06+02".parse()?;
    /// assert_eq!(moment.utc().to_string(), "2024-01-31 02:05:06");
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub const fn utc(self) -> Timestamp {
        self.0
    }

    /// The microseconds since 1970-01-01 00:00:00+00.
    ///
    /// ```
    /// use trunkline_core::types::TimestampTz;
    ///
    /// assert_eq!("1970-01-01 00:00:01+00".parse::<TimestampTz>()?.unix_micros(), Ok(1_000_000));
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When it is infinity, or so late (after January 294247) that an `i64` is too small.
    pub fn unix_micros(self) -> Result<i64, OutOfRange> {
        self.0.unix_micros()
    }

    /// The milliseconds since 1970-01-01 00:00:00+00 as JavaScript's `Date` has them, and the microseconds from 0 to
    /// 999 that come on top.
    ///
    /// ```
    /// use trunkline_core::types::TimestampTz;
    ///
    /// let moment = TimestampTz::from_unix_micros(1_234_567)?;
    /// assert_eq!(moment.unix_millis(), Ok((1234.0, 567)));
    /// # Ok::<(), trunkline_core::types::OutOfRange>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When no `Date` is that: infinity, and what is after 275760-09-13.
    pub fn unix_millis(self) -> Result<(f64, u16), OutOfRange> {
        let micros = self.unix_micros().map_err(|_| OutOfRange::new(self, DATE))?;
        let (millis, rest) = (micros.div_euclid(1000), micros.rem_euclid(1000));
        if millis > ECMASCRIPT_LIMIT || millis == ECMASCRIPT_LIMIT && rest != 0 {
            return Err(OutOfRange::new(self, DATE));
        }
        Ok((millis as f64, u16::try_from(rest).unwrap_or_default()))
    }

    /// Whether it is a moment, and not infinity.
    ///
    /// ```
    /// use trunkline_core::types::TimestampTz;
    ///
    /// assert!(TimestampTz::EPOCH.is_finite() && !TimestampTz::INFINITY.is_finite());
    /// ```
    pub const fn is_finite(self) -> bool {
        self.0.is_finite()
    }

    /// As ISO 8601 and ECMAScript have it: `2024-01-31T04:05:06.789Z`; years beyond 0 to 9999 with a sign and six
    /// digits. Infinity is `infinity`, which neither has.
    ///
    /// ```
    /// use trunkline_core::types::TimestampTz;
    ///
    /// assert_eq!(TimestampTz::EPOCH.iso().to_string(), "1970-01-01T00:00:00Z");
    /// ```
    pub fn iso(self) -> impl fmt::Display {
        Shown(move |f: &mut fmt::Formatter<'_>| self.0.write(f, b"Z", Form::Iso))
    }
}

impl FromStr for TimestampTz {
    type Err = ParseError;

    /// Reads a timestamp as `Timestamp` does, with the offset that tells which moment it is: `Z`, `+05`, `-08:30`,
    /// `+0530`, `+05:30:15`; and `infinity`, `-infinity` and `epoch`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut scan = Scan::new(text);
        if let Some(special) = scan.special(Self::INFINITY, Self::NEG_INFINITY, Self::EPOCH) {
            return Ok(special);
        }
        let mut read = || {
            let (local, offset) = scan.timestamp()?;
            Timestamp::finite(local.checked_sub(i64::from(offset?) * MICROS_PER_SECOND)?)
        };
        read().map(Self).ok_or(NOT)
    }
}

impl fmt::Display for TimestampTz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write(f, b"+00", Form::Server)
    }
}

impl fmt::Debug for TimestampTz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimestampTz({self})")
    }
}

impl Codec for TimestampTz {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::TIMESTAMPTZ
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        out.extend_from_slice(&self.0.micros().to_be_bytes());
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        Timestamp::from_raw(type_, raw).map(Self)
    }
}

codec!(TimestampTz);

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::datetime::testing::{shows, timestamp};
    use crate::types::testing::{binary, reads, round_trip, survives, text};

    proptest! {
        #[test]
        fn moments_arrive_in_both_formats(utc in timestamp()) {
            let moment = TimestampTz::from_utc(utc);
            prop_assert_eq!(round_trip(&Type::TIMESTAMPTZ, &moment), moment);
            let written = moment.to_string();
            prop_assert_eq!(text::<TimestampTz>(&Type::TIMESTAMPTZ, written.as_bytes()).unwrap(), moment);
            prop_assert_eq!(moment.iso().to_string().parse(), Ok(moment));
        }

        #[test]
        fn milliseconds_and_the_rest_are_all_of_it(utc in timestamp()) {
            let moment = TimestampTz::from_utc(utc);
            if let Ok((millis, rest)) = moment.unix_millis() {
                let whole = TimestampTz::from_unix_millis(millis).unwrap();
                prop_assert_eq!(whole.unix_micros().unwrap() + i64::from(rest), moment.unix_micros().unwrap());
            }
        }

        #[test]
        fn any_bytes_are_survived(
            raw: Vec<u8>,
            text in "[0-9]{1,7}-[0-9]{1,2}-[0-9]{1,2}[T ][0-9]{1,2}:[0-9]{2}[-+][0-9]{1,4}(:[0-9]{2})?( BC)?",
        ) {
            survives::<TimestampTz>(&Type::TIMESTAMPTZ, &raw);
            survives::<TimestampTz>(&Type::TIMESTAMPTZ, text.as_bytes());
        }
    }

    #[test]
    fn moments_look_as_the_server_writes_them_in_utc() {
        for text in ["2024-01-01 00:00:00+00", "0044-03-15 00:00:00+00 BC", "0001-12-31 23:59:59.5+00 BC"] {
            shows(&text.parse::<TimestampTz>().unwrap(), text);
        }
        shows(&TimestampTz::MIN, "4714-11-24 00:00:00+00 BC");
        shows(&TimestampTz::MAX, "294276-12-31 23:59:59.999999+00");
        shows(&TimestampTz::EPOCH, "1970-01-01 00:00:00+00");
        shows(&TimestampTz::INFINITY, "infinity");
        shows(&TimestampTz::NEG_INFINITY, "-infinity");
    }

    #[test]
    fn iso_ends_in_z_and_extends_years() {
        for (text, iso) in [
            ("2024-01-01 00:00:00.123456+00", "2024-01-01T00:00:00.123456Z"),
            ("0044-03-15 00:00:00+00 BC", "-000043-03-15T00:00:00Z"),
            ("12024-01-01 00:00:00+00", "+012024-01-01T00:00:00Z"),
            ("infinity", "infinity"),
        ] {
            assert_eq!(text.parse::<TimestampTz>().unwrap().iso().to_string(), iso);
        }
    }

    #[test]
    fn what_the_server_reads_is_read() {
        let read = |text: &str| text.parse::<TimestampTz>().map(|moment| moment.to_string());
        for (text, moment) in [
            ("2024-01-01T00:00:00Z", "2024-01-01 00:00:00+00"),
            ("2024-01-01 00:00:00 UTC", "2024-01-01 00:00:00+00"),
            ("2024-01-01 00:00:00+0530", "2023-12-31 18:30:00+00"),
            ("2024-01-01 00:00:00+05:30:15", "2023-12-31 18:29:45+00"),
            ("2024-01-01 00:00 +15:59:59", "2023-12-31 08:00:01+00"),
            ("2024-01-01 24:00:00+00", "2024-01-02 00:00:00+00"),
            ("4714-11-23 23:00:00-01 BC", "4714-11-24 00:00:00+00 BC"),
            ("294277-01-01 00:00:00+01", "294276-12-31 23:00:00+00"),
            ("epoch", "1970-01-01 00:00:00+00"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(moment), "{text}");
        }
    }

    #[test]
    fn what_the_server_refuses_is_refused_and_what_names_no_moment() {
        for text in [
            "2024-01-01",
            "2024-01-01 00:00:00",
            "2024-01-01 00:00+16",
            "2024-01-01 23:59:60.5+00",
            "4714-11-24 00:00:00+01 BC",
            "294276-12-31 23:59:59.9999999+00",
        ] {
            assert_eq!(text.parse::<TimestampTz>(), Err(NOT), "{text}");
        }
    }

    #[test]
    fn timestamps_with_and_without_time_zone_are_not_confused() {
        assert!(!reads::<TimestampTz>(&Type::TIMESTAMP) && !reads::<Timestamp>(&Type::TIMESTAMPTZ));
        assert!(binary::<TimestampTz>(&Type::TIMESTAMPTZ, &(i64::MAX - 1).to_be_bytes()).is_err());
    }

    #[test]
    fn what_is_no_javascript_date_is_refused() {
        let millis = |text: &str| text.parse::<TimestampTz>().unwrap().unix_millis();
        assert_eq!(millis("1969-12-31 23:59:59.9995+00"), Ok((-1.0, 500)));
        assert_eq!(millis("275760-09-13 00:00:00+00"), Ok((8.64e15, 0)));
        assert_eq!(
            millis("275760-09-13 00:00:00.000001+00").unwrap_err().to_string(),
            "275760-09-13 00:00:00.000001+00 is not a JavaScript Date: whole milliseconds between \
             -271821-04-20 and 275760-09-13"
        );
        assert!(millis("infinity").is_err() && TimestampTz::MAX.unix_millis().is_err());
        for no_date in [f64::NAN, f64::INFINITY, 0.5, 8.64e15 + 1.0, -8.64e15, -1e300] {
            assert!(TimestampTz::from_unix_millis(no_date).is_err(), "{no_date}");
        }
        assert_eq!(TimestampTz::from_unix_millis(-0.0), Ok(TimestampTz::EPOCH));
    }
}
