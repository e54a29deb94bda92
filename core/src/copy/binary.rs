//! Binary format. See "Binary Format" of COPY in PostgreSQL's SQL commands.
//!
//! ```text
//! PGCOPY\n\377\r\n\0 │ flags │ length, extension ║ fields │ len value │ -1 ║ … ║ -1
//! ```

use alloc::vec::Vec;

use bytes::{Buf, Bytes, BytesMut};

use crate::error::ProtocolError;
use crate::row::RowBatch;

/// What binary data begins with: the signature, no flags and no extension.
pub(super) const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What it ends with, in the place of a row's count of fields.
pub(super) const TRAILER: &[u8] = b"\xff\xff";

const SIGNATURE: usize = 11;

/// Flags that a reader must know of to read on; the others can be ignored.
const CRITICAL: u32 = 0xffff_0000;

/// -1, the length of NULL.
const NULL: u32 = u32::MAX;

/// Reads rows of binary data that comes in pieces, cut anywhere.
///
/// A row has the layout of a DataRow's body, so the rows of a piece become a [`RowBatch`] without a copy; only a row that
/// is cut in two is brought together.
///
/// ```
/// use bytes::{Bytes, BytesMut};
/// use trunkline_core::copy::{BinaryDecoder, RowEncoder};
/// use trunkline_core::types::{Format, Type};
/// use trunkline_core::{Column, Columns, Row};
///
/// let columns = Columns::from(vec![Column::new("id", Type::INT4, Format::Binary)]);
/// let mut data = BytesMut::new();
/// let mut encoder = RowEncoder::binary(columns.clone());
/// encoder.begin(&mut data);
/// encoder.row(&(7,), &mut data)?;
/// encoder.end(&mut data);
///
/// let mut decoder = BinaryDecoder::new(1);
/// let rows = decoder.decode(data.freeze())?.unwrap();
/// assert_eq!(Row::new(&rows, &columns, 0).unwrap().get::<i32>("id")?, 7);
/// decoder.finish()?;
/// # Ok::<(), trunkline_core::Error>(())
/// ```
#[derive(Debug)]
pub struct BinaryDecoder {
    width: usize,
    place: Place,
    /// The beginning of what is not whole.
    pending: BytesMut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Header,
    Rows,
    Ended,
}

/// What was found in some bytes.
#[derive(Debug, Default)]
struct Found {
    /// Where the header ended, or the rows began.
    start: usize,
    /// Where the whole rows ended.
    end: usize,
    rows: usize,
    /// Where the fields' lengths are, counted from `start`.
    fields: Vec<u32>,
    ended: bool,
}

impl BinaryDecoder {
    /// For rows of `width` fields.
    ///
    /// ```
    /// use trunkline_core::copy::BinaryDecoder;
    ///
    /// // Of COPY users (id, name) TO STDOUT WITH (FORMAT binary).
    /// let decoder = BinaryDecoder::new(2);
    /// ```
    pub fn new(width: usize) -> Self {
        Self { width, place: Place::Header, pending: BytesMut::new() }
    }

    /// Takes a piece, and gives the rows that it makes whole.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use trunkline_core::copy::BinaryDecoder;
    ///
    /// let mut decoder = BinaryDecoder::new(1);
    /// // Half of the signature makes no row yet.
    /// assert!(decoder.decode(Bytes::from_static(b"PGCOPY\n\xff"))?.is_none());
    /// assert!(decoder.decode(Bytes::from_static(b"1,Ada\n")).is_err(), "that is CSV");
    /// # Ok::<(), trunkline_core::error::ProtocolError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The data is no COPY data in binary, or not of rows of so many fields.
    pub fn decode(&mut self, data: Bytes) -> Result<Option<RowBatch>, ProtocolError> {
        let (bytes, found) = if self.pending.is_empty() {
            let found = self.find(&data)?;
            self.pending.extend_from_slice(data.get(found.end..).unwrap_or_default());
            (data, found)
        } else {
            self.pending.extend_from_slice(&data);
            let found = self.find(&self.pending)?;
            (self.pending.split_to(found.end).freeze(), found)
        };
        if found.ended {
            self.place = Place::Ended;
        } else if found.start > 0 {
            self.place = Place::Rows;
        }
        if found.rows == 0 {
            return Ok(None);
        }
        let rows = bytes.slice(found.start..found.end);
        Ok(Some(RowBatch::indexed(rows, found.fields, self.width, found.rows)))
    }

