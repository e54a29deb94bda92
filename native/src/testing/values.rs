//! Values that are told as Rust has them, as the types of PostgreSQL that they are.

use bytes::BytesMut;
use trunkline_core::error::{BoxError, UsageError};
use trunkline_core::types::{Parameters, ToSql, Type, Value};
use trunkline_core::wire::{Format, IsNull};

/// A value in binary; none is NULL.
pub(super) type Cell = Option<Vec<u8>>;

/// The type of value `index` of these: what a database would most likely have it as. None for NULL, which can be any.
pub(super) fn type_of(values: &dyn Parameters, index: usize) -> Result<Option<Type>, UsageError> {
    // Strings go into void, and NULL, and nothing else does; what refuses says what the value is in Rust.
    let host_type = match values.encode(index, &Type::VOID, &mut BytesMut::new()) {
        Ok(IsNull::Yes) => return Ok(None),
        Ok(IsNull::No) => return Ok(Some(Type::TEXT)),
        Err(UsageError::Parameter { host_type, .. }) => host_type,
        Err(other) => return Err(other),
    };
    // A number goes into every type of numbers: its own is told by its name, which is somewhere in that of an array.
    let mut words = host_type.split(|c: char| !c.is_ascii_alphanumeric());
    let number = words.find_map(|word| NUMBERS.iter().find(|(name, _)| *name == word));
    let candidates = number.map_or(&OTHERS[..], |(_, types)| types);
    let fits = |type_: &&Type| values.encode(index, type_, &mut BytesMut::new()).is_ok();
    candidates.iter().find(fits).cloned().map(Some).ok_or_else(|| UsageError::Parameter {
        number: index + 1,
        name: None,
        postgres_type: "any type that can be told from it".into(),
        host_type,
        problem: "say the type beside it".into(),
    })
}

/// Value `index` of these as that type.
pub(super) fn cell(values: &dyn Parameters, index: usize, type_: &Type) -> Result<Cell, BoxError> {
    let mut out = BytesMut::new();
    if values.encode(index, type_, &mut out)? == IsNull::Yes {
        return Ok(None);
    }
    if values.format(index, type_) == Format::Text {
        let value = Value::parse(type_, std::str::from_utf8(&out)?)?;
        out.clear();
        if value.to_sql(type_, &mut out)? == IsNull::Yes {
            return Ok(None);
        }
    }
    Ok(Some(out.to_vec()))
}

/// A value as the server would write it out.
pub(super) fn text(type_: &Type, format: Format, raw: Option<&[u8]>) -> Option<String> {
    let raw = raw?;
    let value = Value::decode(type_, format, Some(raw));
    Some(value.map_or_else(|_| String::from_utf8_lossy(raw).into_owned(), |value| value.to_string()))
}

static NUMBERS: [(&str, [Type; 2]); 10] = [
    ("i8", [Type::INT2, Type::INT2_ARRAY]),
    ("i16", [Type::INT2, Type::INT2_ARRAY]),
    ("i32", [Type::INT4, Type::INT4_ARRAY]),
    ("i64", [Type::INT8, Type::INT8_ARRAY]),
    ("isize", [Type::INT8, Type::INT8_ARRAY]),
    ("usize", [Type::INT8, Type::INT8_ARRAY]),
    ("u32", [Type::OID, Type::OID_ARRAY]),
    ("u64", [Type::INT8, Type::INT8_ARRAY]),
    ("f32", [Type::FLOAT4, Type::FLOAT4_ARRAY]),
    ("f64", [Type::FLOAT8, Type::FLOAT8_ARRAY]),
];

/// A value of most host types goes into one of these.
static OTHERS: [Type; 24] = [
    Type::BOOL,
    Type::BYTEA,
    Type::UUID,
    Type::TIMESTAMPTZ,
    Type::TIMESTAMP,
    Type::DATE,
    Type::TIME,
    Type::TIMETZ,
    Type::INTERVAL,
    Type::JSONB,
    Type::INET,
    Type::CIDR,
    Type::INT4,
    Type::INT8,
    Type::FLOAT8,
    Type::NUMERIC,
    Type::TEXT_ARRAY,
    Type::BOOL_ARRAY,
    Type::UUID_ARRAY,
    Type::TIMESTAMPTZ_ARRAY,
    Type::TIMESTAMP_ARRAY,
    Type::DATE_ARRAY,
    Type::NUMERIC_ARRAY,
    Type::BYTEA_ARRAY,
];
