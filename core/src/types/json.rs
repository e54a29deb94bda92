use bytes::BytesMut;

use super::{FromSql, ToSql, Type, oid};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};

/// JSON as its text, neither parsed nor checked here: of json and jsonb alike, and of nothing else. See "JSON
/// Types".
///
/// It is JSON's own `null` that `RawJson("null")` is, not SQL's. Strings can be sent to and read from both types
/// too; this one keeps JSON from going where it is not meant to, into a text column for one. A jsonpath is a string.
///
/// ```
/// use trunkline_core::types::{RawJson, ToSql, Type};
///
/// let settings = RawJson(r#"{"theme": "dark"}"#);
/// assert!(settings.accepts(&Type::JSONB) && !settings.accepts(&Type::TEXT));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RawJson<'a>(pub &'a str);

pub(super) fn is_json(type_: &Type) -> bool {
    matches!(type_.oid(), oid::JSON | oid::JSONB)
}

impl ToSql for RawJson<'_> {
    fn accepts(&self, type_: &Type) -> bool {
        is_json(type_)
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        self.0.to_sql(type_, out)
    }
}

impl<'a> FromSql<'a> for RawJson<'a> {
    fn accepts(type_: &Type) -> bool {
        is_json(type_)
    }

    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        <&str>::from_sql(type_, format, raw).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};

    use super::*;
    use crate::types::testing::{binary, encode, reads, round_trip, text};

    #[test]
    fn raw_json_is_the_text_without_the_version() {
        assert_eq!(&encode(&Type::JSONB, &RawJson("[1]")).unwrap()[..], b"\x01[1]");
        assert_eq!(&encode(&Type::JSON, &RawJson("[1]")).unwrap()[..], b"[1]");
        assert_eq!(binary::<RawJson<'_>>(&Type::JSONB, b"\x01[1]").unwrap(), RawJson("[1]"));
        assert_eq!(text::<RawJson<'_>>(&Type::JSONB, b"[1]").unwrap(), RawJson("[1]"));
        let newer = binary::<RawJson<'_>>(&Type::JSONB, b"\x02[1]").unwrap_err();
        assert_eq!(newer.to_string(), "its version is not the one that is known, 1");
        for other in [Type::TEXT, Type::JSONPATH] {
            assert!(!reads::<RawJson<'_>>(&other) && !RawJson("[1]").accepts(&other), "{other}");
        }
    }

    #[test]
    fn a_jsonpath_is_a_string_with_a_version() {
        let path = String::from(r#"$."a"[*]?(@ > 1)"#);
        assert_eq!(&encode(&Type::JSONPATH, &path).unwrap()[..], [b"\x01", path.as_bytes()].concat());
        assert_eq!(round_trip(&Type::JSONPATH, &path), path);
        assert_eq!(text::<&str>(&Type::JSONPATH, path.as_bytes()).unwrap(), path);
    }
}
