//! Maps as hstores.

use alloc::collections::BTreeMap;
use alloc::string::String;
#[cfg(feature = "std")]
use core::hash::BuildHasher;
#[cfg(feature = "std")]
use std::collections::HashMap;

use bytes::BytesMut;

use super::codec::Codec;
use super::{ArrayElement, FromSql, Hstore, ToSql, Type, hstore, problem};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};

/// What a map has for its keys.
trait Value: Sized {
    fn as_text(&self) -> Option<&str>;

    fn from_text(text: Option<&str>) -> Result<Self, BoxError>;
}

impl Value for Option<String> {
    fn as_text(&self) -> Option<&str> {
        self.as_deref()
    }

    fn from_text(text: Option<&str>) -> Result<Self, BoxError> {
        Ok(text.map(Into::into))
    }
}

impl Value for String {
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }

    fn from_text(text: Option<&str>) -> Result<Self, BoxError> {
        text.map(Into::into).ok_or_else(problem::null)
    }
}

macro_rules! map {
    ($({$($to:tt)*} {$($from:tt)*} $map:ty, $with_capacity:expr);* $(;)?) => {$(
        impl<$($to)*> ToSql for $map {
            fn accepts(&self, type_: &Type) -> bool {
                Hstore::is(type_)
            }

            fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
                hstore::encode(self.iter().map(|(key, value)| (key.as_str(), value.as_text())), out)?;
                Ok(IsNull::No)
            }
        }

        impl<'a, $($from)*> FromSql<'a> for $map {
            fn accepts(type_: &Type) -> bool {
                Hstore::is(type_)
            }

            fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
                Self::from_sql_owned(type_, format, raw)
            }

            fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
                if format == Format::Binary {
                    return hstore::decode(raw, $with_capacity, |map: &mut Self, key, value| {
                        map.insert(key.into(), Value::from_text(value)?);
                        Ok(())
                    });
                }
                let pairs = problem::parse::<Hstore>(type_, raw)?.0.into_iter();
                pairs.map(|(key, value)| Ok((key, Value::from_text(value.as_deref())?))).collect()
            }
        }

        impl<$($to)*> ArrayElement for $map {}
    )*};
}

map!(
    {} {} BTreeMap<String, Option<String>>, |_| BTreeMap::new();
    {} {} BTreeMap<String, String>, |_| BTreeMap::new();
);
#[cfg(feature = "std")]
map!(
    {S: BuildHasher} {S: BuildHasher + Default}
    HashMap<String, Option<String>, S>, |count| HashMap::with_capacity_and_hasher(count, S::default());
    {S: BuildHasher} {S: BuildHasher + Default}
    HashMap<String, String, S>, |count| HashMap::with_capacity_and_hasher(count, S::default());
);

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;
    use crate::types::testing::{encode, extension, reads, round_trip, text};

    #[test]
    fn maps_are_hstores() {
        let hstore = extension("hstore");
        let map = BTreeMap::from([("a".to_string(), Some("1".to_string())), ("b".to_string(), None)]);
        assert_eq!(round_trip(&hstore, &map), map);
        let pairs: Hstore = r#"a=>1, b=>NULL"#.parse().unwrap();
        assert_eq!(encode(&hstore, &map).unwrap(), encode(&hstore, &pairs).unwrap());
        assert_eq!(text::<BTreeMap<String, Option<String>>>(&hstore, b"b=>NULL,a=>1").unwrap(), map);
        assert!(!map.accepts(&Type::JSONB) && !reads::<BTreeMap<String, String>>(&Type::TEXT));
    }

    #[test]
    fn null_needs_an_option() {
        let hstore = extension("hstore");
        let map = BTreeMap::from([("a".to_string(), "1".to_string())]);
        assert_eq!(round_trip(&hstore, &map), map);
        let refused = text::<BTreeMap<String, String>>(&hstore, b"a=>NULL").unwrap_err();
        assert_eq!(refused.to_string(), "it is NULL, which only an Option can hold");
    }

    #[cfg(feature = "std")]
    #[test]
    fn hash_maps_are_hstores_too() {
        let hstore = extension("hstore");
        let map = HashMap::from([("a".to_string(), Some("1".to_string())), ("b".to_string(), None)]);
        assert_eq!(round_trip::<HashMap<String, Option<String>>>(&hstore, &map), map);
        let map = HashMap::from([("a".to_string(), "1".to_string())]);
        assert_eq!(round_trip::<HashMap<String, String>>(&hstore, &map), map);
    }
}
