use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::bytea::hex_digit;
use super::codec::{Codec, ParseError, codec};
use super::{Type, oid, problem};
use crate::error::BoxError;

const NOT: ParseError = ParseError::not("a UUID: 32 hexadecimal digits");

/// A UUID, for those who want no other crate for it. See ["UUID Type"].
///
/// ```
/// use trunkline_core::types::Uuid;
///
/// let id: Uuid = "{A0EEBC99-9C0B4EF8-BB6D6BB9-BD380A11}".parse()?;
/// assert_eq!(id.to_string(), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["UUID Type"]: https://www.postgresql.org/docs/18/datatype-uuid.html
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Uuid(pub [u8; 16]);

impl FromStr for Uuid {
    type Err = ParseError;

    /// Reads the forms that PostgreSQL does: digits in upper or lower case, a hyphen after any group of four
    /// or none, braces around it all or none.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let bare = text.strip_prefix('{').map_or(Some(text), |rest| rest.strip_suffix('}'));
        let mut rest = bare.ok_or(NOT)?.as_bytes();
        let mut bytes = [0; 16];
        for (at, byte) in bytes.iter_mut().enumerate() {
            if at > 0 && at % 2 == 0 {
                rest = rest.strip_prefix(b"-").unwrap_or(rest);
            }
            let (&[high, low], tail) = rest.split_first_chunk().ok_or(NOT)?;
            let (high, low) = hex_digit(high).zip(hex_digit(low)).ok_or(NOT)?;
            *byte = high << 4 | low;
            rest = tail;
        }
        if rest.is_empty() { Ok(Self(bytes)) } else { Err(NOT) }
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uuid({self})")
    }
}

impl Codec for Uuid {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::UUID
    }

    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        out.extend_from_slice(&self.0);
        Ok(())
    }

    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        raw.try_into().map(Self).map_err(|_| problem::length(type_, raw.len()))
    }
}

codec!(Uuid);

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, round_trip, survives, text};

    proptest! {
        #[test]
        fn uuids_arrive_in_both_formats(bytes: [u8; 16]) {
            let id = Uuid(bytes);
            prop_assert_eq!(round_trip(&Type::UUID, &id), id);
            prop_assert_eq!(text::<Uuid>(&Type::UUID, id.to_string().as_bytes()).unwrap(), id);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            survives::<Uuid>(&Type::UUID, &raw);
        }
    }

    #[test]
    fn all_forms_that_postgresql_reads_are_read() {
        let id: Uuid = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11".parse().unwrap();
        for form in [
            "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
            "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}",
            "a0eebc999c0b4ef8bb6d6bb9bd380a11",
            "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
        ] {
            assert_eq!(form.parse(), Ok(id), "{form}");
        }
        for form in
            ["", "{a0eebc999c0b4ef8bb6d6bb9bd380a11", "a0-eebc999c0b4ef8bb6d6bb9bd380a11", "a0eebc99-9c0b"]
        {
            assert_eq!(form.parse::<Uuid>(), Err(NOT), "{form}");
        }
        assert!(binary::<Uuid>(&Type::UUID, &[0; 15]).is_err());
    }
}
