//! The engine: one connection of core behind integers, with the memory that JavaScript reads and writes.

mod command_names;
mod connection;
mod events;
mod header;
mod objects;
mod operations;
mod script;
mod shared_types;
mod statements;

pub use connection::Engine;
pub use shared_types::SharedTypes;
