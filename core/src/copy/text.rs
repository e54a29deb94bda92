//! Text format. See "Text Format" of COPY in PostgreSQL's SQL commands.

use alloc::boxed::Box;
use alloc::vec::Vec;

use bytes::{Buf, BytesMut};

use super::options::CopyOptions;
use super::row::{CopyDataError, CopyRow, byte};

/// Writes rows in text format.
///
/// ```
/// use bytes::BytesMut;
/// use trunkline_core::copy::{CopyOptions, TextEncoder};
///
/// let mut out = BytesMut::new();
/// TextEncoder::new(&CopyOptions::text())?.row([Some(&b"a\tb"[..]), None], &mut out)?;
/// assert_eq!(&out[..], b"a\\tb\t\\N\n");
/// # Ok::<(), trunkline_core::copy::CopyDataError>(())
/// ```
#[derive(Debug, Clone)]
pub struct TextEncoder {
    delimiter: u8,
    null: Box<[u8]>,
    default: Option<Box<[u8]>>,
}

/// Reads rows in text format, from data that comes in pieces.
///
/// ```
/// use bytes::BytesMut;
/// use trunkline_core::copy::{CopyOptions, CopyRow, TextDecoder};
///
/// let mut decoder = TextDecoder::new(&CopyOptions::text())?;
/// let mut input = BytesMut::from("7\tAda\\nLovelace\n8\t\\N\n");
/// let mut row = CopyRow::default();
/// assert!(decoder.next(&mut input, &mut row));
/// assert_eq!(row.get(1), Some(&b"Ada\nLovelace"[..]));
/// # Ok::<(), trunkline_core::copy::CopyDataError>(())
/// ```
#[derive(Debug, Clone)]
pub struct TextDecoder {
    delimiter: u8,
    null: Box<[u8]>,
    /// How much of the row that is not whole was looked at, and whether that ends with a backslash.
    scanned: usize,
    escaped: bool,
    ended: bool,
}

const NULL: &[u8] = b"\\N";

/// By the defaults.
impl Default for TextEncoder {
    fn default() -> Self {
        Self { delimiter: b'\t', null: NULL.into(), default: None }
    }
}

impl TextEncoder {
    /// By the options' DELIMITER, NULL and DEFAULT.
    ///
    /// ```
    /// use trunkline_core::copy::{CopyOptions, TextEncoder};
    ///
    /// let encoder = TextEncoder::new(&CopyOptions::text().delimiter('|'))?;
    /// # Ok::<(), trunkline_core::copy::CopyDataError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CopyDataError::Character`].
    pub fn new(options: &CopyOptions) -> Result<Self, CopyDataError> {
        Ok(Self {
            delimiter: byte(options.delimiter.unwrap_or('\t'))?,
            null: options.null.as_ref().map_or(NULL, |null| null.as_bytes()).into(),
            default: options.default.as_ref().map(|default| default.as_bytes().into()),
        })
    }

