//! How arrays are read, in both formats.

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

use super::dimension::Dimension;
use super::{Array, ArrayElement, ArrayText, ArrayView, Elements, is_vector};
use crate::error::BoxError;
use crate::types::{FromSql, Type, oid, problem};
use crate::wire::Format;

/// How an element is read: `T::from_sql`, which may borrow from it, or `T::from_sql_owned`.
pub(super) trait Read<'r, T>: Fn(&Type, Format, &'r [u8]) -> Result<T, BoxError> {}

impl<'r, T, F: Fn(&Type, Format, &'r [u8]) -> Result<T, BoxError>> Read<'r, T> for F {}

/// Whether elements of this type can be read as a `T`, as far as it tells.
pub(super) fn accepts<'a, T: FromSql<'a>>(type_: &Type) -> bool {
    match Elements::of(type_) {
        Some(elements) => T::accepts(&elements.type_),
        None => type_.oid() == oid::ANYARRAY || !type_.is_known() && T::accepts(type_),
    }
}

/// Reads an array with its dimensions.
pub(super) fn array<'a, 'r, T: FromSql<'a> + ArrayElement>(
    type_: &Type,
    format: Format,
    raw: &'r [u8],
    read: impl Read<'r, T>,
) -> Result<Array<T>, BoxError> {
    match format {
        Format::Binary => {
            let view = ArrayView::read(raw)?;
            Ok(Array::from_parts(view.dimensions().collect(), binary(type_, &view, read)?))
        }
        Format::Text => text(type_, raw, read),
    }
}

/// Reads an array that is no more than a list of its elements.
pub(super) fn list<'a, 'r, T: FromSql<'a> + ArrayElement>(
    type_: &Type,
    format: Format,
    raw: &'r [u8],
    read: impl Read<'r, T>,
) -> Result<Vec<T>, BoxError> {
    match format {
        Format::Binary => {
            let view = ArrayView::read(raw)?;
            check_list(type_, view.dimension_count(), view.dimensions().next())?;
            binary(type_, &view, read)
        }
        Format::Text => {
            let array = text(type_, raw, read)?;
            check_list(type_, array.dimensions().len(), array.dimensions().first().copied())?;
            Ok(array.into_elements())
        }
    }
}

/// That nothing is lost of an array when only its elements are kept.
#[inline]
fn check_list(type_: &Type, dimensions: usize, first: Option<Dimension>) -> Result<(), BoxError> {
    match first {
        Some(_) if dimensions > 1 => Err(more_dimensions(dimensions)),
        Some(Dimension { lower_bound, .. }) if lower_bound != 1 && !is_vector(type_) => {
            Err(other_start(lower_bound))
        }
        _ => Ok(()),
    }
}

#[cold]
fn more_dimensions(dimensions: usize) -> BoxError {
    format!("it has {dimensions} dimensions, and a list has one: read it as an Array").into()
}

#[cold]
fn other_start(lower_bound: i32) -> BoxError {
    format!("its subscripts start at {lower_bound}, which a list cannot tell: read it as an Array").into()
}

fn binary<'a, 'r, T: FromSql<'a> + ArrayElement>(
    type_: &Type,
    view: &ArrayView<'r>,
    read: impl Read<'r, T>,
) -> Result<Vec<T>, BoxError> {
    let sent = view.element_oid();
    let elements = match Elements::of(type_) {
        // Composite values stay what they are in an array of records.
        Some(elements) if elements.oid == sent || elements.oid == oid::RECORD => elements.type_,
        // Of a type that is not known, or an anyarray, what is known of its elements comes with them.
        None => Cow::Owned(Type::from_oid(sent)),
        Some(_) => return Err(problem::mismatch()),
    };
    if !T::accepts(&elements) {
        return Err(problem::mismatch());
    }
    let mut values = Vec::with_capacity(view.len());
    if T::take_all(&elements, view.len(), view.raw_elements(), &mut values) {
        return Ok(values);
    }
    for value in view.elements() {
        values.push(match value? {
            Some(value) => read(&elements, Format::Binary, value)?,
            None => T::from_null()?,
        });
    }
    Ok(values)
}

/// Grows with the elements that are really there and reserves nothing ahead.
fn text<'a, 'r, T: FromSql<'a>>(
    type_: &Type,
    raw: &'r [u8],
    read: impl Read<'r, T>,
) -> Result<Array<T>, BoxError> {
    let elements = Elements::of(type_).map_or(Cow::Borrowed(type_), |elements| elements.type_);
    if is_vector(type_) {
        let values = raw.split(|&byte| byte == b' ').filter(|value| !value.is_empty());
        let values: Vec<T> =
            values.map(|value| read(&elements, Format::Text, value)).collect::<Result<_, _>>()?;
        let dimension = (!values.is_empty()).then_some(Dimension { length: values.len(), lower_bound: 0 });
        return Ok(Array::from_parts(dimension.into_iter().collect(), values));
    }
    let mut text = ArrayText::read(raw, elements.delimiter());
    let mut values = Vec::new();
    for value in text.by_ref() {
        values.push(match value.map_err(|_| problem::unreadable(type_))? {
            Some(Cow::Borrowed(value)) => read(&elements, Format::Text, value)?,
            Some(Cow::Owned(value)) => T::from_sql_owned(&elements, Format::Text, &value)?,
            None => T::from_null()?,
        });
    }
    Ok(Array::from_parts(text.dimensions().into(), values))
}
