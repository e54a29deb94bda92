use alloc::vec::Vec;

use bytes::BytesMut;

use crate::message::parts;
use crate::wire::{Format, Malformed, Reader, Unencodable, Writer};

/// RowDescription: the columns of the rows to come.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RowDescription<'a> {
    /// The columns, in order.
    pub fields: Vec<FieldDescription<'a>>,
}

/// One column of a RowDescription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FieldDescription<'a> {
    /// The column's name.
    pub name: &'a str,
    /// The OID of the table that it comes from, or 0.
    pub table: u32,
    /// The number of the attribute in that table, or 0.
    pub attribute: i16,
    /// The OID of its type.
    pub type_oid: u32,
    /// The size of the type in bytes (`typlen`); negative when it varies.
    pub type_size: i16,
    /// The type's modifier (`atttypmod`); -1 when it has none.
    pub modifier: i32,
    /// How its values are written; text when a statement is described, since no portal has chosen yet.
    pub format: Format,
}

impl<'a> RowDescription<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'T';

    /// Appends the whole message; fails on a NUL in a name, and on more than 65,535 columns.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            w.count(self.fields.len(), "columns")?;
            self.fields.iter().try_for_each(|field| field.write(w))
        })
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let fields = parts::counted(&mut reader, FieldDescription::LEAST, FieldDescription::read)?;
        reader.finish()?;
        Ok(Self { fields })
    }
}

impl<'a> FieldDescription<'a> {
    /// How many bytes one takes at least: the NUL of an empty name, and the numbers.
    const LEAST: usize = 1 + 18;

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), Unencodable> {
        writer.cstr(self.name, "a column name")?;
        writer.u32(self.table);
        writer.i16(self.attribute);
        writer.u32(self.type_oid);
        writer.i16(self.type_size);
        writer.i32(self.modifier);
        writer.i16(self.format.code());
        Ok(())
    }

    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            name: reader.cstr()?,
            table: reader.u32()?,
            attribute: reader.i16()?,
            type_oid: reader.u32()?,
            type_size: reader.i16()?,
            modifier: reader.i32()?,
            format: parts::format(reader)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    const ID: FieldDescription<'_> = FieldDescription {
        name: "id",
        table: 16_384,
        attribute: 1,
        type_oid: 23,
        type_size: 4,
        modifier: -1,
        format: Format::Binary,
    };

    #[test]
    fn round_trip() {
        let odd = FieldDescription {
            name: "",
            table: u32::MAX,
            attribute: i16::MIN,
            type_oid: 0,
            type_size: -2,
            modifier: i32::MAX,
            format: Format::Text,
        };
        for fields in [vec![], vec![ID], vec![odd, ID, odd]] {
            testing::backend(&BackendMessage::RowDescription(RowDescription { fields }));
        }
    }

    #[test]
    fn what_the_wire_cannot_say_is_refused() {
        let nul = RowDescription { fields: vec![FieldDescription { name: "\0", ..ID }] };
        testing::unencodable(|out| nul.encode(out), Unencodable::ContainsNul("a column name"));
        let many = RowDescription { fields: vec![ID; 65_536] };
        testing::unencodable(|out| many.encode(out), Unencodable::TooMany("columns", 65_535));
    }

    #[test]
    fn a_format_that_is_not_known_is_refused() {
        let mut body = [0; 21];
        body[1] = 1;
        body[20] = 2;
        assert_eq!(RowDescription::decode(&body), Err(Malformed::Unknown("a format code")));
    }
}
