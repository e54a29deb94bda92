use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::OutOfRange;
use super::ascii::{Ascii, Form, Shown};
use super::civil::Civil;
use super::scan::Scan;
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::{Type, oid, problem};

const NOT: ParseError = ParseError::not("a date like 2024-01-31");
pub(super) const RANGE: &str = "a date between 4714-11-24 BC and 5874897-12-31";

/// A day, or infinity. See ["Date/Time Types"].
///
/// The calendar is Gregorian for all times. It is shown as the server does with `DateStyle` ISO, and read from
/// that and from ISO 8601.
///
/// ```
/// use trunkline_core::types::Date;
///
/// let ides = Date::from_ymd(-43, 3, 15)?;
/// assert_eq!(ides.to_string(), "0044-03-15 BC");
/// assert_eq!(ides.iso().to_string(), "-000043-03-15");
/// assert_eq!("0044-03-15 BC".parse(), Ok(ides));
/// assert!(ides < Date::EPOCH && Date::EPOCH < Date::INFINITY);
/// # Ok::<(), trunkline_core::types::OutOfRange>(())
/// ```
///
/// ["Date/Time Types"]: https://www.postgresql.org/docs/18/datatype-datetime.html
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(i32);

impl Date {
    /// 4714-11-24 BC, the first one.
    pub const MIN: Self = Self(-2_451_545);
    /// 5874897-12-31, the last one.
    pub const MAX: Self = Self(2_145_031_948);
    /// 1970-01-01.
    pub const EPOCH: Self = Self(-10_957);
    /// `infinity`, later than all others.
    pub const INFINITY: Self = Self(i32::MAX);
    /// `-infinity`, earlier than all others.
    pub const NEG_INFINITY: Self = Self(i32::MIN);

    /// A day of a year, counted astronomically (0 is 1 BC, -1 is 2 BC), a month from 1 to 12, and a day of it.
    ///
    /// ```
    /// use trunkline_core::types::Date;
    ///
    /// assert_eq!(Date::from_ymd(2024, 2, 29)?.to_string(), "2024-02-29");
    /// assert!(Date::from_ymd(2023, 2, 29).is_err());
    /// # Ok::<(), trunkline_core::types::OutOfRange>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no such day, or it is not between [`MIN`](Self::MIN) and [`MAX`](Self::MAX).
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Result<Self, OutOfRange> {
        let date = Civil { year, month, day }.days().and_then(Self::finite);
        date.ok_or_else(|| OutOfRange::new(format_args!("{year}-{month}-{day}"), RANGE))
    }

    /// The day at a distance from 1970-01-01.
    ///
    /// ```
    /// use trunkline_core::types::Date;
    ///
    /// assert_eq!(Date::from_unix_days(19_723)?.to_string(), "2024-01-01");
    /// # Ok::<(), trunkline_core::types::OutOfRange>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When it is not between [`MIN`](Self::MIN) and [`MAX`](Self::MAX).
    #[inline]
    pub fn from_unix_days(days: i32) -> Result<Self, OutOfRange> {
        days.checked_add(Self::EPOCH.0)
            .and_then(Self::finite)
            .ok_or_else(|| OutOfRange::new(format_args!("{days} days after 1970-01-01"), RANGE))
    }

    /// The day at a distance from 2000-01-01, unless that is out of range.
    #[inline]
    pub(super) fn finite(days: i32) -> Option<Self> {
        (Self::MIN.0..=Self::MAX.0).contains(&days).then_some(Self(days))
    }

    /// Year (astronomical: 0 is 1 BC), month and day; `None` for infinity.
    ///
    /// ```
    /// use trunkline_core::types::Date;
    ///
    /// assert_eq!(Date::EPOCH.ymd(), Some((1970, 1, 1)));
    /// assert_eq!(Date::INFINITY.ymd(), None);
    /// ```
    #[inline]
    pub fn ymd(self) -> Option<(i32, u8, u8)> {
        let Civil { year, month, day } = Civil::from_days(self.days()?);
        Some((year, month, day))
    }

