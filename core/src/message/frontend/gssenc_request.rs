use bytes::BytesMut;

use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// GSSENCRequest: asks whether the connection may go on in GSSAPI encryption. The answer is one bare byte, `G`
/// or `N`.
///
/// It has no tag, and can only come before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct GssEncRequest;

impl GssEncRequest {
    /// What it has in the place of a protocol version.
    pub const CODE: u32 = 80_877_104;

    /// Appends the whole packet; has no reason to fail.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::untagged(out, |w| {
            w.u32(Self::CODE);
            Ok(())
        })
    }

    /// Reads what follows the length.
    pub fn decode(body: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        if reader.u32()? != Self::CODE {
            return Err(Malformed::Unknown("a request code"));
        }
        reader.finish()?;
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    use crate::message::frontend::StartupPacket;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        testing::startup(&StartupPacket::GssEncRequest(GssEncRequest));
        assert_eq!(GssEncRequest::decode(b"\0\x03\0\0"), Err(Malformed::Unknown("a request code")));
    }
}
