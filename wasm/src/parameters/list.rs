use trunkline_core::types::array::Dimension;
use trunkline_core::types::{Array, Bound, BoxError, Kind, Range, Type};

use super::host::{Host, is_json};
use super::numbers::decimal;
use super::value::{List, Value};

/// PostgreSQL's MAXDIM.
const MOST: usize = 6;

/// The array that nested lists are: lists in lists are dimensions, unless the elements are lists themselves.
pub(super) fn flatten<'a>(
    host: Host<'a>,
    element: &Type,
    list: List<'a>,
    bounds: Option<List<'a>>,
) -> Result<Array<Host<'a>>, BoxError> {
    let mut dimensions = Vec::new();
    let mut first = Some(list);
    while let Some(list) = first {
        if dimensions.len() == MOST {
            return Err("it has more than six dimensions".into());
        }
        dimensions.push(Dimension::new(list.count));
        first = match list.iter().next() {
            Some(Value::List(inner)) if !is_list(element, inner) => Some(inner),
            _ => None,
        };
    }
    if let Some(bounds) = bounds {
        if bounds.count != dimensions.len() {
            let (bounds, dimensions) = (bounds.count, dimensions.len());
            return Err(format!("its lowerBounds are {bounds}, its dimensions {dimensions}").into());
        }
        for (dimension, bound) in dimensions.iter_mut().zip(bounds.iter()) {
            let Value::Int(bound) = bound else { return Err("its lowerBounds are not integers".into()) };
            dimension.lower_bound = bound;
        }
    }
    let mut elements = Vec::new();
    gather(list, &dimensions, &mut |value| elements.push(host.part(value)))?;
    if elements.is_empty() {
        dimensions.clear();
    }
    Ok(Array::with_dimensions(&dimensions, elements)?)
}

/// Whether a list is a value of a type, not a dimension of an array of them.
fn is_list(type_: &Type, list: List<'_>) -> bool {
    let base = type_.base();
    match base.kind() {
        Kind::Array(_) | Kind::Multirange(_) => true,
        // The fields in their order, unless they are values with named fields themselves.
        Kind::Composite(_) => !matches!(list.iter().next(), Some(Value::Object(_) | Value::List(_))),
        Kind::Base => is_json(base.oid()) || matches!(base.name(), "vector" | "halfvec"),
        _ => false,
    }
}

fn gather<'a>(
    list: List<'a>,
    dimensions: &[Dimension],
    element: &mut impl FnMut(Value<'a>),
) -> Result<(), BoxError> {
    let Some((dimension, inner)) = dimensions.split_first() else { return Ok(()) };
    if list.count != dimension.length {
        return Err("the arrays in it are not all of the same length".into());
    }
    for value in list.iter() {
        match value {
            Value::List(list) if !inner.is_empty() => gather(list, inner, element)?,
            value if inner.is_empty() => element(value),
            _ => return Err("it holds both arrays and other values".into()),
        }
    }
    Ok(())
}

/// An array whose lower bounds are told.
pub(super) fn bounded<'a>(
    host: Host<'a>,
    type_: &Type,
    parts: List<'a>,
) -> Result<Array<Host<'a>>, BoxError> {
    let element = type_.element().ok_or_else(|| host.unfit(type_))?;
    let mut parts = parts.iter();
    let (Some(Value::List(bounds)), Some(Value::List(elements))) = (parts.next(), parts.next()) else {
        return Err("its lowerBounds are not an array".into());
    };
    flatten(host, &element, elements, Some(bounds))
}

/// A range from its flags, which are those of the binary form, and its bounds.
pub(super) fn range<'a>(host: Host<'a>, bounds: List<'a>) -> Result<Range<Host<'a>>, BoxError> {
    let mut parts = bounds.iter();
    let (Some(Value::Int(flags)), Some(lower), Some(upper)) = (parts.next(), parts.next(), parts.next())
    else {
        return Err("it is no range".into());
    };
    let bound = |value, inclusive: i32, infinite: i32| match host.named_part("one of its bounds", value) {
        _ if flags & infinite != 0 => Bound::Unbounded,
        value if flags & inclusive != 0 => Bound::Included(value),
        value => Bound::Excluded(value),
    };
    if flags & 1 != 0 {
        return Ok(Range::Empty);
    }
    Ok(Range::new(bound(lower, 2, 8), bound(upper, 4, 16)))
}

/// The text of a vector.
pub(super) fn vector(list: List<'_>) -> Result<String, BoxError> {
    let mut text = String::from("[");
    for value in list.iter() {
        if text.len() > 1 {
            text.push(',');
        }
        match value {
            Value::Int(int) => text.push_str(&int.to_string()),
            Value::Double(double) => text.push_str(&decimal(double)),
            _ => return Err(format!("it holds a {}, where a vector holds numbers", value.host_type()).into()),
        }
    }
    text.push(']');
    Ok(text)
}
