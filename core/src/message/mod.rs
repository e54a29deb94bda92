//! Every message of PostgreSQL's protocol 3.0 and 3.2, each with both directions: written and read.
//!
//! A client writes [`frontend`] messages and reads [`backend`] messages; a server, a proxy and our tests do the
//! opposite. See PostgreSQL's "Message Formats" (protocol chapter).

pub mod backend;
pub mod frontend;
pub mod tag;

mod copy_data;
mod copy_done;
mod parts;
mod redacted;
#[cfg(test)]
mod testing;
mod unit;
