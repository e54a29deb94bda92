use alloc::vec::Vec;

use bytes::BytesMut;

use crate::message::parts;
use crate::wire::{Format, Malformed, Reader, Unencodable, Writer};

/// Appends a CopyInResponse, CopyOutResponse or CopyBothResponse, which differ in nothing but their tag.
pub(super) fn encode(
    tag: u8,
    out: &mut BytesMut,
    format: Format,
    columns: &[Format],
) -> Result<(), Unencodable> {
    Writer::message(tag, out, |w| {
        w.u8(format as u8);
        parts::write_formats(w, columns, "columns")
    })
}

/// Reads the body of one of them: the overall format and each column's.
pub(super) fn decode(body: &[u8]) -> Result<(Format, Vec<Format>), Malformed> {
    let mut reader = Reader::new(body);
    let format = Format::from_code(i16::from(reader.u8()?)).ok_or(Malformed::Unknown("a format code"))?;
    let columns = parts::formats(&mut reader)?;
    reader.finish()?;
    Ok((format, columns))
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::message::testing;

    #[test]
    fn more_columns_than_can_be_counted_are_refused() {
        let columns = vec![Format::Text; 65_536];
        let problem = Unencodable::TooMany("columns", 65_535);
        testing::unencodable(|out| encode(b'G', out, Format::Text, &columns), problem);
    }

    #[test]
    fn a_format_that_is_not_known_is_refused() {
        let unknown = Err(Malformed::Unknown("a format code"));
        assert_eq!(decode(b"\x02\0\0"), unknown);
        assert_eq!(decode(b"\0\0\x01\0\x02"), unknown);
    }
}
