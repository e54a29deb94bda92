use bytes::{BufMut, BytesMut};
use trunkline_core::types::Type;
use trunkline_core::wire::{Format, IsNull};

use super::encode::{self, Problem, decimal};
use super::json::write_json;
use super::value::{List, Value};
use crate::rows::element_of;

/// Binary when every element can be: an array has one format for all of them. Strings in an array of another
/// type than text, and arrays of arrays, go as a literal.
pub(super) fn format(list: List<'_>, type_: &Type) -> Format {
    let Some(element) = element(type_) else {
        return Format::Text;
    };
    let binary = list
        .iter()
        .all(|value| !matches!(value, Value::List(_)) && encode::format(value, &element) == Format::Binary)
        || encode::is_json(element.oid());
    if binary { Format::Binary } else { Format::Text }
}

pub(super) fn encode(list: List<'_>, type_: &Type, out: &mut BytesMut) -> Result<(), Problem> {
    let Some(element) = element(type_) else {
        return Err("it is no array type, and no json".into());
    };
    if format(list, type_) == Format::Text {
        return literal(list, encode::is_json(element.oid()), out);
    }
    let has_null = list.iter().any(|value| matches!(value, Value::Null));
    let dimensions = i32::from(list.count > 0);
    out.put_i32(dimensions);
    out.put_i32(has_null.into());
    out.put_u32(element.oid());
    if dimensions > 0 {
        out.put_i32(list.count.try_into().map_err(|_| "it has too many elements")?);
        out.put_i32(1); // the lower bound
    }
    for (index, value) in list.iter().enumerate() {
        let at = out.len();
        out.put_i32(-1);
        let is_null = encode::encode(value, &element, out).map_err(|problem| {
            let host_type = value.host_type();
            format!("element {index} is a {host_type}{}{problem}", if problem.is_empty() { "" } else { ": " })
        })?;
        if is_null == IsNull::No {
            let length = i32::try_from(out.len() - at - 4).map_err(|_| "an element is too long")?;
            if let Some(place) = out.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<4>) {
                *place = length.to_be_bytes();
            }
        }
    }
    Ok(())
}

fn element(type_: &Type) -> Option<Type> {
    element_of(type_.oid()).map(Type::from_oid)
}

/// An array as text. See PostgreSQL's "Array Input and Output Syntax".
fn literal(list: List<'_>, json: bool, out: &mut BytesMut) -> Result<(), Problem> {
    out.put_u8(b'{');
    for (index, value) in list.iter().enumerate() {
        if index > 0 {
            out.put_u8(b',');
        }
        match value {
            Value::Null => out.put_slice(b"NULL"),
            Value::List(inner) if !json => literal(inner, json, out)?,
            _ if json => {
                let mut text = BytesMut::new();
                write_json(value, &mut text)?;
                quote(&text, out);
            }
            Value::Bool(bool) => out.put_u8(if bool { b't' } else { b'f' }),
            Value::Int(int) => out.put_slice(int.to_string().as_bytes()),
            Value::BigInt(int) => out.put_slice(int.to_string().as_bytes()),
            Value::Double(double) => out.put_slice(decimal(double).as_bytes()),
            Value::Decimal(text) => out.put_slice(text.as_bytes()),
            Value::String(text) | Value::Date(text) => quote(text.as_bytes(), out),
            Value::Bytes(_) | Value::Json(_) | Value::List(_) => {
                return Err(format!("element {index} is a {}", value.host_type()));
            }
        }
    }
    out.put_u8(b'}');
    Ok(())
}

fn quote(text: &[u8], out: &mut BytesMut) {
    out.put_u8(b'"');
    for byte in text {
        if matches!(byte, b'"' | b'\\') {
            out.put_u8(b'\\');
        }
        out.put_u8(*byte);
    }
    out.put_u8(b'"');
}
