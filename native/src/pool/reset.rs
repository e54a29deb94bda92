use std::sync::Arc;

use trunkline_core::{Error, TransactionStatus};

use crate::connection::Connection;

/// What is undone of a connection's last use, ahead of its next user's first query and in the same flight.
///
/// Transactions are rolled back in any case, as soon as the connection is given back.
///
/// ```
/// use trunkline::Pool;
/// use trunkline::pool::Reset;
///
/// // Behind PgBouncer in transaction mode nothing of a session is one's own.
/// let pool = Pool::builder().reset(Reset::TransactionOnly);
/// // A program that sets nothing but these.
/// let pool = Pool::builder().reset(Reset::Script("reset role; reset search_path".into()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Reset {
    /// Everything that a session remembers, except its prepared statements: settings, roles, temporary tables, cursors,
    /// advisory locks, LISTEN, sequences' last values. See ["DISCARD"] in PostgreSQL's reference.
    ///
    /// ["DISCARD"]: https://www.postgresql.org/docs/18/sql-discard.html
    #[default]
    Full,
    /// Nothing but the transaction: for programs that change nothing of a session, and behind poolers that hand out
    /// sessions by the transaction, where nothing of a session is one's own.
    TransactionOnly,
    /// A script of one's own: for servers and poolers that do not know all of what [`Reset::Full`] sends. It is part of
    /// a longer one that ends the session when it fails.
    Script(String),
}

/// With `exit_on_error` the server ends the session if any of it fails, before it reads the query behind it: nobody gets
/// a session that was not reset. RESET ALL undoes that too.
const STRICT: &str = "SET exit_on_error = on";

/// Everything that a session remembers, except its prepared statements.
const FULL: &str = "RESET SESSION AUTHORIZATION; CLOSE ALL; UNLISTEN *; SELECT pg_advisory_unlock_all(); \
    DISCARD TEMP; DISCARD SEQUENCES; RESET ALL";

impl Connection {
    /// Makes the session what it was when it was opened: rolls back a transaction that is open, and undoes all that the
    /// session remembers besides (settings, roles, temporary tables, cursors, advisory locks, LISTEN, sequences' last
    /// values), except its prepared statements. A pool does so by itself.
    ///
    /// See ["DISCARD"] in PostgreSQL's reference.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// connection.execute("set work_mem = '1GB'", ()).await?;
    /// connection.reset().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::execute_script`].
    ///
    /// # Cancel safety
    ///
    /// As every query: see [`Connection`].
    ///
    /// ["DISCARD"]: https://www.postgresql.org/docs/18/sql-discard.html
    pub async fn reset(&self) -> Result<(), Error> {
        let script = match self.transaction_status() {
            TransactionStatus::Idle => FULL.to_owned(),
            _ => format!("ROLLBACK; {FULL}"),
        };
        self.execute_script(&script).await.map(drop)
    }
}

impl Reset {
    /// What is sent; none when nothing is to be.
    pub(super) fn script(&self) -> Option<Arc<str>> {
        match self {
            Self::Full => Some(format!("{STRICT}; {FULL}").into()),
            Self::TransactionOnly => None,
            Self::Script(script) => Some(format!("{STRICT}; {script}; RESET exit_on_error").into()),
        }
    }
}
