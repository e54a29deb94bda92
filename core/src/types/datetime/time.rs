use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::ascii::{Ascii, Shown};
use super::scan::Scan;
use super::{MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, OutOfRange};
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::{Type, oid, problem};

const NOT: ParseError = ParseError::not("a time like 04:05:06.789");
pub(super) const RANGE: &str = "a time between 00:00:00 and 24:00:00";

/// A time of day in microseconds, up to and with 24:00:00. See ["Date/Time Types"].
///
/// ```
/// use trunkline_core::types::Time;
///
/// let time = Time::from_hms_micro(4, 5, 6, 789_000)?;
/// assert_eq!(time.to_string(), "04:05:06.789");
/// assert_eq!("04:05:06.789".parse(), Ok(time));
/// assert!(time < Time::MAX && Time::MAX.to_string() == "24:00:00");
/// # Ok::<(), trunkline_core::types::OutOfRange>(())
/// ```
///
/// ["Date/Time Types"]: https://www.postgresql.org/docs/18/datatype-datetime.html
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time(i64);

impl Time {
    /// 00:00:00.
    pub const MIN: Self = Self(0);
    /// 24:00:00, which is a time of its own, and not 00:00:00.
    pub const MAX: Self = Self(MICROS_PER_DAY);

    /// An hour, minute, second and microsecond.
    ///
    /// ```
    /// use trunkline_core::types::Time;
    ///
    /// assert_eq!(Time::from_hms_micro(24, 0, 0, 0)?, Time::MAX);
    /// assert!(Time::from_hms_micro(12, 60, 0, 0).is_err());
    /// # Ok::<(), trunkline_core::types::OutOfRange>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When one of them is too great, or there is anything after 24:00:00.
    pub fn from_hms_micro(hour: u8, minute: u8, second: u8, micro: u32) -> Result<Self, OutOfRange> {
        let micros = i64::from(hour) * MICROS_PER_HOUR
            + i64::from(minute) * MICROS_PER_MINUTE
            + i64::from(second) * MICROS_PER_SECOND
            + i64::from(micro);
        let carries = minute > 59 || second > 59 || micro > 999_999;
        Self::checked(micros).filter(|_| !carries).ok_or_else(|| {
            OutOfRange::new(format_args!("{hour}:{minute}:{second} and {micro} microseconds"), RANGE)
        })
    }

    /// The microseconds since midnight.
    ///
    /// ```
    /// use trunkline_core::types::Time;
    ///
    /// assert_eq!(Time::from_micros(3_600_000_000)?.to_string(), "01:00:00");
    /// assert!(Time::from_micros(-1).is_err());
    /// # Ok::<(), trunkline_core::types::OutOfRange>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When it is less than none, or more than a day has.
    #[inline]
    pub fn from_micros(micros: i64) -> Result<Self, OutOfRange> {
        Self::checked(micros)
            .ok_or_else(|| OutOfRange::new(format_args!("{micros} microseconds after midnight"), RANGE))
    }

    #[inline]
    pub(super) fn checked(micros: i64) -> Option<Self> {
        (0..=MICROS_PER_DAY).contains(&micros).then_some(Self(micros))
    }

    /// Hour, minute, second and microsecond.
    ///
    /// ```
    /// use trunkline_core::types::Time;
    ///
    /// assert_eq!("04:05:06.789".parse::<Time>()?.hms_micro(), (4, 5, 6, 789_000));
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    #[inline]
    pub fn hms_micro(self) -> (u8, u8, u8, u32) {
        let (seconds, micro) = self.seconds_micros();
        let small = |part: u32| u8::try_from(part).unwrap_or_default();
        (small(seconds / 3600), small(seconds / 60 % 60), small(seconds % 60), micro)
    }

    /// Seconds since midnight and the microseconds after them.
    #[inline]
    pub(super) fn seconds_micros(self) -> (u32, u32) {
        let part = |part: i64| u32::try_from(part).unwrap_or_default();
        (part(self.0 / MICROS_PER_SECOND), part(self.0 % MICROS_PER_SECOND))
    }

