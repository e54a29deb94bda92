use alloc::string::String;
use alloc::vec::Vec;

use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};

use super::{Column, Row};
use crate::types::{ArrayElement, FromSql, RawJson, Uuid, oid};

/// A map from the columns' names to their values: numbers as numbers, JSON as what it says, a uuid as its text,
/// bytea as PostgreSQL's own hexadecimal (`\x00ff`), and text as text. A type that has no codec yet is an error:
/// cast it to text in the query.
impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (position, column) in self.columns().iter().enumerate() {
            map.serialize_entry(&*column.name, &Field { column, raw: self.raw(position) })?;
        }
        map.end()
    }
}

struct Field<'a> {
    column: &'a Column,
    raw: Option<&'a [u8]>,
}

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(raw) = self.raw else { return serializer.serialize_none() };
        match self.column.type_.oid() {
            oid::BOOL => self.value::<bool, S>(raw, serializer),
            oid::INT2 | oid::INT4 | oid::INT8 => self.value::<i64, S>(raw, serializer),
            oid::OID => self.value::<u32, S>(raw, serializer),
            oid::FLOAT4 => self.value::<f32, S>(raw, serializer),
            oid::FLOAT8 => self.value::<f64, S>(raw, serializer),
            oid::JSON | oid::JSONB => self.json(raw, serializer),
            oid::BYTEA => serializer.serialize_str(&hex(self.read::<&[u8], S::Error>(raw)?)),
            oid::UUID => serializer.collect_str(&self.read::<Uuid, S::Error>(raw)?),
            oid::BOOL_ARRAY => self.array::<bool, S>(raw, serializer),
            oid::INT2_ARRAY | oid::INT4_ARRAY | oid::INT8_ARRAY => self.array::<i64, S>(raw, serializer),
            oid::OID_ARRAY => self.array::<u32, S>(raw, serializer),
            oid::FLOAT4_ARRAY => self.array::<f32, S>(raw, serializer),
            oid::FLOAT8_ARRAY => self.array::<f64, S>(raw, serializer),
            oid::TEXT_ARRAY | oid::VARCHAR_ARRAY | oid::BPCHAR_ARRAY | oid::NAME_ARRAY => {
                self.array::<String, S>(raw, serializer)
            }
            _ => self.value::<&str, S>(raw, serializer),
        }
    }
}

impl<'a> Field<'a> {
    fn read<T: FromSql<'a>, E: Error>(&self, raw: &'a [u8]) -> Result<T, E> {
        let Column { name, type_, format, .. } = self.column;
        T::from_sql(type_, *format, raw)
            .map_err(|problem| E::custom(format_args!("column \"{name}\" (PostgreSQL's {type_}): {problem}")))
    }

    fn value<T: FromSql<'a> + Serialize, S: Serializer>(
        &self,
        raw: &'a [u8],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        self.read::<T, S::Error>(raw)?.serialize(serializer)
    }

    fn array<T, S: Serializer>(&self, raw: &'a [u8], serializer: S) -> Result<S::Ok, S::Error>
    where
        T: FromSql<'a> + ArrayElement + Serialize,
    {
        self.read::<Vec<Option<T>>, S::Error>(raw)?.serialize(serializer)
    }

    fn json<S: Serializer>(&self, raw: &'a [u8], serializer: S) -> Result<S::Ok, S::Error> {
        let text: RawJson<'_> = self.read::<_, S::Error>(raw)?;
        let value: serde_json::Value = serde_json::from_str(text.0).map_err(S::Error::custom)?;
        value.serialize(serializer)
    }
}

fn hex(bytes: &[u8]) -> String {
    use core::fmt::Write;
    let mut text = String::with_capacity(2 + 2 * bytes.len());
    text.push_str("\\x");
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
