use alloc::vec::Vec;

use bytes::{Buf, Bytes, BytesMut};

use crate::error::ProtocolError;
use crate::wire::{HEADER, Header, Malformed};

/// A run of DataRow frames exactly as they came from the socket, checked once and indexed by one vector.
///
/// ```text
/// bytes:  D len count │ len value │ len value ║ D len count │ len value │ -1 ║ …
/// fields:             ^           ^                         ^           ^
/// ```
///
/// A field's entry is the offset of its length; the value follows it.
#[derive(Debug, Clone, Default)]
pub struct RowBatch {
    bytes: Bytes,
    fields: Vec<u32>,
    width: usize,
    rows: usize,
}

/// The longest run that is copied rather than shared.
const COPIED: usize = 2048;

const TAG: u8 = b'D';

/// -1, the length of NULL.
const NULL: u32 = u32::MAX;

impl RowBatch {
    /// Takes the run of whole DataRow frames of `width` fields that `input` begins with, checked and indexed;
    /// `None` when it does not begin with one. A run ends before a frame that is wrong, too: whether the rows
    /// before it count must not depend on how the bytes came.
    ///
    /// A long run is split off without a copy. A short one is copied, so that a result of a few bytes does not
    /// keep a whole read buffer alive.
    pub fn take(input: &mut BytesMut, width: usize) -> Result<Option<Self>, ProtocolError> {
        let (mut fields, mut rows, mut at) = (Vec::new(), 0_usize, 0);
        loop {
            let frame_len = match whole_row(input, at) {
                Ok(Some(frame_len)) => frame_len,
                Err(error) if rows == 0 => return Err(error),
                Ok(None) | Err(_) => break,
            };
            if rows == 1 {
                // A guess from rows that are really here: each field takes four bytes of them at least. Not for the
                // first: what follows a single row are other queries' answers.
                fields.reserve((input.len() / frame_len).saturating_mul(width).min(input.len() / 4));
            }
            match index_row(input, at, width, &mut fields) {
                Ok(next) => at = next,
                Err(error) if rows == 0 => return Err(error),
                Err(_) => {
                    fields.truncate(rows.saturating_mul(width));
                    break;
                }
            }
            rows += 1;
        }
        if rows == 0 {
            return Ok(None);
        }
        let bytes = if at <= COPIED {
            let copy = Bytes::copy_from_slice(input.get(..at).unwrap_or_default());
            input.advance(at);
            copy
        } else {
            input.split_to(at).freeze()
        };
        Ok(Some(Self { bytes, fields, width, rows }))
    }

    /// Rows whose fields' lengths are at these places, all of which were checked.
    pub(crate) fn indexed(bytes: Bytes, fields: Vec<u32>, width: usize, rows: usize) -> Self {
        Self { bytes, fields, width, rows }
    }

    /// Drops the first rows, which were had already.
    pub fn drop_first(&mut self, rows: usize) {
        let rows = rows.min(self.rows);
        self.fields.drain(..rows.saturating_mul(self.width).min(self.fields.len()));
        self.rows -= rows;
    }

    /// Keeps only so many rows, the first ones.
    pub fn truncate(&mut self, rows: usize) {
        self.rows = self.rows.min(rows);
        self.fields.truncate(self.rows.saturating_mul(self.width));
    }

    /// How many rows there are.
    pub const fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// How many fields each row has.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// How many bytes it holds, frames and all: its weight in the count of unread bytes.
    pub fn byte_len(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes of one field; `None` for NULL, and for a row or column that is not there.
    pub fn field(&self, row: usize, column: usize) -> Option<&[u8]> {
        self.row(row)?.field(column)
    }

    /// The fields of one row; `None` past the end.
    pub(super) fn row(&self, row: usize) -> Option<Fields<'_>> {
        if row >= self.rows {
            return None;
        }
        let fields = self.fields.get(row.checked_mul(self.width)?..)?.get(..self.width)?;
        Some(Fields { bytes: &self.bytes, fields })
    }

