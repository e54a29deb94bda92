use alloc::string::String;
use alloc::vec::Vec;

use crate::config::{ChannelBinding, OAuth, Password, RequireAuth};

/// What an [`Exchange`](super::Exchange) goes by: who we are, how the connection is protected, and what we put
/// up with.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The role to be.
    pub user: String,
    /// The password.
    pub password: Option<Password>,
    /// What SASLprep (RFC 4013) makes of it, where that differs: SCRAM's password. Its tables are the shell's.
    pub scram_password: Option<Password>,
    /// What to do when an OAuth bearer token is asked for.
    pub oauth: OAuth,
    /// Which methods are acceptable.
    pub require_auth: RequireAuth,
    /// Whether SCRAM is to be bound to TLS.
    pub channel_binding: ChannelBinding,
    /// The hash of the server's certificate (`tls-server-end-point`, RFC 5929), where the shell can read it and
    /// the certificate's signature defines one.
    pub server_end_point: Option<Vec<u8>>,
    /// The highest SCRAM iteration count to accept.
    pub max_iterations: u32,
    /// Whether the connection is encrypted by TLS.
    pub encrypted: bool,
    /// Whether the password, or a token, may go in clear: the connection is encrypted or local, or the user allows it.
    pub cleartext_is_safe: bool,
}
