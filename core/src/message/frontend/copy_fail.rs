use bytes::BytesMut;

use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// CopyFail: the client gives a COPY up; the server answers with an error (57014) that carries the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CopyFail<'a> {
    /// Why.
    pub message: &'a str,
}

impl<'a> CopyFail<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'f';

    /// Appends the whole message; fails on a NUL in the text.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| w.cstr(self.message, "the reason of CopyFail"))
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let message = reader.cstr()?;
        reader.finish()?;
        Ok(Self { message })
    }
}

#[cfg(test)]
mod tests {
    use crate::message::frontend::FrontendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for message in ["", "no more"] {
            testing::frontend(&FrontendMessage::CopyFail(CopyFail { message }));
        }
        let nul = CopyFail { message: "\0" };
        testing::unencodable(|out| nul.encode(out), Unencodable::ContainsNul("the reason of CopyFail"));
    }
}
