use core::fmt;

use bytes::BytesMut;

use crate::message::parts;
use crate::message::redacted::Redacted;
use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// SASLInitialResponse: the mechanism that the client chose, and its first data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SaslInitialResponse<'a> {
    /// The mechanism's name, one of those that the server offered.
    pub mechanism: &'a str,
    /// The mechanism's first data, if it begins with the client.
    pub response: Option<&'a [u8]>,
}

impl<'a> SaslInitialResponse<'a> {
    /// The message's type byte, that of every answer to an Authentication message.
    pub const TAG: u8 = b'p';

    /// Appends the whole message; fails on a NUL in the mechanism's name.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            w.cstr(self.mechanism, "a SASL mechanism")?;
            parts::write_value(w, self.response)
        })
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let mechanism = reader.cstr()?;
        let response = reader.value()?;
        reader.finish()?;
        Ok(Self { mechanism, response })
    }
}

/// Does not show the data: with OAUTHBEARER it is a token.
impl fmt::Debug for SaslInitialResponse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SaslInitialResponse")
            .field("mechanism", &self.mechanism)
            .field("response", &self.response.map(Redacted))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for response in [None, Some(&b""[..]), Some(b"n,,n=,r=abc")] {
            let message = SaslInitialResponse { mechanism: "SCRAM-SHA-256", response };
            testing::answer(
                |out| message.encode(out),
                |body| SaslInitialResponse::decode(body).map(|m| m == message),
            );
        }
        let nul = SaslInitialResponse { mechanism: "\0", response: None };
        testing::unencodable(|out| nul.encode(out), Unencodable::ContainsNul("a SASL mechanism"));
    }

    #[test]
    fn debug_does_not_tell() {
        let message = SaslInitialResponse { mechanism: "OAUTHBEARER", response: Some(b"token") };
        assert!(!format!("{message:?}").contains("token"));
    }
}
