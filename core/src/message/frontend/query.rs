use bytes::BytesMut;

use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// Query: runs a string of commands by the simple protocol, all results in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Query<'a> {
    /// The commands, parted by semicolons.
    pub sql: &'a str,
}

impl<'a> Query<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'Q';

    /// Appends the whole message; fails on a NUL in the SQL.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| w.cstr(self.sql, "the SQL"))
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let sql = reader.cstr()?;
        reader.finish()?;
        Ok(Self { sql })
    }
}

#[cfg(test)]
mod tests {
    use crate::message::frontend::FrontendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for sql in ["", "select 1; select 'ü'"] {
            testing::frontend(&FrontendMessage::Query(Query { sql }));
        }
        testing::unencodable(|out| Query { sql: "a\0" }.encode(out), Unencodable::ContainsNul("the SQL"));
    }
}
