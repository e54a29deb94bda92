use alloc::boxed::Box;
use alloc::format;
use core::fmt;

use crate::config::AuthMethod;
use crate::error::{Error, Escaped};

/// Why authentication failed on our side. Its text says whose fault it is and what to do.
///
/// What the server itself refuses (a wrong password, for one) comes as its ErrorResponse and not as this.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthError {
    /// The server asks for a password and there is none.
    PasswordMissing {
        /// The role whose password it is.
        user: Box<str>,
    },
    /// The password contains a NUL, which PasswordMessage cannot carry.
    PasswordNul,
    /// The server asks for the password in clear, over an unencrypted connection to another machine.
    Cleartext,
    /// The server asks for an OAuth bearer token and nothing here gives one.
    TokenMissing,
    /// The OAuth token has characters that a token cannot have.
    TokenMalformed,
    /// The server asks for an OAuth token over an unencrypted connection to another machine.
    CleartextToken,
    /// `require_auth` does not allow what the server asks for (or that it asks for nothing).
    NotAllowed(AuthMethod),
    /// The server asks for a method that this driver does not speak.
    Unsupported(Box<str>),
    /// `channel_binding=require` cannot be kept, and why.
    ChannelBinding(&'static str),
    /// The server asks for more SCRAM iterations than the limit.
    Iterations {
        /// How many it asks for.
        asked: u64,
        /// The limit, `max_scram_iterations`.
        limit: u32,
    },
    /// The server breaks the rules of the conversation: it is faulty, or not the one it seems to be.
    Server(&'static str),
    /// The server ended the SCRAM exchange with this error of RFC 5802.
    Scram(Box<str>),
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PasswordMissing { user } => write!(
                f,
                "the server asks for the password of \"{}\", but none was given: set it in the connection string or \
                 in PGPASSWORD",
                Escaped(user)
            ),
            Self::PasswordNul => {
                f.write_str("the password contains a NUL, which the protocol cannot carry: correct the password")
            }
            Self::Cleartext => f.write_str(
                "the server asks for the password in clear, and the connection to it is not encrypted: use \
                 sslmode=require (better, verify-full), have the server ask for scram-sha-256, or allow it with \
                 allow_cleartext=1",
            ),
            Self::TokenMissing => f.write_str(
                "the server asks for an OAuth bearer token, and there is nothing to get one from: set a token callback in \
                 the configuration",
            ),
            Self::TokenMalformed => f.write_str(
                "the OAuth token has characters that a bearer token cannot have (RFC 6750): give the token alone, \
                 without \"Bearer\" or line ends",
            ),
            Self::CleartextToken => f.write_str(
                "the server asks for an OAuth token, which anyone on the way could use, and the connection to it is not \
                 encrypted: use sslmode=verify-full, or allow it with allow_cleartext=1",
            ),
            Self::NotAllowed(AuthMethod::None) => f.write_str(
                "the server let us in without authentication, which require_auth does not allow: change the server's \
                 pg_hba.conf, or have require_auth allow none",
            ),
            Self::NotAllowed(method) => write!(
                f,
                "the server asks for {method} authentication, which require_auth does not allow: change the server's \
                 pg_hba.conf, or have require_auth allow {method}"
            ),
            Self::Unsupported(method) => write!(
                f,
                "the server asks for {method} authentication, which this driver does not support: have its \
                 pg_hba.conf ask for scram-sha-256"
            ),
            Self::ChannelBinding(why) => write!(
                f,
                "channel_binding=require cannot be kept: {why}; the server may not be the one that it seems to be, \
                 or lower it to channel_binding=prefer"
            ),
            Self::Iterations { asked, limit } => write!(
                f,
                "the server asks for {asked} SCRAM iterations, and the limit is {limit}: raise max_scram_iterations \
                 if the server is to be trusted"
            ),
            Self::Server(what) => write!(
                f,
                "the server's side of the authentication is wrong: {what}; it is faulty, or not the server that it \
                 seems to be"
            ),
            Self::Scram(what) => write!(f, "the server ended the SCRAM exchange: {what}"),
        }
    }
}

impl core::error::Error for AuthError {}

impl From<AuthError> for Error {
    #[cold]
    #[inline(never)]
    fn from(error: AuthError) -> Self {
        Self::Auth(format!("{error}").into())
    }
}
