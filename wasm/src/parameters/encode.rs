use bytes::{BufMut, BytesMut};
use trunkline_core::types::Type;
use trunkline_core::wire::{Format, IsNull};

use super::array;
use super::json::write_json;
use super::value::Value;
use crate::rows::oids;

/// What does not fit, in words; empty when the types alone say it.
pub(super) type Problem = String;

/// How `value` is written as a `type_`.
pub(super) fn format(value: Value<'_>, type_: &Type) -> Format {
    let oid = type_.oid();
    match value {
        _ if is_json(oid) => Format::Binary,
        Value::Null => Format::Binary,
        Value::String(_) | Value::Date(_) if !is_text(oid) => Format::Text,
        Value::Int(_) | Value::Double(_) | Value::BigInt(_) | Value::Decimal(_) if oid == oids::NUMERIC => {
            Format::Text
        }
        Value::List(list) => array::format(list, type_),
        _ => Format::Binary,
    }
}

/// Appends `value` as a `type_`, in the format that [`format`] tells.
pub(super) fn encode(value: Value<'_>, type_: &Type, out: &mut BytesMut) -> Result<IsNull, Problem> {
    let oid = type_.oid();
    match value {
        Value::Null => return Ok(IsNull::Yes),
        _ if is_json(oid) => {
            if oid == oids::JSONB {
                out.put_u8(1); // the version of jsonb's binary form
            }
            write_json(value, out)?;
        }
        Value::String(text) | Value::Date(text) => out.put_slice(without_nul(text)?),
        Value::Bool(bool) if oid == oids::BOOL => out.put_u8(bool.into()),
        Value::Int(int) => integer(int.into(), oid, out)?,
        Value::BigInt(int) if !matches!(oid, oids::FLOAT4 | oids::FLOAT8) => integer(int, oid, out)?,
        Value::Double(double) => number(double, oid, out)?,
        Value::Decimal(text) if oid == oids::NUMERIC => out.put_slice(text.as_bytes()),
        Value::Decimal(_) if matches!(oid, oids::INT2 | oids::INT4 | oids::INT8 | oids::OID) => {
            return Err("it is out of range".into());
        }
        Value::Bytes(bytes) if oid == oids::BYTEA => out.put_slice(bytes),
        Value::List(list) => array::encode(list, type_, out)?,
        Value::Json(_) => return Err("only json and jsonb take objects".into()),
        _ => return Err(Problem::new()),
    }
    Ok(IsNull::No)
}

pub(super) const fn is_json(oid: u32) -> bool {
    matches!(oid, oids::JSON | oids::JSONB)
}

/// The types whose binary form is their text.
pub(super) const fn is_text(oid: u32) -> bool {
    matches!(oid, oids::TEXT | oids::VARCHAR | oids::BPCHAR | oids::NAME | oids::UNKNOWN | oids::XML)
}

fn without_nul(text: &str) -> Result<&[u8], Problem> {
    if text.bytes().any(|byte| byte == 0) {
        return Err("it contains a NUL character, which PostgreSQL's texts cannot hold".into());
    }
    Ok(text.as_bytes())
}

fn integer(value: i64, oid: u32, out: &mut BytesMut) -> Result<(), Problem> {
    let range = |_| format!("{value} is out of range");
    match oid {
        oids::INT2 => out.put_i16(value.try_into().map_err(range)?),
        oids::INT4 => out.put_i32(value.try_into().map_err(range)?),
        oids::INT8 => out.put_i64(value),
        oids::OID | oids::XID | oids::CID => out.put_u32(value.try_into().map_err(range)?),
        oids::NUMERIC => out.put_slice(value.to_string().as_bytes()),
        #[expect(clippy::cast_precision_loss, reason = "a JavaScript number, which a double holds")]
        oids::FLOAT8 => out.put_f64(value as f64),
        #[expect(clippy::cast_precision_loss, reason = "as PostgreSQL's own cast from integers rounds")]
        oids::FLOAT4 => out.put_f32(value as f32),
        oid if is_text(oid) => {
            return Err("convert it with String(), or cast the parameter in the SQL".into());
        }
        _ => return Err(Problem::new()),
    }
    Ok(())
}

fn number(value: f64, oid: u32, out: &mut BytesMut) -> Result<(), Problem> {
    match oid {
        oids::FLOAT8 => out.put_f64(value),
        oids::FLOAT4 => {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "rounding is what float4 means; overflow is checked"
            )]
            let single = value as f32;
            if single.is_infinite() && value.is_finite() {
                return Err(format!("{} is out of range", decimal(value)));
            }
            out.put_f32(single);
        }
        oids::NUMERIC => out.put_slice(decimal(value).as_bytes()),
        _ => return integer(whole(value)?, oid, out),
    }
    Ok(())
}

/// The integer that a double is, when it is one that JavaScript is sure of.
fn whole(value: f64) -> Result<i64, Problem> {
    const SAFE: f64 = 9_007_199_254_740_991.0;
    if value.fract() != 0.0 || !value.is_finite() {
        return Err(format!("{} is not an integer", decimal(value)));
    }
    if value.abs() > SAFE {
        return Err(format!("{} is not a safe integer; give a BigInt", decimal(value)));
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked above")]
    Ok(value as i64)
}

/// The shortest decimal that reads back as `value`, as JavaScript writes it: PostgreSQL and JSON read that too.
/// JavaScript's own code for it is there already; Rust's would be a tenth of the wasm.
pub(super) fn decimal(value: f64) -> String {
    #[cfg(target_arch = "wasm32")]
    return js_sys::Number::from(value).to_string_with_radix(10).map(String::from).unwrap_or_default();
    #[cfg(not(target_arch = "wasm32"))]
    value.to_string()
}
