//! Throw-away, real PostgreSQL servers of any version from 13 to 18.
//!
//! A [`Server`] has a free port, a temporary data directory and users for every authentication method. It is
//! stopped and removed when it is dropped, and also when the process that started it dies. A server that was not
//! started here is never touched.
//!
//! ```no_run
//! use trunkline_test_server::{Auth, Server};
//!
//! let server = Server::start(18)?;
//! println!("{}", server.url());
//!
//! let picky = Server::builder(13).auth(Auth::Md5).setting("max_connections", "5").start()?;
//! println!("{}", picky.url_for("password_user")?);
//! # Ok::<(), trunkline_test_server::Error>(())
//! ```

mod auth;
mod binaries;
mod builder;
mod cluster;
mod debian;
pub mod npm;
mod oauth;
mod pgbouncer;
/// What starts and stops them serves users of the published crate too, and is kept there.
#[path = "../../../native/src/testing/postgres/mod.rs"]
mod postgres;
mod serve;
mod server;
mod shared;
mod stop;
mod url;

pub use auth::{Auth, PASSWORD, SUPERUSER, USERS};
pub use binaries::{NEWEST, OLDEST, install, programs};
pub use builder::ServerBuilder;
pub use oauth::TOKEN;
pub use pgbouncer::PgBouncer;
pub use postgres::Error;
pub use serve::{serve, version_argument};
pub use server::Server;
pub use shared::{TEST_SOCKETS, TEST_URL, TEST_URLS};

/// The result of everything here.
pub type Result<T> = std::result::Result<T, Error>;
