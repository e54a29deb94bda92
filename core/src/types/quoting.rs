//! The quotes that the text formats of arrays, ranges and records share.
//!
//! Records and ranges double a quote or backslash inside quotes; arrays put a backslash before it. All of them
//! read a backslash as taking the byte after it as it is.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

/// What stands before a quote or a backslash in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    Backslash,
    /// The same once more.
    Itself,
}

/// Writes `text` in quotes.
pub(super) fn write_quoted(out: &mut dyn fmt::Write, text: &str, escape: Escape) -> fmt::Result {
    out.write_char('"')?;
    let mut written = 0;
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        if matches!(byte, b'"' | b'\\') {
            out.write_str(text.get(written..at).unwrap_or_default())?;
            out.write_char(if escape == Escape::Itself { char::from(byte) } else { '\\' })?;
            written = at;
        }
    }
    out.write_str(text.get(written..).unwrap_or_default())?;
    out.write_char('"')
}

/// A field of a record or a bound of a range, up to one of `ends`, which stays in `rest`: nothing when there is
/// not even a pair of quotes. `None` when the text ends first.
pub(super) fn read_part<'a>(rest: &mut &'a [u8], ends: &[u8]) -> Option<Option<Cow<'a, [u8]>>> {
    if let Some(found) = read_plain(rest, ends) {
        return Some((!found.is_empty()).then_some(Cow::Borrowed(found)));
    }
    if let Some(found) = read_wholly_quoted(rest, ends) {
        return Some(Some(Cow::Borrowed(found)));
    }
    let mut unescaped = Vec::new();
    let mut quoted = false;
    loop {
        *rest = match *rest {
            [b'\\', byte, after @ ..] => {
                unescaped.push(*byte);
                after
            }
            [b'\\'] | [] => return None,
            [b'"', b'"', after @ ..] if quoted => {
                unescaped.push(b'"');
                after
            }
            [b'"', after @ ..] => {
                quoted = !quoted;
                after
            }
            [byte, ..] if !quoted && ends.contains(byte) => return Some(Some(Cow::Owned(unescaped))),
            [byte, after @ ..] => {
                unescaped.push(*byte);
                after
            }
        };
    }
}

/// What has neither quotes nor escapes.
fn read_plain<'a>(rest: &mut &'a [u8], ends: &[u8]) -> Option<&'a [u8]> {
    let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\') || ends.contains(byte))?;
    let (text, after) = rest.split_at_checked(end)?;
    if matches!(after, [b'"' | b'\\', ..]) {
        return None;
    }
    *rest = after;
    Some(text)
}

/// What is in quotes from its beginning to its end and has nothing to undo in them.
fn read_wholly_quoted<'a>(rest: &mut &'a [u8], ends: &[u8]) -> Option<&'a [u8]> {
    let inner = rest.strip_prefix(b"\"")?;
    let (text, after) = inner.split_at_checked(memchr::memchr2(b'"', b'\\', inner)?)?;
    let after = after.strip_prefix(b"\"")?;
    if !ends.contains(after.first()?) {
        return None;
    }
    *rest = after;
    Some(text)
}

#[cfg(test)]
mod tests {
    use std::string::String;

    use super::*;

    fn part(text: &str) -> Option<(Option<String>, &str)> {
        let mut rest = text.as_bytes();
        let part = read_part(&mut rest, b",)")?;
        let part = part.map(|part| String::from_utf8(part.into_owned()).unwrap());
        Some((part, std::str::from_utf8(rest).unwrap()))
    }

    #[test]
    fn parts_are_read_with_their_quotes_and_escapes_undone() {
        let some = |text: &str, rest| Some((Some(String::from(text)), rest));
        assert_eq!(part("a,b"), some("a", ",b"));
        assert_eq!(part(",b"), Some((None, ",b")));
        assert_eq!(part(r#""",b"#), some("", ",b"));
        assert_eq!(part(r#""a,b")"#), some("a,b", ")"));
        assert_eq!(part(r#""a""b\\\,")"#), some(r#"a"b\,"#, ")"));
        assert_eq!(part(r#"a"b, "\,c)"#), some("ab, ,c", ")"));
        assert_eq!(part(r#" a )"#), some(" a ", ")"));
        for broken in ["", "a", r#""a,"#, r#""a"#, r"a\", r"\,"] {
            assert_eq!(part(broken), None, "{broken}");
        }
    }

    #[test]
    fn what_has_nothing_to_undo_is_borrowed() {
        for text in ["a b)", r#""a b")"#] {
            let part = read_part(&mut text.as_bytes(), b")").unwrap().unwrap();
            assert!(matches!(part, Cow::Borrowed(b"a b")), "{text}");
        }
    }

    #[test]
    fn quotes_are_written_with_their_escapes() {
        let mut out = String::new();
        write_quoted(&mut out, r#"a"b\\ü"#, Escape::Backslash).unwrap();
        write_quoted(&mut out, r#""\"#, Escape::Itself).unwrap();
        assert_eq!(out, r#""a\"b\\\\ü""""\\""#);
    }
}