    /// The microseconds since midnight.
    ///
    /// ```
    /// assert_eq!(trunkline_core::types::Time::MAX.micros(), 86_400_000_000);
    /// ```
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// As ISO 8601 has it, which for times is as the server does.
    ///
    /// ```
    /// use trunkline_core::types::Time;
    ///
    /// assert_eq!(Time::from_hms_micro(4, 5, 6, 0)?.iso().to_string(), "04:05:06");
    /// # Ok::<(), trunkline_core::types::OutOfRange>(())
    /// ```
    pub fn iso(self) -> impl fmt::Display {
        Shown(move |f: &mut fmt::Formatter<'_>| fmt::Display::fmt(&self, f))
    }
}

impl FromStr for Time {
    type Err = ParseError;

    /// Reads `04:05`, `04:05:06.789` and `24:00:00`. Fractions of microseconds are rounded.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut scan = Scan::new(text);
        let micros = scan.time().ok_or(NOT)?;
        scan.end().ok_or(NOT)?;
        Self::checked(micros).ok_or(NOT)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut ascii = Ascii::new();
        ascii.time(self.0.unsigned_abs());
        ascii.write(f)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Time({self})")
    }
}

impl Codec for Time {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::TIME
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        out.extend_from_slice(&self.0.to_be_bytes());
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let bytes = raw.try_into().map_err(|_| problem::length(type_, raw.len()))?;
        Ok(Self::from_micros(i64::from_be_bytes(bytes))?)
    }
}

codec!(Time);

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::datetime::testing::{shows, time};
    use crate::types::testing::{binary, round_trip, survives, text};

    proptest! {
        #[test]
        fn times_arrive_in_both_formats(time in time()) {
            prop_assert_eq!(round_trip(&Type::TIME, &time), time);
            prop_assert_eq!(text::<Time>(&Type::TIME, time.to_string().as_bytes()).unwrap(), time);
            prop_assert_eq!(time.iso().to_string(), time.to_string());
            let (hour, minute, second, micro) = time.hms_micro();
            prop_assert_eq!(Time::from_hms_micro(hour, minute, second, micro), Ok(time));
            prop_assert_eq!(Time::from_micros(time.micros()), Ok(time));
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text in "[0-9]{1,2}:[0-9]{1,3}(:[0-9]{1,3}(\\.[0-9]{0,9})?)?") {
            survives::<Time>(&Type::TIME, &raw);
            survives::<Time>(&Type::TIME, text.as_bytes());
        }
    }

    #[test]
    fn times_look_as_the_server_writes_them() {
        for (micros, text) in [
            (0, "00:00:00"),
            (1, "00:00:00.000001"),
            (500_000, "00:00:00.5"),
            (14_706_789_010, "04:05:06.78901"),
            (86_399_999_999, "23:59:59.999999"),
            (86_400_000_000, "24:00:00"),
        ] {
            shows(&Time::from_micros(micros).unwrap(), text);
        }
    }

    #[test]
    fn what_the_server_reads_is_read() {
        let read = |text: &str| text.parse::<Time>().map(|time| time.to_string());
        for (text, time) in [
            ("4:05", "04:05:00"),
            ("4:5:6", "04:05:06"),
            ("12:34:60", "12:35:00"),
            ("12:34:60.5", "12:35:00.5"),
            ("23:59:60", "24:00:00"),
            ("23:59:59.9999999", "24:00:00"),
            ("24:00:00.0000001", "24:00:00"),
            ("00:00:00.0000005", "00:00:00"),
            ("00:00:00.0000015", "00:00:00.000002"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(time), "{text}");
        }
    }

    #[test]
    fn what_the_server_refuses_is_refused() {
        for text in [
            "",
            "04",
            "24:00:00.000001",
            "24:00:01",
            "23:59:60.5",
            "04:05:61",
            "04:60:00",
            "25:00",
            "-1:00",
            "4:05:",
        ] {
            assert_eq!(text.parse::<Time>(), Err(NOT), "{text}");
        }
    }

    #[test]
    fn nothing_but_24_00_comes_after_23_59_59() {
        assert_eq!(Time::from_hms_micro(24, 0, 0, 0), Ok(Time::MAX));
        for (hour, minute, second, micro) in
            [(24, 0, 0, 1), (23, 60, 0, 0), (23, 0, 60, 0), (0, 0, 0, 1_000_000)]
        {
            assert!(Time::from_hms_micro(hour, minute, second, micro).is_err());
        }
        let refused = binary::<Time>(&Type::TIME, &(-1_i64).to_be_bytes()).unwrap_err().to_string();
        assert_eq!(refused, "-1 microseconds after midnight is not a time between 00:00:00 and 24:00:00");
        assert!(binary::<Time>(&Type::TIME, &[0; 4]).is_err());
    }
}
