use alloc::string::String;
use core::fmt::{self, Write};

use super::Dimension;
use crate::types::quoting::{Escape, write_quoted};
use crate::types::space::is_space;

/// Writes an array in text format, as the server's `array_out` does.
///
/// It takes the elements in the order of [`ArrayView::elements`](super::ArrayView::elements), as many as the
/// dimensions hold; the braces and delimiters between them come by themselves, and the bounds before them when
/// one of them does not start at 1.
///
/// ```
/// use trunkline_core::types::array::{ArrayWriter, Dimension};
///
/// let mut text = String::new();
/// let dimensions = [Dimension::new(2), Dimension::new(2)];
/// let mut array = ArrayWriter::new(&mut text, &dimensions, b',')?;
/// for element in [Some("a"), None, Some("b c"), Some("")] {
///     array.element(element)?;
/// }
/// assert_eq!(text, r#"{{a,NULL},{"b c",""}}"#);
/// # Ok::<(), std::fmt::Error>(())
/// ```
///
/// See ["Array Input and Output Syntax"].
///
/// ["Array Input and Output Syntax"]: https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO
pub struct ArrayWriter<'a> {
    out: &'a mut dyn Write,
    dimensions: &'a [Dimension],
    delimiter: u8,
    written: usize,
    scratch: String,
}

impl<'a> ArrayWriter<'a> {
    /// Begins an array: its bounds, and all of it when it is to be empty.
    ///
    /// ```
    /// use trunkline_core::types::array::{ArrayWriter, Dimension};
    ///
    /// let mut text = String::new();
    /// ArrayWriter::new(&mut text, &[Dimension { length: 1, lower_bound: 0 }], b',')?.element(Some("a"))?;
    /// assert_eq!(text, "[0:0]={a}");
    /// # Ok::<(), std::fmt::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When `out` fails, here and below.
    pub fn new(
        out: &'a mut dyn Write,
        dimensions: &'a [Dimension],
        delimiter: u8,
    ) -> Result<Self, fmt::Error> {
        if dimensions.is_empty() || dimensions.iter().any(|dimension| dimension.length == 0) {
            out.write_str("{}")?;
        } else if dimensions.iter().any(|dimension| dimension.lower_bound != 1) {
            for &Dimension { length, lower_bound } in dimensions {
                let upper_bound = i64::from(lower_bound) + i64::try_from(length).unwrap_or(i64::MAX / 2) - 1;
                write!(out, "[{lower_bound}:{upper_bound}]")?;
            }
            out.write_char('=')?;
        }
        Ok(Self { out, dimensions, delimiter, written: 0, scratch: String::new() })
    }

    /// Writes the next element, or NULL.
    ///
    /// ```
    /// use trunkline_core::types::array::{ArrayWriter, Dimension};
    ///
    /// let mut text = String::new();
    /// let dimensions = [Dimension::new(3)];
    /// let mut array = ArrayWriter::new(&mut text, &dimensions, b',')?;
    /// for element in [Some("a b"), Some("c"), None] {
    ///     array.element(element)?;
    /// }
    /// assert_eq!(text, r#"{"a b",c,NULL}"#);
    /// # Ok::<(), std::fmt::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`new`](Self::new).
    pub fn element(&mut self, text: Option<&str>) -> fmt::Result {
        if self.written > 0 {
            self.out.write_char(char::from(self.delimiter))?;
        }
        self.braces('{')?;
        match text {
            None => self.out.write_str("NULL")?,
            Some(text) if needs_quotes(text.as_bytes(), self.delimiter) => {
                write_quoted(self.out, text, Escape::Backslash)?;
            }
            Some(text) => self.out.write_str(text)?,
        }
        self.written += 1;
        self.braces('}')
    }

