//! For tests of programs that use PostgreSQL: a [`Backend`] in memory that plays a script, and a `TempServer` that is
//! a PostgreSQL of its own.

mod backend;
mod command;
mod extended;
mod on;
mod script;
mod session;
mod stream;
mod values;

pub use backend::Backend;
pub use on::{On, ReturnedColumn};
pub use script::Logged;
