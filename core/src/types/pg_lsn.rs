use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;
use memchr::memchr;

use super::bytea::hex_digit;
use super::codec::{Codec, ParseError, codec};
use super::{Type, oid, problem};
use crate::error::BoxError;

const NOT: ParseError = ParseError::not("a position in the write-ahead log, such as 16/B374D848");

/// A pg_lsn: a position in the write-ahead log, in bytes since its beginning. See ["pg_lsn Type"].
///
/// ```
/// use trunkline_core::types::PgLsn;
///
/// let position: PgLsn = "16/B374D848".parse()?;
/// assert_eq!(position, PgLsn(0x16_B374_D848));
/// assert_eq!(position.to_string(), "16/B374D848");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["pg_lsn Type"]: https://www.postgresql.org/docs/18/datatype-pg-lsn.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct PgLsn(pub u64);

impl FromStr for PgLsn {
    type Err = ParseError;

    /// Reads two numbers of up to eight hexadecimal digits each.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.as_bytes();
        let (high, tail) = memchr(b'/', text).and_then(|slash| text.split_at_checked(slash)).ok_or(NOT)?;
        let low = tail.strip_prefix(b"/").ok_or(NOT)?;
        Ok(Self(half(high)? << 32 | half(low)?))
    }
}

fn half(digits: &[u8]) -> Result<u64, ParseError> {
    if !matches!(digits.len(), 1..=8) {
        return Err(NOT);
    }
    let half = digits.iter().try_fold(0, |half, &digit| Some(half << 4 | u64::from(hex_digit(digit)?)));
    half.ok_or(NOT)
}

impl fmt::Display for PgLsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:X}/{:X}", self.0 >> 32, self.0 & u64::from(u32::MAX))
    }
}

impl Codec for PgLsn {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::PG_LSN
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        out.extend_from_slice(&self.0.to_be_bytes());
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let bytes = raw.try_into().map_err(|_| problem::length(type_, raw.len()))?;
        Ok(Self(u64::from_be_bytes(bytes)))
    }
}

codec!(PgLsn);

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, round_trip, survives, text};

    proptest! {
        #[test]
        fn positions_arrive_in_both_formats(position: u64) {
            let position = PgLsn(position);
            prop_assert_eq!(round_trip(&Type::PG_LSN, &position), position);
            prop_assert_eq!(text::<PgLsn>(&Type::PG_LSN, position.to_string().as_bytes()).unwrap(), position);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<PgLsn>(&Type::PG_LSN, &raw);
            survives::<PgLsn>(&Type::PG_LSN, text.as_bytes());
        }
    }

    #[test]
    fn text_is_that_of_the_server() {
        for (text, written) in
            [("0/0", "0/0"), ("00000001/00000002", "1/2"), ("ffffffff/FFFFFFFF", "FFFFFFFF/FFFFFFFF")]
        {
            assert_eq!(text.parse::<PgLsn>().unwrap().to_string(), written);
        }
        for text in
            ["", "/", "/0", "0/", "000000000/0", "1/123456789", " 1/2", "1/2 ", "+1/2", "0x1/2", "1/2/3"]
        {
            assert_eq!(text.parse::<PgLsn>(), Err(NOT), "{text}");
        }
        assert!(binary::<PgLsn>(&Type::PG_LSN, &[0; 4]).is_err());
    }
}
