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
/// Derives [`FromRow`](trait@FromRow) for a struct whose fields are columns.
///
/// ```
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("select id, name, e_mail from users")
/// #     .returns(["id", "name", "e_mail"], [(7_i64, "Ada", None::<&str>)]);
/// # let connection = backend.connect().await?;
/// #[derive(trunkline::FromRow)]
/// struct User {
///     id: i64,
///     name: String,
///     #[trunkline(rename = "e_mail")]
///     email: Option<String>,
///     #[trunkline(default)]
///     visits: i32,
/// }
///
/// let users: Vec<User> = connection.fetch_as("select id, name, e_mail from users", ()).await?;
/// assert_eq!((users[0].id, users[0].visits), (7, 0));
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
#[cfg(feature = "derive")]
pub use trunkline_derive::FromRow;
/// Derives [`FromSql`](types::FromSql) for a type of the database's own, or around one.
///
/// ```
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("select id from users")
/// #     .returns(["id"], [(7_i64,)]);
/// # let connection = backend.connect().await?;
/// #[derive(Debug, PartialEq, trunkline::FromSql)]
/// struct UserId(i64);
///
/// /// create type mood as enum ('sad', 'happy')
/// #[derive(trunkline::FromSql)]
/// #[trunkline(rename_all = "lowercase")]
/// enum Mood {
///     Sad,
///     Happy,
/// }
///
/// let id: Option<UserId> = connection.fetch_val("select id from users", ()).await?;
/// assert_eq!(id, Some(UserId(7)));
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
#[cfg(feature = "derive")]
pub use trunkline_derive::FromSql;
/// Derives [`ToSql`](types::ToSql) for a type of the database's own, or around one.
///
/// ```no_run
/// /// create type price as (amount numeric, currency text)
/// #[derive(trunkline::ToSql)]
/// struct Price {
///     amount: trunkline::types::Numeric,
///     currency: String,
/// }
///
/// # async fn run(connection: trunkline::Connection) -> Result<(), Box<dyn std::error::Error>> {
/// let price = Price { amount: "19.90".parse()?, currency: "EUR".into() };
/// connection.execute("update items set price = $2 where id = $1", (7, price)).await?;
/// # Ok(()) }
/// ```
#[cfg(feature = "derive")]
pub use trunkline_derive::ToSql;

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
