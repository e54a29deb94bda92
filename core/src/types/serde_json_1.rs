use core::fmt;

use bytes::{BufMut, BytesMut};
use serde::Serialize;
use serde::de::Deserialize;
use serde_json::Value;

use super::json::is_json;
use super::text::TEXT_VERSION;
use super::{ArrayElement, FromSql, RawJson, ToSql, Type, oid};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};

/// Any value that serde can write to and read from JSON, as json or jsonb. See ["JSON Types"].
///
/// It may borrow: a `Json<Vec<&str>>` can be read where no string has escapes. JSON's `null` is what the `T` makes
/// of it; SQL's NULL takes an `Option` around the `Json`.
///
/// jsonb's numbers may have any number of digits. What a `T` reads as an f64, and that is every number in a
/// [`serde_json::Value`] that is not a 64-bit integer, is rounded to one; `RawJson`, a `String`, or serde_json's feature
/// `arbitrary_precision` keep all digits. serde_json reads 128 levels of nesting and refuses more.
///
/// ```
/// use bytes::BytesMut;
/// use trunkline_core::types::{Json, ToSql, Type};
///
/// let mut out = BytesMut::new();
/// assert!(Json(["dark", "small"]).to_sql(&Type::JSON, &mut out).is_ok());
/// assert_eq!(&out[..], br#"["dark","small"]"#);
/// ```
///
/// ["JSON Types"]: https://www.postgresql.org/docs/18/datatype-json.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Json<T>(pub T);

impl<T: Serialize + fmt::Debug> ToSql for Json<T> {
    fn accepts(&self, type_: &Type) -> bool {
        is_json(type_)
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        encode(&self.0, type_, out)
    }
}

impl<'a, T: Deserialize<'a>> FromSql<'a> for Json<T> {
    fn accepts(type_: &Type) -> bool {
        is_json(type_)
    }

    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        let json = RawJson::from_sql(type_, format, raw)?;
        Ok(Self(serde_json::from_str(json.0)?))
    }

    /// By way of a [`Value`], which lends nothing.
    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        Ok(Self(T::deserialize(decode(type_, format, raw)?)?))
    }
}

impl<T> ArrayElement for Json<T> {}

impl ToSql for Value {
    fn accepts(&self, type_: &Type) -> bool {
        is_json(type_)
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        encode(self, type_, out)
    }
}

impl<'a> FromSql<'a> for Value {
    fn accepts(type_: &Type) -> bool {
        is_json(type_)
    }

    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        decode(type_, format, raw)
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        decode(type_, format, raw)
    }
}

impl ArrayElement for Value {}

fn encode(value: &impl Serialize, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
    if type_.oid() == oid::JSONB {
        out.put_u8(TEXT_VERSION);
    }
    out.put_slice(&serde_json::to_vec(value)?);
    Ok(IsNull::No)
}

fn decode(type_: &Type, format: Format, raw: &[u8]) -> Result<Value, BoxError> {
    Ok(serde_json::from_str(RawJson::from_sql(type_, format, raw)?.0)?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::string::{String, ToString};
    use std::vec::Vec;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::types::testing::{binary, encode, round_trip, survives, text};

    proptest! {
        #[test]
        fn values_arrive(value: BTreeMap<String, (i64, Option<bool>)>) {
            for type_ in [Type::JSON, Type::JSONB] {
                let bytes = encode(&type_, &Json(&value)).unwrap();
                let read = binary::<Json<BTreeMap<String, (i64, Option<bool>)>>>(&type_, &bytes).unwrap();
                prop_assert_eq!(&read.0, &value);
            }
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            survives::<Value>(&Type::JSON, &raw);
            survives::<Value>(&Type::JSONB, &raw);
        }
    }

    #[test]
    fn a_json_value_is_a_value() {
        let value = json!({"a": [1, null, "x"]});
        assert_eq!(round_trip(&Type::JSONB, &value), value);
        assert_eq!(text::<Value>(&Type::JSON, br#"{"a":[1,null,"x"]}"#).unwrap(), value);
        assert_eq!(binary::<Json<Vec<&str>>>(&Type::JSON, br#"["x"]"#).unwrap().0, ["x"]);
        let refused = binary::<Json<i32>>(&Type::JSON, br#""x""#).unwrap_err();
        assert!(refused.to_string().contains("expected i32"), "{refused}");
    }

    #[test]
    fn elements_of_arrays_in_text_format_have_escapes_and_are_read() {
        let raw = br#"{"{\"a\": [1, 2]}",NULL}"#;
        let read = text::<Vec<Option<Json<BTreeMap<String, Vec<u8>>>>>>(&Type::JSONB_ARRAY, raw).unwrap();
        assert_eq!(read, [Some(Json(BTreeMap::from([("a".into(), Vec::from([1, 2]))]))), None]);
        let borrowed = text::<Vec<Json<&str>>>(&Type::JSON_ARRAY, br#"{"\"x\""}"#).unwrap_err();
        assert!(borrowed.to_string().contains("expected a borrowed string"), "{borrowed}");
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        let deep = "[".repeat(100_000);
        let refused = text::<Value>(&Type::JSON, deep.as_bytes()).unwrap_err();
        assert!(refused.to_string().contains("recursion limit"), "{refused}");
    }

    #[test]
    fn what_serde_cannot_write_is_refused() {
        let map = BTreeMap::from([((1, 2), 3)]);
        let refused = Json(map).to_sql(&Type::JSONB, &mut BytesMut::new()).unwrap_err();
        assert_eq!(refused.to_string(), "key must be a string");
    }
}