    /// The data has ended, as the server says it: checks that it was whole.
    ///
    /// ```
    /// use trunkline_core::copy::BinaryDecoder;
    ///
    /// // Not even the signature has come.
    /// assert!(BinaryDecoder::new(1).finish().is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// The end is missing.
    pub fn finish(&self) -> Result<(), ProtocolError> {
        if self.place == Place::Ended {
            Ok(())
        } else {
            Err(broken("COPY data in binary ended before its trailer"))
        }
    }

    fn find(&self, bytes: &[u8]) -> Result<Found, ProtocolError> {
        let mut found = Found::default();
        if self.place == Place::Header {
            match header(bytes)? {
                Some(length) => found.start = length,
                None => return Ok(found),
            }
        }
        found.end = found.start;
        let mut ended = self.place == Place::Ended;
        while let Some(rest) = bytes.get(found.end..).filter(|rest| !rest.is_empty()) {
            if ended {
                return Err(broken("COPY data in binary goes on after its trailer"));
            }
            if rest.starts_with(TRAILER) {
                ended = true;
                found.ended = true;
                found.end += TRAILER.len();
                continue;
            }
            let indexed = found.fields.len();
            let Some(length) = self.row(rest, found.end - found.start, &mut found.fields)? else {
                found.fields.truncate(indexed);
                break;
            };
            found.end += length;
            found.rows += 1;
        }
        Ok(found)
    }

    /// The length of the row at the start of `rest`, whose place is `at`; `None` when it is not whole.
    fn row(&self, rest: &[u8], at: usize, fields: &mut Vec<u32>) -> Result<Option<usize>, ProtocolError> {
        let Some((count, mut rest)) = rest.split_first_chunk::<2>() else { return Ok(None) };
        let count = usize::from(u16::from_be_bytes(*count));
        if count != self.width {
            return Err(ProtocolError::FieldCount { row: count, described: self.width });
        }
        let mut length = 2;
        for _ in 0..count {
            let Some((value, behind)) = rest.split_first_chunk::<4>() else { return Ok(None) };
            let value = u32::from_be_bytes(*value);
            // What lies beyond 4 GiB of one piece is read with the next.
            let Ok(place) = u32::try_from(at + length) else { return Ok(None) };
            fields.push(place);
            length += 4;
            rest = behind;
            if value != NULL {
                if i32::try_from(value).is_err() {
                    return Err(broken("COPY data in binary has a value of negative length"));
                }
                let Some(behind) = rest.get(value as usize..) else { return Ok(None) };
                length += value as usize;
                rest = behind;
            }
        }
        Ok(Some(length))
    }
}

/// The length of the header, when it is whole.
fn header(bytes: &[u8]) -> Result<Option<usize>, ProtocolError> {
    let signature = HEADER.iter().take(SIGNATURE);
    if bytes.iter().zip(signature).any(|(byte, expected)| byte != expected) {
        return Err(broken("COPY data in binary does not begin with its signature"));
    }
    let mut rest = bytes.get(SIGNATURE..).unwrap_or_default();
    if rest.len() < 8 {
        return Ok(None);
    }
    let (flags, extension) = (rest.get_u32(), rest.get_u32());
    if flags & CRITICAL != 0 {
        return Err(broken("COPY data in binary has a critical flag, which nobody here knows"));
    }
    let extension = usize::try_from(extension).ok().filter(|length| i32::try_from(*length).is_ok());
    let extension = extension.ok_or_else(|| broken("COPY data in binary has a header of negative length"))?;
    Ok(rest.get(extension..).map(|_| SIGNATURE + 8 + extension))
}

