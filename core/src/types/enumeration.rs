//! What derived enums share.

use alloc::format;
use alloc::string::String;

use bytes::BytesMut;

use super::{Kind, Type, oid};
use crate::error::BoxError;
use crate::wire::IsNull;

/// Whether a label can stand for a `type_`: an enum, or what is text anyway.
pub fn accepts(type_: &Type) -> bool {
    match type_.description() {
        Some(description) => matches!(description.kind, Kind::Enum(_) | Kind::Unknown),
        None => !type_.is_known() || matches!(type_.oid(), oid::TEXT | oid::VARCHAR | oid::NAME),
    }
}

/// Appends a label, which is the same bytes in both formats.
#[inline]
pub fn encode(label: &str, out: &mut BytesMut) -> IsNull {
    out.extend_from_slice(label.as_bytes());
    IsNull::No
}

/// The error of a label that no variant has.
#[cold]
pub fn unknown(raw: &[u8], labels: &[&str]) -> BoxError {
    let label = String::from_utf8_lossy(raw);
    format!("the label \"{label}\" is none of the variants': {}", labels.join(", ")).into()
}
