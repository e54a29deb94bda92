use std::fmt::Write as _;

use bytes::BytesMut;
use trunkline_core::types::{BoxError, Kind, Type};

use super::host::{Host, is_json};
use super::interval::interval;
use super::json::write_json;
use super::moment::iso;
use super::numbers::decimal;
use super::value::Value;

/// The text of a value that is not made of others, for one that is written in text.
pub(super) fn text(host: Host<'_>, type_: &Type) -> Result<String, BoxError> {
    let value = host.value;
    if is_json(type_.oid()) {
        let mut json = BytesMut::new();
        write_json(value, &mut json)?;
        return Ok(core::str::from_utf8(&json)?.into());
    }
    Ok(match value {
        Value::Bool(bool) => if bool { "t" } else { "f" }.into(),
        Value::Int(int) => int.to_string(),
        Value::BigInt(int) => int.to_string(),
        // Infinity, and what is none, are called so by PostgreSQL too.
        Value::Double(double) => decimal(double),
        Value::Decimal(text) | Value::String(text) => text.into(),
        Value::Date(milliseconds) => iso(milliseconds)?,
        Value::Bytes(bytes) => {
            let mut text = String::from("\\x");
            for byte in bytes {
                write!(text, "{byte:02x}")?;
            }
            text
        }
        Value::Object(object) => {
            let entries: Vec<_> = object.entries().collect();
            match type_.kind() {
                Kind::Base if type_.name() == "interval" => interval(&entries)?.to_string(),
                _ => return Err("it is among others that go as text; give it as a string too".into()),
            }
        }
        _ => return Err(host.unfit(type_)),
    })
}