    /// Writes the next element as it displays itself, or NULL.
    ///
    /// ```
    /// use trunkline_core::types::array::{ArrayWriter, Dimension};
    ///
    /// let mut text = String::new();
    /// let dimensions = [Dimension::new(2)];
    /// let mut array = ArrayWriter::new(&mut text, &dimensions, b',')?;
    /// array.display(Some(&1.5))?;
    /// array.display(None)?;
    /// assert_eq!(text, "{1.5,NULL}");
    /// # Ok::<(), std::fmt::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`new`](Self::new).
    pub fn display(&mut self, element: Option<&dyn fmt::Display>) -> fmt::Result {
        let Some(element) = element else { return self.element(None) };
        let mut text = core::mem::take(&mut self.scratch);
        text.clear();
        write!(text, "{element}")?;
        self.element(Some(&text))?;
        self.scratch = text;
        Ok(())
    }

    /// A brace for each dimension that begins, or ends, between the elements written and the others.
    fn braces(&mut self, brace: char) -> fmt::Result {
        let mut inner = 1;
        for dimension in self.dimensions.iter().rev() {
            inner = dimension.length.saturating_mul(inner);
            if !self.written.is_multiple_of(inner) {
                break;
            }
            self.out.write_char(brace)?;
        }
        Ok(())
    }
}

impl fmt::Debug for ArrayWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArrayWriter").field("dimensions", &self.dimensions).finish_non_exhaustive()
    }
}

fn needs_quotes(text: &[u8], delimiter: u8) -> bool {
    let special =
        |&byte: &u8| byte == delimiter || matches!(byte, b'"' | b'\\' | b'{' | b'}') || is_space(byte);
    text.is_empty() || text.iter().any(special) || text.eq_ignore_ascii_case(b"NULL")
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::super::ArrayText;
    use super::*;

    fn write(dimensions: &[Dimension], elements: &[Option<&str>]) -> String {
        let mut text = String::new();
        let mut array = ArrayWriter::new(&mut text, dimensions, b',').unwrap();
        for element in elements {
            array.display(element.as_ref().map(|text| text as &dyn fmt::Display)).unwrap();
        }
        text
    }

    #[test]
    fn elements_are_quoted_where_the_server_does() {
        let elements =
            ["a b", "", "null", "x\u{b}", "\\", "{", ";", "\"", "ü", "\u{a0}", "nulls", "(a)"].map(Some);
        assert_eq!(
            write(&[Dimension::new(12)], &elements),
            "{\"a b\",\"\",\"null\",\"x\u{b}\",\"\\\\\",\"{\",;,\"\\\"\",ü,\u{a0},nulls,(a)}"
        );
        assert_eq!(write(&[Dimension::new(2)], &[None, Some("NULL")]), r#"{NULL,"NULL"}"#);
    }

    #[test]
    fn dimensions_are_braces_and_bounds() {
        let [a, b, c] = [Some("a"), Some("b"), Some("c")];
        assert_eq!(write(&[], &[]), "{}");
        assert_eq!(write(&[Dimension::new(0)], &[]), "{}");
        assert_eq!(write(&[Dimension { length: 3, lower_bound: -1 }], &[a, b, c]), "[-1:1]={a,b,c}");
        let two = [Dimension { length: 3, lower_bound: 2 }, Dimension::new(1)];
        assert_eq!(write(&two, &[a, b, c]), "[2:4][1:1]={{a},{b},{c}}");
        let three = [Dimension::new(2), Dimension::new(1), Dimension::new(2)];
        assert_eq!(write(&three, &[a, b, c, a]), "{{{a,b}},{{c,a}}}");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            lengths in proptest::collection::vec(1_usize..4, 1..7),
            lower_bound in -3..3,
            texts in proptest::collection::vec(proptest::option::of(r#"[\{\}", \\ann]*"#), 1..5),
        ) {
            let dimensions: Vec<_> = lengths.iter().map(|&length| Dimension { length, lower_bound }).collect();
            let elements: Vec<Option<&str>> =
                texts.iter().cycle().map(Option::as_deref).take(lengths.iter().product()).collect();
            let text = write(&dimensions, &elements);
            let mut array = ArrayText::read(text.as_bytes(), b',');
            let read: Vec<_> = array.by_ref().map(Result::unwrap).collect();
            prop_assert_eq!(array.dimensions(), dimensions);
            prop_assert!(read.iter().map(Option::as_deref).eq(elements.iter().map(|text| text.map(str::as_bytes))));
        }
    }
}
