//! Operations: what a caller asked for, from the command to the outcome.

mod outcome;
mod query;
mod table;

pub use outcome::{CommandTag, Outcome, StatementResult};
pub use query::{BatchMode, QueryOptions};
pub(crate) use query::{Kind, Operation, Phase, Query, Text};
pub(crate) use table::Operations;

pub use crate::pipeline::OperationId;
