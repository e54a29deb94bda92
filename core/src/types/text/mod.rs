//! Text, and whatever else strings go into.

mod form;
mod nul;

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::sync::Arc;

use bytes::{BufMut, BytesMut};

pub(super) use form::{TEXT_VERSION, is_text};
pub(super) use nul::contains_nul;

use super::array::Held;
use super::int::char_byte;
use super::{ArrayElement, FromSql, ToSql, Type, Uuid, problem};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};
use form::{Form, decode, is_same_as_text};

/// Strings go into every type but a few: into those that are text in binary too (enums and citext among them),
/// as they are; into a uuid, parsed; into any other (numeric, timestamptz, inet, a composite …) in text format,
/// for the server to read. Not into a boolean, number, bytea or array: that is a mistake which the types can tell.
impl ToSql for str {
    #[inline]
    fn accepts(&self, type_: &Type) -> bool {
        Form::of(type_).is_some()
    }

    #[inline]
    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        if contains_nul(self.as_bytes()) {
            return Err(problem::nul());
        }
        match Form::of(type_).ok_or_else(problem::mismatch)? {
            Form::Same | Form::Text => {}
            Form::Versioned => out.put_u8(TEXT_VERSION),
            Form::Byte => {
                let byte = char_byte(type_, Format::Text, self.as_bytes());
                out.put_u8(byte.map_err(|_| "it is not a single ASCII character")?);
                return Ok(IsNull::No);
            }
            Form::Uuid => return self.parse::<Uuid>()?.to_sql(type_, out),
        }
        out.extend_from_slice(self.as_bytes());
        Ok(IsNull::No)
    }

    #[inline]
    fn format(&self, type_: &Type) -> Format {
        match Form::of(type_) {
            Some(Form::Text) => Format::Text,
            _ => Format::Binary,
        }
    }

    fn host_type(&self) -> &'static str {
        "&str"
    }
}

impl ArrayElement for str {
    #[inline]
    fn held(&self, type_: &Type) -> Option<Held<'_>> {
        is_same_as_text(type_).then_some(Held::Text(self))
    }
}

impl<'a> FromSql<'a> for &'a str {
    #[inline]
    fn accepts(_type: &Type) -> bool {
        true
    }

    #[inline]
    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        decode(type_, format, raw)
    }
}

/// The strings that own their text.
macro_rules! owned {
    ($($type:ty),*) => {$(
        impl<'a> FromSql<'a> for $type {
            #[inline]
            fn accepts(_type: &Type) -> bool {
                true
            }

            #[inline]
            fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
                decode(type_, format, raw).map(Into::into)
            }

            fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
                decode(type_, format, raw).map(Into::into)
            }
        }
    )*};
}

owned!(String, Box<str>, Arc<str>, Rc<str>);

impl<'a> FromSql<'a> for Cow<'a, str> {
    fn accepts(_type: &Type) -> bool {
        true
    }

    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        decode(type_, format, raw).map(Cow::Borrowed)
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        decode(type_, format, raw).map(|text| Cow::Owned(text.into()))
    }
}

impl ToSql for String {
    #[inline]
    fn accepts(&self, type_: &Type) -> bool {
        self.as_str().accepts(type_)
    }

    #[inline]
    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        self.as_str().to_sql(type_, out)
    }

    #[inline]
    fn format(&self, type_: &Type) -> Format {
        self.as_str().format(type_)
    }

    fn host_type(&self) -> &'static str {
        "String"
    }
}

impl ToSql for char {
    fn accepts(&self, type_: &Type) -> bool {
        str::accepts("", type_)
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        self.encode_utf8(&mut [0; 4]).to_sql(type_, out)
    }

    fn format(&self, type_: &Type) -> Format {
        str::format("", type_)
    }
}

