//! Real, throw-away PostgreSQL servers, from the package that `cargo xtask` uses, too.

pub use trunkline_test_server::{
    Auth, Error, NEWEST, OLDEST, PASSWORD, PgBouncer, Result, SUPERUSER, Server, ServerBuilder, TOKEN, USERS,
    programs,
};
