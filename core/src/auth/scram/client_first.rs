use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64, Encoding as _};

use super::ServerFinalExpected;
use super::keys::Keys;
use super::server_first::ServerFirst;
use crate::auth::AuthError;

/// How the exchange is tied to the TLS connection that it runs in: the GS2 header's flag and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChannelBinding {
    /// It is not, and could not be (`n`).
    None,
    /// It could be, but the server did not offer it (`y`): one that did will know that somebody lied to us.
    SupportedNotOffered,
    /// To the hash of the server's certificate (`p=tls-server-end-point`); for SCRAM-SHA-256-PLUS alone.
    TlsServerEndPoint(Vec<u8>),
}

/// The first message was made; the server's first is awaited.
#[derive(Debug)]
pub struct ClientFirst {
    /// The GS2 header and the binding's data, as the final message repeats them.
    binding: Vec<u8>,
    nonce: String,
}

impl ClientFirst {
    /// Begins an exchange: the state, and the message to send with SASLInitialResponse.
    ///
    /// The seed must be fresh and from a cryptographic source. It is sent in base64, since a nonce is printable.
    /// The user's name is left out: PostgreSQL goes by the one of the StartupMessage.
    pub fn new(nonce_seed: &[u8; 24], binding: ChannelBinding) -> (Self, Vec<u8>) {
        Self::with_nonce("", Base64::encode_string(nonce_seed), binding)
    }

    pub(super) fn with_nonce(user: &str, nonce: String, binding: ChannelBinding) -> (Self, Vec<u8>) {
        let (header, data) = match binding {
            ChannelBinding::None => ("n,,", Vec::new()),
            ChannelBinding::SupportedNotOffered => ("y,,", Vec::new()),
            ChannelBinding::TlsServerEndPoint(hash) => ("p=tls-server-end-point,,", hash),
        };
        let message = format!("{header}n={user},r={nonce}").into_bytes();
        let binding = [header.as_bytes(), &data].concat();
        (Self { binding, nonce }, message)
    }

    /// Answers the server's first message (AuthenticationSASLContinue): the next state, and the message to send.
    ///
    /// It hashes as many times as the server says, up to `max_iterations`: some milliseconds for the usual 4096.
    ///
    /// # Errors
    ///
    /// A message that is not one, a nonce that does not continue ours, no salt, or too many iterations.
    pub fn handle_server_first(
        self,
        message: &[u8],
        password: &[u8],
        max_iterations: u32,
    ) -> Result<(ServerFinalExpected, Vec<u8>), AuthError> {
        self.continue_as("", message, password, max_iterations)
    }

    pub(super) fn continue_as(
        self,
        user: &str,
        message: &[u8],
        password: &[u8],
        max_iterations: u32,
    ) -> Result<(ServerFinalExpected, Vec<u8>), AuthError> {
        let first = ServerFirst::parse(message, &self.nonce, max_iterations)?;
        let keys = Keys::derive(password, &first.salt, first.iterations);

        let binding = Base64::encode_string(&self.binding);
        let without_proof = format!("c={binding},r={}", first.nonce);
        let client_first_bare = format!("n={user},r={}", self.nonce);
        let authenticated = format!("{client_first_bare},{},{without_proof}", first.text);

        let proof = Base64::encode_string(&*keys.proof(authenticated.as_bytes()));
        let reply = format!("{without_proof},p={proof}").into_bytes();
        Ok((ServerFinalExpected::new(keys.server_signature(authenticated.as_bytes())), reply))
    }
}
