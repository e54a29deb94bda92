use core::fmt;

use bytes::BytesMut;

use crate::message::parts;
use crate::message::redacted::Redacted;
use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// CancelRequest: asks to cancel what another connection is running; on a connection of its own, which the server
/// then closes without an answer.
///
/// It has no tag, and can only come before anything but encryption.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CancelRequest<'a> {
    /// The process id that BackendKeyData gave.
    pub process_id: u32,
    /// The key that BackendKeyData gave: 4 to 256 bytes, exactly 4 in protocol 3.0.
    pub key: &'a [u8],
}

impl<'a> CancelRequest<'a> {
    /// What it has in the place of a protocol version.
    pub const CODE: u32 = 80_877_102;

    /// Appends the whole packet; fails on a key that is not 4 to 256 bytes long.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::untagged(out, |w| {
            w.u32(Self::CODE);
            w.u32(self.process_id);
            parts::write_key(w, self.key)
        })
    }

    /// Reads what follows the length.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        if reader.u32()? != Self::CODE {
            return Err(Malformed::Unknown("a request code"));
        }
        Ok(Self { process_id: reader.u32()?, key: parts::key(&mut reader)? })
    }
}

/// Does not show the key, which lets anybody cancel.
impl fmt::Debug for CancelRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelRequest")
            .field("process_id", &self.process_id)
            .field("key", &Redacted(self.key))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use crate::message::frontend::StartupPacket;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip_with_any_key_that_has_4_to_256_bytes() {
        let key = &[7; 257];
        for length in [4, 32, 256] {
            let request = CancelRequest { process_id: u32::MAX, key: &key[..length] };
            let body = testing::open_startup(&StartupPacket::Cancel(request));
            assert!((0..12).all(|end| CancelRequest::decode(&body[..end]).is_err()));
        }
        for length in [0, 3, 257] {
            let request = CancelRequest { process_id: 1, key: &key[..length] };
            testing::unencodable(|out| request.encode(out), Unencodable::InvalidLength("a cancel key"));
        }
        let body = [&CancelRequest::CODE.to_be_bytes()[..], &[0; 4], key].concat();
        assert_eq!(CancelRequest::decode(&body), Err(Malformed::InvalidLength));
        assert_eq!(CancelRequest::decode(&[0; 12]), Err(Malformed::Unknown("a request code")));
    }
}
