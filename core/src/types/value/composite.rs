use alloc::vec::Vec;

use bytes::BytesMut;

use super::{Record, Value};
use crate::error::BoxError;
use crate::types::composite::{RecordText, RecordView, encode_tuple, format_tuple};
use crate::types::{Field, Kind, ToSql, Type};
use crate::wire::{Format, IsNull};

/// By position: what was read of a type fits it, whatever its fields are called now.
impl ToSql for Record {
    fn accepts(&self, type_: &Type) -> bool {
        matches!(type_.kind(), Kind::Composite(fields) if fields.len() == self.values().len())
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        encode_tuple(&self.hosts(), type_, out)
    }

    fn format(&self, type_: &Type) -> Format {
        format_tuple(&self.hosts(), type_)
    }
}

impl Record {
    fn hosts(&self) -> Vec<&dyn ToSql> {
        self.values().iter().map(|value| value as &dyn ToSql).collect()
    }
}

/// Reads a composite value, or in binary an anonymous record.
pub(super) fn decode(type_: &Type, format: Format, raw: &[u8]) -> Result<Record, BoxError> {
    let fields = match type_.kind() {
        Kind::Composite(fields) => Some(fields),
        _ => None,
    };
    let values = match format {
        Format::Binary => binary(fields.as_deref(), raw)?,
        Format::Text => text(fields.as_deref().unwrap_or_default(), raw)?,
    };
    match fields {
        Some(fields) if fields.len() == values.len() => Ok(Record::of(fields, values)),
        // The type was altered since: the values are right all the same.
        _ => Ok(Record::new(values)),
    }
}

/// In binary every field says its type.
fn binary(fields: Option<&[Field]>, raw: &[u8]) -> Result<Vec<Value>, BoxError> {
    let mut values = Vec::new();
    for (index, field) in RecordView::read(raw)?.enumerate() {
        let (oid, value) = field?;
        let known = fields.and_then(|fields| fields.get(index)).filter(|field| field.type_.oid() == oid);
        let type_ = known.map_or_else(|| Type::from_oid(oid), |field| field.type_.clone());
        values.push(Value::decode(&type_, Format::Binary, value)?);
    }
    Ok(values)
}

fn text(fields: &[Field], raw: &[u8]) -> Result<Vec<Value>, BoxError> {
    let mut values = Vec::new();
    // A row without columns is written as one with a NULL.
    if fields.is_empty() && raw == b"()" {
        return Ok(values);
    }
    for (index, value) in RecordText::read(raw).enumerate() {
        let type_ = fields.get(index).map_or(Type::TEXT, |field| field.type_.clone());
        values.push(Value::decode(&type_, Format::Text, value?.as_deref())?);
    }
    Ok(values)
}
