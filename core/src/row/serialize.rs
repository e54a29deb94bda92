use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};

use super::{Column, Row};
use crate::types::{FromSql, Value, oid};

/// A map from the columns' names to their values, of every type, as [`Value`] serialises them: numbers as numbers,
/// JSON as what it says, arrays as lists, composite values as maps, bytea as PostgreSQL's own hexadecimal
/// (`\x00ff`), and what JSON has nothing for as its text.
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
    /// The most common types go without a value in between.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(raw) = self.raw else { return serializer.serialize_none() };
        let type_ = self.column.type_.base();
        match type_.oid() {
            _ if type_.has_codec() => self.read::<Value, S::Error>(raw)?.serialize(serializer),
            oid::BOOL => self.read::<bool, S::Error>(raw)?.serialize(serializer),
            oid::INT2 | oid::INT4 | oid::INT8 => self.read::<i64, S::Error>(raw)?.serialize(serializer),
            oid::FLOAT8 => self.read::<f64, S::Error>(raw)?.serialize(serializer),
            oid::TEXT | oid::VARCHAR => self.read::<&str, S::Error>(raw)?.serialize(serializer),
            _ => self.read::<Value, S::Error>(raw)?.serialize(serializer),
        }
    }
}

impl<'a> Field<'a> {
    fn read<T: FromSql<'a>, E: Error>(&self, raw: &'a [u8]) -> Result<T, E> {
        let Column { name, type_, format, .. } = self.column;
        T::from_sql(type_.base(), *format, raw)
            .map_err(|problem| E::custom(format_args!("column \"{name}\" (PostgreSQL's {type_}): {problem}")))
    }
}
