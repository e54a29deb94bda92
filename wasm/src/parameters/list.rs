use trunkline_core::types::array::Dimension;
use trunkline_core::types::{Array, BoxError};

use super::numbers::decimal;
use super::value::{List, Value};

/// PostgreSQL's MAXDIM.
const MOST: usize = 6;

/// The array that nested lists are: lists in lists are dimensions.
pub(super) fn flatten<'a>(list: List<'a>, bounds: Option<List<'a>>) -> Result<Array<Value<'a>>, BoxError> {
    let mut dimensions = Vec::new();
    let mut first = Some(list);
    while let Some(list) = first {
        if dimensions.len() == MOST {
            return Err("it has more than six dimensions".into());
        }
        dimensions.push(Dimension::new(list.count));
        first = match list.iter().next() {
            Some(Value::List(inner)) => Some(inner),
            _ => None,
        };
    }
    if let Some(bounds) = bounds {
        for (dimension, bound) in dimensions.iter_mut().zip(bounds.iter()) {
            let Value::Int(bound) = bound else { return Err("its lowerBounds are not integers".into()) };
            dimension.lower_bound = bound;
        }
    }
    let mut elements = Vec::new();
    gather(list, &dimensions, &mut elements)?;
    if elements.is_empty() {
        dimensions.clear();
    }
    Ok(Array::with_dimensions(dimensions, elements)?)
}

fn gather<'a>(list: List<'a>, dimensions: &[Dimension], elements: &mut Vec<Value<'a>>) -> Result<(), BoxError> {
    let Some((dimension, inner)) = dimensions.split_first() else { return Ok(()) };
    if list.count != dimension.length {
        return Err("the arrays in it are not all of the same length".into());
    }
    for value in list.iter() {
        match value {
            Value::List(list) if !inner.is_empty() => gather(list, inner, elements)?,
            value if inner.is_empty() => elements.push(value),
            _ => return Err("it holds both arrays and other values".into()),
        }
    }
    Ok(())
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
