use core::fmt;

use bytes::BytesMut;

use super::{GssResponse, PasswordMessage, SaslInitialResponse, SaslResponse};
use crate::message::redacted::Redacted;
use crate::wire::{Malformed, Unencodable, Writer};

/// The answer to an Authentication message, not yet told which.
///
/// PasswordMessage, SASLInitialResponse, SASLResponse and GSSResponse share one tag: only what the server asked
/// for before tells them apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AuthenticationResponse<'a> {
    /// The body as it came.
    pub body: &'a [u8],
}

impl<'a> AuthenticationResponse<'a> {
    /// The message's type byte.
    pub const TAG: u8 = b'p';

    /// Appends the whole message.
    pub fn encode(&self, out: &mut BytesMut) -> Result<(), Unencodable> {
        Writer::message(Self::TAG, out, |w| {
            w.bytes(self.body);
            Ok(())
        })
    }

    /// Reads a body; there is none that cannot be.
    pub const fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        Ok(Self { body })
    }

    /// It as the answer to AuthenticationCleartextPassword or AuthenticationMD5Password.
    pub fn as_password(&self) -> Result<PasswordMessage<'a>, Malformed> {
        PasswordMessage::decode(self.body)
    }

    /// It as the answer to AuthenticationSASL.
    pub fn as_sasl_initial(&self) -> Result<SaslInitialResponse<'a>, Malformed> {
        SaslInitialResponse::decode(self.body)
    }

    /// It as the answer to AuthenticationSASLContinue.
    pub fn as_sasl(&self) -> Result<SaslResponse<'a>, Malformed> {
        SaslResponse::decode(self.body)
    }

    /// It as the answer to AuthenticationGSS, AuthenticationSSPI or AuthenticationGSSContinue.
    pub fn as_gss(&self) -> Result<GssResponse<'a>, Malformed> {
        GssResponse::decode(self.body)
    }
}

/// Does not show the body, which may be a password.
impl fmt::Debug for AuthenticationResponse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthenticationResponse").field("body", &Redacted(self.body)).finish()
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use crate::message::frontend::FrontendMessage;
    use crate::message::testing;

    use super::*;

    #[test]
    fn round_trip() {
        for body in [&b""[..], b"secret\0", b"\xff"] {
            testing::open_frontend(&FrontendMessage::Password(AuthenticationResponse { body }));
        }
    }

    #[test]
    fn it_is_told_apart_by_what_was_asked_for() {
        let password = AuthenticationResponse { body: b"secret\0" };
        assert_eq!(password.as_password(), Ok(PasswordMessage { password: b"secret" }));
        assert_eq!(password.as_sasl_initial(), Err(Malformed::Truncated));
        assert_eq!(password.as_sasl(), Ok(SaslResponse { data: b"secret\0" }));
        assert_eq!(password.as_gss(), Ok(GssResponse { data: b"secret\0" }));
        let initial = AuthenticationResponse { body: b"M\0\0\0\0\x01a" };
        let message = SaslInitialResponse { mechanism: "M", response: Some(b"a") };
        assert_eq!(initial.as_sasl_initial(), Ok(message));
    }

    #[test]
    fn debug_does_not_tell() {
        let message = FrontendMessage::Password(AuthenticationResponse { body: b"secret\0" });
        assert!(!format!("{message:?}").contains("115"), "{message:?}");
        assert!(format!("{message:?}").contains("<7 bytes>"), "{message:?}");
    }
}
