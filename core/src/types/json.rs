use bytes::BytesMut;

use super::{FromSql, ToSql, Type, oid};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};

/// JSON as its text, not parsed: of json and jsonb alike, and of nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RawJson<'a>(pub &'a str);

/// Any value that serde can write to and read from JSON.
#[cfg(feature = "serde")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Json<T>(pub T);

fn is_json(type_: &Type) -> bool {
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

#[cfg(feature = "serde")]
mod with_serde {
    use core::fmt;

    use bytes::BufMut;
    use serde::Serialize;
    use serde::de::{Deserialize, DeserializeOwned};
    use serde_json::Value;

    use super::*;
    use crate::types::text::TEXT_VERSION;

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
            let text = <&str>::from_sql(type_, format, raw)?;
            Ok(Self(serde_json::from_str(text)?))
        }
    }

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
            decode_owned(type_, format, raw)
        }

        fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
            decode_owned(type_, format, raw)
        }
    }

    fn encode(value: &impl Serialize, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        if type_.oid() == oid::JSONB {
            out.put_u8(TEXT_VERSION);
        }
        out.put_slice(&serde_json::to_vec(value)?);
        Ok(IsNull::No)
    }

    fn decode_owned<T: DeserializeOwned>(type_: &Type, format: Format, raw: &[u8]) -> Result<T, BoxError> {
        Ok(serde_json::from_str(<&str>::from_sql(type_, format, raw)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::testing::{binary, encode, reads, text};

    #[test]
    fn raw_json_is_the_text_without_the_version() {
        assert_eq!(&encode(&Type::JSONB, &RawJson("[1]")).unwrap()[..], b"\x01[1]");
        assert_eq!(&encode(&Type::JSON, &RawJson("[1]")).unwrap()[..], b"[1]");
        assert_eq!(binary::<RawJson<'_>>(&Type::JSONB, b"\x01[1]").unwrap(), RawJson("[1]"));
        assert_eq!(text::<RawJson<'_>>(&Type::JSONB, b"[1]").unwrap(), RawJson("[1]"));
        assert!(!reads::<RawJson<'_>>(&Type::TEXT));
    }

    #[cfg(feature = "serde")]
    mod with_serde {
        use std::collections::BTreeMap;
        use std::string::{String, ToString};
        use std::vec::Vec;

        use proptest::prelude::*;
        use serde_json::{Value, json};

        use super::*;
        use crate::types::testing::{round_trip, survives};

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
    }
}
