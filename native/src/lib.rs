//! A PostgreSQL client for tokio.
#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod batch;
#[cfg(feature = "blocking")]
pub mod blocking;
mod cancel;
mod clock;
pub mod config;
mod connect;
mod connection;
mod copy;
mod cursor;
mod driver;
mod error;
mod held;
mod listen;
mod many;
mod observe;
pub mod pool;
mod queries;
mod query;
mod rows;
mod running;
mod shared_statements;
mod shared_types;
mod statement;
mod stream;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(test)]
mod testing_files;
mod transaction;
mod transport;

pub use batch::Batch;
pub use cancel::CancelToken;
pub use config::Config;
pub use connection::Connection;
pub use copy::{
    CopyError, CopyIn, CopyInRows, CopyOut, CopyOutRows, CopySource, FromIter, FromStream, RowWriter, Written,
};
pub use cursor::Cursor;
pub use error::{Attempt, ConnectError, Phase};
pub use listen::{Listener, ListenerBuilder, Notifications, Signal, Subscription};
pub use observe::{QueryAction, QueryEvent, QueryStage};
pub use pool::{Pool, PooledConnection};
pub use query::{Query, QueryWith, query};
pub use rows::{OwnedRow, Rows};
pub use shared_types::Types;
pub use statement::Statement;
pub use stream::{RowStream, RowStreamAs};
pub use transaction::Transaction;
pub use transport::Transport;
#[doc(hidden)]
pub use trunkline_core::NamedColumn;
pub use trunkline_core::config::StatementMode;
pub use trunkline_core::copy::{
    CopyFormat, CopyHeader, CopyOptions, ForceColumns, LogVerbosity, OnError, Table,
};
pub use trunkline_core::error::{
    BoxError, ConversionError, PoolError, ProtocolError, Severity, TlsError, TlsErrorKind, UsageError,
};
pub use trunkline_core::{
    BatchMode, Column, ColumnIndex, Columns, CommandTag, Error, FromRow, IsolationLevel, Notification,
    Result, Row, ServerError, ServerVersion, SqlState, TransactionOptions, TransactionStatus,
};
pub use trunkline_core::{copy as copy_format, impl_parameters, named, sql, types};
#[cfg(feature = "derive")]
pub use trunkline_derive::{FromRow, FromSql, ToSql};

/// The examples of the guides, compiled.
#[cfg(doctest)]
mod guides {
    #[doc = include_str!("../../docs/connecting.md")]
    struct Connecting;
    #[doc = include_str!("../../docs/copy.md")]
    struct Copy;
    #[doc = include_str!("../../docs/listening.md")]
    struct Listening;
    #[doc = include_str!("../../docs/migrating-from-asyncpg.md")]
    struct FromAsyncpg;
    #[doc = include_str!("../../docs/migrating-from-sqlx.md")]
    struct FromSqlx;
    #[doc = include_str!("../../docs/migrating-from-tokio-postgres.md")]
    struct FromTokioPostgres;
    #[doc = include_str!("../../docs/observability.md")]
    struct Observability;
    #[doc = include_str!("../../docs/pool.md")]
    struct Pool;
    #[doc = include_str!("../../docs/poolers.md")]
    struct Poolers;
    #[doc = include_str!("../../docs/queries.md")]
    struct Queries;
    #[cfg(feature = "testing")]
    #[doc = include_str!("../../docs/testing.md")]
    struct Testing;
    #[doc = include_str!("../../docs/tls.md")]
    struct Tls;
    #[doc = include_str!("../../docs/transactions.md")]
    struct Transactions;
}
