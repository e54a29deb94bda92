//! SCRAM-SHA-256 and -PLUS (RFC 5802, RFC 7677), each state a value that is consumed to make the next.
//!
//! ```text
//! ClientFirst ── server-first ──► ServerFinalExpected ── server-final ──► Verified
//!     └► n,,n=,r=nonce                └► c=…,r=…,p=proof
//! ```

mod client_first;
mod keys;
mod server_final;
mod server_first;

pub use client_first::{ChannelBinding, ClientFirst};
pub use server_final::{ServerFinalExpected, Verified};

/// Messages of an honest server are some 100 bytes; libpq takes 2,000 for an authentication request. Anything
/// longer than this is not looked at.
const MAX_MESSAGE: usize = 8192;

#[cfg(test)]
mod tests;