fn broken(why: &'static str) -> ProtocolError {
    ProtocolError::violation(why)
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec;

    use proptest::prelude::*;

    use super::*;
    use crate::wire::{IsNull, Unencodable, Writer};

    type Rows = Vec<Vec<Option<Vec<u8>>>>;

    fn decode(width: usize, data: &[u8], chunk: usize) -> Result<Rows, ProtocolError> {
        let mut decoder = BinaryDecoder::new(width);
        let mut rows = Vec::new();
        for piece in data.chunks(chunk) {
            if let Some(batch) = decoder.decode(Bytes::copy_from_slice(piece))? {
                assert!(!batch.is_empty());
                rows.extend((0..batch.len()).map(|row| {
                    (0..width).map(|column| batch.field(row, column).map(<[u8]>::to_vec)).collect::<Vec<_>>()
                }));
            }
        }
        decoder.finish()?;
        Ok(rows)
    }

    fn encode(rows: &Rows) -> Vec<u8> {
        let mut out = BytesMut::from(HEADER);
        for row in rows {
            let mut writer = Writer::new(&mut out);
            writer.count(row.len(), "fields").unwrap();
            for field in row {
                let written = writer.nullable::<Unencodable>(|out| {
                    let Some(value) = field else { return Ok(IsNull::Yes) };
                    out.extend_from_slice(value);
                    Ok(IsNull::No)
                });
                written.unwrap();
            }
        }
        out.extend_from_slice(TRAILER);
        out.to_vec()
    }

    #[test]
    fn an_extension_of_the_header_is_passed_over() {
        let mut data = encode(&vec![vec![Some(vec![7])]]);
        data[14] = 1;
        data[18] = 3;
        data.splice(19..19, *b"ext");
        for chunk in [1, 2, 5, 1000] {
            assert_eq!(decode(1, &data, chunk).unwrap(), [[Some(vec![7])]]);
        }
    }

    #[test]
    fn lies_are_refused() {
        let whole = encode(&vec![vec![Some(vec![7])]]);
        let bent = |at: usize, byte: u8| {
            let mut data = whole.clone();
            data[at] = byte;
            decode(1, &data, 1000).unwrap_err().to_string()
        };
        assert!(bent(3, b'x').contains("signature"));
        assert!(bent(12, 1).contains("critical flag"));
        assert!(bent(15, 0x80).contains("negative length"));
        assert!(bent(21, 0x80).contains("negative length"));
        assert!(bent(20, 2).contains("2"));
        assert!(decode(1, &whole[..whole.len() - 1], 1000).is_err());
        assert!(decode(1, &[&whole[..], b"x"].concat(), 1).unwrap_err().to_string().contains("goes on"));
        assert!(decode(1, b"", 1).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_however_it_comes(
            (width, rows) in (0..4_usize).prop_flat_map(|width| {
                let field = prop::option::of(prop::collection::vec(any::<u8>(), 0..8));
                (Just(width), prop::collection::vec(prop::collection::vec(field, width), 0..8))
            }),
            chunk in 1..60_usize,
        ) {
            prop_assert_eq!(decode(width, &encode(&rows), chunk).unwrap(), rows);
        }

        #[test]
        fn any_bytes_are_read_or_refused(
            data in prop::collection::vec(prop::sample::select(vec![0, 1, 2, 255]), 0..80),
            begins in any::<bool>(),
            chunk in 1..20_usize,
        ) {
            let data = if begins { [HEADER, &data].concat() } else { data };
            let whole = decode(1, &data, 1000);
            let pieces = decode(1, &data, chunk);
            prop_assert_eq!(whole.is_ok(), pieces.is_ok());
            if let (Ok(whole), Ok(pieces)) = (whole, pieces) {
                prop_assert_eq!(whole, pieces);
            }
        }
    }
}
