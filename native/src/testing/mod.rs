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
// Its file is another package's too, where there is no such example.
/// ```no_run
/// use trunkline::testing::{TempServer, TempServerError};
///
/// fn server() -> Option<TempServer> {
///     let told = |why: TempServerError| eprintln!("{why}"); // where PostgreSQL was looked for
///     TempServer::start().map_err(told).ok()
/// }
/// ```
#[cfg(unix)]
pub use postgres::Error as TempServerError;
pub use script::Logged;
#[cfg(unix)]
pub use temp_server::{TempServer, TempServerBuilder};
