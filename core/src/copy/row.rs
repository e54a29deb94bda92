use alloc::vec::Vec;
use core::fmt;

/// The fields of one row of text or CSV, as they are meant: without quotes and escapes.
///
/// A decoder fills the same one again and again, without an allocation.
///
/// ```
/// use bytes::BytesMut;
/// use trunkline_core::copy::{CopyOptions, CopyRow, TextDecoder};
///
/// let mut row = CopyRow::default();
/// TextDecoder::new(&CopyOptions::text())?.next(&mut BytesMut::from("7\tAda\t\\N\n"), &mut row);
/// let fields: Vec<_> = row.iter().collect();
/// assert_eq!(fields, [Some(&b"7"[..]), Some(b"Ada"), None]);
/// # Ok::<(), trunkline_core::copy::CopyDataError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CopyRow {
    bytes: Vec<u8>,
    /// Where each field ends, and whether it is one; NULL is none, of no bytes.
    ends: Vec<(usize, bool)>,
}

/// Data that cannot be what it should be: text or CSV that does not end, a value that cannot be told from NULL.
///
/// ```
/// use trunkline_core::copy::{CopyDataError, CopyOptions, CsvEncoder};
///
/// let error = CsvEncoder::new(&CopyOptions::csv().quote(',')).unwrap_err();
/// assert_eq!(error, CopyDataError::Character);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CopyDataError {
    /// The data ends within quotes.
    OpenQuote,
    /// The data ends with a backslash.
    OpenEscape,
    /// An empty value, where what stands for NULL is empty too and nothing is quoted.
    EmptyIsNull,
    /// A delimiter, quote or escape that is not one ASCII character, or not one that can be told from the data.
    Character,
}

impl CopyRow {
    /// How many fields there are.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, CopyRow, TextDecoder};
    /// # let mut row = CopyRow::default();
    /// # let mut input = bytes::BytesMut::from("7\tAda\t\\N\n");
    /// # TextDecoder::new(&CopyOptions::text())?.next(&mut input, &mut row);
    /// assert_eq!(row.len(), 3); // 7, Ada, NULL
    /// # Ok::<(), trunkline_core::copy::CopyDataError>(())
    /// ```
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    ///
    /// ```
    /// assert!(trunkline_core::copy::CopyRow::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A field; `None` for NULL, and past the last.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, CopyRow, TextDecoder};
    /// # let mut row = CopyRow::default();
    /// # let mut input = bytes::BytesMut::from("7\tAda\t\\N\n");
    /// # TextDecoder::new(&CopyOptions::text())?.next(&mut input, &mut row);
    /// assert_eq!(row.get(1), Some(&b"Ada"[..]));
    /// assert_eq!(row.get(2), None);
    /// # Ok::<(), trunkline_core::copy::CopyDataError>(())
    /// ```
    pub fn get(&self, index: usize) -> Option<&[u8]> {
        let (end, is_value) = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |(end, _)| *end);
        if is_value { self.bytes.get(start..end) } else { None }
    }

    /// All fields, in order.
    ///
    /// ```
    /// # use trunkline_core::copy::{CopyOptions, CopyRow, TextDecoder};
    /// # let mut row = CopyRow::default();
    /// # let mut input = bytes::BytesMut::from("7\tAda\t\\N\n");
    /// # TextDecoder::new(&CopyOptions::text())?.next(&mut input, &mut row);
    /// assert_eq!(row.iter().flatten().count(), 2); // one is NULL
    /// # Ok::<(), trunkline_core::copy::CopyDataError>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = Option<&[u8]>> {
        (0..self.len()).map(|index| self.get(index))
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// Where the bytes of the field that is being read go.
    pub(super) fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// The field that was being read has ended.
    pub(super) fn end_value(&mut self) {
        self.ends.push((self.bytes.len(), true));
    }

    /// It was NULL: what was read of it does not count.
    pub(super) fn end_null(&mut self) {
        let start = self.ends.last().map_or(0, |(end, _)| *end);
        self.bytes.truncate(start);
        self.ends.push((start, false));
    }
}

impl fmt::Display for CopyDataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OpenQuote => "the data ends within quotes",
            Self::OpenEscape => "the data ends with a backslash",
            Self::EmptyIsNull => {
                "an empty value cannot be told from NULL, for which nothing stands in this COPY"
            }
            Self::Character => {
                "delimiter, quote and escape are one ASCII character each, and no part of the data"
            }
        })
    }
}

impl core::error::Error for CopyDataError {}

/// A delimiter, quote or escape as its byte.
pub(super) fn byte(character: char) -> Result<u8, CopyDataError> {
    let refused = |byte: &u8| matches!(byte, b'\n' | b'\r' | 0);
    u8::try_from(character)
        .ok()
        .filter(|byte| byte.is_ascii() && !refused(byte))
        .ok_or(CopyDataError::Character)
}
