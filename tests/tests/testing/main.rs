//! What `trunkline::testing` gives to those who test programs of theirs.

mod backend;
#[cfg(unix)]
mod temp_server;
