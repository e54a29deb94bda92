use core::fmt;

use bytes::BytesMut;

use crate::wire::{Malformed, Reader, Unencodable, Writer};

/// PasswordMessage: a password, in clear or as its MD5 hash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PasswordMessage<'a> {
    /// The password or hash; the server does not ask for UTF-8.
    pub password: &'a [u8],
}

impl<'a> PasswordMessage<'a> {
    /// The message's type byte, that of every answer to an Authentication message.
    pub const TAG: u8 = b'p';

    /// Appends the whole message; fails on a NUL in the password.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| w.cstr_bytes(self.password, "the password"))
    }

    /// Reads a body.
    pub fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let password = reader.cstr_bytes()?;
        reader.finish()?;
        Ok(Self { password })
    }
}

/// Does not show the password, nor how long it is.
impl fmt::Debug for PasswordMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordMessage").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for password in [&b""[..], b"secret", b"md5\xff"] {
            let message = PasswordMessage { password };
            testing::answer(
                |out| message.encode(out),
                |body| PasswordMessage::decode(body).map(|m| m == message),
            );
        }
        let nul = PasswordMessage { password: b"\0" };
        testing::unencodable(|out| nul.encode(out), Unencodable::ContainsNul("the password"));
    }

    #[test]
    fn debug_does_not_tell() {
        assert_eq!(format!("{:?}", PasswordMessage { password: b"secret" }), "PasswordMessage { .. }");
    }
}
