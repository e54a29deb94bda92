//! What a program is told of its connections: hooks, and `tracing` spans and events.

mod hooks;
mod query;
#[cfg(feature = "tracing")]
mod span;
mod told;

pub(crate) use hooks::Hooks;
pub(crate) use query::Observed;
pub use query::{QueryAction, QueryEvent, QueryStage};
pub(crate) use told::{Guard, Told};
