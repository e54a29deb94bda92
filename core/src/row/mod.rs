//! Rows: runs of DataRow frames as they came, and views of them.

mod batch;
mod columns;
#[cfg(feature = "serde")]
mod deserialize;
mod from_row;
#[cfg(feature = "serde")]
mod serialize;
mod view;

pub use batch::RowBatch;
pub use columns::{Column, Columns};
pub use from_row::{FromRow, NamedColumn};
pub use view::{ColumnIndex, Row};
