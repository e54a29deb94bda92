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
