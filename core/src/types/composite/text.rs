use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt::{self, Write};

use crate::types::ParseError;
use crate::types::quoting::{Escape, read_part, write_quoted};
use crate::types::space::{is_space, skip_spaces};

const NOT: ParseError = ParseError::not("a record");

/// A composite value or anonymous record in text format (`(1,"a ""b""",)`): an iterator of its fields, each as its
/// text, quotes and escapes undone, or NULL; or why it cannot be read, and nothing after that.
///
/// A record of no fields looks like one of a single NULL, `()`, and is read as that.
///
/// ```
/// use trunkline_core::types::composite::RecordText;
///
/// let fields: Vec<_> = RecordText::read(br#"(1,"a ""b""",)"#).collect::<Result<_, _>>()?;
/// assert_eq!(fields, [Some(b"1"[..].into()), Some(br#"a "b""#[..].into()), None]);
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// See ["Composite Type Input and Output Syntax"].
///
/// ["Composite Type Input and Output Syntax"]: https://www.postgresql.org/docs/18/rowtypes.html#ROWTYPES-IO-SYNTAX
#[derive(Debug, Clone)]
pub struct RecordText<'a> {
    rest: &'a [u8],
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    After,
    End,
}

impl<'a> RecordText<'a> {
    /// Reads a record, all of the text.
    ///
    /// ```
    /// use trunkline_core::types::composite::RecordText;
    ///
    /// let fields: Result<Vec<_>, _> = RecordText::read(b"(7,Ada,)").collect();
    /// assert_eq!(fields?.len(), 3);
    /// assert!(RecordText::read(b"(7").any(|field| field.is_err()));
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub const fn read(text: &'a [u8]) -> Self {
        Self { rest: text, state: State::Start }
    }

    fn step(&mut self) -> Option<Option<Cow<'a, [u8]>>> {
        self.rest = match (self.state, self.rest) {
            (State::Start, text) => skip_spaces(text).strip_prefix(b"(")?,
            (_, [b',', after @ ..]) => after,
            _ => return None,
        };
        let field = read_part(&mut self.rest, b",)")?;
        self.state = State::After;
        if let [b')', after @ ..] = self.rest {
            self.state = State::End;
            return skip_spaces(after).is_empty().then_some(field);
        }
        Some(field)
    }
}

impl<'a> Iterator for RecordText<'a> {
    type Item = Result<Option<Cow<'a, [u8]>>, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::End {
            return None;
        }
        let step = self.step();
        if step.is_none() {
            self.state = State::End;
        }
        Some(step.ok_or(NOT))
    }
}

/// Writes a record in text format, as the server's `record_out` does.
///
/// ```
/// use trunkline_core::types::composite::RecordWriter;
///
/// let mut text = String::new();
/// let mut record = RecordWriter::new(&mut text)?;
/// for field in [Some("1"), Some(r#"a "b""#), None] {
///     record.field(field)?;
/// }
/// record.finish()?;
/// assert_eq!(text, r#"(1,"a ""b""",)"#);
/// # Ok::<(), std::fmt::Error>(())
/// ```
///
/// See ["Composite Type Input and Output Syntax"].
///
/// ["Composite Type Input and Output Syntax"]: https://www.postgresql.org/docs/18/rowtypes.html#ROWTYPES-IO-SYNTAX
pub struct RecordWriter<'a> {
    out: &'a mut dyn Write,
    empty: bool,
    scratch: String,
}

impl<'a> RecordWriter<'a> {
    /// Begins a record.
    ///
    /// ```
    /// use trunkline_core::types::composite::RecordWriter;
    ///
    /// let mut text = String::new();
    /// RecordWriter::new(&mut text)?.finish()?;
    /// assert_eq!(text, "()");
    /// # Ok::<(), std::fmt::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When `out` fails, here and below.
    pub fn new(out: &'a mut dyn Write) -> Result<Self, fmt::Error> {
        out.write_str("(")?;
        Ok(Self { out, empty: true, scratch: String::new() })
    }

    /// Writes the next field, or NULL.
    ///
    /// ```
    /// use trunkline_core::types::composite::RecordWriter;
    ///
    /// let mut text = String::new();
    /// let mut address = RecordWriter::new(&mut text)?;
    /// address.field(Some("1 High Street"))?;
    /// address.field(None)?;
    /// address.finish()?;
    /// assert_eq!(text, r#"("1 High Street",)"#);
    /// # Ok::<(), std::fmt::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`new`](Self::new).
    pub fn field(&mut self, text: Option<&str>) -> fmt::Result {
        if !core::mem::replace(&mut self.empty, false) {
            self.out.write_str(",")?;
        }
        match text {
            None => Ok(()),
            Some(text) if needs_quotes(text.as_bytes()) => write_quoted(self.out, text, Escape::Itself),
            Some(text) => self.out.write_str(text),
        }
    }

