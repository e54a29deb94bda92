//! What derived enums share.

use alloc::format;
use alloc::string::String;

use super::{Kind, Type};
use crate::error::BoxError;

/// Whether a label can stand for a `type_`: an enum, or what is text anyway.
pub fn accepts(type_: &Type) -> bool {
    match type_.kind() {
        Kind::Enum(_) | Kind::Unknown => true,
        _ => matches!(type_.oid(), super::oid::TEXT | super::oid::VARCHAR | super::oid::NAME),
    }
}

/// The error of a label that no variant has.
#[cold]
pub fn unknown(raw: &[u8], labels: &[&str]) -> BoxError {
    let label = String::from_utf8_lossy(raw);
    format!("the label \"{label}\" is none of the variants': {}", labels.join(", ")).into()
}