    /// Appends a row; `None` is NULL.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use trunkline_core::copy::TextEncoder;
    ///
    /// let mut out = BytesMut::new();
    /// TextEncoder::default().row([Some(&b"7"[..]), Some(b"C:\\temp"), None], &mut out)?;
    /// assert_eq!(&out[..], b"7\tC:\\\\temp\t\\N\n");
    /// # Ok::<(), trunkline_core::copy::CopyDataError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CopyDataError::EmptyIsNull`]; nothing of the row was appended.
    pub fn row<'a>(
        &self,
        fields: impl IntoIterator<Item = Option<&'a [u8]>>,
        out: &mut BytesMut,
    ) -> Result<(), CopyDataError> {
        let start = out.len();
        for (at, field) in fields.into_iter().enumerate() {
            if at > 0 {
                out.extend_from_slice(&[self.delimiter]);
            }
            if let Err(error) = self.field(field, out) {
                out.truncate(start);
                return Err(error);
            }
        }
        out.extend_from_slice(b"\n");
        Ok(())
    }

    fn field(&self, field: Option<&[u8]>, out: &mut BytesMut) -> Result<(), CopyDataError> {
        let Some(value) = field else {
            out.extend_from_slice(&self.null);
            return Ok(());
        };
        let start = out.len();
        self.escape(value, out);
        // The server compares what is written, escapes and all, with what stands for NULL and for the default.
        let written = out.get(start..).unwrap_or_default();
        if written != &*self.null && Some(written) != self.default.as_deref() {
            return Ok(());
        }
        let (first, rest) = value.split_first().ok_or(CopyDataError::EmptyIsNull)?;
        out.truncate(start);
        out.extend_from_slice(b"\\x");
        out.extend_from_slice(&[hexadecimal(first >> 4), hexadecimal(first & 15)]);
        self.escape(rest, out);
        Ok(())
    }

    fn escape(&self, value: &[u8], out: &mut BytesMut) {
        let mut plain = 0;
        for (at, byte) in value.iter().enumerate() {
            let escape = match byte {
                b'\\' => b'\\',
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                0x08 => b'b',
                0x0c => b'f',
                0x0b => b'v',
                byte if *byte == self.delimiter => *byte,
                _ => continue,
            };
            out.extend_from_slice(value.get(plain..at).unwrap_or_default());
            out.extend_from_slice(&[b'\\', escape]);
            plain = at + 1;
        }
        out.extend_from_slice(value.get(plain..).unwrap_or_default());
    }
}

impl TextDecoder {
    /// By the options' DELIMITER and NULL. A header line is a row like others.
    ///
    /// ```
    /// use trunkline_core::copy::{CopyOptions, TextDecoder};
    ///
    /// assert!(TextDecoder::new(&CopyOptions::text().null("")).is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// [`CopyDataError::Character`].
    pub fn new(options: &CopyOptions) -> Result<Self, CopyDataError> {
        let TextEncoder { delimiter, null, .. } = TextEncoder::new(options)?;
        Ok(Self { delimiter, null, scanned: 0, escaped: false, ended: false })
    }

    /// Takes the next row from the start of `input`, which is left as it is while the row is not whole; false then, and
    /// after a line `\.`, which ends the data.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use trunkline_core::copy::{CopyOptions, CopyRow, TextDecoder};
    ///
    /// let mut decoder = TextDecoder::new(&CopyOptions::text())?;
    /// let (mut input, mut row) = (BytesMut::from("7\tAda\n8\tGr"), CopyRow::default());
    /// assert!(decoder.next(&mut input, &mut row));
    /// assert!(!decoder.next(&mut input, &mut row), "the second is not whole");
    /// assert_eq!(&input[..], b"8\tGr");
    /// # Ok::<(), trunkline_core::copy::CopyDataError>(())
    /// ```
    pub fn next(&mut self, input: &mut BytesMut, row: &mut CopyRow) -> bool {
        while !self.ended
            && let Some(byte) = input.get(self.scanned)
        {
            let ends = *byte == b'\n' && !self.escaped;
            self.escaped = *byte == b'\\' && !self.escaped;
            if ends {
                let line = input.get(..self.scanned).unwrap_or_default();
                let taken = self.read(line, row);
                input.advance(self.scanned + 1);
                self.scanned = 0;
                return taken;
            }
            self.scanned += 1;
        }
        false
    }

    /// The same at the end of the data, where the last row may have no line end.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use trunkline_core::copy::{CopyOptions, CopyRow, TextDecoder};
    ///
    /// let mut decoder = TextDecoder::new(&CopyOptions::text())?;
    /// let (mut input, mut row) = (BytesMut::from("8\tGrace"), CopyRow::default());
    /// assert!(decoder.finish(&mut input, &mut row)?);
    /// assert!(!decoder.finish(&mut input, &mut row)?);
    /// # Ok::<(), trunkline_core::copy::CopyDataError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CopyDataError::OpenEscape`].
    pub fn finish(&mut self, input: &mut BytesMut, row: &mut CopyRow) -> Result<bool, CopyDataError> {
        if self.next(input, row) {
            return Ok(true);
        }
        let line = core::mem::take(input);
        self.scanned = 0;
        if core::mem::take(&mut self.escaped) {
            return Err(CopyDataError::OpenEscape);
        }
        Ok(!self.ended && !line.is_empty() && self.read(&line, row))
    }

