use bytes::BytesMut;

use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// Execute: runs a portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Execute<'a> {
    /// The portal's name; empty for the unnamed one.
    pub portal: &'a str,
    /// How many rows to send at most before PortalSuspended; 0 for all.
    pub max_rows: i32,
}

impl<'a> Execute<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'E';

    /// Appends the whole message; fails on a NUL in the name.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            w.cstr(self.portal, "a portal name")?;
            w.i32(self.max_rows);
            Ok(())
        })
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let portal = reader.cstr()?;
        let max_rows = reader.i32()?;
        reader.finish()?;
        Ok(Self { portal, max_rows })
    }
}

#[cfg(test)]
mod tests {
    use crate::message::frontend::FrontendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for (portal, max_rows) in [("", 0), ("c_1", 1), ("c_1", i32::MAX), ("", -1)] {
            testing::frontend(&FrontendMessage::Execute(Execute { portal, max_rows }));
        }
        let nul = Execute { portal: "\0", max_rows: 0 };
        testing::unencodable(|out| nul.encode(out), Unencodable::ContainsNul("a portal name"));
    }
}