    /// Its distance from 1970-01-01; `None` for infinity.
    ///
    /// ```
    /// use trunkline_core::types::Date;
    ///
    /// assert_eq!(Date::from_ymd(1970, 1, 31)?.unix_days(), Some(30));
    /// # Ok::<(), trunkline_core::types::OutOfRange>(())
    /// ```
    #[inline]
    pub fn unix_days(self) -> Option<i32> {
        self.days().map(|days| days - Self::EPOCH.0)
    }

    /// Its distance from 2000-01-01; `None` for infinity.
    #[inline]
    pub(super) fn days(self) -> Option<i32> {
        self.is_finite().then_some(self.0)
    }

    /// The distance from 2000-01-01, or what stands for infinity.
    #[cfg(any(feature = "chrono-0_4", feature = "time-0_3"))]
    #[inline]
    pub(super) const fn raw_days(self) -> i32 {
        self.0
    }

    /// Whether it is a day, and not infinity.
    ///
    /// ```
    /// use trunkline_core::types::Date;
    ///
    /// assert!(Date::MAX.is_finite() && !Date::INFINITY.is_finite());
    /// ```
    #[inline]
    pub const fn is_finite(self) -> bool {
        self.0 != Self::INFINITY.0 && self.0 != Self::NEG_INFINITY.0
    }

    /// As ISO 8601 and ECMAScript have it: `2024-01-31`; years beyond 0 to 9999 with a sign and six digits. Infinity
    /// is `infinity`, which neither has.
    ///
    /// ```
    /// use trunkline_core::types::Date;
    ///
    /// assert_eq!(Date::from_ymd(12_024, 1, 31)?.iso().to_string(), "+012024-01-31");
    /// # Ok::<(), trunkline_core::types::OutOfRange>(())
    /// ```
    pub fn iso(self) -> impl fmt::Display {
        Shown(move |f: &mut fmt::Formatter<'_>| self.write(f, Form::Iso))
    }

    fn write(self, f: &mut fmt::Formatter<'_>, form: Form) -> fmt::Result {
        match self {
            Self::INFINITY => return f.write_str("infinity"),
            Self::NEG_INFINITY => return f.write_str("-infinity"),
            Self(_) => {}
        }
        let mut ascii = Ascii::new();
        let era = ascii.date(self.0, form);
        ascii.text(era);
        ascii.write(f)
    }
}

impl FromStr for Date {
    type Err = ParseError;

    /// Reads `2024-01-31`, `0044-03-15 BC`, `infinity`, `-infinity` and `epoch`, and the years of ISO 8601 that the server
    /// does not know: `-000043-03-15`, `+012024-01-31` and `0000-03-15`, which is 1 BC.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut scan = Scan::new(text);
        if let Some(special) = scan.special(Self::INFINITY, Self::NEG_INFINITY, Self::EPOCH) {
            return Ok(special);
        }
        let mut read = || {
            let written = scan.date()?;
            let days = scan.era(written)?;
            scan.end()?;
            Self::finite(days)
        };
        read().ok_or(NOT)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Form::Server)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Date({self})")
    }
}

impl Codec for Date {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::DATE
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        out.extend_from_slice(&self.0.to_be_bytes());
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let bytes = raw.try_into().map_err(|_| problem::length(type_, raw.len()))?;
        let date = Self(i32::from_be_bytes(bytes));
        if !(Self::MIN..=Self::MAX).contains(&date) && date.is_finite() {
            return Err(OutOfRange::new(format_args!("{} days after 2000-01-01", date.0), RANGE).into());
        }
        Ok(date)
    }
}

