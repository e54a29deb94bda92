use core::fmt::Display;

use bytes::BytesMut;

use super::codec::Codec;
use super::{FromSql, Numeric, ToSql, Type, oid, problem};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};

/// The OIDs of the types that are an unsigned Int32 in binary: oid, its aliases, and the short counters.
macro_rules! unsigned_32 {
    () => {
        oid::OID | oid_alias!() | oid::XID | oid::CID
    };
}

/// The OIDs of oid's aliases, whose values are objects of the server's.
macro_rules! oid_alias {
    () => {
        oid::REGPROC
            | oid::REGPROCEDURE
            | oid::REGOPER
            | oid::REGOPERATOR
            | oid::REGCLASS
            | oid::REGCOLLATION
            | oid::REGTYPE
            | oid::REGROLE
            | oid::REGNAMESPACE
            | oid::REGCONFIG
            | oid::REGDICTIONARY
    };
}

/// Whether it is a type whose values are objects of the server's, by their OIDs.
pub(super) fn is_reg(type_: &Type) -> bool {
    matches!(type_.oid(), oid_alias!())
}

/// Integers of every width are sent as any integer type, when the value fits, and as numeric; as the type of their
/// own width without a call.
macro_rules! to_sql {
    ($($type:ty $(: $widest:ident)?),*) => {$(
        impl ToSql for $type {
            #[inline]
            fn accepts(&self, type_: &Type) -> bool {
                is_integer(type_)
            }

            #[inline]
            fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
                $(if type_.oid() == oid::$widest {
                    out.extend_from_slice(&self.to_be_bytes());
                    return Ok(IsNull::No);
                })?
                encode(*self, type_, out)
            }
        }
    )*};
}

to_sql!(i16: INT2, i32: INT4, i64: INT8, i128, isize, u16, u32: OID, u64: XID8, u128, usize);

/// The bytes of Rust are also the one of PostgreSQL's `"char"`, such as `pg_class.relkind`.
macro_rules! byte {
    ($($type:ty),*) => {$(
        impl ToSql for $type {
            fn accepts(&self, type_: &Type) -> bool {
                is_integer(type_) || type_.oid() == oid::CHAR
            }

            fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
                if type_.oid() != oid::CHAR {
                    return encode(*self, type_, out);
                }
                out.extend_from_slice(&self.to_be_bytes());
                Ok(IsNull::No)
            }
        }

        impl<'a> FromSql<'a> for $type {
            #[inline]
            fn accepts(type_: &Type) -> bool {
                type_.oid() == oid::CHAR
            }

            #[inline]
            fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
                match (format, raw) {
                    (Format::Binary, &[byte]) => Ok(Self::from_be_bytes([byte])),
                    _ => Self::from_sql_owned(type_, format, raw),
                }
            }

            fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
                char_byte(type_, format, raw).map(|byte| Self::from_be_bytes([byte]))
            }
        }
    )*};
}

byte!(i8, u8);

/// What one integer type of Rust reads: the type of its own width without a call, narrower ones widened.
macro_rules! from_sql {
    ($type:ty, $widest:ident, $accepts:pat) => {
        impl<'a> FromSql<'a> for $type {
            #[inline]
            fn accepts(type_: &Type) -> bool {
                matches!(type_.oid(), $accepts)
            }

            #[inline]
            fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
                if let (oid::$widest, Format::Binary, Ok(bytes)) = (type_.oid(), format, raw.try_into()) {
                    return Ok(Self::from_be_bytes(bytes));
                }
                decode(type_, format, raw)
            }

            fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
                decode(type_, format, raw)
            }
        }
    };
}

from_sql!(i16, INT2, oid::INT2);
from_sql!(i32, INT4, oid::INT4 | oid::INT2);
from_sql!(i64, INT8, oid::INT8 | oid::INT4 | oid::INT2 | unsigned_32!());
from_sql!(u32, OID, unsigned_32!());
from_sql!(u64, XID8, oid::XID8 | unsigned_32!());

fn is_integer(type_: &Type) -> bool {
    matches!(type_.oid(), oid::INT2 | oid::INT4 | oid::INT8 | oid::NUMERIC | oid::XID8 | unsigned_32!())
}

