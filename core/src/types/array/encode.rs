//! How arrays are written: in binary, unless their elements are written as text.

use alloc::format;

use bytes::{BufMut, BytesMut};

use super::{ArrayElement, ArrayWriter, Dimension, Elements, is_vector};
use crate::error::BoxError;
use crate::types::as_text::as_text;
use crate::types::{ToSql, Type};
use crate::wire::{Format, IsNull, Unencodable, Writer};

/// What is reserved for an element: its length, and its value if that is no longer than this.
const LIKELY: usize = 16;

pub(super) fn accepts<T: ToSql + ArrayElement>(values: &[T], type_: &Type) -> bool {
    match &Elements::of(type_) {
        Some(elements) => values.iter().all(|value| value.accepts(&elements.type_)),
        None => !type_.is_known() && values.iter().all(|value| value.accepts(type_)),
    }
}

pub(super) fn format<T: ToSql + ArrayElement>(values: &[T], type_: &Type) -> Format {
    match &Elements::of(type_) {
        Some(elements) if !is_empty_vector(values, type_) => format_of(values, elements),
        _ => Format::Text,
    }
}

/// An empty vector of the catalogs: the server refuses its own binary form of one, and writes nothing in text.
const fn is_empty_vector<T>(values: &[T], type_: &Type) -> bool {
    values.is_empty() && is_vector(type_)
}

/// Text if one of them is written as text, and an array of nothing if its elements have no binary form.
fn format_of<T: ToSql>(values: &[T], elements: &Elements<'_>) -> Format {
    let text = values.iter().any(|value| value.format(&elements.type_) == Format::Text)
        || values.is_empty() && !elements.type_.has_binary_output();
    if text { Format::Text } else { Format::Binary }
}

pub(super) fn to_sql<T: ToSql + ArrayElement>(
    dimensions: &[Dimension],
    values: &[T],
    type_: &Type,
    out: &mut BytesMut,
) -> Result<IsNull, BoxError> {
    if is_empty_vector(values, type_) {
        return Ok(IsNull::No);
    }
    match &Elements::of(type_) {
        Some(elements) if format_of(values, elements) == Format::Binary => {
            binary(dimensions, values, elements, out)?;
        }
        Some(elements) => text(dimensions, values, &elements.type_, out)?,
        None => text(dimensions, values, type_, out)?,
    }
    Ok(IsNull::No)
}

fn binary<T: ToSql + ArrayElement>(
    dimensions: &[Dimension],
    values: &[T],
    elements: &Elements<'_>,
    out: &mut BytesMut,
) -> Result<(), BoxError> {
    out.reserve(12 + 8 * dimensions.len() + values.len().saturating_mul(4 + size_of::<T>().min(LIKELY)));
    out.put_i32(i32::try_from(dimensions.len()).map_err(|_| Unencodable::TooLong("an array"))?);
    let flags_at = out.len();
    out.put_i32(0);
    out.put_u32(elements.oid);
    for dimension in dimensions {
        let (length, _) = dimension.int4s().ok_or(Unencodable::TooLong("an array"))?;
        out.put_i32(length);
        out.put_i32(dimension.lower_bound);
    }
    if T::put_all(values, &elements.type_, out).is_some() {
        return Ok(());
    }
    let mut nulls = false;
    for (at, value) in values.iter().enumerate() {
        let is_null = match value.put(&elements.type_, out) {
            Some(is_null) => is_null,
            None => put(value, &elements.type_, out).map_err(|problem| in_element(at, &problem))?,
        };
        nulls |= is_null == IsNull::Yes;
    }
    if nulls && let Some(flags) = out.get_mut(flags_at..).and_then(<[u8]>::first_chunk_mut) {
        *flags = 1_i32.to_be_bytes();
    }
    Ok(())
}

fn put(value: &impl ToSql, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
    let mut is_null = IsNull::No;
    Writer::new(out).nullable(|out| {
        is_null = value.to_sql(type_, out)?;
        Ok::<_, BoxError>(is_null)
    })?;
    Ok(is_null)
}

fn text<T: ToSql>(
    dimensions: &[Dimension],
    values: &[T],
    elements: &Type,
    out: &mut BytesMut,
) -> Result<(), BoxError> {
    let mut scratch = BytesMut::new();
    let mut writer = ArrayWriter::new(out, dimensions, elements.delimiter())?;
    for (at, value) in values.iter().enumerate() {
        scratch.clear();
        match value.to_sql(elements, &mut scratch).map_err(|problem| in_element(at, &problem))? {
            IsNull::Yes => writer.element(None)?,
            IsNull::No => {
                let text = as_text(elements, value.format(elements), &scratch);
                writer.element(Some(&text.map_err(|problem| in_element(at, &problem))?))?;
            }
        }
    }
    Ok(())
}

/// Counted as PostgreSQL does, from 1, through all dimensions.
#[cold]
fn in_element(at: usize, problem: &BoxError) -> BoxError {
    format!("element {}: {problem}", at.saturating_add(1)).into()
}
