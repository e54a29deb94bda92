use core::fmt;

use bytes::BytesMut;

use crate::message::redacted::Redacted;
use crate::wire::{Malformed, Unencodable, Writer};

/// SASLResponse: what the mechanism answers to AuthenticationSASLContinue.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SaslResponse<'a> {
    /// The mechanism's data.
    pub data: &'a [u8],
}

impl<'a> SaslResponse<'a> {
    /// The message's type byte, that of every answer to an Authentication message.
    pub const TAG: u8 = b'p';

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

/// Does not show the data.
impl fmt::Debug for SaslResponse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SaslResponse").field("data", &Redacted(self.data)).finish()
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for data in [&b""[..], b"c=biws,r=abc,p=proof", b"\0\xff"] {
            let message = SaslResponse { data };
            testing::open_answer(
                |out| message.encode(out),
                |body| SaslResponse::decode(body).map(|m| m == message),
            );
        }
    }

    #[test]
    fn debug_does_not_tell() {
        assert_eq!(format!("{:?}", SaslResponse { data: b"proof" }), "SaslResponse { data: <5 bytes> }");
    }
}