    /// The fields of one row, in order, of which NULLs are `None`; none past the end.
    pub fn fields(&self, row: usize) -> impl Iterator<Item = Option<&[u8]>> {
        let fields = self.row(row).unwrap_or(Fields { bytes: &[], fields: &[] });
        (0..fields.len()).map(move |column| fields.field(column))
    }

    /// The same without a copy, for values that outlive the batch.
    pub fn field_bytes(&self, row: usize, column: usize) -> Option<Bytes> {
        self.field(row, column).map(|field| self.bytes.slice_ref(field))
    }
}

/// The fields of one row, found once for all of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    bytes: &'a [u8],
    fields: &'a [u32],
}

impl<'a> Fields<'a> {
    pub(super) const fn len(&self) -> usize {
        self.fields.len()
    }

    #[inline]
    pub(super) fn field(&self, column: usize) -> Option<&'a [u8]> {
        let at = *self.fields.get(column)? as usize;
        let (length, rest) = self.bytes.get(at..)?.split_first_chunk::<4>()?;
        // Checked when it was indexed: what is longer than the rest is the length of NULL.
        rest.get(..u32::from_be_bytes(*length) as usize)
    }
}

/// The length of the DataRow frame at `at`, when it is one and whole.
fn whole_row(input: &[u8], at: usize) -> Result<Option<usize>, ProtocolError> {
    let rest = input.get(at..).unwrap_or_default();
    match Header::read(rest).map_err(|problem| ProtocolError::malformed(TAG, problem))? {
        Some(Header { tag: TAG, frame_len }) if frame_len <= rest.len() => Ok(Some(frame_len)),
        _ => Ok(None),
    }
}

/// Checks the frame at `at`, appends where its fields are, and gives where the next one starts.
fn index_row(bytes: &[u8], at: usize, width: usize, fields: &mut Vec<u32>) -> Result<usize, ProtocolError> {
    let truncated = || ProtocolError::malformed(TAG, Malformed::Truncated);
    let header = bytes.get(at..at + HEADER + 2).and_then(<[u8]>::first_chunk::<7>).ok_or_else(truncated)?;
    let [_, a, b, c, d, count_high, count_low] = *header;
    let end = at + 1 + u32::from_be_bytes([a, b, c, d]) as usize;
    let frame = bytes.get(..end).ok_or_else(truncated)?;
    let count = usize::from(u16::from_be_bytes([count_high, count_low]));
    if count != width {
        return Err(ProtocolError::FieldCount { row: count, described: width });
    }
    // What ends within 4 GiB, all of it lies there.
    if u32::try_from(end).is_err() {
        return Err(ProtocolError::malformed(TAG, Malformed::InvalidLength));
    }
    let mut at = u32::try_from(at + HEADER + 2).map_err(|_| truncated())?;
    let mut rest = frame.get(at as usize..).unwrap_or_default();
    let indexed = fields.len();
    fields.resize(indexed + width, 0);
    for field in fields.iter_mut().skip(indexed) {
        *field = at;
        let (length, values) = rest.split_first_chunk::<4>().ok_or_else(truncated)?;
        let length = u32::from_be_bytes(*length);
        at += 4;
        rest = values;
        if length != NULL {
            rest = values.get(length as usize..).ok_or_else(|| too_long(length))?;
            at += length;
        }
    }
    if !rest.is_empty() {
        return Err(ProtocolError::malformed(TAG, Malformed::TrailingBytes));
    }
    Ok(end)
}

