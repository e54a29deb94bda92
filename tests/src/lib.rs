//! What the tests are made of: a server in memory, scripted conversations, a pair under virtual time, and faults;
//! and for the tests of real servers, what they share.
//!
//! Only [`live`] and [`server`] touch a socket or a clock. The server in memory is made of core's own messages, read
//! and written the other way round.

pub mod backend;
pub mod certificates;
pub mod chunking;
pub mod client;
pub mod faults;
pub mod frontend;
pub mod live;
pub mod messages;
pub mod pair;
pub mod scram;
pub mod script;
pub mod server;
pub mod tls;
pub mod vectors;

/// The guides' examples compile.
#[cfg(doctest)]
mod guides {
    #[doc = include_str!("../../docs/pool.md")]
    mod pool {}
    #[doc = include_str!("../../docs/poolers.md")]
    mod poolers {}
}
