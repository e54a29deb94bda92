//! What strings are to the types of PostgreSQL.

use memchr::memchr;

use crate::error::BoxError;
use crate::types::{Type, oid, problem};
use crate::wire::Format;

/// The first byte of what has a version before its text in binary format: jsonb, jsonpath, and ltree with its kin.
pub(in crate::types) const TEXT_VERSION: u8 = 1;

/// The OIDs of the types whose binary format is their text.
macro_rules! same_as_text {
    () => {
        oid::TEXT
            | oid::VARCHAR
            | oid::BPCHAR
            | oid::NAME
            | oid::JSON
            | oid::XML
            | oid::UNKNOWN
            | oid::REFCURSOR
            | oid::CSTRING
            | oid::PG_NODE_TREE
            // Of no bytes, in both formats.
            | oid::VOID
    };
}

/// As what a string is sent.
pub(super) enum Form {
    /// As binary format, which is the text itself.
    Same,
    /// As binary format: a version, then the text.
    Versioned,
    /// As the one byte of a `"char"`.
    Byte,
    /// As the 16 bytes that it means.
    Uuid,
    /// In text format.
    Text,
}

impl Form {
    #[inline]
    pub(super) fn of(type_: &Type) -> Option<Self> {
        match type_.oid() {
            same_as_text!() => Some(Self::Same),
            _ => Self::of_other(type_),
        }
    }

    fn of_other(type_: &Type) -> Option<Self> {
        match type_.oid() {
            oid::JSONB | oid::JSONPATH => Some(Self::Versioned),
            oid::CHAR => Some(Self::Byte),
            oid::UUID => Some(Self::Uuid),
            oid::BOOL
            | oid::INT2
            | oid::INT4
            | oid::INT8
            | oid::OID
            | oid::FLOAT4
            | oid::FLOAT8
            | oid::BYTEA => None,
            _ if type_.is_enum() || type_.is_extension("citext") => Some(Self::Same),
            _ if is_ltree(type_) => Some(Self::Versioned),
            _ if type_.array_of().is_some() => None,
            _ => Some(Self::Text),
        }
    }
}

/// Whether the binary format of a type is its text, as far as its OID tells.
#[inline]
pub(super) fn is_same_as_text(type_: &Type) -> bool {
    matches!(type_.oid(), same_as_text!())
}

/// Whether it is a type of the extension ltree, in a version that has binary formats for them.
fn is_ltree(type_: &Type) -> bool {
    let named = |name| type_.is_extension(name);
    (named("ltree") || named("lquery") || named("ltxtquery")) && type_.has_binary_output()
}

/// Whether the binary form of a type is text, but for a version before it.
pub(in crate::types) fn is_text(type_: &Type) -> bool {
    matches!(Form::of(type_), Some(Form::Same | Form::Versioned))
}

/// What is left of a field that is a string: everything in text format; in binary the types that are text there.
#[inline]
pub(super) fn decode<'a>(type_: &Type, format: Format, raw: &'a [u8]) -> Result<&'a str, BoxError> {
    match (format, type_.oid()) {
        (Format::Text, _) | (Format::Binary, same_as_text!()) => problem::utf8(raw),
        (Format::Binary, _) => decode_other(type_, raw),
    }
}

fn decode_other<'a>(type_: &Type, raw: &'a [u8]) -> Result<&'a str, BoxError> {
    match (Form::of(type_), raw) {
        (Some(Form::Same), _) => problem::utf8(raw),
        (Some(Form::Versioned), [TEXT_VERSION, text @ ..]) => problem::utf8(text),
        (Some(Form::Versioned), _) => Err("its version is not the one that is known, 1".into()),
        (Some(Form::Byte), [0]) => Ok(""),
        (Some(Form::Byte), [_]) => problem::utf8(raw),
        (Some(Form::Byte), _) => Err(problem::length(type_, raw.len())),
        _ if !type_.is_known() && looks_like_text(raw) => problem::utf8(raw),
        _ => Err(problem::mismatch()),
    }
}

/// Whether bytes of a type that is not known are text: an enum's label, a citext. Binary forms of other kinds
/// start with small integers (counts, OIDs, versions, flags) or hold zero bytes, which no text does.
fn looks_like_text(raw: &[u8]) -> bool {
    memchr(0, raw).is_none()
        && raw.first().is_none_or(|&first| first >= b' ' || matches!(first, b'\t' | b'\n' | b'\r'))
}
