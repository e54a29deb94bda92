//! Text format: `{1,NULL,"a \"b\""}`. See "Array Input and Output Syntax".

use alloc::borrow::Cow;
use alloc::vec::Vec;

use bytes::{BufMut, BytesMut};
use memchr::memchr2;

use super::dimensions;
use crate::error::BoxError;
use crate::types::{FromSql, ToSql, Type, oid, problem};
use crate::wire::{Format, IsNull};

pub(super) fn encode<T: ToSql>(values: &[T], element: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
    let mut scratch = BytesMut::new();
    out.put_u8(b'{');
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            out.put_u8(element.delimiter());
        }
        scratch.clear();
        if value.to_sql(element, &mut scratch)? == IsNull::Yes {
            out.put_slice(b"NULL");
            continue;
        }
        if value.format(element) != Format::Text {
            return Err(problem::mismatch());
        }
        out.put_u8(b'"');
        for &byte in &scratch {
            if matches!(byte, b'"' | b'\\') {
                out.put_u8(b'\\');
            }
            out.put_u8(byte);
        }
        out.put_u8(b'"');
    }
    out.put_u8(b'}');
    Ok(())
}

/// Grows with the elements that are really there and reserves nothing ahead.
pub(super) fn decode<'a, T: FromSql<'a>>(
    type_: &Type,
    element: &Type,
    raw: &'a [u8],
) -> Result<Vec<T>, BoxError> {
    if matches!(type_.oid(), oid::INT2VECTOR | oid::OIDVECTOR) {
        let values = raw.split(|&byte| byte == b' ').filter(|value| !value.is_empty());
        return values.map(|value| T::from_sql(element, Format::Text, value)).collect();
    }
    let malformed = || problem::unreadable(type_);
    let mut rest = without_bounds(raw).ok_or_else(malformed)??.strip_prefix(b"{").ok_or_else(malformed)?;
    let mut values = Vec::new();
    if rest == b"}" {
        return Ok(values);
    }
    loop {
        if rest.starts_with(b"{") {
            return Err(dimensions("several"));
        }
        let (value, after) = next(rest, element.delimiter()).ok_or_else(malformed)?;
        values.push(match value {
            Value::Null => T::from_null()?,
            Value::Text(Cow::Borrowed(text)) => T::from_sql(element, Format::Text, text)?,
            Value::Text(Cow::Owned(text)) => T::from_sql_owned(element, Format::Text, &text)?,
        });
        rest = match after.split_first() {
            Some((b'}', [])) => return Ok(values),
            Some((&delimiter, after)) if delimiter == element.delimiter() => after,
            _ => return Err(malformed()),
        };
    }
}

/// What follows the bounds that stand before the braces when they are not the usual, as in `[0:1]={a,b}`.
fn without_bounds(raw: &[u8]) -> Option<Result<&[u8], BoxError>> {
    if !raw.starts_with(b"[") {
        return Some(Ok(raw));
    }
    let (bounds, rest) = raw.split_at_checked(raw.iter().position(|&byte| byte == b'=')?)?;
    match bounds.iter().filter(|&&byte| byte == b'[').count() {
        1 => rest.split_first().map(|(_, rest)| Ok(rest)),
        count => Some(Err(dimensions(count))),
    }
}

enum Value<'a> {
    Null,
    /// Owned when it had escapes.
    Text(Cow<'a, [u8]>),
}

/// The first element of `rest`, and what follows it.
fn next(rest: &[u8], delimiter: u8) -> Option<(Value<'_>, &[u8])> {
    if let Some(rest) = rest.strip_prefix(b"\"") {
        let (text, after) = quoted(rest)?;
        return Some((Value::Text(text), after));
    }
    let end =
        rest.iter().position(|&byte| byte == delimiter || matches!(byte, b'{' | b'}' | b'"' | b'\\'))?;
    let (text, after) = rest.split_at_checked(end)?;
    match text {
        [] => None,
        text if text.eq_ignore_ascii_case(b"NULL") => Some((Value::Null, after)),
        text => Some((Value::Text(Cow::Borrowed(text)), after)),
    }
}

/// The text up to the closing quote, escapes undone, and what follows the quote.
fn quoted(mut rest: &[u8]) -> Option<(Cow<'_, [u8]>, &[u8])> {
    let mut unescaped = Vec::new();
    let mut escapes = false;
    loop {
        let (text, after) = rest.split_at_checked(memchr2(b'"', b'\\', rest)?)?;
        match after {
            [b'"', after @ ..] if !escapes => return Some((Cow::Borrowed(text), after)),
            [b'"', after @ ..] => {
                unescaped.extend_from_slice(text);
                return Some((Cow::Owned(unescaped), after));
            }
            [_, escaped, after @ ..] => {
                unescaped.extend_from_slice(text);
                unescaped.push(*escaped);
                escapes = true;
                rest = after;
            }
            _ => return None,
        }
    }
}