/// The error of a value that is longer than what is left of its row.
#[cold]
fn too_long(length: u32) -> ProtocolError {
    let negative = i32::try_from(length).is_err();
    ProtocolError::malformed(TAG, if negative { Malformed::InvalidLength } else { Malformed::Truncated })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(bytes: &'static [u8], width: usize) -> Result<RowBatch, ProtocolError> {
        RowBatch::take(&mut BytesMut::from(bytes), width).map(Option::unwrap)
    }

    #[test]
    fn the_first_rows_can_be_dropped() {
        let mut input = BytesMut::new();
        for value in [1_u8, 2, 3] {
            input.extend_from_slice(&[b'D', 0, 0, 0, 11, 0, 1, 0, 0, 0, 1, value]);
        }
        let mut batch = RowBatch::take(&mut input, 1).unwrap().unwrap();
        batch.truncate(7);
        let mut first = batch.clone();
        first.truncate(1);
        assert_eq!((first.len(), first.field(0, 0), first.field(1, 0)), (1, Some(&[1][..]), None));
        batch.drop_first(2);
        assert_eq!((batch.len(), batch.field(0, 0), batch.field(1, 0)), (1, Some(&[3][..]), None));
        batch.drop_first(9);
        assert!(batch.is_empty());
    }

    #[test]
    fn a_run_ends_where_another_message_or_half_a_row_begins() {
        const ROW: &[u8] = b"D\0\0\0\x0b\0\x01\0\0\0\x01x";
        for tail in [&b"C\0\0\0\x04"[..], &ROW[..9], b"D\0", b""] {
            let mut input = BytesMut::from(&[ROW, ROW, tail].concat()[..]);
            assert_eq!(RowBatch::take(&mut input, 1).unwrap().unwrap().len(), 2);
            assert_eq!(&input[..], tail);
            assert!(RowBatch::take(&mut input, 1).unwrap().is_none());
        }
    }

    #[test]
    fn long_runs_are_shared_and_read_the_same() {
        let row = [&b"D\0\0\0\x6e\0\x01\0\0\0\x64"[..], &[7; 100]].concat();
        let rows = RowBatch::take(&mut BytesMut::from(&row.repeat(100)[..]), 1).unwrap().unwrap();
        assert_eq!(rows.len(), 100);
        assert!((0..100).all(|at| rows.field(at, 0) == Some(&[7; 100][..])));
    }

    #[test]
    fn fields_are_found_and_null_is_none() {
        let rows = batch(
            b"D\0\0\0\x10\0\x02\0\0\0\x02hi\xff\xff\xff\xffD\0\0\0\x0e\0\x02\0\0\0\0\xff\xff\xff\xff",
            2,
        )
        .unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows.field(0, 0), Some(&b"hi"[..]));
        assert_eq!(rows.field(0, 1), None);
        assert_eq!(rows.field(1, 0), Some(&b""[..]));
        assert_eq!(rows.field(1, 2), None);
        assert_eq!(rows.field(2, 0), None);
    }

    #[test]
    fn lies_are_refused() {
        let count = batch(b"D\0\0\0\x06\0\0", 1).unwrap_err();
        assert_eq!(count, ProtocolError::FieldCount { row: 0, described: 1 });
        let beyond = batch(b"D\0\0\0\x0a\0\x01\0\0\0\x05", 1).unwrap_err();
        assert_eq!(beyond, ProtocolError::malformed(b'D', Malformed::Truncated));
        let negative = batch(b"D\0\0\0\x0a\0\x01\xff\xff\xff\xfe", 1).unwrap_err();
        assert_eq!(negative, ProtocolError::malformed(b'D', Malformed::InvalidLength));
        let trailing = batch(b"D\0\0\0\x0b\0\x01\0\0\0\0x", 1).unwrap_err();
        assert_eq!(trailing, ProtocolError::malformed(b'D', Malformed::TrailingBytes));
    }

    #[test]
    fn a_run_ends_before_a_lie() {
        const ROW: &[u8] = b"D\0\0\0\x0b\0\x01\0\0\0\x01x";
        for lie in [&b"D\0\0\0\x0b\0\x02\0\0\0\x01x"[..], b"D\0\0\0\0\0", b"D\0\0\0\x0b\0\x01\0\0\0\x02x"] {
            let mut input = BytesMut::from(&[ROW, ROW, lie].concat()[..]);
            let rows = RowBatch::take(&mut input, 1).unwrap().unwrap();
            assert_eq!((rows.len(), rows.field(1, 0), rows.field(2, 0)), (2, Some(&b"x"[..]), None));
            assert!(RowBatch::take(&mut input, 1).is_err());
        }
    }

    #[test]
    fn rows_without_columns_are_counted() {
        assert_eq!(batch(b"D\0\0\0\x06\0\0D\0\0\0\x06\0\0", 0).unwrap().len(), 2);
    }
}
