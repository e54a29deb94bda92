use alloc::vec::{self, Vec};
use core::fmt;

use super::{Range, RangeText, RangeView};
use crate::types::ParseError;
use crate::types::counted::Counted;
use crate::types::space::skip_spaces;
use crate::wire::Malformed;

const NOT: ParseError = ParseError::not("a multirange");

/// The least that a range takes in a multirange: its length and its flags.
const LEAST: usize = 5;

/// Ranges over one type, as one value.
///
/// They are kept as they are given: only the server puts them in order, makes one of those that touch, and leaves
/// out the empty ones.
///
/// ```
/// use trunkline_core::types::Multirange;
///
/// let days: Multirange<i32> = [1..3, 5..7].map(Into::into).into_iter().collect();
/// assert_eq!(days.to_string(), "{[1,3),[5,7)}");
/// ```
///
/// See ["Range Types"].
///
/// ["Range Types"]: https://www.postgresql.org/docs/18/rangetypes.html
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Multirange<T>(pub Vec<Range<T>>);

impl<T> Default for Multirange<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<Vec<Range<T>>> for Multirange<T> {
    fn from(ranges: Vec<Range<T>>) -> Self {
        Self(ranges)
    }
}

impl<T> FromIterator<Range<T>> for Multirange<T> {
    fn from_iter<I: IntoIterator<Item = Range<T>>>(ranges: I) -> Self {
        Self(ranges.into_iter().collect())
    }
}

impl<T> IntoIterator for Multirange<T> {
    type Item = Range<T>;
    type IntoIter = vec::IntoIter<Range<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// As the server's `multirange_out` writes it.
impl<T: fmt::Display> fmt::Display for Multirange<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (at, range) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            range.fmt(f)?;
        }
        f.write_str("}")
    }
}

/// A multirange in binary format: an iterator of its ranges, each with its bounds where they are, or why it cannot
/// be read, and nothing after that. Bytes that are left behind the last one are such an error too.
///
/// ```text
/// Int32 ranges │ ( Int32 length, range )…
/// ```
///
/// ```
/// use trunkline_core::types::range::{MultirangeView, Range};
///
/// // '{empty}', as no server sends it
/// let ranges: Result<Vec<_>, _> = MultirangeView::read(b"\0\0\0\x01\0\0\0\x01\x01")?.collect();
/// assert_eq!(ranges?, [Range::Empty]);
/// # Ok::<(), trunkline_core::wire::Malformed>(())
/// ```
#[derive(Debug, Clone)]
pub struct MultirangeView<'a>(Counted<'a>);

impl<'a> MultirangeView<'a> {
    /// Reads how many ranges there are.
    ///
    /// ```
    /// use trunkline_core::types::range::MultirangeView;
    ///
    /// assert!(MultirangeView::read(b"\0\0\0\0").is_ok());
    /// assert!(MultirangeView::read(b"\0\0\0\x07").is_err(), "there is no room for seven");
    /// ```
    ///
    /// # Errors
    ///
    /// When what follows is too short for as many.
    pub fn read(raw: &'a [u8]) -> Result<Self, Malformed> {
        Counted::read(raw, LEAST).map(Self)
    }

    /// How many ranges are still to come.
    ///
    /// ```
    /// use trunkline_core::types::range::MultirangeView;
    ///
    /// assert_eq!(MultirangeView::read(b"\0\0\0\x01\0\0\0\x01\x01")?.len(), 1);
    /// # Ok::<(), trunkline_core::wire::Malformed>(())
    /// ```
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no more.
    ///
    /// ```
    /// use trunkline_core::types::range::MultirangeView;
    ///
    /// assert!(MultirangeView::read(b"\0\0\0\0")?.is_empty());
    /// # Ok::<(), trunkline_core::wire::Malformed>(())
    /// ```
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'a> Iterator for MultirangeView<'a> {
    type Item = Result<RangeView<'a>, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next(|reader| RangeView::read(reader.value()?.ok_or(Malformed::InvalidLength)?))
    }
}

/// A multirange in text format (`{[1,3),[5,7)}`): an iterator of its ranges, each with its bounds as their text,
/// or why it cannot be read, and nothing after that.
///
/// See ["Range Input/Output"].
///
/// ```
/// use trunkline_core::types::range::MultirangeText;
///
/// let ranges: Result<Vec<_>, _> = MultirangeText::read(b"{[1,3),[5,7)}").collect();
/// assert_eq!(ranges?.len(), 2);
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// ["Range Input/Output"]: https://www.postgresql.org/docs/18/rangetypes.html#RANGETYPES-IO
#[derive(Debug, Clone)]
pub struct MultirangeText<'a> {
    rest: &'a [u8],
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    After,
    End,
}