#[inline(never)]
fn encode<T: Copy + Display>(value: T, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError>
where
    Numeric: From<T>,
    i16: TryFrom<T>,
    i32: TryFrom<T>,
    i64: TryFrom<T>,
    u32: TryFrom<T>,
    u64: TryFrom<T>,
{
    match type_.oid() {
        oid::INT4 => out.extend_from_slice(&fit(value, i32::MIN, i32::MAX)?.to_be_bytes()),
        oid::INT8 => out.extend_from_slice(&fit(value, i64::MIN, i64::MAX)?.to_be_bytes()),
        oid::INT2 => out.extend_from_slice(&fit(value, i16::MIN, i16::MAX)?.to_be_bytes()),
        oid::NUMERIC => Numeric::from(value).encode(type_, out)?,
        oid::XID8 => out.extend_from_slice(&fit(value, u64::MIN, u64::MAX)?.to_be_bytes()),
        _ => out.extend_from_slice(&fit(value, u32::MIN, u32::MAX)?.to_be_bytes()),
    }
    Ok(IsNull::No)
}

#[inline]
fn fit<T: Copy + Display, U: TryFrom<T> + Display>(value: T, lowest: U, highest: U) -> Result<U, BoxError> {
    U::try_from(value).map_err(|_| problem::out_of_range(value, lowest, highest))
}

/// Reads an integer of any type and format into one that is known to be wide enough.
fn decode<T: TryFrom<i128> + core::str::FromStr>(
    type_: &Type,
    format: Format,
    raw: &[u8],
) -> Result<T, BoxError> {
    if format == Format::Text {
        return problem::parse(type_, raw);
    }
    let value = match (type_.oid(), raw) {
        (oid::INT2, &[a, b]) => i128::from(i16::from_be_bytes([a, b])),
        (oid::INT4, &[a, b, c, d]) => i128::from(i32::from_be_bytes([a, b, c, d])),
        (oid::INT8, &[a, b, c, d, e, f, g, h]) => i128::from(i64::from_be_bytes([a, b, c, d, e, f, g, h])),
        (oid::XID8, &[a, b, c, d, e, f, g, h]) => i128::from(u64::from_be_bytes([a, b, c, d, e, f, g, h])),
        (unsigned_32!(), &[a, b, c, d]) => i128::from(u32::from_be_bytes([a, b, c, d])),
        _ => return Err(problem::length(type_, raw.len())),
    };
    T::try_from(value).map_err(|_| problem::mismatch())
}

pub(super) fn char_byte(type_: &Type, format: Format, raw: &[u8]) -> Result<u8, BoxError> {
    match (format, raw) {
        (Format::Binary, &[byte]) => Ok(byte),
        (Format::Binary, _) => Err(problem::length(type_, raw.len())),
        (Format::Text, []) => Ok(0),
        (Format::Text, &[byte]) if byte.is_ascii() => Ok(byte),
        (Format::Text, &[b'\\', a, b, c]) => octal([a, b, c]).ok_or_else(|| problem::unreadable(type_)),
        (Format::Text, _) => Err(problem::unreadable(type_)),
    }
}

/// The byte of three octal digits, as `charout` and `byteaout` write those above 127.
pub(super) fn octal(digits: [u8; 3]) -> Option<u8> {
    let value = digits.iter().try_fold(0_u32, |value, digit| match digit {
        b'0'..=b'7' => Some(value * 8 + u32::from(digit - b'0')),
        _ => None,
    })?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, encode, reads, round_trip, survives, text};

    proptest! {
        #[test]
        fn what_fits_arrives_and_what_does_not_is_refused(value: i64) {
            prop_assert_eq!(round_trip(&Type::INT8, &value), value);
            prop_assert_eq!(text::<i64>(&Type::INT8, value.to_string().as_bytes()).unwrap(), value);
            match i32::try_from(value) {
                Ok(small) => prop_assert_eq!(binary::<i32>(&Type::INT4, &encode(&Type::INT4, &value).unwrap()).unwrap(), small),
                Err(_) => prop_assert!(value.to_sql(&Type::INT4, &mut BytesMut::new()).is_err()),
            }
        }

        #[test]
        fn narrow_ones_are_read_widened(value: i16) {
            let bytes = encode(&Type::INT2, &i64::from(value)).unwrap();
            prop_assert_eq!(binary::<i16>(&Type::INT2, &bytes).unwrap(), value);
            prop_assert_eq!(binary::<i32>(&Type::INT2, &bytes).unwrap(), i32::from(value));
            prop_assert_eq!(binary::<i64>(&Type::INT2, &bytes).unwrap(), i64::from(value));
            prop_assert_eq!(round_trip(&Type::INT4, &i32::from(value)), i32::from(value));
        }

        #[test]
        fn oids_are_unsigned(value: u32) {
            prop_assert_eq!(round_trip(&Type::OID, &value), value);
            let bytes = encode(&Type::REGCLASS, &value).unwrap();
            prop_assert_eq!(binary::<i64>(&Type::REGCLASS, &bytes).unwrap(), i64::from(value));
            prop_assert_eq!(text::<u32>(&Type::OID, value.to_string().as_bytes()).unwrap(), value);
            prop_assert_eq!(round_trip(&Type::XID8, &(u64::from(value) << 32)), u64::from(value) << 32);
        }

        #[test]
        fn every_integer_is_a_numeric(value: i128) {
            let numeric = binary::<Numeric>(&Type::NUMERIC, &encode(&Type::NUMERIC, &value).unwrap()).unwrap();
            prop_assert_eq!(numeric.to_string(), value.to_string());
            let value = (value >> 64) as i64;
            let numeric = binary::<Numeric>(&Type::NUMERIC, &encode(&Type::NUMERIC, &value).unwrap()).unwrap();
            prop_assert_eq!(numeric.to_string(), value.to_string());
        }

        #[test]
        fn a_char_is_a_byte(value: u8) {
            prop_assert_eq!(round_trip(&Type::CHAR, &value), value);
            let signed = i8::from_ne_bytes([value]);
            prop_assert_eq!(round_trip(&Type::CHAR, &signed), signed);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            for type_ in [Type::INT2, Type::INT4, Type::INT8, Type::OID, Type::XID8, Type::CHAR] {
                survives::<i8>(&type_, &raw);
                survives::<i16>(&type_, &raw);
                survives::<i32>(&type_, &raw);
                survives::<i64>(&type_, &raw);
                survives::<u32>(&type_, &raw);
                survives::<u64>(&type_, &raw);
            }
        }
    }

    #[test]
    fn nothing_is_narrowed() {
        assert!(!reads::<i32>(&Type::INT8));
        assert!(!reads::<i16>(&Type::INT4));
        assert!(!reads::<u32>(&Type::INT4));
        assert!(!reads::<i32>(&Type::OID));
        assert!(!reads::<i64>(&Type::NUMERIC) && !reads::<f64>(&Type::NUMERIC));
    }

    #[test]
    fn errors_tell_the_range_and_the_length() {
        let refused =
            |value: &dyn ToSql, type_| value.to_sql(&type_, &mut BytesMut::new()).unwrap_err().to_string();
        assert_eq!(refused(&40_000, Type::INT2), "40000 is out of its range, -32768 to 32767");
        assert_eq!(refused(&-1, Type::OID), "-1 is out of its range, 0 to 4294967295");
        assert_eq!(
            refused(&u64::MAX, Type::INT8),
            "18446744073709551615 is out of its range, -9223372036854775808 to 9223372036854775807"
        );
        let short = binary::<i32>(&Type::INT4, b"\0\0\x01").unwrap_err();
        assert_eq!(short.to_string(), "it is no int4 in binary format (its length is 3)");
        // Eight bytes are an int8, but the column says int4.
        assert!(binary::<i64>(&Type::INT4, &[0; 8]).is_err());
        assert_eq!(text::<i32>(&Type::INT4, b"five").unwrap_err().to_string(), "its text is no int4");
        assert!(text::<i32>(&Type::INT4, b"5000000000").is_err());
    }

    #[test]
    fn chars_above_127_are_octal_in_text() {
        assert_eq!(text::<u8>(&Type::CHAR, b"r").unwrap(), b'r');
        assert_eq!(text::<u8>(&Type::CHAR, b"").unwrap(), 0);
        assert_eq!(text::<u8>(&Type::CHAR, br"\377").unwrap(), 255);
        assert!(text::<u8>(&Type::CHAR, br"\777").is_err());
    }
}
