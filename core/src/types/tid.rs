use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::codec::{Codec, ParseError, codec};
use super::{Type, oid, problem, scan};
use crate::error::BoxError;

const NOT: ParseError = ParseError::not("a row's place: its block and its number in that, such as (0,1)");

/// A tid: where a row is in its table, as the system column `ctid` tells. See ["Object Identifier Types"].
///
/// ```
/// use trunkline_core::types::Tid;
///
/// let place: Tid = "(0,1)".parse()?;
/// assert_eq!(place, Tid { block: 0, offset: 1 });
/// assert_eq!(place.to_string(), "(0,1)");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Object Identifier Types"]: https://www.postgresql.org/docs/18/datatype-oid.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Tid {
    /// The number of its block, counted from 0.
    pub block: u32,
    /// The number of its line pointer in that block, counted from 1.
    pub offset: u16,
}

impl FromStr for Tid {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse(text.as_bytes()).ok_or(NOT)
    }
}

fn parse(mut text: &[u8]) -> Option<Tid> {
    scan::byte(&mut text, b'(')?;
    let block = scan::decimal(&mut text)?.try_into().ok()?;
    scan::byte(&mut text, b',')?;
    let offset = scan::decimal(&mut text)?.try_into().ok()?;
    scan::byte(&mut text, b')')?;
    text.is_empty().then_some(Tid { block, offset })
}

impl fmt::Display for Tid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({},{})", self.block, self.offset)
    }
}

impl Codec for Tid {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::TID
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        let ([a, b, c, d], [e, f]) = (self.block.to_be_bytes(), self.offset.to_be_bytes());
        out.extend_from_slice(&[a, b, c, d, e, f]);
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let &[a, b, c, d, e, f] = raw else { return Err(problem::length(type_, raw.len())) };
        Ok(Self { block: u32::from_be_bytes([a, b, c, d]), offset: u16::from_be_bytes([e, f]) })
    }
}

codec!(Tid);

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    proptest! {
        #[test]
        fn places_arrive_in_both_formats(block: u32, offset: u16) {
            let place = Tid { block, offset };
            prop_assert_eq!(round_trip(&Type::TID, &place), place);
            prop_assert_eq!(text::<Tid>(&Type::TID, place.to_string().as_bytes()).unwrap(), place);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text: String) {
            survives::<Tid>(&Type::TID, &raw);
            survives::<Tid>(&Type::TID, text.as_bytes());
        }
    }

    #[test]
    fn text_and_bytes_are_those_of_the_server() {
        let last = "(4294967295,65535)".parse::<Tid>().unwrap();
        assert_eq!(last, Tid { block: u32::MAX, offset: u16::MAX });
        assert_eq!(&encode(&Type::TID, &Tid { block: 7, offset: 1 }).unwrap()[..], b"\0\0\0\x07\0\x01");
        for text in ["", "0,1)", "(0,1", "(0,65536)", "(4294967296,1)", "(0,-1)", "(0 ,1)", "(,1)", "(0,1)x"]
        {
            assert_eq!(text.parse::<Tid>(), Err(NOT), "{text}");
        }
        assert!(binary::<Tid>(&Type::TID, &[0; 8]).is_err());
    }
}
