//! What has its own rules for where it ends. Lengths are in bytes, from the beginning of what is given; the bool
//! tells whether the end was found.

use super::lexer::{is_space, is_word, is_word_start, run};

/// `-- …`, up to the line's end.
pub(super) fn line_comment(bytes: &[u8]) -> usize {
    run(bytes, |byte| !matches!(byte, b'\n' | b'\r'))
}

/// `/* … */`, nested.
pub(super) fn block_comment(bytes: &[u8]) -> (bool, usize) {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(rest) = bytes.get(at..) {
        match rest {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] if depth == 1 => return (true, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            [_, ..] => at += 1,
            [] => break,
        }
    }
    (false, bytes.len())
}

/// A string constant whose first quote is at `prefix`, and the parts that continue it: one that follows after
/// white space (or line comments) with a line's end in it is the same string, with the same escapes.
pub(super) fn string(bytes: &[u8], prefix: usize, escapes: bool) -> (bool, usize) {
    let (mut closed, mut end) = quoted(bytes, prefix, b'\'', escapes);
    while closed {
        let Some(next) = continuation(bytes, end) else { break };
        (closed, end) = quoted(bytes, next, b'\'', escapes);
    }
    (closed, end)
}

/// Where the next part of a string constant begins, if there is one.
fn continuation(bytes: &[u8], end: usize) -> Option<usize> {
    let mut at = end;
    let mut line_ended = false;
    loop {
        match bytes.get(at..)? {
            [b'\'', ..] if line_ended => return Some(at),
            [byte, ..] if is_space(*byte) => {
                line_ended |= matches!(byte, b'\n' | b'\r');
                at += 1;
            }
            [b'-', b'-', ..] => at += line_comment(bytes.get(at..)?),
            _ => return None,
        }
    }
}

/// Text in quotes, the first of which is at `prefix`; a doubled quote stands for one.
pub(super) fn quoted(bytes: &[u8], prefix: usize, quote: u8, escapes: bool) -> (bool, usize) {
    let mut at = prefix + 1;
    while let Some(rest) = bytes.get(at..) {
        match rest {
            [b'\\', _, ..] if escapes => at += 2,
            [first, second, ..] if *first == quote && *second == quote => at += 2,
            [first, ..] if *first == quote => return (true, at + 1),
            [_, ..] => at += 1,
            [] => break,
        }
    }
    (false, bytes.len())
}

/// `$tag$…$tag$`; `None` when no tag begins here.
pub(super) fn dollar_string(bytes: &[u8]) -> Option<(bool, usize)> {
    let inner = bytes.get(1..)?;
    let name = match inner {
        [first, ..] if is_word_start(*first) => run(inner, |byte| is_word(byte) && byte != b'$'),
        _ => 0,
    };
    if inner.get(name) != Some(&b'$') {
        return None;
    }
    let tag = bytes.get(..name + 2)?;
    let body = bytes.get(tag.len()..)?;
    // A tag has a "$" at its beginning and its end and none between: the first place it fits is the end.
    let end =
        memchr::memchr_iter(b'$', body).find(|at| body.get(*at..).is_some_and(|rest| rest.starts_with(tag)));
    Some(match end {
        Some(at) => (true, tag.len() + at + tag.len()),
        None => (false, bytes.len()),
    })
}

/// A number, of which PostgreSQL 16 knows more forms than those before it. Two dots after digits are an operator.
pub(super) fn number(bytes: &[u8]) -> usize {
    let base: Option<fn(u8) -> bool> = match bytes {
        [b'0', b'x' | b'X', ..] => Some(|byte| byte.is_ascii_hexdigit()),
        [b'0', b'o' | b'O', ..] => Some(|byte| matches!(byte, b'0'..=b'7')),
        [b'0', b'b' | b'B', ..] => Some(|byte| matches!(byte, b'0' | b'1')),
        _ => None,
    };
    if let Some(is_digit) = base {
        let digits = digits(bytes, 2, is_digit);
        return if digits > 2 { digits } else { 1 };
    }
    let decimal = |byte: u8| byte.is_ascii_digit();
    let mut end = digits(bytes, 0, decimal);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1) != Some(&b'.') {
        end = digits(bytes, end + 1, decimal);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(bytes, end + 1 + sign, decimal);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}

/// Where digits that begin at `from` end; single underscores between them do not count.
fn digits(bytes: &[u8], from: usize, is_digit: fn(u8) -> bool) -> usize {
    let mut at = from;
    while let Some(rest) = bytes.get(at..) {
        match rest {
            [b'_', next, ..] if is_digit(*next) && at > 0 => at += 2,
            [byte, ..] if is_digit(*byte) => at += 1,
            _ => break,
        }
    }
    at
}