    /// Reads a line without its end; false when it ends the data.
    fn read(&mut self, line: &[u8], row: &mut CopyRow) -> bool {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        row.clear();
        if line == b"\\." {
            self.ended = true;
            return false;
        }
        let mut rest = Some(line);
        while let Some(fields) = rest {
            let end = self.field_end(fields);
            let (field, behind) = fields.split_at_checked(end).unwrap_or((fields, &[]));
            rest = behind.get(1..);
            if *field == *self.null {
                row.end_null();
            } else {
                unescape(field, row.bytes());
                row.end_value();
            }
        }
        true
    }

    /// Where the first field ends: at a delimiter that no backslash stands before.
    fn field_end(&self, fields: &[u8]) -> usize {
        let mut at = 0;
        while let Some(byte) = fields.get(at) {
            match byte {
                b'\\' => at += 2,
                byte if *byte == self.delimiter => return at,
                _ => at += 1,
            }
        }
        fields.len()
    }
}

/// Undoes backslashes: letters for control characters, octal and hexadecimal numbers, and any other character itself.
fn unescape(field: &[u8], out: &mut Vec<u8>) {
    let mut rest = field;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (plain, escape) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        out.extend_from_slice(plain);
        let (byte, length) = match escape.get(1) {
            Some(b'b') => (0x08, 2),
            Some(b'f') => (0x0c, 2),
            Some(b'n') => (b'\n', 2),
            Some(b'r') => (b'\r', 2),
            Some(b't') => (b'\t', 2),
            Some(b'v') => (0x0b, 2),
            Some(b'0'..=b'7') => number(escape.get(1..).unwrap_or_default(), 8, 3, 1),
            Some(b'x') if escape.get(2).is_some_and(u8::is_ascii_hexdigit) => {
                number(escape.get(2..).unwrap_or_default(), 16, 2, 2)
            }
            Some(other) => (*other, 2),
            // Only in data that is not whole.
            None => (b'\\', 1),
        };
        out.push(byte);
        rest = escape.get(length..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

/// The number of at most `most` digits that stands here, and its length with the `before` bytes before it. What is over
/// 255 wraps around, as in the server.
fn number(digits: &[u8], radix: u32, most: usize, before: usize) -> (u8, usize) {
    let (mut value, mut length) = (0_u8, before);
    for byte in digits.iter().take(most) {
        let Some(digit) = char::from(*byte).to_digit(radix).and_then(|digit| u8::try_from(digit).ok()) else {
            break;
        };
        let shift = if radix == 8 { 3 } else { 4 };
        value = (value << shift) | digit;
        length += 1;
    }
    (value, length)
}

fn hexadecimal(digit: u8) -> u8 {
    match digit {
        0..=9 => b'0' + digit,
        _ => b'a' + digit - 10,
    }
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec;

    use proptest::prelude::*;

    use super::*;

    fn decode(
        options: &CopyOptions,
        data: &[u8],
        chunk: usize,
    ) -> Result<Vec<Vec<Option<Vec<u8>>>>, CopyDataError> {
        let mut decoder = TextDecoder::new(options)?;
        let (mut input, mut row, mut rows) = (BytesMut::new(), CopyRow::default(), Vec::new());
        for piece in data.chunks(chunk) {
            input.extend_from_slice(piece);
            while decoder.next(&mut input, &mut row) {
                rows.push(row.iter().map(|field| field.map(<[u8]>::to_vec)).collect());
            }
        }
        while decoder.finish(&mut input, &mut row)? {
            rows.push(row.iter().map(|field| field.map(<[u8]>::to_vec)).collect());
        }
        Ok(rows)
    }

    fn one(data: &[u8]) -> Vec<Option<Vec<u8>>> {
        let mut rows = decode(&CopyOptions::text(), data, 1).unwrap();
        assert_eq!(rows.len(), 1, "{data:?}");
        rows.remove(0)
    }

    #[test]
    fn escapes_are_read_as_the_server_reads_them() {
        for (data, value) in [
            (&b"\\b\\f\\n\\r\\t\\v\\\\"[..], &b"\x08\x0c\n\r\t\x0b\\"[..]),
            (b"\\101\\12\\1x", b"A\n\x01x"),
            (b"\\x41\\x4g\\xg", b"A\x04gxg"),
            (b"\\777", b"\xff"),
            (b"\\q\\\t\\\n", b"q\t\n"),
            (b"\\\\N", b"\\N"),
            (b"", b""),
        ] {
            assert_eq!(one(&[data, b"\n"].concat()), [Some(value.to_vec())], "{data:?}");
        }
        assert_eq!(one(b"\\N\ta\r\n"), [None, Some(b"a".to_vec())]);
    }

    #[test]
    fn the_last_line_may_have_no_end_and_a_dot_ends_all() {
        let rows = |data: &[u8]| decode(&CopyOptions::text(), data, 2).map(|rows| rows.len());
        assert_eq!(rows(b"a\nb"), Ok(2));
        assert_eq!(rows(b"a\n\\.\nb\n"), Ok(1));
        assert_eq!(rows(b"a\n\\."), Ok(1));
        assert_eq!(rows(b""), Ok(0));
        assert_eq!(rows(b"\n"), Ok(1));
        assert_eq!(rows(b"a\\"), Err(CopyDataError::OpenEscape));
    }

    #[test]
    fn what_cannot_be_told_from_null_is_refused() {
        let mut out = BytesMut::from("before");
        let encoder = TextEncoder::new(&CopyOptions::text().null("")).unwrap();
        assert_eq!(encoder.row([Some(&b"a"[..]), Some(b"")], &mut out), Err(CopyDataError::EmptyIsNull));
        assert_eq!(out, "before");
        for delimiter in ['é', '\n', '\0'] {
            assert!(TextEncoder::new(&CopyOptions::text().delimiter(delimiter)).is_err());
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_however_it_comes(
            rows in prop::collection::vec(prop::collection::vec(prop::option::of("[\\\\\t\n\r.,|NaD\0-\u{ff}]{0,6}"), 1..4), 0..6),
            delimiter in prop::sample::select(vec![None, Some('|'), Some(',')]),
            null in prop::sample::select(vec![None, Some("NULL"), Some("N"), Some("a")]),
            chunk in 1..40_usize,
        ) {
            let mut options = CopyOptions::text().default_marker("D");
            options.delimiter = delimiter;
            options.null = null.map(String::from);
            let encoder = TextEncoder::new(&options).unwrap();
            let mut out = BytesMut::new();
            for row in &rows {
                encoder.row(row.iter().map(|field| field.as_ref().map(String::as_bytes)), &mut out).unwrap();
            }
            let read = decode(&options, &out, chunk).unwrap();
            let expected: Vec<Vec<Option<Vec<u8>>>> = rows
                .iter()
                .map(|row| row.iter().map(|field| field.as_ref().map(|text| text.as_bytes().to_vec())).collect())
                .collect();
            prop_assert_eq!(read, expected);
        }

        #[test]
        fn any_bytes_are_read_or_refused(data in prop::collection::vec(any::<u8>(), 0..200), chunk in 1..20_usize) {
            prop_assert_eq!(decode(&CopyOptions::text(), &data, chunk), decode(&CopyOptions::text(), &data, 1000));
        }
    }
}
