//! CSV format. See "CSV Format" of COPY in PostgreSQL's SQL commands.

use alloc::boxed::Box;

use bytes::{Buf, BytesMut};

use super::options::CopyOptions;
use super::row::{CopyDataError, CopyRow, byte};

/// Writes rows in CSV. Values that could be taken for something else are quoted, the others are not.
///
/// ```
/// use bytes::BytesMut;
/// use trunkline_core::copy::{CopyOptions, CsvEncoder};
///
/// let mut out = BytesMut::new();
/// CsvEncoder::new(&CopyOptions::csv())?.row([Some(&b"say \"hi\""[..]), Some(b""), None], &mut out);
/// assert_eq!(&out[..], b"\"say \"\"hi\"\"\",\"\",\n");
/// # Ok::<(), trunkline_core::copy::CopyDataError>(())
/// ```
#[derive(Debug, Clone)]
pub struct CsvEncoder {
    style: Style,
    default: Option<Box<[u8]>>,
}

/// Reads rows in CSV, from data that comes in pieces.
///
/// ```
/// use bytes::BytesMut;
/// use trunkline_core::copy::{CopyOptions, CopyRow, CsvDecoder};
///
/// let mut decoder = CsvDecoder::new(&CopyOptions::csv())?;
/// let mut input = BytesMut::from("1,\"Grace, the admiral\"\n2,\n");
/// let mut row = CopyRow::default();
/// while decoder.next(&mut input, &mut row) {
///     println!("{:?} {:?}", row.get(0), row.get(1));
/// }
/// # Ok::<(), trunkline_core::copy::CopyDataError>(())
/// ```
#[derive(Debug, Clone)]
pub struct CsvDecoder {
    style: Style,
    /// How much of the row that is not whole was looked at, and where that ends.
    scanned: usize,
    place: Place,
}

#[derive(Debug, Clone)]
struct Style {
    delimiter: u8,
    quote: u8,
    escape: u8,
    null: Box<[u8]>,
}

/// Where in a row one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Plain,
    Quoted,
    /// Within quotes, behind an escape that is not the quote itself.
    Escaped,
}

impl Style {
    fn new(options: &CopyOptions) -> Result<Self, CopyDataError> {
        let quote = byte(options.quote.unwrap_or('"'))?;
        let delimiter = byte(options.delimiter.unwrap_or(','))?;
        let escape = options.escape.map_or(Ok(quote), byte)?;
        if delimiter == quote {
            return Err(CopyDataError::Character);
        }
        let null = options.null.as_ref().map_or(&b""[..], |null| null.as_bytes()).into();
        Ok(Self { delimiter, quote, escape, null })
    }

    /// Where one is after a byte.
    fn after(&self, place: Place, byte: u8) -> Place {
        match place {
            Place::Plain if byte == self.quote => Place::Quoted,
            Place::Plain => Place::Plain,
            // A doubled quote leaves and enters again, which is the same.
            Place::Quoted if byte == self.quote => Place::Plain,
            Place::Quoted if byte == self.escape => Place::Escaped,
            Place::Quoted | Place::Escaped => Place::Quoted,
        }
    }
}

impl CsvEncoder {
    /// By the options' DELIMITER, QUOTE, ESCAPE, NULL and DEFAULT.
    ///
    /// ```
    /// use trunkline_core::copy::{CopyOptions, CsvEncoder};
    ///
    /// assert!(CsvEncoder::new(&CopyOptions::csv().delimiter(';')).is_ok());
    /// assert!(CsvEncoder::new(&CopyOptions::csv().delimiter('→')).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`CopyDataError::Character`].
    pub fn new(options: &CopyOptions) -> Result<Self, CopyDataError> {
        let default = options.default.as_ref().map(|default| default.as_bytes().into());
        Ok(Self { style: Style::new(options)?, default })
    }

