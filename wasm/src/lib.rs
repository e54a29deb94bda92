//! trunkline's protocol core for JavaScript: numbers in, numbers out.
//!
//! JavaScript owns the socket, TLS and the timers; this crate owns the protocol. It is crossed once for a chunk
//! that came and once for a flight that leaves, never for a value.

mod config;
mod description;
mod engine;
mod error;
mod json;
mod panic;
mod parameters;
mod rows;
mod websocket;

pub use config::Configuration;
pub use engine::{Engine, SharedTypes};
pub use websocket::WebSocketTransport;
