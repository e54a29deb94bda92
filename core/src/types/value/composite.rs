use alloc::vec;
use alloc::vec::Vec;

use bytes::BytesMut;

use super::{Record, Value};
use crate::error::BoxError;
use crate::types::array::ArrayView;
use crate::types::composite::{RecordText, RecordView, encode_tuple, format_tuple};
use crate::types::{Field, Kind, ToSql, Type, oid};
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

/// The most anonymous records in each other that are read. PostgreSQL has no limit but its own stack's, and nobody
/// comes near this one; without it a server could make ours overflow.
const DEEPEST: usize = 64;

/// Reads a composite value, or in binary an anonymous record.
pub(super) fn decode(type_: &Type, format: Format, raw: &[u8]) -> Result<Record, BoxError> {
    let fields = match type_.kind() {
        Kind::Composite(fields) => Some(fields),
        _ => None,
    };
    let values = match format {
        Format::Binary => {
            if fields.is_none() {
                check_depth(raw)?;
            }
            binary(type_, fields.as_deref(), raw)?
        }
        Format::Text => text(fields.as_deref().unwrap_or_default(), raw)?,
    };
    match fields {
        Some(fields) if fields.len() == values.len() => Ok(Record::of(fields, values)),
        // The type was altered since: the values are right all the same.
        _ => Ok(Record::new(values)),
    }
}

/// In binary every field says its type.
fn binary(of: &Type, fields: Option<&[Field]>, raw: &[u8]) -> Result<Vec<Value>, BoxError> {
    let mut values = Vec::new();
    for (index, field) in RecordView::read(raw)?.enumerate() {
        let (oid, value) = field?;
        let known = fields.and_then(|fields| fields.get(index)).filter(|field| field.type_.oid() == oid);
        let type_ = known.map_or_else(|| of.named(oid), |field| field.type_.clone());
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

/// Types that are described are only so deep as they are; anonymous records go on as the bytes say.
pub(super) fn check_depth(raw: &[u8]) -> Result<(), BoxError> {
    let mut nested = vec![(oid::RECORD, raw, 1)];
    while let Some((type_oid, raw, depth)) = nested.pop() {
        if depth > DEEPEST {
            return Err("its records are nested too deep".into());
        }
        if type_oid == oid::RECORD_ARRAY {
            for element in ArrayView::read(raw)?.elements() {
                nested.extend(element?.map(|raw| (oid::RECORD, raw, depth + 1)));
            }
            continue;
        }
        for field in RecordView::read(raw)? {
            if let (type_oid @ (oid::RECORD | oid::RECORD_ARRAY), Some(raw)) = field? {
                nested.push((type_oid, raw, depth + 1));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    /// A record in so many others, every other one in an array.
    fn nested(depth: usize) -> Vec<u8> {
        let word = |length: usize| u32::try_from(length).unwrap().to_be_bytes();
        let mut raw = Vec::from([0; 4]);
        for level in 0..depth {
            let type_oid = if level % 2 == 0 { oid::RECORD } else { oid::RECORD_ARRAY };
            if type_oid == oid::RECORD_ARRAY {
                let header = [1, 0, oid::RECORD, 1, 1].map(u32::to_be_bytes).concat();
                raw = [&header[..], &word(raw.len()), &raw].concat();
            }
            raw = [&word(1)[..], &type_oid.to_be_bytes(), &word(raw.len()), &raw].concat();
        }
        raw
    }

    #[test]
    fn records_in_records_have_an_end() {
        let decode = |depth| decode(&Type::RECORD, Format::Binary, &nested(depth));
        assert_eq!(decode(40).unwrap().values().len(), 1);
        for deep in [64, 100, 2000] {
            assert_eq!(decode(deep).unwrap_err().to_string(), "its records are nested too deep");
        }
    }
}