    /// Appends a row; `None` is NULL.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use trunkline_core::copy::{CopyOptions, CsvEncoder};
    ///
    /// let mut out = BytesMut::new();
    /// CsvEncoder::new(&CopyOptions::csv())?.row([Some(&b"7"[..]), None], &mut out);
    /// assert_eq!(&out[..], b"7,\n");
    /// # Ok::<(), trunkline_core::copy::CopyDataError>(())
    /// ```
    pub fn row<'a>(&self, fields: impl IntoIterator<Item = Option<&'a [u8]>>, out: &mut BytesMut) {
        for (at, field) in fields.into_iter().enumerate() {
            if at > 0 {
                out.extend_from_slice(&[self.style.delimiter]);
            }
            match field {
                None => out.extend_from_slice(&self.style.null),
                Some(value) if self.needs_quotes(value) => self.quoted(value, out),
                Some(value) => out.extend_from_slice(value),
            }
        }
        out.extend_from_slice(b"\n");
    }

    fn needs_quotes(&self, value: &[u8]) -> bool {
        let Style { delimiter, quote, null, .. } = &self.style;
        let special = |byte: &u8| matches!(byte, b'\n' | b'\r') || byte == delimiter || byte == quote;
        // Alone on a line, a backslash and a dot end the data for servers before 18.
        value == &**null
            || Some(value) == self.default.as_deref()
            || value == b"\\."
            || value.iter().any(special)
    }

    fn quoted(&self, value: &[u8], out: &mut BytesMut) {
        let Style { quote, escape, .. } = self.style;
        out.extend_from_slice(&[quote]);
        for byte in value {
            if *byte == quote || *byte == escape {
                out.extend_from_slice(&[escape]);
            }
            out.extend_from_slice(&[*byte]);
        }
        out.extend_from_slice(&[quote]);
    }
}

impl CsvDecoder {
    /// By the options' DELIMITER, QUOTE, ESCAPE and NULL. A header line is a row like others.
    ///
    /// ```
    /// use trunkline_core::copy::{CopyOptions, CsvDecoder};
    ///
    /// let decoder = CsvDecoder::new(&CopyOptions::csv().delimiter(';').null("-"))?;
    /// # Ok::<(), trunkline_core::copy::CopyDataError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CopyDataError::Character`].
    pub fn new(options: &CopyOptions) -> Result<Self, CopyDataError> {
        Ok(Self { style: Style::new(options)?, scanned: 0, place: Place::Plain })
    }

    /// Takes the next row from the start of `input`, which is left as it is while the row is not whole; false then.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use trunkline_core::copy::{CopyOptions, CopyRow, CsvDecoder};
    ///
    /// let mut decoder = CsvDecoder::new(&CopyOptions::csv())?;
    /// let (mut input, mut row) = (BytesMut::from("7,Ada\n8,Gr"), CopyRow::default());
    /// assert!(decoder.next(&mut input, &mut row));
    /// assert_eq!(row.get(1), Some(&b"Ada"[..]));
    /// assert!(!decoder.next(&mut input, &mut row), "the second is not whole");
    /// # Ok::<(), trunkline_core::copy::CopyDataError>(())
    /// ```
    pub fn next(&mut self, input: &mut BytesMut, row: &mut CopyRow) -> bool {
        while let Some(byte) = input.get(self.scanned) {
            if *byte == b'\n' && self.place == Place::Plain {
                self.read(input.get(..self.scanned).unwrap_or_default(), row);
                input.advance(self.scanned + 1);
                self.scanned = 0;
                return true;
            }
            self.place = self.style.after(self.place, *byte);
            self.scanned += 1;
        }
        false
    }

    /// The same at the end of the data, where the last row may have no line end.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use trunkline_core::copy::{CopyOptions, CopyRow, CsvDecoder};
    ///
    /// let mut decoder = CsvDecoder::new(&CopyOptions::csv())?;
    /// let (mut input, mut row) = (BytesMut::from("7,Ada"), CopyRow::default());
    /// assert!(decoder.finish(&mut input, &mut row)?);
    /// assert_eq!(row.len(), 2);
    /// # Ok::<(), trunkline_core::copy::CopyDataError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CopyDataError::OpenQuote`].
    pub fn finish(&mut self, input: &mut BytesMut, row: &mut CopyRow) -> Result<bool, CopyDataError> {
        if self.next(input, row) {
            return Ok(true);
        }
        let line = core::mem::take(input);
        self.scanned = 0;
        if core::mem::replace(&mut self.place, Place::Plain) != Place::Plain {
            return Err(CopyDataError::OpenQuote);
        }
        if !line.is_empty() {
            self.read(&line, row);
        }
        Ok(!line.is_empty())
    }

    /// Reads a row without its end.
    fn read(&self, line: &[u8], row: &mut CopyRow) {
        let mut rest = line.strip_suffix(b"\r").unwrap_or(line);
        row.clear();
        while let Some(behind) = self.read_field(rest, row) {
            rest = behind;
        }
    }