impl<'a> FromSql<'a> for char {
    fn accepts(_type: &Type) -> bool {
        true
    }

    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        Self::from_sql_owned(type_, format, raw)
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        let mut chars = decode(type_, format, raw)?.chars();
        match (chars.next(), chars.next()) {
            (Some(char), None) => Ok(char),
            _ => Err("it is not a single character".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, encode, round_trip, survives, text};
    use crate::types::{Description, Kind};

    proptest! {
        #[test]
        fn text_arrives(value in "[^\0]*") {
            for type_ in [Type::TEXT, Type::VARCHAR, Type::BPCHAR, Type::NAME, Type::JSON, Type::JSONB, Type::XML,
                          Type::NUMERIC, Type::from_oid(99_999)] {
                prop_assert_eq!(&round_trip(&type_, &value), &value);
                prop_assert_eq!(text::<&str>(&type_, value.as_bytes()).unwrap(), &value);
            }
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            for type_ in [Type::TEXT, Type::CHAR, Type::JSONB, Type::INT4, Type::from_oid(99_999)] {
                survives::<&str>(&type_, &raw);
                survives::<String>(&type_, &raw);
                survives::<char>(&type_, &raw);
            }
        }
    }

    #[test]
    fn a_string_goes_where_no_host_type_is() {
        assert_eq!("".format(&Type::TEXT), Format::Binary);
        assert_eq!("".format(&Type::NUMERIC), Format::Text);
        assert_eq!("".format(&Type::TIMESTAMPTZ), Format::Text);
        assert_eq!("".format(&Type::from_oid(99_999)), Format::Text);
        for type_ in [Type::INT4, Type::BOOL, Type::FLOAT8, Type::BYTEA, Type::OID, Type::TEXT_ARRAY] {
            assert!(!"".accepts(&type_), "{type_}");
        }
    }

    #[test]
    fn a_string_for_a_uuid_is_parsed_here() {
        let bytes = encode(&Type::UUID, &"A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11").unwrap();
        assert_eq!(bytes.len(), 16);
        let refused = "nobody".to_sql(&Type::UUID, &mut BytesMut::new()).unwrap_err();
        assert_eq!(refused.to_string(), "the text is not a UUID: 32 hexadecimal digits");
    }

    #[test]
    fn what_no_text_can_hold_is_refused() {
        let refused = "a\0".to_sql(&Type::TEXT, &mut BytesMut::new()).unwrap_err();
        assert_eq!(refused.to_string(), "it contains a NUL byte, which no PostgreSQL text can hold");
        assert!("ab".to_sql(&Type::CHAR, &mut BytesMut::new()).is_err());
        assert_eq!(&encode(&Type::CHAR, &'r').unwrap()[..], b"r");
    }

    #[test]
    fn jsonb_has_its_version_before_the_text() {
        assert_eq!(&encode(&Type::JSONB, &"{}").unwrap()[..], b"\x01{}");
        assert_eq!(binary::<&str>(&Type::JSONB, b"\x01[]").unwrap(), "[]");
        assert_eq!(text::<&str>(&Type::JSONB, b"[]").unwrap(), "[]");
        let refused = binary::<&str>(&Type::JSONB, b"\x02[]").unwrap_err();
        assert_eq!(refused.to_string(), "its version is not the one that is known, 1");
    }

    #[test]
    fn enums_and_extensions_that_are_text_are_strings_in_both_formats() {
        let described = |name: &str, kind, binary| {
            let (schema, name) = ("public".into(), name.into());
            Type::described(70_000, Description { schema, name, kind, delimiter: b',', binary })
        };
        let mood = described("mood", Kind::Enum(["sad".into(), "happy".into()].into()), true);
        let citext = described("citext", Kind::Base, true);
        for type_ in [&mood, &citext] {
            assert_eq!("happy".format(type_), Format::Binary);
            assert_eq!(round_trip(type_, &String::from("happy")), "happy");
            assert_eq!(text::<&str>(type_, b"happy").unwrap(), "happy");
        }
        for name in ["ltree", "lquery", "ltxtquery"] {
            let type_ = described(name, Kind::Base, true);
            assert_eq!(&encode(&type_, &"a.b").unwrap()[..], b"\x01a.b");
            assert_eq!(binary::<&str>(&type_, b"\x01a.b").unwrap(), "a.b");
            assert_eq!(text::<&str>(&type_, b"a.b").unwrap(), "a.b");
            assert!(binary::<&str>(&type_, b"a.b").is_err());
            assert_eq!("a.b".format(&described(name, Kind::Base, false)), Format::Text);
        }
        let other = described("cube", Kind::Base, true);
        assert_eq!("(1)".format(&other), Format::Text);
        assert!(binary::<&str>(&other, b"abc").is_err());
        // An enum that only happens to have that name.
        assert_eq!("a".format(&described("ltree", Kind::Enum([].into()), true)), Format::Binary);
        assert_eq!(binary::<&str>(&Type::VOID, b"").unwrap(), "");
    }

    #[test]
    fn other_types_are_strings_in_text_format_only() {
        assert_eq!(text::<&str>(&Type::INT4, b"5").unwrap(), "5");
        assert_eq!(
            binary::<&str>(&Type::INT4, b"\0\0\0\x05").unwrap_err().to_string(),
            "the types do not match"
        );
        assert_eq!(binary::<&str>(&Type::TEXT, b"\xff").unwrap_err().to_string(), "it is not valid UTF-8");
        // An enum, as yet without a name; and what cannot be one.
        assert_eq!(binary::<&str>(&Type::from_oid(99_999), b"happy").unwrap(), "happy");
        assert!(binary::<&str>(&Type::from_oid(99_999), b"\0\0\0\x01abc").is_err());
        assert!(binary::<&str>(&Type::from_oid(99_999), b"\x01a.b").is_err());
    }

    #[test]
    fn a_char_is_one_character() {
        assert_eq!(binary::<char>(&Type::TEXT, "ß".as_bytes()).unwrap(), 'ß');
        assert_eq!(binary::<char>(&Type::TEXT, b"").unwrap_err().to_string(), "it is not a single character");
        assert!(binary::<char>(&Type::TEXT, b"ab").is_err());
        assert_eq!(binary::<char>(&Type::CHAR, b"r").unwrap(), 'r');
        assert_eq!(binary::<&str>(&Type::CHAR, b"\0").unwrap(), "");
    }
}
