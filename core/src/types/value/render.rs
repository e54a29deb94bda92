use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::composite::check_depth;
use super::{binary, scalar};
use crate::error::BoxError;
use crate::types::array::{ArrayView, ArrayWriter};
use crate::types::composite::{RecordView, RecordWriter};
use crate::types::range::{Multirange, MultirangeView, Range, RangeView};
use crate::types::text::is_text;
use crate::types::{FromSql, Kind, Type, oid, problem};
use crate::wire::Format;

/// Writes the text of a value of any type from its binary form, as the server would under default settings: what
/// [`Value`](super::Value) displays, without making one.
///
/// ```
/// use trunkline_core::types::{Type, render};
///
/// let mut text = String::new();
/// render(&Type::DATE, &[0, 0, 0, 1], &mut text)?;
/// assert_eq!(text, "2000-01-02");
/// # Ok::<(), trunkline_core::error::BoxError>(())
/// ```
///
/// # Errors
///
/// When the bytes are not a value of that type.
pub fn render(type_: &Type, raw: &[u8], out: &mut String) -> Result<(), BoxError> {
    let type_ = type_.base();
    if scalar::render(type_, raw, out)? {
        return Ok(());
    }
    match type_.kind() {
        Kind::Array(element) => array(type_, &element, raw, out),
        Kind::Range(bound) => Ok(write!(out, "{}", range(&bound, RangeView::read(raw)?)?)?),
        Kind::Multirange(of) => match of.kind() {
            Kind::Range(bound) => multirange(&bound, raw, out),
            _ => other(type_, raw, out),
        },
        Kind::Composite(_) => record(type_, raw, out),
        Kind::Pseudo if type_.oid() == oid::RECORD => record(type_, raw, out),
        Kind::Pseudo if type_.oid() == oid::ANYARRAY => {
            array(type_, &type_.named(ArrayView::read(raw)?.element_oid()), raw, out)
        }
        _ => other(type_, raw, out),
    }
}

fn text(type_: &Type, raw: &[u8]) -> Result<String, BoxError> {
    let mut text = String::new();
    render(type_, raw, &mut text)?;
    Ok(text)
}

fn array(type_: &Type, element: &Type, raw: &[u8], out: &mut String) -> Result<(), BoxError> {
    let view = ArrayView::read(raw)?;
    // Composite values stay what they are in an array of records.
    if view.element_oid() != element.oid() && element.oid() != oid::RECORD {
        return Err(problem::mismatch());
    }
    let dimensions: Vec<_> = view.dimensions().collect();
    let mut writer = ArrayWriter::new(out, &dimensions, type_.delimiter())?;
    for value in view.elements() {
        match value? {
            Some(raw) => writer.element(Some(&text(element, raw)?))?,
            None => writer.element(None)?,
        }
    }
    Ok(())
}

fn range(bound: &Type, view: RangeView<'_>) -> Result<Range<String>, BoxError> {
    view.try_map(|raw| text(bound, raw))
}

fn multirange(bound: &Type, raw: &[u8], out: &mut String) -> Result<(), BoxError> {
    let ranges: Result<Vec<_>, BoxError> =
        MultirangeView::read(raw)?.map(|view| range(bound, view?)).collect();
    Ok(write!(out, "{}", Multirange(ranges?))?)
}

/// Its fields say their types; what those of the database's own are, the described type says.
fn record(type_: &Type, raw: &[u8], out: &mut String) -> Result<(), BoxError> {
    let described = match type_.kind() {
        Kind::Composite(fields) => Some(fields),
        _ => None,
    };
    if described.is_none() {
        check_depth(raw)?;
    }
    let mut writer = RecordWriter::new(out)?;
    for (index, field) in RecordView::read(raw)?.enumerate() {
        let (oid, value) = field?;
        let known = described.as_ref().and_then(|fields| fields.get(index));
        let of = known
            .filter(|field| field.type_.oid() == oid)
            .map_or_else(|| type_.named(oid), |field| field.type_.clone());
        match value {
            Some(raw) => writer.field(Some(&text(&of, raw)?))?,
            None => writer.field(None)?,
        }
    }
    Ok(writer.finish()?)
}

/// What is text, and what nothing is known of.
fn other(type_: &Type, raw: &[u8], out: &mut String) -> Result<(), BoxError> {
    match <&str>::from_sql(type_, Format::Binary, raw) {
        Ok(text) => out.push_str(text),
        Err(problem) if is_text(type_) => return Err(problem),
        Err(_) => binary::hex(raw, out)?,
    }
    Ok(())
}
