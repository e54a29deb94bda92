//! How composite values are written: in binary, unless their fields are written as text.

use alloc::format;
use alloc::string::String;

use bytes::BytesMut;

use super::{RecordWriter, fields_of};
use crate::error::BoxError;
use crate::types::as_text::as_text;
use crate::types::{Field, ToSql, Type, problem};
use crate::wire::{Format, IsNull, Unencodable, Writer};

/// Whether a struct's fields can be sent as a `type_`. Which of them do not fit is left for [`encode`] to tell.
pub fn accepts(_values: &[(&str, &dyn ToSql)], type_: &Type) -> bool {
    fields_of(type_).is_some()
}

/// How a struct's fields are written as a `type_`.
pub fn format(values: &[(&str, &dyn ToSql)], type_: &Type) -> Format {
    format_of(fields_of(type_).unwrap_or_default(), |at, field| named(values, at, &field.name).ok_or(()))
}

/// Appends a struct's fields as those of their names in a composite type.
///
/// # Errors
///
/// When the type has a field more or less, which is named, or when one of the values does not fit.
pub fn encode(values: &[(&str, &dyn ToSql)], type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
    let fields = fields_of(type_).ok_or_else(problem::mismatch)?;
    let mut in_order = values.iter().zip(fields).map(|((name, _), field)| **name == *field.name);
    if values.len() == fields.len() && in_order.all(|is_same| is_same) {
        return write(fields, out, |at, _| {
            values.get(at).map(|(_, value)| *value).ok_or_else(problem::mismatch)
        });
    }
    if let Some((name, _)) = values.iter().find(|(name, _)| fields.iter().all(|field| *field.name != **name))
    {
        return Err(no_field(type_, name));
    }
    write(fields, out, |at, field| named(values, at, &field.name).ok_or_else(|| no_value(type_, &field.name)))
}

/// A tuple's values as the fields in their order.
pub(in crate::types) fn encode_tuple(
    values: &[&dyn ToSql],
    type_: &Type,
    out: &mut BytesMut,
) -> Result<IsNull, BoxError> {
    let fields = fields_of(type_).ok_or_else(problem::mismatch)?;
    if values.len() != fields.len() {
        return Err(other_count(type_, fields.len(), values.len()));
    }
    write(fields, out, |at, _| values.get(at).copied().ok_or_else(problem::mismatch))
}

pub(in crate::types) fn format_tuple(values: &[&dyn ToSql], type_: &Type) -> Format {
    format_of(fields_of(type_).unwrap_or_default(), |at, _| values.get(at).copied().ok_or(()))
}

/// The value of that name, looked for first where it is expected.
fn named<'a>(values: &[(&str, &'a dyn ToSql)], expected: usize, name: &str) -> Option<&'a dyn ToSql> {
    let of_name = |(found, _): &&(&str, &'a dyn ToSql)| *found == name;
    let found = values.get(expected).filter(of_name).or_else(|| values.iter().find(of_name));
    found.map(|(_, value)| *value)
}

/// Text if one of them is written as text.
fn format_of<'a, E>(
    fields: &[Field],
    value_of: impl Fn(usize, &Field) -> Result<&'a dyn ToSql, E>,
) -> Format {
    let text = |(at, field): (usize, &Field)| {
        value_of(at, field).is_ok_and(|value| value.format(field.type_.base()) == Format::Text)
    };
    if fields.iter().enumerate().any(text) { Format::Text } else { Format::Binary }
}

fn write<'a>(
    fields: &[Field],
    out: &mut BytesMut,
    value_of: impl Fn(usize, &Field) -> Result<&'a dyn ToSql, BoxError>,
) -> Result<IsNull, BoxError> {
    let start = out.len();
    let count = i32::try_from(fields.len()).map_err(|_| Unencodable::TooLong("a record"))?;
    out.extend_from_slice(&count.to_be_bytes());
    for (at, field) in fields.iter().enumerate() {
        let value = value_of(at, field)?;
        if value.format(field.type_.base()) == Format::Text {
            out.truncate(start);
            return write_text(fields, out, value_of);
        }
        put_field(value, field, out)?;
    }
    Ok(IsNull::No)
}

/// A field in binary, with its type's OID.
#[inline]
pub(super) fn put_field<T: ToSql + ?Sized>(
    value: &T,
    field: &Field,
    out: &mut BytesMut,
) -> Result<(), BoxError> {
    out.extend_from_slice(&field.type_.oid().to_be_bytes());
    Writer::new(out).nullable(|out| write_field(value, field, out))
}

fn write_text<'a>(
    fields: &[Field],
    out: &mut BytesMut,
    value_of: impl Fn(usize, &Field) -> Result<&'a dyn ToSql, BoxError>,
) -> Result<IsNull, BoxError> {
    let mut scratch = BytesMut::new();
    let mut writer = RecordWriter::new(out)?;
    for (at, field) in fields.iter().enumerate() {
        let value = value_of(at, field)?;
        scratch.clear();
        if write_field(value, field, &mut scratch)? == IsNull::Yes {
            writer.field(None)?;
            continue;
        }
        let base = field.type_.base();
        let text =
            as_text(base, value.format(base), &scratch).map_err(|problem| in_field(field, &problem))?;
        writer.field(Some(&text))?;
    }
    writer.finish()?;
    Ok(IsNull::No)
}

#[inline]
fn write_field<T: ToSql + ?Sized>(value: &T, field: &Field, out: &mut BytesMut) -> Result<IsNull, BoxError> {
    let base = field.type_.base();
    if !value.accepts(base) {
        return Err(unfit(value.host_type(), field));
    }
    value.to_sql(base, out).map_err(|problem| in_field(field, &problem))
}

#[cold]
fn in_field(Field { name, type_ }: &Field, problem: &BoxError) -> BoxError {
    format!("field \"{name}\" (PostgreSQL's {type_}): {problem}").into()
}

#[cold]
fn unfit(host_type: &str, Field { name, type_ }: &Field) -> BoxError {
    format!("field \"{name}\": {host_type} cannot be sent as PostgreSQL's {type_}").into()
}

#[cold]
fn no_field(type_: &Type, name: &str) -> BoxError {
    let mut names = String::new();
    for (at, field) in fields_of(type_).unwrap_or_default().iter().enumerate() {
        names.push_str(if at > 0 { ", " } else { "" });
        names.push_str(&field.name);
    }
    format!("PostgreSQL's {type_} has no field \"{name}\"; its fields are: {names}").into()
}

#[cold]
fn no_value(type_: &Type, name: &str) -> BoxError {
    format!("nothing is given for the field \"{name}\" of PostgreSQL's {type_}").into()
}

#[cold]
fn other_count(type_: &Type, expected: usize, given: usize) -> BoxError {
    format!("PostgreSQL's {type_} has {expected} fields, the tuple {given}").into()
}
