//! For tests of programs that use PostgreSQL: a [`Backend`] in memory that plays a script, and a [`TempServer`] that is
//! a PostgreSQL of its own.

mod backend;
mod command;
mod extended;
#[cfg(unix)]
mod installed;
mod on;
#[cfg(unix)]
mod postgres;
mod script;
mod session;
mod stream;
#[cfg(unix)]
mod temp_server;
mod values;

pub use backend::Backend;
pub use on::{On, ReturnedColumn};
#[cfg(unix)]
pub use postgres::Error as TempServerError;
pub use script::Logged;
#[cfg(unix)]
pub use temp_server::{TempServer, TempServerBuilder};
