use bytes::BytesMut;

use crate::wire::{Malformed, Unencodable, Writer};

/// CopyData: a piece of a COPY, in either direction.
///
/// Backends send whole rows, but nobody has to: a piece may begin and end anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CopyData<'a> {
    /// The piece.
    pub data: &'a [u8],
}

impl<'a> CopyData<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'd';

    /// Appends the whole message.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            w.bytes(self.data);
            Ok(())
        })
    }

    /// Reads a body; there is none that cannot be.
    pub const fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        Ok(Self { data: body })
    }
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::message::frontend::FrontendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for data in [&b""[..], b"1\ta\n", b"\0\xff"] {
            testing::open_frontend(&FrontendMessage::CopyData(CopyData { data }));
            testing::open_backend(&BackendMessage::CopyData(CopyData { data }));
        }
    }
}
