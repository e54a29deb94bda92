use bytes::{BufMut, BytesMut};
use trunkline_core::types::BoxError;

use super::numbers::decimal;
use super::value::Value;

/// Writes a value as JSON: a string is a JSON string, a list a JSON array, as JSON.stringify has it.
pub(super) fn write_json(value: Value<'_>, out: &mut BytesMut) -> Result<(), BoxError> {
    match value {
        Value::Null => out.put_slice(b"null"),
        Value::Bool(bool) => out.put_slice(if bool { b"true" } else { b"false" }),
        Value::Int(int) => out.put_slice(int.to_string().as_bytes()),
        Value::Double(double) if double.is_finite() => out.put_slice(decimal(double).as_bytes()),
        Value::Double(_) => return Err("JSON has no NaN and no infinities".into()),
        Value::BigInt(int) => out.put_slice(int.to_string().as_bytes()),
        Value::Decimal(text) | Value::Json(text) | Value::Literal(text) => out.put_slice(text.as_bytes()),
        Value::String(text) => write_string(text, out),
        Value::Date(milliseconds) => write_string(&super::moment::iso(milliseconds)?, out),
        Value::Bytes(_) | Value::Raw(_) => return Err("JSON has no bytes".into()),
        Value::List(list) => {
            out.put_u8(b'[');
            for (index, element) in list.iter().enumerate() {
                if index > 0 {
                    out.put_u8(b',');
                }
                write_json(element, out)?;
            }
            out.put_u8(b']');
        }
        Value::Object(list) => {
            out.put_u8(b'{');
            for (index, (name, value)) in list.entries().enumerate() {
                if index > 0 {
                    out.put_u8(b',');
                }
                write_string(name, out);
                out.put_u8(b':');
                write_json(value, out)?;
            }
            out.put_u8(b'}');
        }
        Value::Range(_) | Value::Bounded(_) => {
            return Err("JSON has no ranges, and no arrays with bounds".into());
        }
    }
    Ok(())
}

fn write_string(text: &str, out: &mut BytesMut) {
    out.put_u8(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.put_slice(&[b'\\', byte]),
            b'\n' => out.put_slice(b"\\n"),
            b'\r' => out.put_slice(b"\\r"),
            b'\t' => out.put_slice(b"\\t"),
            0..0x20 => out.put_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.put_u8(byte),
        }
    }
    out.put_u8(b'"');
}
