use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use trunkline_core::{Error, ServerVersion, TransactionStatus};

use crate::config::Config;
use crate::connect;
use crate::driver::Driver;
use crate::error::ConnectError;
use crate::shared_types::Types;
use crate::transport::Transport;

/// One connection to one server.
///
/// Methods take `&self`: several queries at once on one connection are pipelined, each with an outcome of its
/// own, and answered in the order in which they were first polled.
///
/// Whoever waits for a result drives the connection for everybody: there is no background task, and nothing moves while
/// nobody waits. The one exception is a query that is dropped or runs out of time: a task of its own sees to its end.
///
/// # Cancel safety
///
/// Dropping the future of a query that was polled gives it up: when it does not end within a few milliseconds the
/// server is asked to cancel it, as it is when a timeout passes. What comes of it meanwhile is parsed past. The
/// connection goes on, and what is asked next is never hit: it waits until that is certain. Inside a transaction block
/// a statement that was cancelled has failed, and the block with it.
///
/// Not cancelled are statements that begin or end a transaction, those behind which others were sent already (a late
/// request could hit these), and those on a stream that was given to the connection, which cannot open another. They
/// run to their end.
pub struct Connection {
    pub(crate) driver: Arc<Driver>,
    types: Types,
    close_timeout: Duration,
}

/// How long saying good-bye may take.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

impl Connection {
    /// Connects by a URI (`postgres://user:password@host:5432/database?option=value`) or keywords and values
    /// (`host=… user=…`), both by libpq's rules; what it does not say is taken from the service that it names, then
    /// from the `PG*` variables of the environment, as [`Config::parse`] has it.
    ///
    /// See "Connection Strings" in PostgreSQL's libpq chapter.
    ///
    /// # Errors
    ///
    /// One [`ConnectError`] with every attempt and the phase it failed in, within `connect_timeout` for each address
    /// (30 seconds unless set), and `total_connect_timeout` for all.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let connection = trunkline::Connection::connect("postgres://ada@localhost/app").await?;
    /// # Ok(()) }
    /// ```
    pub async fn connect(text: &str) -> Result<Self, ConnectError> {
        let config = Config::parse(text).map_err(ConnectError::config)?;
        Self::connect_with(&config).await
    }

    /// Connects as configured, and looks at no environment.
    ///
    /// # Errors
    ///
    /// As [`Connection::connect`].
    pub async fn connect_with(config: &Config) -> Result<Self, ConnectError> {
        Ok(Self::new(connect::connect(config).await?))
    }

    /// Opens a session over a stream that leads to a server already, such as a tunnel. To have streams opened when
    /// they are wanted, as a pool does, there is [`Config::transport`].
    ///
    /// # Errors
    ///
    /// As [`Connection::connect`], from the phase [`Phase::Auth`](crate::Phase::Auth) on.
    pub async fn connect_over(
        config: &Config,
        transport: impl Transport + 'static,
    ) -> Result<Self, ConnectError> {
        Ok(Self::new(connect::over(config, Box::new(transport)).await?))
    }

    pub(crate) fn driver(&self) -> &Driver {
        &self.driver
    }

    /// Another handle of the same connection, which is closed when the last of them is dropped.
    pub(crate) fn handle(&self) -> Self {
        Self {
            driver: Arc::clone(&self.driver),
            types: self.types.clone(),
            close_timeout: self.close_timeout,
        }
    }

    /// Waits until nothing is under way, and rolls back what is open.
    pub(crate) async fn settle(&self) -> Result<(), Error> {
        // Behind whatever its last user left on the way.
        self.script("").await?;
        if self.transaction_status() != TransactionStatus::Idle {
            self.script("ROLLBACK").await?;
        }
        Ok(())
    }

    fn new(driver: Driver) -> Self {
        let types = {
            let mut state = driver.lock();
            state.is_given = true;
            state.types.clone()
        };
        Self { driver: driver.shared(), types, close_timeout: CLOSE_TIMEOUT }
    }

    /// Shares what is known of the database's own types, and of statements that were described, with all connections
    /// that share these `types`. They must be connections to one database. Codecs that were set before on this one alone
    /// count no more.
    #[must_use]
    pub fn sharing(mut self, types: &Types) -> Self {
        self.types = types.clone();
        self.driver.lock().share_types(types);
        self
    }

    /// Says good-bye to the server and closes the stream, within five seconds. Queries under way are closed too.
    ///
    /// # Errors
    ///
    /// None today; the result is for what a later version may have to tell.
    pub async fn close(self) -> Result<(), Error> {
        self.driver.tell(trunkline_core::Connection::terminate);
        // The server notices the closed stream by itself when this takes too long.
        let _ = tokio::time::timeout(self.close_timeout, self.driver.shutdown()).await;
        Ok(())
    }

    /// Closes the stream at once, without a word to the server, whose session ends when it notices.
    pub fn terminate(self) {
        drop(self);
    }

    /// Whether the connection is closed. That the peer has gone shows with the next query at the latest.
    pub fn is_closed(&self) -> bool {
        self.driver.lock().core.is_closed()
    }

    /// The process id of the server's side, as in `pg_stat_activity.pid`.
    pub fn server_pid(&self) -> u32 {
        self.driver.lock().core.process_id()
    }

    /// The server's version.
    pub fn server_version(&self) -> Option<ServerVersion> {
        self.driver.lock().core.server_version()
    }

    /// A parameter that the server reported, such as `TimeZone`.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.driver.lock().core.parameter(name).map(str::to_owned)
    }

    /// All parameters that the server reported, by name, as they are now. See "Asynchronous Operations" in PostgreSQL's
    /// protocol chapter for which these are.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let state = self.driver.lock();
        state.core.parameters().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// What is known of the database's own types.
    pub fn types(&self) -> &Types {
        &self.types
    }

    /// Forgets the database's own types and the descriptions of statements, here and on all connections that share
    /// them: for after changes of the schema that the server does not tell of, such as `alter type … add value`.
    ///
    /// Types that were dropped and made again, and tables and composite types with other columns, are noticed
    /// without it.
    pub fn reload_types(&self) {
        self.types.forget_all();
    }

    /// Whether a transaction block is open, as of the last answer.
    pub fn transaction_status(&self) -> TransactionStatus {
        self.driver.lock().core.transaction_status()
    }
}

/// Names the session; holds nothing secret.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.driver.lock();
        f.debug_struct("Connection")
            .field("server_pid", &state.core.process_id())
            .field("user", &self.driver.config.user)
            .field("host", &format_args!("{}", self.driver.endpoint.host))
            .field("is_closed", &state.core.is_closed())
            .field("trace", &format_args!("{}", state.core.trace()))
            .finish_non_exhaustive()
    }
}
