//! The reasons why a value cannot be converted, all of them off the path that decoders take.

use alloc::format;
use core::fmt::Display;
use core::str::FromStr;

use super::Type;
use crate::error::BoxError;

/// The text of a value in text format, parsed.
pub(super) fn parse<T: FromStr>(type_: &Type, raw: &[u8]) -> Result<T, BoxError> {
    utf8(raw)?.parse().map_err(|_| unreadable(type_))
}

#[inline]
pub(super) fn utf8(raw: &[u8]) -> Result<&str, BoxError> {
    core::str::from_utf8(raw).map_err(|_| not_utf8())
}

#[cold]
pub(super) fn not_utf8() -> BoxError {
    "it is not valid UTF-8".into()
}

#[cold]
pub(super) fn null() -> BoxError {
    "it is NULL, which only an Option can hold".into()
}

#[cold]
pub(super) fn borrowed() -> BoxError {
    "it is written with escapes, so that it cannot be borrowed; ask for a type that owns its bytes".into()
}

#[cold]
pub(super) fn mismatch() -> BoxError {
    "the types do not match".into()
}

#[cold]
pub(super) fn mixed() -> BoxError {
    "it is among strings that stand for values of other types, beside which only text can be sent, and its type \
     has none here; give values in the place of the strings"
        .into()
}

/// What a codec of the program's says.
#[cold]
pub(super) fn coded(type_: &Type, problem: &BoxError) -> BoxError {
    format!("the codec that was set for {type_}: {problem}").into()
}

#[cold]
pub(super) fn length(type_: &Type, length: usize) -> BoxError {
    format!("it is no {type_} in binary format (its length is {length})").into()
}

#[cold]
pub(super) fn unreadable(type_: &Type) -> BoxError {
    format!("its text is no {type_}").into()
}

#[cold]
pub(super) fn out_of_range<L: Display>(value: impl Display, lowest: L, highest: L) -> BoxError {
    format!("{value} is out of its range, {lowest} to {highest}").into()
}

#[cold]
pub(super) fn nul() -> BoxError {
    "it contains a NUL byte, which no PostgreSQL text can hold".into()
}
