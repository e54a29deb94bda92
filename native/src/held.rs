//! Connections that something runs on for longer than a call.

use std::ops::Deref;
use std::panic::Location;

use crate::connection::Connection;
use crate::pool::{Pool, PooledConnection};

/// The connection of a transaction, a stream, a COPY: somebody else's, or one that was taken from a pool for it alone and
/// is given back when it ends.
#[derive(Debug)]
pub(crate) enum Held<'a> {
    Borrowed(&'a Connection),
    Pooled(PooledConnection),
}

/// Where something is to be run that was not begun yet.
#[derive(Debug, Clone)]
pub(crate) enum Way<'a> {
    On(&'a Connection),
    /// On a connection of a pool, taken there.
    Through(Pool, &'static Location<'static>),
}

impl Deref for Held<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match self {
            Self::Borrowed(connection) => connection,
            Self::Pooled(connection) => connection,
        }
    }
}
