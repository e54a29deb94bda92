use alloc::borrow::Cow;

use bytes::BytesMut;

use crate::message::parts;
use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// Parse: makes a prepared statement of SQL text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parse<'a> {
    /// The statement's name; empty for the unnamed one.
    pub statement: &'a str,
    /// Its text: one command at most.
    pub sql: &'a str,
    /// The OIDs of the first parameters' types; 0 leaves one to the server.
    pub types: Cow<'a, [u32]>,
}

impl<'a> Parse<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'P';

    /// Appends the whole message.
    ///
    /// # Errors
    ///
    /// A NUL in a string, more than 65,535 types.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            w.cstr(self.statement, "a statement name")?;
            w.cstr(self.sql, "the SQL")?;
            w.count(self.types.len(), "parameter types")?;
            for &oid in &*self.types {
                w.u32(oid);
            }
            Ok(())
        })
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let statement = reader.cstr()?;
        let sql = reader.cstr()?;
        let types = parts::counted(&mut reader, 4, Reader::u32)?.into();
        reader.finish()?;
        Ok(Self { statement, sql, types })
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use crate::message::frontend::FrontendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for types in [vec![], vec![23, 0, u32::MAX], vec![25; 65_535]] {
            let parse = Parse { statement: "s_1", sql: "select $1 -- é", types: types.into() };
            testing::frontend(&FrontendMessage::Parse(parse));
        }
        let empty = Parse { statement: "", sql: "", types: Cow::Borrowed(&[]) };
        testing::frontend(&FrontendMessage::Parse(empty));
    }

    #[test]
    fn what_the_wire_cannot_say_is_refused() {
        let good = Parse { statement: "", sql: "", types: Cow::Borrowed(&[]) };
        let statement = Parse { statement: "a\0b", ..good.clone() };
        testing::unencodable(|out| statement.encode(out), Unencodable::ContainsNul("a statement name"));
        let sql = Parse { sql: "\0", ..good.clone() };
        testing::unencodable(|out| sql.encode(out), Unencodable::ContainsNul("the SQL"));
        let types = Parse { types: vec![23; 65_536].into(), ..good };
        testing::unencodable(|out| types.encode(out), Unencodable::TooMany("parameter types", 65_535));
    }
}