codec!(Date);

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::datetime::testing::{date, shows};
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    proptest! {
        #[test]
        fn dates_arrive_in_both_formats(date in date()) {
            prop_assert_eq!(round_trip(&Type::DATE, &date), date);
            prop_assert_eq!(text::<Date>(&Type::DATE, date.to_string().as_bytes()).unwrap(), date);
            prop_assert_eq!(date.iso().to_string().parse(), Ok(date));
            if let Some((year, month, day)) = date.ymd() {
                prop_assert_eq!(Date::from_ymd(year, month, day), Ok(date));
                prop_assert_eq!(Date::from_unix_days(date.unix_days().unwrap()), Ok(date));
            }
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text in "[0-9]{1,7}-[0-9]{1,2}-[0-9]{1,2}( BC)?") {
            survives::<Date>(&Type::DATE, &raw);
            survives::<Date>(&Type::DATE, text.as_bytes());
        }
    }

    #[test]
    fn dates_look_as_the_server_writes_them() {
        shows(&Date::from_ymd(2024, 2, 29).unwrap(), "2024-02-29");
        shows(&Date::from_ymd(1, 1, 1).unwrap(), "0001-01-01");
        shows(&Date::from_ymd(0, 2, 29).unwrap(), "0001-02-29 BC");
        shows(&Date::from_ymd(12024, 1, 1).unwrap(), "12024-01-01");
        shows(&Date::MIN, "4714-11-24 BC");
        shows(&Date::MAX, "5874897-12-31");
        shows(&Date::EPOCH, "1970-01-01");
        shows(&Date::INFINITY, "infinity");
        shows(&Date::NEG_INFINITY, "-infinity");
    }

    #[test]
    fn iso_years_are_astronomical() {
        for (year, iso) in [
            (2024, "2024-01-02"),
            (9999, "9999-01-02"),
            (10_000, "+010000-01-02"),
            (0, "0000-01-02"),
            (-1, "-000001-01-02"),
        ] {
            assert_eq!(Date::from_ymd(year, 1, 2).unwrap().iso().to_string(), iso);
        }
        assert_eq!(Date::INFINITY.iso().to_string(), "infinity");
    }

    #[test]
    fn what_the_server_reads_is_read() {
        let read = |text: &str| text.parse::<Date>().map(|date| date.to_string());
        for (text, date) in [
            ("2024-1-5", "2024-01-05"),
            ("889-01-05 AD", "0889-01-05"),
            (" 2024-01-01 ", "2024-01-01"),
            ("2024-01-01BC", "2024-01-01 BC"),
            ("0005-02-29 bc", "0005-02-29 BC"),
            ("Infinity", "infinity"),
            ("+infinity", "infinity"),
            ("epoch", "1970-01-01"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(date), "{text}");
        }
    }

    #[test]
    fn what_the_server_refuses_is_refused() {
        for text in [
            "",
            "2024-01",
            "2023-02-29",
            "2024-00-01",
            "2024-13-01",
            "4714-11-23 BC",
            "5874898-01-01",
            "12024-01-01 BC",
            "0000-01-01 BC",
            "0000-01-01 AD",
            "-000043-03-15 BC",
            "99999999999999999999-01-01",
            "24-01-01",
            "2024-01-01 XX",
            "2024-01-001",
        ] {
            assert_eq!(text.parse::<Date>(), Err(NOT), "{text}");
        }
    }

    #[test]
    fn bytes_that_are_no_date_are_refused() {
        assert_eq!(&encode(&Type::DATE, &Date::EPOCH).unwrap()[..], (-10_957_i32).to_be_bytes());
        assert!(binary::<Date>(&Type::DATE, &[0; 8]).is_err());
        let refused = binary::<Date>(&Type::DATE, &(i32::MAX - 1).to_be_bytes()).unwrap_err().to_string();
        assert_eq!(
            refused,
            "2147483646 days after 2000-01-01 is not a date between 4714-11-24 BC and 5874897-12-31"
        );
        assert!(Date::from_unix_days(i32::MAX).is_err() && Date::from_unix_days(i32::MIN).is_err());
        assert_eq!((Date::INFINITY.ymd(), Date::NEG_INFINITY.unix_days()), (None, None));
    }
}
