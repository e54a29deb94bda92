use alloc::vec::Vec;
use core::ops::RangeInclusive;

use bytes::BufMut;

use crate::wire::{Format, Malformed, Reader, Unencodable, Writer};

/// How long a cancel key may be: exactly 4 bytes in protocol 3.0, up to 256 from 3.2 on.
const KEY_LENGTHS: RangeInclusive<usize> = 4..=256;

/// Reads `count` items of at least `least` bytes each.
///
/// The count is the peer's word: nothing is reserved that the bytes which are here could not fill.
pub(super) fn items<'a, T>(
    reader: &mut Reader<'a>,
    count: usize,
    least: usize,
    mut item: impl FnMut(&mut Reader<'a>) -> Result<T, Malformed>,
) -> Result<Vec<T>, Malformed> {
    if count.checked_mul(least).is_none_or(|needed| needed > reader.remaining()) {
        return Err(Malformed::Truncated);
    }
    let mut items = Vec::with_capacity(count);
    for _ in 0..count {
        items.push(item(reader)?);
    }
    Ok(items)
}

/// Reads an Int16 count and so many items of at least `least` bytes each.
pub(super) fn counted<'a, T>(
    reader: &mut Reader<'a>,
    least: usize,
    item: impl FnMut(&mut Reader<'a>) -> Result<T, Malformed>,
) -> Result<Vec<T>, Malformed> {
    let count = usize::from(reader.u16()?);
    items(reader, count, least, item)
}

/// Reads a format code.
pub(super) fn format(reader: &mut Reader<'_>) -> Result<Format, Malformed> {
    Format::from_code(reader.i16()?).ok_or(Malformed::Unknown("a format code"))
}

/// Reads an Int16 count and so many format codes.
pub(super) fn formats(reader: &mut Reader<'_>) -> Result<Vec<Format>, Malformed> {
    counted(reader, 2, format)
}

/// Reads an Int16 count and so many values with their lengths.
pub(super) fn values<'a>(reader: &mut Reader<'a>) -> Result<Vec<Option<&'a [u8]>>, Malformed> {
    counted(reader, 4, Reader::value)
}

/// Writes an Int16 count and the format codes; `what` names them in the error.
pub(super) fn write_formats(
    writer: &mut Writer<'_>,
    formats: &[Format],
    what: &'static str,
) -> Result<(), Unencodable> {
    writer.count(formats.len(), what)?;
    for format in formats {
        writer.i16(format.code());
    }
    Ok(())
}

/// Writes a value with its length, or NULL.
pub(super) fn write_value(writer: &mut Writer<'_>, value: Option<&[u8]>) -> Result<(), Unencodable> {
    let Some(value) = value else {
        writer.null();
        return Ok(());
    };
    writer.value(|out| {
        out.put_slice(value);
        Ok(())
    })
}

/// Whether `formats` can stand for `count` values: none (all are text), one for all, or one each.
pub(super) const fn formats_fit(formats: &[Format], count: usize) -> bool {
    formats.len() <= 1 || formats.len() == count
}

/// Reads the rest of a body as a cancel key.
pub(super) fn key<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Malformed> {
    let key = reader.rest();
    if KEY_LENGTHS.contains(&key.len()) { Ok(key) } else { Err(Malformed::InvalidLength) }
}

/// Writes a cancel key, which ends its message.
pub(super) fn write_key(writer: &mut Writer<'_>, key: &[u8]) -> Result<(), Unencodable> {
    if !KEY_LENGTHS.contains(&key.len()) {
        return Err(Unencodable::InvalidLength("a cancel key"));
    }
    writer.bytes(key);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_the_bytes_cannot_fill_reserves_nothing() {
        let mut reader = Reader::new(b"abc");
        let mut read = 0;
        let refused = items(&mut reader, usize::MAX, 4, |reader| {
            read += 1;
            reader.u8()
        });
        assert_eq!(refused, Err(Malformed::Truncated));
        assert_eq!(read, 0);
    }

    #[test]
    fn formats_are_none_or_one_for_all_or_one_each() {
        let formats = [Format::Text; 3];
        for (formats, count, fit) in [
            (&formats[..0], 2, true),
            (&formats[..1], 2, true),
            (&formats[..1], 0, true),
            (&formats[..2], 2, true),
            (&formats[..3], 2, false),
            (&formats[..2], 3, false),
        ] {
            assert_eq!(formats_fit(formats, count), fit);
        }
    }
}
