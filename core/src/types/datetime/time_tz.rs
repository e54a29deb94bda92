use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::ascii::{Ascii, Form, Shown};
use super::scan::Scan;
use super::{MICROS_PER_SECOND, OutOfRange, Time};
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::{Type, oid, problem};

const NOT: ParseError = ParseError::not("a time with an offset from UTC, like 04:05:06+02");
const RANGE: &str = "an offset between -15:59:59 and +15:59:59 from UTC";
/// As `TZDISP_LIMIT` of the server: what an offset must be less than, in seconds.
const LIMIT: i32 = 16 * 3600;

/// A time of day with its offset from UTC. See ["Date/Time Types"].
///
/// Ordered as the server does: by the time in UTC, then from east to west.
///
/// ```
/// use trunkline_core::types::{Time, TimeTz};
///
/// let time = TimeTz::new(Time::from_hms_micro(4, 5, 6, 0)?, 5 * 3600 + 30 * 60)?;
/// assert_eq!(time.to_string(), "04:05:06+05:30");
/// assert_eq!("04:05:06+0530".parse(), Ok(time));
/// # Ok::<(), trunkline_core::types::OutOfRange>(())
/// ```
///
/// ["Date/Time Types"]: https://www.postgresql.org/docs/18/datatype-datetime.html
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeTz {
    time: Time,
    offset: i32,
}

impl TimeTz {
    /// A local time and its offset in seconds, counted to the east.
    ///
    /// ```
    /// use trunkline_core::types::{Time, TimeTz};
    ///
    /// let noon = Time::from_hms_micro(12, 0, 0, 0)?;
    /// assert_eq!(TimeTz::new(noon, -8 * 3600)?.to_string(), "12:00:00-08");
    /// assert!(TimeTz::new(noon, 16 * 3600).is_err());
    /// # Ok::<(), trunkline_core::types::OutOfRange>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the offset is 16 hours or more.
    pub fn new(time: Time, offset: i32) -> Result<Self, OutOfRange> {
        Self::checked(time, offset).ok_or_else(|| OutOfRange::new(format_args!("{offset} seconds"), RANGE))
    }

    fn checked(time: Time, offset: i32) -> Option<Self> {
        (-LIMIT < offset && offset < LIMIT).then_some(Self { time, offset })
    }

    /// The local time.
    ///
    /// ```
    /// use trunkline_core::types::TimeTz;
    ///
    /// assert_eq!("04:05:06+02".parse::<TimeTz>()?.time().to_string(), "04:05:06");
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub const fn time(self) -> Time {
        self.time
    }

    /// The offset from UTC in seconds, counted to the east.
    ///
    /// ```
    /// use trunkline_core::types::TimeTz;
    ///
    /// assert_eq!("04:05:06+02".parse::<TimeTz>()?.offset(), 7200);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub const fn offset(self) -> i32 {
        self.offset
    }

    /// As ISO 8601 has it: `04:05:06Z`, `04:05:06+02:00`.
    ///
    /// ```
    /// use trunkline_core::types::TimeTz;
    ///
    /// assert_eq!("04:05:06+00".parse::<TimeTz>()?.iso().to_string(), "04:05:06Z");
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn iso(self) -> impl fmt::Display {
        Shown(move |f: &mut fmt::Formatter<'_>| self.write(f, Form::Iso))
    }

    fn write(self, f: &mut fmt::Formatter<'_>, form: Form) -> fmt::Result {
        let mut ascii = Ascii::new();
        ascii.time(self.time.micros().unsigned_abs());
        ascii.offset(self.offset, form);
        ascii.write(f)
    }
}

impl Ord for TimeTz {
    fn cmp(&self, other: &Self) -> Ordering {
        let utc = |time: &Self| time.time.micros() - i64::from(time.offset) * MICROS_PER_SECOND;
        utc(self).cmp(&utc(other)).then(other.offset.cmp(&self.offset))
    }
}

impl PartialOrd for TimeTz {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for TimeTz {
    type Err = ParseError;

    /// Reads a time as `Time` does and an offset: `04:05:06.789+05:30:15`, `04:05 -08`, `04:05:06Z`. Without one
    /// there is no saying which time is meant.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut scan = Scan::new(text);
        let mut read = || {
            let time = Time::checked(scan.time()?)?;
            scan.spaces();
            let offset = scan.offset()?;
            scan.end()?;
            Self::checked(time, offset)
        };
        read().ok_or(NOT)
    }
}

impl fmt::Display for TimeTz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Form::Server)
    }
}

impl fmt::Debug for TimeTz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimeTz({self})")
    }
}

