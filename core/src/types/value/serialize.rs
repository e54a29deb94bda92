use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};

use super::{Record, Value};
use crate::types::{Bound, Range};

/// Numbers are numbers, JSON is what it says, arrays are lists, composite values and hstores are maps, anonymous
/// records lists, and ranges maps as in trunkline's JavaScript. All else is its text: numeric too, whose digits no
/// number of JSON's readers holds.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int2(value) => serializer.serialize_i16(*value),
            Self::Int4(value) => serializer.serialize_i32(*value),
            Self::Int8(value) => serializer.serialize_i64(*value),
            Self::Oid(value) => serializer.serialize_u32(*value),
            Self::Xid8(value) => serializer.serialize_u64(*value),
            Self::Float4(value) => serializer.serialize_f32(*value),
            Self::Float8(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Json(value) => json(value, serializer),
            Self::Int2Vector(values) => serializer.collect_seq(values),
            Self::OidVector(values) => serializer.collect_seq(values),
            Self::Vector(vector) => serializer.collect_seq(&vector.0),
            Self::Hstore(hstore) => serializer.collect_map(hstore.0.iter().map(|(key, value)| (key, value))),
            Self::Array(array) => array.serialize(serializer),
            Self::Range(range) => range_map(range, serializer),
            Self::Multirange(multirange) => serializer.collect_seq(multirange.0.iter().map(RangeMap)),
            Self::Record(record) => record.serialize(serializer),
            _ => serializer.collect_str(self),
        }
    }
}

/// A map from the fields' names, or a list when they have none.
impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.fields() {
            Some(fields) => {
                serializer.collect_map(fields.iter().map(|field| &*field.name).zip(self.values()))
            }
            None => serializer.collect_seq(self.values()),
        }
    }
}

fn json<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(S::Error::custom)?;
    value.serialize(serializer)
}

struct RangeMap<'a>(&'a Range<Value>);

impl Serialize for RangeMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        range_map(self.0, serializer)
    }
}

fn range_map<S: Serializer>(range: &Range<Value>, serializer: S) -> Result<S::Ok, S::Error> {
    let (lower, upper, is_empty) = match range {
        Range::Empty => (&Bound::Unbounded, &Bound::Unbounded, true),
        Range::Bounds { lower, upper } => (lower, upper, false),
    };
    let mut map = serializer.serialize_map(Some(5))?;
    map.serialize_entry("lower", &bound(lower))?;
    map.serialize_entry("upper", &bound(upper))?;
    map.serialize_entry("lowerInclusive", &matches!(lower, Bound::Included(_)))?;
    map.serialize_entry("upperInclusive", &matches!(upper, Bound::Included(_)))?;
    map.serialize_entry("isEmpty", &is_empty)?;
    map.end()
}

const fn bound(bound: &Bound<Value>) -> Option<&Value> {
    match bound {
        Bound::Included(value) | Bound::Excluded(value) => Some(value),
        Bound::Unbounded => None,
    }
}
