use core::fmt;

use bytes::BytesMut;

use crate::message::parts;
use crate::message::redacted::Redacted;
use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// BackendKeyData: what a CancelRequest for this session needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BackendKeyData<'a> {
    /// The process id of the backend.
    pub process_id: u32,
    /// The secret key: 4 to 256 bytes, exactly 4 in protocol 3.0.
    pub key: &'a [u8],
}

impl<'a> BackendKeyData<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'K';

    /// Appends the whole message; fails on a key that is not 4 to 256 bytes long.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            w.u32(self.process_id);
            parts::write_key(w, self.key)
        })
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        Ok(Self { process_id: reader.u32()?, key: parts::key(&mut reader)? })
    }
}

/// Does not show the key, which lets anybody cancel.
impl fmt::Debug for BackendKeyData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackendKeyData")
            .field("process_id", &self.process_id)
            .field("key", &Redacted(self.key))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use crate::message::backend::BackendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip_with_any_key_that_has_4_to_256_bytes() {
        let key = &[7; 257];
        for length in [4, 32, 256] {
            let message = BackendKeyData { process_id: u32::MAX, key: &key[..length] };
            let (_, body) = testing::open_backend(&BackendMessage::BackendKeyData(message));
            assert!((0..8).all(|end| BackendKeyData::decode(&body[..end]).is_err()));
        }
        for length in [0, 3, 257] {
            let message = BackendKeyData { process_id: 1, key: &key[..length] };
            testing::unencodable(|out| message.encode(out), Unencodable::InvalidLength("a cancel key"));
        }
        let body = [&[0; 4], &key[..]].concat();
        assert_eq!(BackendKeyData::decode(&body), Err(Malformed::InvalidLength));
    }
}
