//! Operations: what a caller asked for, from the command to the outcome.

mod copy;
pub(crate) mod introspect;
mod learning;
mod outcome;
mod portal;
mod query;
mod table;

pub use copy::CopyLayout;
pub(crate) use copy::{Copy, Direction, Stage};
pub(crate) use learning::Learning;
pub use outcome::{CommandTag, Outcome, StatementResult};
pub(crate) use portal::Portal;
pub(crate) use query::{Awaited, Kind, Operation, Phase, Query, Text};
pub use query::{BatchMode, QueryOptions};
pub(crate) use table::Operations;

pub use crate::pipeline::OperationId;
