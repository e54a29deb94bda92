use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt::{self, Write as _};
use core::ops::Bound;

use super::Range;
use crate::types::ParseError;
use crate::types::quoting::{Escape, read_part, write_quoted};
use crate::types::space::{is_space, skip_spaces};

const NOT: ParseError = ParseError::not("a range");

/// A range in text format (`[1,"a b")`, `(,5]`, `empty`), quotes and escapes undone in its bounds.
///
/// ```
/// use core::ops::Bound;
/// use trunkline_core::types::range::{Range, RangeText};
///
/// let range = RangeText::read(br#"["a b",)"#)?;
/// assert_eq!(range, Range::new(Bound::Included(b"a b"[..].into()), Bound::Unbounded));
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// See ["Range Input/Output"].
///
/// ["Range Input/Output"]: https://www.postgresql.org/docs/18/rangetypes.html#RANGETYPES-IO
pub type RangeText<'a> = Range<Cow<'a, [u8]>>;

impl<'a> RangeText<'a> {
    /// Reads a range, all of the text.
    ///
    /// ```
    /// use trunkline_core::types::range::{Range, RangeText};
    ///
    /// assert_eq!(RangeText::read(b"empty")?, Range::Empty);
    /// assert!(RangeText::read(b"[1").is_err());
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the text is not a range's.
    pub fn read(text: &'a [u8]) -> Result<Self, ParseError> {
        let mut rest = text;
        match Self::take(&mut rest) {
            Some(range) if rest.is_empty() => Ok(range),
            _ => Err(NOT),
        }
    }

    /// Reads a range from the beginning of `rest`, with the white space around it.
    pub(super) fn take(rest: &mut &'a [u8]) -> Option<Self> {
        *rest = skip_spaces(rest);
        if let Some((word, after)) = rest.split_at_checked(5)
            && word.eq_ignore_ascii_case(b"empty")
        {
            *rest = skip_spaces(after);
            return Some(Self::Empty);
        }
        let opening = take_byte(rest)?;
        if !matches!(opening, b'[' | b'(') {
            return None;
        }
        let lower = read_part(rest, b",)]")?;
        if take_byte(rest)? != b',' {
            return None;
        }
        let upper = read_part(rest, b",)]")?;
        let closing = take_byte(rest)?;
        if closing == b',' {
            return None;
        }
        *rest = skip_spaces(rest);
        Some(Self::Bounds { lower: bound(lower, opening == b'['), upper: bound(upper, closing == b']') })
    }
}

fn bound<T>(value: Option<T>, inclusive: bool) -> Bound<T> {
    match value {
        Some(value) if inclusive => Bound::Included(value),
        Some(value) => Bound::Excluded(value),
        None => Bound::Unbounded,
    }
}

fn take_byte(rest: &mut &[u8]) -> Option<u8> {
    let (&byte, after) = rest.split_first()?;
    *rest = after;
    Some(byte)
}

/// As the server's `range_out` writes it.
impl<T: fmt::Display> fmt::Display for Range<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Bounds { lower, upper } = self else { return f.write_str("empty") };
        f.write_char(if matches!(lower, Bound::Included(_)) { '[' } else { '(' })?;
        let mut scratch = String::new();
        write_bound(f, lower, &mut scratch)?;
        f.write_char(',')?;
        write_bound(f, upper, &mut scratch)?;
        f.write_char(if matches!(upper, Bound::Included(_)) { ']' } else { ')' })
    }
}

fn write_bound<T: fmt::Display>(
    out: &mut fmt::Formatter<'_>,
    bound: &Bound<T>,
    scratch: &mut String,
) -> fmt::Result {
    let (Bound::Included(value) | Bound::Excluded(value)) = bound else { return Ok(()) };
    scratch.clear();
    write!(scratch, "{value}")?;
    if needs_quotes(scratch.as_bytes()) {
        write_quoted(out, scratch, Escape::Itself)
    } else {
        out.write_str(scratch)
    }
}

fn needs_quotes(text: &[u8]) -> bool {
    let special =
        |&byte: &u8| matches!(byte, b'"' | b'\\' | b'(' | b')' | b'[' | b']' | b',') || is_space(byte);
    text.is_empty() || text.iter().any(special)
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Range<String>, ParseError> {
        let owned = |bound: Cow<'_, [u8]>| String::from_utf8(bound.into_owned());
        RangeText::read(text.as_bytes()).map(|range| range.try_map(owned).unwrap())
    }

    fn range(lower: Bound<&str>, upper: Bound<&str>) -> Range<String> {
        Range::Bounds { lower: lower.map(Into::into), upper: upper.map(Into::into) }
    }

    #[test]
    fn ranges_are_read_as_the_server_reads_them() {
        use Bound::{Excluded, Included, Unbounded};
        for (text, expected) in [
            ("[1,3)", range(Included("1"), Excluded("3"))),
            ("(1,3]", range(Excluded("1"), Included("3"))),
            (" (,) ", range(Unbounded, Unbounded)),
            ("[,]", range(Unbounded, Unbounded)),
            (r#"["",")]" ]"#, range(Included(""), Included(")] "))),
            (r#"["a ""b""",\,c"d"\\)"#, range(Included(r#"a "b""#), Excluded(r",cd\"))),
            ("empty", Range::Empty),
            (" EMPTY ", Range::Empty),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_the_server_refuses_is_refused() {
        for text in [
            "",
            "1",
            "[1",
            "[1,",
            "[1,2",
            "[1)",
            "[1,2,3)",
            "[1,2)x",
            "emptyx",
            "empt",
            "{1,2)",
            r#"["1,2)"#,
            r"[1,2\)",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ranges_are_written_as_the_server_writes_them() {
        let shown = |range: Range<&str>| range.to_string();
        assert_eq!(shown(Range::Empty), "empty");
        assert_eq!(shown(Range::from("a".."b c")), r#"[a,"b c")"#);
        assert_eq!(shown(Range::from(""..=r#"\""#)), r#"["","\\"""]"#);
        assert_eq!(shown(Range::from(..)), "(,)");
        assert_eq!(shown(Range::new(Bound::Excluded("{"), Bound::Unbounded)), "({,)");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(lower in r#"[\[\](), "\\a]*"#, upper in r#"[\[\](), "\\a]*"#, kind in 0..5) {
            let range: Range<String> = match kind {
                0 => (lower..upper).into(),
                1 => (lower..=upper).into(),
                2 => (lower..).into(),
                3 => (..=upper).into(),
                _ => Range::Empty,
            };
            prop_assert_eq!(read(&range.to_string()), Ok(range));
        }

        #[test]
        fn any_text_is_survived(text in r#"[\[\](),"\\ a]*"#, raw: Vec<u8>) {
            _ = RangeText::read(text.as_bytes());
            _ = RangeText::read(&raw);
        }
    }
}
