//! A PostgreSQL client for tokio.
#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod batch;
#[cfg(feature = "blocking")]
pub mod blocking;
mod clock;
mod connect;
mod connection;
mod copy;
mod driver;
mod error;
mod rows;
mod shared_types;
mod statement;
mod transport;

pub use batch::Batch;
pub use connection::Connection;
pub use copy::{
    CopyError, CopyIn, CopyInRows, CopyOut, CopyOutRows, CopySource, FromIter, FromStream, RowWriter, Written,
};
pub use error::{Attempt, ConnectError, Phase};
pub use rows::{OwnedRow, Rows};
pub use shared_types::Types;
pub use statement::{Query, Statement};
pub use transport::Transport;
#[doc(hidden)]
pub use trunkline_core::NamedColumn;
pub use trunkline_core::copy::{
    CopyFormat, CopyHeader, CopyOptions, ForceColumns, LogVerbosity, OnError, Table,
};
pub use trunkline_core::error::{ConversionError, ProtocolError, Severity, UsageError};
pub use trunkline_core::{
    BatchMode, Column, ColumnIndex, Columns, CommandTag, Config, Error, FromRow, Result, Row, ServerError,
    ServerVersion, SqlState, TransactionStatus,
};
pub use trunkline_core::{config, copy as copy_format, impl_parameters, sql, types};
#[cfg(feature = "derive")]
pub use trunkline_derive::{FromRow, FromSql, ToSql};