impl Codec for TimeTz {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::TIMETZ
    }

    /// The offset is counted to the west there.
    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        out.extend_from_slice(&self.time.micros().to_be_bytes());
        out.extend_from_slice(&(-self.offset).to_be_bytes());
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let &[a, b, c, d, e, f, g, h, i, j, k, l] = raw else {
            return Err(problem::length(type_, raw.len()));
        };
        let time = Time::from_micros(i64::from_be_bytes([a, b, c, d, e, f, g, h]))?;
        Ok(Self::new(time, i32::from_be_bytes([i, j, k, l]).saturating_neg())?)
    }
}

codec!(TimeTz);

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::datetime::testing::{shows, time_tz};
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    proptest! {
        #[test]
        fn times_arrive_in_both_formats(time in time_tz()) {
            prop_assert_eq!(round_trip(&Type::TIMETZ, &time), time);
            prop_assert_eq!(text::<TimeTz>(&Type::TIMETZ, time.to_string().as_bytes()).unwrap(), time);
            prop_assert_eq!(time.iso().to_string().parse(), Ok(time));
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text in "[0-9]{2}:[0-9]{2}[-+][0-9]{1,6}(:[0-9]{1,2}){0,2}") {
            survives::<TimeTz>(&Type::TIMETZ, &raw);
            survives::<TimeTz>(&Type::TIMETZ, text.as_bytes());
        }
    }

    #[test]
    fn times_look_as_the_server_writes_them() {
        for text in [
            "04:05:06+00",
            "04:05:06-08",
            "04:05:06.789+05:30",
            "04:05:06+05:30:15",
            "04:05:06+05:00:15",
            "04:05:06-00:00:01",
            "24:00:00-15:59:59",
            "24:00:00+15:59:59",
        ] {
            shows(&text.parse::<TimeTz>().unwrap(), text);
        }
    }

    #[test]
    fn iso_has_minutes_and_z() {
        for (text, iso) in [("04:05:06+00", "04:05:06Z"), ("04:05:06.5-08", "04:05:06.5-08:00")] {
            assert_eq!(text.parse::<TimeTz>().unwrap().iso().to_string(), iso);
        }
    }

    #[test]
    fn offsets_are_read_in_every_form_and_to_the_east() {
        for (text, offset) in [
            ("04:05Z", 0),
            ("04:05 utc", 0),
            ("04:05+5", 5 * 3600),
            ("04:05 -0530", -(5 * 3600 + 30 * 60)),
            ("04:05+05:30:15", 5 * 3600 + 30 * 60 + 15),
        ] {
            assert_eq!(text.parse::<TimeTz>().map(TimeTz::offset), Ok(offset), "{text}");
        }
        // select encode(timetz_send('04:05:06+05:30:15'), 'hex')
        let time: TimeTz = "04:05:06+05:30:15".parse().unwrap();
        assert_eq!(&encode(&Type::TIMETZ, &time).unwrap()[..], b"\0\0\0\x03\x6c\x8b\xc0\x80\xff\xff\xb2\x99");
    }

    #[test]
    fn what_is_no_time_with_an_offset_is_refused() {
        for text in [
            "04:05:06",
            "04:05:06+16",
            "00:00+15:59:60",
            "00:00+15:60",
            "00:00+123",
            "00:00+053015",
            "00:00+",
            "00:00+01 x",
        ] {
            assert_eq!(text.parse::<TimeTz>(), Err(NOT), "{text}");
        }
        let west = |seconds: i32| [&[0; 8][..], &seconds.to_be_bytes()].concat();
        for offset in [LIMIT, -LIMIT, i32::MIN, i32::MAX] {
            assert!(binary::<TimeTz>(&Type::TIMETZ, &west(offset)).is_err());
        }
        assert!(binary::<TimeTz>(&Type::TIMETZ, &[0; 8]).is_err());
        assert_eq!(
            TimeTz::new(Time::MIN, -LIMIT).unwrap_err().to_string(),
            "-57600 seconds is not an offset between -15:59:59 and +15:59:59 from UTC"
        );
    }

    #[test]
    fn the_order_is_the_servers() {
        let mut times = ["12:00:00+02", "12:00:00+00", "10:00:00+00", "09:00:00-01", "00:00:00-15"]
            .map(|text| text.parse::<TimeTz>().unwrap());
        times.sort();
        assert_eq!(
            times.map(|time| time.to_string()),
            ["12:00:00+02", "10:00:00+00", "09:00:00-01", "12:00:00+00", "00:00:00-15"]
        );
    }
}
