//! Proving who we are, and having the server prove that it knew.
//!
//! [`Exchange`] is the whole conversation as the connection drives it; [`scram`] is its largest part. Passwords
//! are not prepared here: SASLprep (RFC 4013) needs Unicode's tables and is the shell's. PostgreSQL takes a
//! password that SASLprep refuses as it is, and so must the shell.
//!
//! See "SASL Authentication" and "Start-up" in PostgreSQL's protocol chapter.

mod credentials;
mod end_point;
mod error;
mod exchange;
mod md5;
mod oauth;
mod select;
#[cfg(test)]
mod testing;

pub mod scram;

pub use credentials::Credentials;
pub use end_point::server_end_point;
pub use error::AuthError;
pub use exchange::{Challenge, Exchange, Response};
pub use md5::md5_response;
pub use oauth::OAuthDiscovery;
pub use select::{Mechanism, select};
