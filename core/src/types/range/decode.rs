//! How ranges and multiranges are read, in both formats.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::{
    Multirange, MultirangeText, MultirangeView, Range, RangeText, RangeView, bound_of, bound_of_ranges,
};
use crate::error::BoxError;
use crate::types::{ArrayElement, FromSql, Type, problem};
use crate::wire::Format;

impl<'a, T: FromSql<'a>> FromSql<'a> for Range<T> {
    fn accepts(type_: &Type) -> bool {
        bound_of(type_).is_some_and(|bound| T::accepts(&bound))
    }

    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        let bound = bound_of(type_).ok_or_else(problem::mismatch)?;
        match format {
            Format::Binary => RangeView::read(raw)?.try_map(|raw| T::from_sql(&bound, format, raw)),
            Format::Text => RangeText::read(raw)?.try_map(|text| read_text(&bound, text)),
        }
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        let bound = bound_of(type_).ok_or_else(problem::mismatch)?;
        match format {
            Format::Binary => RangeView::read(raw)?.try_map(|raw| T::from_sql_owned(&bound, format, raw)),
            Format::Text => RangeText::read(raw)?.try_map(|text| T::from_sql_owned(&bound, format, &text)),
        }
    }
}

impl<'a, T: FromSql<'a>> FromSql<'a> for Multirange<T> {
    fn accepts(type_: &Type) -> bool {
        bound_of_ranges(type_).is_some_and(|bound| T::accepts(&bound))
    }

    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        let bound = bound_of_ranges(type_).ok_or_else(problem::mismatch)?;
        match format {
            Format::Binary => binary(raw, |raw| T::from_sql(&bound, format, raw)),
            Format::Text => MultirangeText::read(raw)
                .map(|range| range?.try_map(|text| read_text(&bound, text)))
                .collect(),
        }
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        let bound = bound_of_ranges(type_).ok_or_else(problem::mismatch)?;
        match format {
            Format::Binary => binary(raw, |raw| T::from_sql_owned(&bound, format, raw)),
            Format::Text => MultirangeText::read(raw)
                .map(|range| range?.try_map(|text| T::from_sql_owned(&bound, format, &text)))
                .collect(),
        }
    }
}

fn binary<'a, T>(
    raw: &'a [u8],
    read: impl Fn(&'a [u8]) -> Result<T, BoxError>,
) -> Result<Multirange<T>, BoxError> {
    let view = MultirangeView::read(raw)?;
    let mut ranges = Vec::with_capacity(view.len());
    for range in view {
        ranges.push(range?.try_map(&read)?);
    }
    Ok(Multirange(ranges))
}

/// Borrows what had nothing to undo.
fn read_text<'a, T: FromSql<'a>>(type_: &Type, text: Cow<'a, [u8]>) -> Result<T, BoxError> {
    match text {
        Cow::Borrowed(text) => T::from_sql(type_, Format::Text, text),
        Cow::Owned(text) => T::from_sql_owned(type_, Format::Text, &text),
    }
}

impl<T> ArrayElement for Range<T> {}
impl<T> ArrayElement for Multirange<T> {}
