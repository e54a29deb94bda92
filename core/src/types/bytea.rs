use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;

use bytes::{Bytes, BytesMut};

use super::int::octal;
use super::{FromSql, ToSql, Type, oid, problem};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};

impl ToSql for [u8] {
    #[inline]
    fn accepts(&self, type_: &Type) -> bool {
        type_.oid() == oid::BYTEA
    }

    #[inline]
    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        out.extend_from_slice(self);
        Ok(IsNull::No)
    }

    fn host_type(&self) -> &'static str {
        "&[u8]"
    }
}

/// What derefs to bytes.
macro_rules! to_sql {
    ($({$($generics:tt)*} $type:ty),*) => {$(
        impl<$($generics)*> ToSql for $type {
            fn accepts(&self, type_: &Type) -> bool {
                self[..].accepts(type_)
            }

            fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
                self[..].to_sql(type_, out)
            }
        }
    )*};
}

to_sql!({} Vec<u8>, {} Bytes, {const N: usize} [u8; N]);

/// Borrows, and so reads text format only when there is nothing to undo in it, which is never but for no bytes.
impl<'a> FromSql<'a> for &'a [u8] {
    #[inline]
    fn accepts(type_: &Type) -> bool {
        type_.oid() == oid::BYTEA
    }

    #[inline]
    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        match decode(type_, format, raw)? {
            Cow::Borrowed(bytes) => Ok(bytes),
            Cow::Owned(_) => Err(problem::borrowed()),
        }
    }
}

impl<'a> FromSql<'a> for Cow<'a, [u8]> {
    fn accepts(type_: &Type) -> bool {
        type_.oid() == oid::BYTEA
    }

    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        decode(type_, format, raw)
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        decode(type_, format, raw).map(|bytes| Cow::Owned(bytes.into_owned()))
    }
}

/// What owns its bytes.
macro_rules! owned {
    ($($type:ty),*) => {$(
        impl<'a> FromSql<'a> for $type {
            fn accepts(type_: &Type) -> bool {
                type_.oid() == oid::BYTEA
            }

            fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
                Self::from_sql_owned(type_, format, raw)
            }

            fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
                decode(type_, format, raw).map(|bytes| bytes.into_owned().into())
            }
        }
    )*};
}

owned!(Vec<u8>, Box<[u8]>, Arc<[u8]>, Rc<[u8]>, Bytes);

#[inline]
fn decode<'a>(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Cow<'a, [u8]>, BoxError> {
    match format {
        Format::Binary => Ok(Cow::Borrowed(raw)),
        Format::Text => unescape(raw).ok_or_else(|| problem::unreadable(type_)),
    }
}

/// Undoes both text formats, `hex` and `escape` (the setting `bytea_output`). See "Binary Data Types".
fn unescape(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    if let Some(hex) = text.strip_prefix(br"\x") {
        return unhex(hex).map(Cow::Owned);
    }
    if !text.contains(&b'\\') {
        return Some(Cow::Borrowed(text));
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        let (byte, after) = match (first, tail) {
            (b'\\', [b'\\', tail @ ..]) => (b'\\', tail),
            (b'\\', &[a, b, c, ref tail @ ..]) => (octal([a, b, c])?, tail),
            (b'\\', _) => return None,
            _ => (first, tail),
        };
        out.push(byte);
        rest = after;
    }
    Some(Cow::Owned(out))
}

fn unhex(hex: &[u8]) -> Option<Vec<u8>> {
    let (pairs, []) = hex.as_chunks::<2>() else { return None };
    pairs.iter().map(|&[high, low]| Some(hex_digit(high)? << 4 | hex_digit(low)?)).collect()
}

/// The value of a hexadecimal digit.
pub(super) const fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::{String, ToString};

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    proptest! {
        #[test]
        fn bytes_arrive_in_every_format(value: Vec<u8>) {
            prop_assert_eq!(&round_trip(&Type::BYTEA, &value), &value);
            prop_assert_eq!(binary::<&[u8]>(&Type::BYTEA, &value).unwrap(), &value[..]);
            let hex: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
            prop_assert_eq!(&text::<Bytes>(&Type::BYTEA, format!("\\x{hex}").as_bytes()).unwrap()[..], &value[..]);
            let escaped: Vec<u8> = value.iter().flat_map(|&byte| match byte {
                b'\\' => br"\\".to_vec(),
                b' '..=b'~' => Vec::from([byte]),
                _ => format!("\\{byte:03o}").into_bytes(),
            }).collect();
            prop_assert_eq!(&text::<Vec<u8>>(&Type::BYTEA, &escaped).unwrap(), &value);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            survives::<Box<[u8]>>(&Type::BYTEA, &raw);
            survives::<&[u8]>(&Type::BYTEA, &raw);
            survives::<Cow<'_, [u8]>>(&Type::BYTEA, &raw);
        }
    }

    #[test]
    fn every_holder_of_bytes_is_sent() {
        for value in [&&b"abc"[..] as &dyn ToSql, b"abc", &b"abc".to_vec(), &Bytes::from_static(b"abc")] {
            assert_eq!(&encode(&Type::BYTEA, value).unwrap()[..], b"abc");
            assert!(!value.accepts(&Type::TEXT));
        }
    }

    #[test]
    fn broken_text_is_refused() {
        for broken in [&br"\x0"[..], br"\x0g", br"a\", br"\09", br"\400"] {
            let refused = text::<Vec<u8>>(&Type::BYTEA, broken).unwrap_err();
            assert_eq!(refused.to_string(), "its text is no bytea");
        }
        assert!(
            text::<&[u8]>(&Type::BYTEA, br"\x00").unwrap_err().to_string().contains("cannot be borrowed")
        );
    }
}
