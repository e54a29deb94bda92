//! The words in the text of a tsvector or tsquery.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use memchr::{memchr, memchr2};

use crate::types::codec::ParseError;
use crate::types::space::is_space;

/// The bytes that the server's input functions take at most.
const LONGEST: usize = 2046;

const NOT: ParseError = ParseError::not("a word of 1 to 2046 bytes, none of them NUL");

/// A word that the server would take.
pub(super) fn checked(word: &str) -> Result<Box<str>, ParseError> {
    let fits = (1..=LONGEST).contains(&word.len()) && memchr(0, word.as_bytes()).is_none();
    fits.then(|| word.into()).ok_or(NOT)
}

/// Takes a word off the start of `rest`, which is not a space: a bare one, which ends before a space, a colon or
/// one of `delimiters`, or a quoted one. `None` when there is no word to read.
pub(super) fn take(rest: &mut &[u8], delimiters: &[u8]) -> Option<Box<str>> {
    let word = match rest.strip_prefix(b"'") {
        Some(after) => {
            *rest = after;
            quoted(rest)?
        }
        None => bare(rest, delimiters)?,
    };
    checked(&String::from_utf8(word).ok()?).ok()
}

/// What stands between quotes. A quote is doubled or has a backslash before it.
fn quoted(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let mut word = Vec::new();
    loop {
        let (byte, after) = match **rest {
            [b'\'', b'\'', ref after @ ..] => (b'\'', after),
            [b'\'', ref after @ ..] => {
                *rest = after;
                return Some(word);
            }
            [b'\\', byte, ref after @ ..] => (byte, after),
            [b'\\'] | [] => return None,
            [byte, ref after @ ..] => (byte, after),
        };
        word.push(byte);
        *rest = after;
    }
}

/// Where a word has begun, a quote is a character like others; where it begins, so is a colon.
fn bare(rest: &mut &[u8], delimiters: &[u8]) -> Option<Vec<u8>> {
    let mut word = Vec::new();
    loop {
        let (byte, after) = match **rest {
            [b'\\', byte, ref after @ ..] => (byte, after),
            [b'\\'] => return None,
            [b':', ..] if !word.is_empty() => return Some(word),
            [byte, ref after @ ..] if !is_space(byte) && !delimiters.contains(&byte) => (byte, after),
            _ => return (!word.is_empty()).then_some(word),
        };
        word.push(byte);
        *rest = after;
    }
}

/// A word as both output functions write it: quoted, with quotes and backslashes doubled.
pub(super) fn write(f: &mut fmt::Formatter<'_>, word: &str) -> fmt::Result {
    f.write_str("'")?;
    let mut rest = word;
    while let Some(at) = memchr2(b'\'', b'\\', rest.as_bytes())
        && let Some((head, tail)) = rest.split_at_checked(at + 1)
    {
        f.write_str(head)?;
        f.write_str(head.get(at..).unwrap_or_default())?;
        rest = tail;
    }
    f.write_str(rest)?;
    f.write_str("'")
}
