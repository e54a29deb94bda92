use bytes::BytesMut;

use super::{FromSql, ToSql, Type, oid, problem};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};

impl ToSql for bool {
    #[inline]
    fn accepts(&self, type_: &Type) -> bool {
        type_.oid() == oid::BOOL
    }

    #[inline]
    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        out.extend_from_slice(&[u8::from(*self)]);
        Ok(IsNull::No)
    }
}

impl<'a> FromSql<'a> for bool {
    #[inline]
    fn accepts(type_: &Type) -> bool {
        type_.oid() == oid::BOOL
    }

    #[inline]
    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        match (format, raw) {
            (Format::Binary, [0]) | (Format::Text, b"f") => Ok(false),
            (Format::Binary, [1]) | (Format::Text, b"t") => Ok(true),
            (Format::Binary, _) => Err(problem::length(type_, raw.len())),
            (Format::Text, _) => Err(problem::unreadable(type_)),
        }
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        bool::from_sql(type_, format, raw)
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use crate::types::Type;
    use crate::types::testing::{binary, round_trip, text};

    #[test]
    fn both_values_travel_in_both_formats() {
        assert!(round_trip(&Type::BOOL, &true));
        assert!(!round_trip(&Type::BOOL, &false));
        assert!(text::<bool>(&Type::BOOL, b"t").unwrap());
        assert!(!text::<bool>(&Type::BOOL, b"f").unwrap());
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(
            binary::<bool>(&Type::BOOL, b"\x01\x01").unwrap_err().to_string(),
            "it is no bool in binary format (its length is 2)"
        );
        assert!(binary::<bool>(&Type::BOOL, b"\x02").is_err());
        assert_eq!(text::<bool>(&Type::BOOL, b"true").unwrap_err().to_string(), "its text is no bool");
    }
}
