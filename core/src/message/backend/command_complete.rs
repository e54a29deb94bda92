use bytes::BytesMut;

use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// CommandComplete: a command ran to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CommandComplete<'a> {
    /// What ran, and for some commands how many rows: `INSERT 0 3`, `SELECT 10`, `CREATE TABLE`.
    pub tag: &'a str,
}

impl<'a> CommandComplete<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'C';

    /// Appends the whole message; fails on a NUL in the tag.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| w.cstr(self.tag, "a command tag"))
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let tag = reader.cstr()?;
        reader.finish()?;
        Ok(Self { tag })
    }

    /// How many rows the command returned or changed; `None` for commands that do not count.
    pub fn rows(&self) -> Option<u64> {
        self.tag.rsplit_once(' ')?.1.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for tag in ["", "SELECT 10", "CREATE TABLE"] {
            testing::backend(&BackendMessage::CommandComplete(CommandComplete { tag }));
        }
        let nul = CommandComplete { tag: "\0" };
        testing::unencodable(|out| nul.encode(out), Unencodable::ContainsNul("a command tag"));
    }

    #[test]
    fn rows_are_the_last_word() {
        for (tag, rows) in [
            ("INSERT 0 3", Some(3)),
            ("SELECT 10", Some(10)),
            ("COPY 18446744073709551615", Some(u64::MAX)),
            ("CREATE TABLE", None),
            ("BEGIN", None),
            ("SELECT -1", None),
            ("5", None),
            ("", None),
        ] {
            assert_eq!(CommandComplete { tag }.rows(), rows, "{tag}");
        }
    }
}