    /// Reads the first field; gives what is behind its delimiter, if there is one.
    fn read_field<'a>(&self, fields: &'a [u8], row: &mut CopyRow) -> Option<&'a [u8]> {
        let Style { delimiter, quote, escape, .. } = self.style;
        let (mut at, mut place, mut was_quoted) = (0, Place::Plain, false);
        while let Some(byte) = fields.get(at) {
            let next = fields.get(at + 1);
            match place {
                Place::Plain if *byte == delimiter => break,
                Place::Plain if *byte == quote => (place, was_quoted) = (Place::Quoted, true),
                Place::Plain => row.bytes().push(*byte),
                _ if *byte == escape && next.is_some_and(|next| *next == quote || *next == escape) => {
                    row.bytes().extend(next);
                    at += 1;
                }
                _ if *byte == quote => place = Place::Plain,
                _ => row.bytes().push(*byte),
            }
            at += 1;
        }
        let field = fields.get(..at).unwrap_or_default();
        if !was_quoted && *field == *self.style.null {
            row.end_null();
        } else {
            row.end_value();
        }
        fields.get(at..).and_then(|behind| behind.get(1..))
    }
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    type Rows = Vec<Vec<Option<Vec<u8>>>>;

    fn decode(options: &CopyOptions, data: &[u8], chunk: usize) -> Result<Rows, CopyDataError> {
        let mut decoder = CsvDecoder::new(options)?;
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

    fn fields(options: &CopyOptions, data: &[u8]) -> Vec<Option<String>> {
        let mut rows = decode(options, data, 1).unwrap();
        assert_eq!(rows.len(), 1, "{data:?}");
        rows.remove(0).into_iter().map(|field| field.map(|bytes| String::from_utf8(bytes).unwrap())).collect()
    }

    #[test]
    fn quotes_may_begin_anywhere_and_nothing_is_null() {
        let some = |text: &str| Some(String::from(text));
        let csv = CopyOptions::csv();
        assert_eq!(fields(&csv, b"a,,\"\",b\"c,d\"e\n"), [some("a"), None, some(""), some("bc,de")]);
        assert_eq!(
            fields(&csv, b"\"two\r\nlines\",\"a \"\"b\"\"\"\r\n"),
            [some("two\r\nlines"), some("a \"b\"")]
        );
        assert_eq!(fields(&csv, b"\n"), [None]);
        let other = CopyOptions::csv().quote('\'').escape('\\').delimiter(';').null("-");
        assert_eq!(
            fields(&other, br"-;'-';'it\'s \\ \n';,"),
            [None, some("-"), some(r"it's \ \n"), some(",")]
        );
    }

    #[test]
    fn an_open_quote_is_refused_at_the_end() {
        assert_eq!(decode(&CopyOptions::csv(), b"\"a\n", 1), Err(CopyDataError::OpenQuote));
        assert!(CsvEncoder::new(&CopyOptions::csv().delimiter('"')).is_err());
    }

    #[test]
    fn only_what_needs_quotes_has_some() {
        let mut out = BytesMut::new();
        let values = ["plain", " spaces ", "a\\b", "\\.", "", "two\nlines", "D"];
        let encoder = CsvEncoder::new(&CopyOptions::csv().default_marker("D")).unwrap();
        encoder.row(values.map(|value| Some(value.as_bytes())), &mut out);
        assert_eq!(out, "plain, spaces ,a\\b,\"\\.\",\"\",\"two\nlines\",\"D\"\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_however_it_comes(
            rows in prop::collection::vec(prop::collection::vec(prop::option::of("[\\\\\"'\n\r.,;NaD\0-\u{ff}]{0,6}"), 1..4), 0..6),
            delimiter in prop::sample::select(vec![',', ';', '\t']),
            quote in prop::sample::select(vec!['"', '\'']),
            escape in prop::sample::select(vec![None, Some('\\'), Some('"')]),
            null in prop::sample::select(vec![None, Some("NULL"), Some("N")]),
            chunk in 1..40_usize,
        ) {
            let mut options = CopyOptions::csv().delimiter(delimiter).quote(quote);
            options.escape = escape;
            options.null = null.map(String::from);
            let encoder = CsvEncoder::new(&options).unwrap();
            let mut out = BytesMut::new();
            for row in &rows {
                encoder.row(row.iter().map(|field| field.as_ref().map(String::as_bytes)), &mut out);
            }
            let expected: Rows = rows
                .iter()
                .map(|row| row.iter().map(|field| field.as_ref().map(|text| text.as_bytes().to_vec())).collect())
                .collect();
            prop_assert_eq!(decode(&options, &out, chunk).unwrap(), expected);
        }

        #[test]
        fn any_bytes_are_read_or_refused(data in prop::collection::vec(any::<u8>(), 0..200), chunk in 1..20_usize) {
            prop_assert_eq!(decode(&CopyOptions::csv(), &data, chunk), decode(&CopyOptions::csv(), &data, 1000));
        }
    }
}
