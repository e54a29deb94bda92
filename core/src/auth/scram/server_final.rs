use alloc::boxed::Box;
use core::fmt;

use base64ct::{Base64, Encoding as _};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::MAX_MESSAGE;
use crate::auth::AuthError;

/// Our proof was made; the server's is awaited.
pub struct ServerFinalExpected {
    signature: Zeroizing<[u8; 32]>,
}

/// The server has proved that it knows the password's verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Verified(());

impl ServerFinalExpected {
    pub(super) fn new(signature: Zeroizing<[u8; 32]>) -> Self {
        Self { signature }
    }

    /// Checks the server's proof (AuthenticationSASLFinal).
    ///
    /// # Errors
    ///
    /// The proof is wrong, so that the server is another, or the message says why the server ended the exchange.
    pub fn handle_server_final(self, message: &[u8]) -> Result<Verified, AuthError> {
        const MALFORMED: AuthError = AuthError::Server("its final SCRAM message is malformed");
        if message.len() > MAX_MESSAGE {
            return Err(MALFORMED);
        }
        let text = core::str::from_utf8(message).map_err(|_| MALFORMED)?;
        if let Some(error) = text.strip_prefix("e=") {
            return Err(AuthError::Scram(describe(error)));
        }
        let encoded = text.strip_prefix("v=").ok_or(MALFORMED)?;
        let signature = Base64::decode_vec(encoded).map_err(|_| MALFORMED)?;
        if bool::from(signature.ct_eq(&self.signature[..])) {
            Ok(Verified(()))
        } else {
            Err(AuthError::Server(
                "its SCRAM signature is wrong, so it does not know the password's verifier",
            ))
        }
    }
}

impl fmt::Debug for ServerFinalExpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerFinalExpected").finish_non_exhaustive()
    }
}

/// The errors of RFC 5802, section 7, for a reader. What is none of them is shown only if it is a plain word.
fn describe(error: &str) -> Box<str> {
    match error {
        "invalid-encoding" => "our message is malformed (invalid-encoding)".into(),
        "extensions-not-supported" => "our message has an extension (extensions-not-supported)".into(),
        "invalid-proof" => "the password is wrong (invalid-proof)".into(),
        "channel-bindings-dont-match" => {
            "it sees another TLS connection than we do: somebody stands between (channel-bindings-dont-match)"
                .into()
        }
        "server-does-support-channel-binding" => {
            "it offered channel binding, but its offer was taken away: somebody stands between \
             (server-does-support-channel-binding)"
                .into()
        }
        "channel-binding-not-supported" => "it cannot bind to TLS (channel-binding-not-supported)".into(),
        "unsupported-channel-binding-type" => {
            "it cannot bind to tls-server-end-point (unsupported-channel-binding-type)".into()
        }
        "unknown-user" => "the user does not exist (unknown-user)".into(),
        "invalid-username-encoding" => "the user's name is malformed (invalid-username-encoding)".into(),
        "no-resources" => "it has no resources for it (no-resources)".into(),
        _ if error.len() <= 64 && error.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') => {
            error.into()
        }
        _ => "for a reason that is not one of RFC 5802's".into(),
    }
}
