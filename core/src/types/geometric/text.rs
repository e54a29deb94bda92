//! The text form of coordinates, with all that the server lets be left out of it.

use alloc::vec::Vec;
use core::fmt;

use super::Point;
use crate::types::float::text;
use crate::types::scan;
use crate::types::space::skip_spaces;

/// Reads the text of one thing, and nothing after it.
pub(super) fn whole<T>(text: &str, read: impl FnOnce(&mut &[u8]) -> Option<T>) -> Option<T> {
    let mut text = text.as_bytes();
    space(&mut text);
    read(&mut text).filter(|_| text.is_empty())
}

pub(super) fn space(text: &mut &[u8]) {
    *text = skip_spaces(text);
}

/// Takes a delimiter, and the spaces after it.
pub(super) fn delimiter(text: &mut &[u8], wanted: u8) -> Option<()> {
    scan::byte(text, wanted)?;
    space(text);
    Some(())
}

pub(super) fn number(text: &mut &[u8]) -> Option<f64> {
    let (number, rest) = text::read(text)?;
    *text = rest;
    space(text);
    Some(number)
}

/// `(x,y)` or `x,y`.
pub(super) fn point(text: &mut &[u8]) -> Option<Point> {
    let open = delimiter(text, b'(');
    let x = number(text)?;
    delimiter(text, b',')?;
    let y = number(text)?;
    if open.is_some() {
        delimiter(text, b')')?;
    }
    Some(Point { x, y })
}

/// Points with commas between them, in parentheses, in brackets if those are let, or in neither; and whether it was
/// brackets.
pub(super) fn points(text: &mut &[u8], brackets: bool) -> Option<(Vec<Point>, bool)> {
    let is_open = brackets && delimiter(text, b'[').is_some();
    let is_enclosed = !is_open && has_outer_parenthesis(text) && delimiter(text, b'(').is_some();
    let mut points = Vec::new();
    loop {
        points.push(point(text)?);
        if delimiter(text, b',').is_none() {
            break;
        }
    }
    // The server takes either where there was a bracket.
    if is_open && delimiter(text, b']').is_some() {
        return Some((points, true));
    }
    if is_open || is_enclosed {
        delimiter(text, b')')?;
    }
    Some((points, is_open))
}

/// Two points, which [`points`] tells how to write.
pub(super) fn two_points(text: &mut &[u8], brackets: bool) -> Option<[Point; 2]> {
    points(text, brackets)?.0.try_into().ok()
}

/// Whether the parenthesis that a text starts with is not that of its first point: another follows at once, or
/// there is no other.
fn has_outer_parenthesis(text: &[u8]) -> bool {
    is_doubled(text) || text.strip_prefix(b"(").is_some_and(|inner| !inner.contains(&b'('))
}

/// Whether a text starts with two parentheses.
pub(super) fn is_doubled(text: &[u8]) -> bool {
    text.strip_prefix(b"(").is_some_and(|mut inner| {
        space(&mut inner);
        inner.first() == Some(&b'(')
    })
}

pub(super) fn write_points(f: &mut fmt::Formatter<'_>, points: &[Point]) -> fmt::Result {
    for (at, point) in points.iter().enumerate() {
        if at > 0 {
            f.write_str(",")?;
        }
        write!(f, "{point}")?;
    }
    Ok(())
}