    /// Writes the next field as it displays itself, or NULL.
    ///
    /// ```
    /// use trunkline_core::types::composite::RecordWriter;
    ///
    /// let mut text = String::new();
    /// let mut point = RecordWriter::new(&mut text)?;
    /// point.display(Some(&1.5))?;
    /// point.display(Some(&2))?;
    /// point.finish()?;
    /// assert_eq!(text, "(1.5,2)");
    /// # Ok::<(), std::fmt::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`new`](Self::new).
    pub fn display(&mut self, field: Option<&dyn fmt::Display>) -> fmt::Result {
        let Some(field) = field else { return self.field(None) };
        let mut text = core::mem::take(&mut self.scratch);
        text.clear();
        write!(text, "{field}")?;
        self.field(Some(&text))?;
        self.scratch = text;
        Ok(())
    }

    /// Ends the record.
    ///
    /// ```
    /// use trunkline_core::types::composite::RecordWriter;
    ///
    /// let mut text = String::new();
    /// let mut record = RecordWriter::new(&mut text)?;
    /// record.field(Some("7"))?;
    /// record.finish()?;
    /// assert_eq!(text, "(7)");
    /// # Ok::<(), std::fmt::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`new`](Self::new).
    pub fn finish(self) -> fmt::Result {
        self.out.write_str(")")
    }
}

impl fmt::Debug for RecordWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordWriter").finish_non_exhaustive()
    }
}

fn needs_quotes(text: &[u8]) -> bool {
    let special = |&byte: &u8| matches!(byte, b'"' | b'\\' | b'(' | b')' | b',') || is_space(byte);
    text.is_empty() || text.iter().any(special)
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    type Fields = Vec<Option<String>>;

    fn read(text: &str) -> Result<Fields, ParseError> {
        let owned = |field: Cow<'_, [u8]>| String::from_utf8(field.into_owned()).unwrap();
        RecordText::read(text.as_bytes()).map(|field| field.map(|field| field.map(owned))).collect()
    }

    fn write(fields: &[Option<&str>]) -> String {
        let mut text = String::new();
        let mut record = RecordWriter::new(&mut text).unwrap();
        for field in fields {
            record.display(field.as_ref().map(|text| text as &dyn fmt::Display)).unwrap();
        }
        record.finish().unwrap();
        text
    }

    #[test]
    fn fields_come_unescaped() {
        let some = |texts: &[&str]| Ok(texts.iter().map(|&text| Some(text.into())).collect::<Fields>());
        assert_eq!(read(r#" ( a ,"b,)","") "#), some(&[" a ", "b,)", ""]));
        assert_eq!(read(r#"("a ""b"" \"",c"d"\,)"#), some(&[r#"a "b" ""#, "cd,"]));
        assert_eq!(read("(,)"), Ok([None, None].into()));
        assert_eq!(read("()"), Ok([None].into()));
        for broken in ["", "(", "(a", "(a,", "a)", "(a)b", "(a))", r#"("a)"#, r"(a\)"] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn fields_are_quoted_where_the_server_does() {
        let fields = ["a b", "", "null", "x\u{b}", "\\", "{", "[", "(", "\"", "a,b"];
        let mut fields: Vec<_> = fields.into_iter().map(Some).collect();
        fields.insert(2, None);
        assert_eq!(write(&fields), "(\"a b\",\"\",,null,\"x\u{b}\",\"\\\\\",{,[,\"(\",\"\"\"\",\"a,b\")");
        assert_eq!(write(&[]), "()");
        assert_eq!(write(&[None]), "()");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(fields in proptest::collection::vec(proptest::option::of(r#"[(),"\\ a]*"#), 1..6)) {
            let borrowed: Vec<_> = fields.iter().map(Option::as_deref).collect();
            prop_assert_eq!(read(&write(&borrowed)), Ok(fields));
        }

        #[test]
        fn any_text_is_survived(text in r#"[(),"\\ a]*"#) {
            prop_assert!(RecordText::read(text.as_bytes()).count() <= text.len() + 1);
        }
    }
}
