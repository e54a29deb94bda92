//! Servers of a PostgreSQL that is installed: a directory, initdb, a shell that outlives nobody, and as whom they run.
//!
//! The package of servers for this project's own tests includes these files by their path, so they know of std alone.

pub(crate) mod cluster;
mod error;
mod identity;
mod scratch;
pub(crate) mod supervisor;

pub(crate) use cluster::Cluster;
pub use error::Error;
pub(crate) use error::{Context, Result};
pub(crate) use identity::Identity;
pub(crate) use scratch::Scratch;
pub(crate) use supervisor::{Outcome, Supervisor};