impl<'a> MultirangeText<'a> {
    /// Reads a multirange, all of the text.
    ///
    /// ```
    /// use trunkline_core::types::range::MultirangeText;
    ///
    /// assert_eq!(MultirangeText::read(b"{}").count(), 0);
    /// assert!(MultirangeText::read(b"{[1,3)").any(|range| range.is_err()));
    /// ```
    pub const fn read(text: &'a [u8]) -> Self {
        Self { rest: text, state: State::Start }
    }

    fn step(&mut self) -> Option<Option<RangeText<'a>>> {
        let start = self.state == State::Start;
        let (&byte, after) = skip_spaces(self.rest).split_first()?;
        self.rest = after;
        match byte {
            b'{' if start && !skip_spaces(after).starts_with(b"}") => {}
            b',' if !start => {}
            b'{' if start => return self.end(skip_spaces(after).strip_prefix(b"}")?),
            b'}' if !start => return self.end(after),
            _ => return None,
        }
        self.state = State::After;
        RangeText::take(&mut self.rest).map(Some)
    }

    fn end(&mut self, rest: &[u8]) -> Option<Option<RangeText<'a>>> {
        self.state = State::End;
        skip_spaces(rest).is_empty().then_some(None)
    }
}

impl<'a> Iterator for MultirangeText<'a> {
    type Item = Result<RangeText<'a>, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::End {
            return None;
        }
        let step = self.step();
        if step.is_none() {
            self.state = State::End;
        }
        step.map_or(Some(Err(NOT)), |range| range.map(Ok))
    }
}

#[cfg(test)]
mod tests {
    use core::ops::Bound;
    use std::string::{String, ToString};

    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Multirange<String>, ParseError> {
        let owned =
            |range: RangeText<'_>| range.try_map(|bound| String::from_utf8(bound.into_owned())).unwrap();
        MultirangeText::read(text.as_bytes()).map(|range| range.map(owned)).collect::<Result<_, _>>()
    }

    #[test]
    fn ranges_of_a_text_are_read() {
        let text = |text: &str| read(text).map(|multirange| multirange.to_string());
        assert_eq!(text("{}"), Ok("{}".into()));
        assert_eq!(text(" { [1,3) , (5,\"]}\"] ,empty } "), Ok("{[1,3),(5,\"]}\"],empty}".into()));
        for broken in
            ["", "{", "{[1,3)", "{[1,3),", "{[1,3),}", "{,[1,3)}", "{}x", "[1,3)", "{[1,3)}}", "{[1,3)[5,7)}"]
        {
            assert!(read(broken).is_err(), "{broken}");
            let mut iterator = MultirangeText::read(broken.as_bytes());
            assert_eq!(iterator.by_ref().filter(Result::is_err).count(), 1);
            assert!(iterator.next().is_none());
        }
    }

    #[test]
    fn ranges_in_binary_are_told() {
        let raw = b"\0\0\0\x02\0\0\0\x06\x12\0\0\0\x01\x07\0\0\0\x01\x01";
        let view = MultirangeView::read(raw).unwrap();
        assert_eq!((view.len(), view.is_empty()), (2, false));
        let ranges: Vec<_> = view.map(Result::unwrap).collect();
        assert_eq!(ranges, [Range::new(Bound::Included(&[7][..]), Bound::Unbounded), Range::Empty]);
        assert_eq!(MultirangeView::read(b"\0\0\0\0").unwrap().next(), None);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let refused =
            |raw| MultirangeView::read(raw).and_then(|view| view.collect::<Result<Vec<_>, _>>()).unwrap_err();
        assert_eq!(refused(b"\0\0\0"), Malformed::Truncated);
        assert_eq!(refused(b"\xff\xff\xff\xff"), Malformed::InvalidLength);
        assert_eq!(refused(b"\x7f\xff\xff\xff\0\0\0\x01\x01"), Malformed::Truncated);
        assert_eq!(refused(b"\0\0\0\x01\0\0\0\x01\x01\0"), Malformed::TrailingBytes);
        assert_eq!(refused(b"\0\0\0\x01\xff\xff\xff\xff\0"), Malformed::InvalidLength);
        assert_eq!(refused(b"\0\0\0\x01\0\0\0\x01\x20"), Malformed::Unknown("a range's flags"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bounds in proptest::collection::vec((r#"[\[\](),{}"a]*"#, 0..3), 0..5)) {
            let ranges = bounds.into_iter().map(|(bound, kind)| match kind {
                0 => Range::Empty,
                1 => Range::from(bound..),
                _ => Range::from(..=bound),
            });
            let multirange: Multirange<String> = ranges.collect();
            prop_assert_eq!(read(&multirange.to_string()), Ok(multirange));
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text in r#"[\[\](),{}"\\ ]*"#) {
            for raw in [&raw[..], &[&[0, 0, 0, 1][..], &raw].concat()] {
                if let Ok(view) = MultirangeView::read(raw) {
                    prop_assert!(view.count() <= raw.len());
                }
            }
            prop_assert!(MultirangeText::read(text.as_bytes()).count() <= text.len() + 1);
        }
    }
}
