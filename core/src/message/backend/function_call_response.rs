use bytes::BytesMut;

use crate::message::parts;
use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// FunctionCallResponse: what the function of a FunctionCall gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FunctionCallResponse<'a> {
    /// The result, in the format that was asked for; `None` for NULL.
    pub value: Option<&'a [u8]>,
}

impl<'a> FunctionCallResponse<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'V';

    /// Appends the whole message; fails on a value longer than 1 GB.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| parts::write_value(w, self.value))
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let value = reader.value()?;
        reader.finish()?;
        Ok(Self { value })
    }
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for value in [None, Some(&b""[..]), Some(b"\0\0\0\x01")] {
            testing::backend(&BackendMessage::FunctionCallResponse(FunctionCallResponse { value }));
        }
    }
}
