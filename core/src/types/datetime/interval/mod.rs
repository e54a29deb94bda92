mod read;
mod sum;
mod write;

use core::fmt;

use bytes::BytesMut;

use crate::error::BoxError;
use crate::types::codec::{Codec, codec};
use crate::types::{Type, oid, problem};

/// Months, days and microseconds, each with its own sign. See ["Interval Input"] and ["Interval Output"].
///
/// They are kept apart, because months and days have no fixed length. Equality is that of the parts: a month is not
/// 30 days here, although the server takes them as equal when it compares. For the same reason there is no order.
///
/// It is shown as the server does with `IntervalStyle` postgres, and read from that, from the other styles, from
/// ISO 8601 and from most of what the server reads.
///
/// ```
/// use trunkline_core::types::Interval;
///
/// let interval: Interval = "P1Y2M-3DT4H5M6.789S".parse()?;
/// assert_eq!(interval, Interval { months: 14, days: -3, microseconds: 14_706_789_000 });
/// assert_eq!(interval.to_string(), "1 year 2 mons -3 days +04:05:06.789");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Interval Input"]: https://www.postgresql.org/docs/18/datatype-datetime.html#DATATYPE-INTERVAL-INPUT
/// ["Interval Output"]: https://www.postgresql.org/docs/18/datatype-datetime.html#DATATYPE-INTERVAL-OUTPUT
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Interval {
    /// Months, and the years at twelve months each.
    pub months: i32,
    /// Days, and the weeks at seven days each.
    pub days: i32,
    /// Hours, minutes, seconds and fractions of a second, in microseconds.
    pub microseconds: i64,
}

impl Interval {
    /// Nothing: `00:00:00`.
    pub const ZERO: Self = Self { months: 0, days: 0, microseconds: 0 };
    /// `infinity`, which PostgreSQL has since version 17: every part as great as it can be. To earlier versions
    /// these parts are an ordinary interval of 178956970 years.
    pub const INFINITY: Self = Self { months: i32::MAX, days: i32::MAX, microseconds: i64::MAX };
    /// `-infinity`, which PostgreSQL has since version 17: every part as small as it can be.
    pub const NEG_INFINITY: Self = Self { months: i32::MIN, days: i32::MIN, microseconds: i64::MIN };

    /// Whether it is neither of the infinities.
    ///
    /// ```
    /// use trunkline_core::types::Interval;
    ///
    /// assert!(Interval { months: 14, days: 0, microseconds: 0 }.is_finite());
    /// assert!(!Interval::INFINITY.is_finite());
    /// ```
    pub fn is_finite(self) -> bool {
        self != Self::INFINITY && self != Self::NEG_INFINITY
    }
}

impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Interval({self})")
    }
}

impl Codec for Interval {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::INTERVAL
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        let [a, b, c, d, e, f, g, h] = self.microseconds.to_be_bytes();
        let [i, j, k, l] = self.days.to_be_bytes();
        let [m, n, o, p] = self.months.to_be_bytes();
        out.extend_from_slice(&[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]);
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = raw else {
            return Err(problem::length(type_, raw.len()));
        };
        Ok(Self {
            microseconds: i64::from_be_bytes([a, b, c, d, e, f, g, h]),
            days: i32::from_be_bytes([i, j, k, l]),
            months: i32::from_be_bytes([m, n, o, p]),
        })
    }
}

codec!(Interval);

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::datetime::testing::interval;
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    proptest! {
        #[test]
        fn intervals_arrive_in_both_formats(interval in interval()) {
            prop_assert_eq!(round_trip(&Type::INTERVAL, &interval), interval);
            prop_assert_eq!(text::<Interval>(&Type::INTERVAL, interval.to_string().as_bytes()).unwrap(), interval);
        }

        #[test]
        fn any_bytes_are_survived(
            raw: Vec<u8>,
            verbose in "(@ )?([-+]?[0-9]{0,12}[.]?[0-9]{0,20} ?(mon|days|h|sec|y|us|)|[0-9]{2}:[0-9.]{2,5}| ){0,5}( ago)?",
            iso in "-?P(-?[0-9]{0,12}[.]?[0-9]{0,9}[YMWDTHS]){0,5}",
        ) {
            survives::<Interval>(&Type::INTERVAL, &raw);
            survives::<Interval>(&Type::INTERVAL, verbose.as_bytes());
            survives::<Interval>(&Type::INTERVAL, iso.as_bytes());
        }
    }

    #[test]
    fn the_bytes_are_the_servers() {
        // select encode(interval_send('1 mon 2 days 3 us'), 'hex')
        let interval = Interval { months: 1, days: 2, microseconds: 3 };
        assert_eq!(
            &encode(&Type::INTERVAL, &interval).unwrap()[..],
            b"\0\0\0\0\0\0\0\x03\0\0\0\x02\0\0\0\x01"
        );
        assert!(binary::<Interval>(&Type::INTERVAL, &[0; 12]).is_err());
    }
}
