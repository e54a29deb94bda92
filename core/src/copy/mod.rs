//! COPY: its SQL, and the rows of its data in text, CSV and binary.
//!
//! See ["COPY"] in PostgreSQL's SQL commands.
//!
//! ["COPY"]: https://www.postgresql.org/docs/18/sql-copy.html

mod binary;
mod csv;
mod encode;
mod literals;
mod options;
mod row;
mod statement;
mod table;
mod text;

pub use binary::BinaryDecoder;
pub use csv::{CsvDecoder, CsvEncoder};
pub use encode::RowEncoder;
pub use literals::with_literals;
pub use options::{CopyFormat, CopyHeader, CopyOptions, ForceColumns, LogVerbosity, OnError};
pub use row::{CopyDataError, CopyRow};
pub use statement::{copy_in_sql, copy_out_sql};
pub use table::{Source, Table};
pub use text::{TextDecoder, TextEncoder};
