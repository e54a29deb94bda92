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
/// ```
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("select count(*) from users")
/// #     .returns(["count"], [(2_i64,)])
/// #     .on("select count(*) from orders")
/// #     .returns(["count"], [(5_i64,)]);
/// # let connection = backend.connect().await?;
/// // Both are on their way before the first is answered.
/// let (users, orders) = tokio::join!(
///     connection.fetch_val::<i64, _>("select count(*) from users", ()),
///     connection.fetch_val::<i64, _>("select count(*) from orders", ()),
/// );
/// assert_eq!((users?, orders?), (Some(2), Some(5)));
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
///
/// See ["Pipelining"] in PostgreSQL's protocol chapter.
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
///
/// ["Pipelining"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
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
    /// See ["Connection Strings"] in PostgreSQL's libpq chapter.
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
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives up what is under way and closes its socket.
    ///
    /// ["Connection Strings"]: https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING
    pub async fn connect(text: &str) -> Result<Self, ConnectError> {
        let config = Config::parse(text).map_err(ConnectError::config)?;
        Self::connect_with(&config).await
    }

    /// Connects as configured, and looks at no environment.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use trunkline::{Config, Connection};
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let config = Config::new().host("db.example.com").user("ada").connect_timeout(Duration::from_secs(3));
    /// let connection = Connection::connect_with(&config).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::connect`].
    ///
    /// # Cancel safety
    ///
    /// As [`Connection::connect`].
    pub async fn connect_with(config: &Config) -> Result<Self, ConnectError> {
        Ok(Self::new(connect::connect(config).await?))
    }

    /// Opens a session over a stream that leads to a server already, such as a tunnel. To have streams opened when
    /// they are wanted, as a pool does, there is [`Config::transport`].
    ///
    /// ```no_run
    /// use trunkline::{Config, Connection};
    /// use trunkline::config::SslMode;
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let tunnel = tokio::net::TcpStream::connect("127.0.0.1:15432").await?;
    /// let config = Config::new().user("ada").dbname("app").sslmode(SslMode::Disable);
    /// let connection = Connection::connect_over(&config, tunnel).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// See ["Start-up"] in PostgreSQL's protocol chapter.
    ///
    /// # Errors
    ///
    /// As [`Connection::connect`], from the phase [`Phase::Auth`](crate::Phase::Auth) on.
    ///
    /// # Cancel safety
    ///
    /// As [`Connection::connect`].
    ///
    /// ["Start-up"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-START-UP
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
    ///
    /// ```no_run
    /// use trunkline::{Connection, Types};
    ///
    /// # async fn run(config: trunkline::Config) -> Result<(), Box<dyn std::error::Error>> {
    /// let types = Types::default();
    /// let reader = Connection::connect_with(&config).await?.sharing(&types);
    /// let writer = Connection::connect_with(&config).await?.sharing(&types);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn sharing(mut self, types: &Types) -> Self {
        self.types = types.clone();
        self.driver.lock().share_types(types);
        self
    }

    /// Says good-bye to the server and closes the stream, within five seconds. Queries under way are closed too.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select 1")
    /// #     .returns(["one"], [(1,)]);
    /// # let connection = backend.connect().await?;
    /// connection.fetch_val::<i32, _>("select 1", ()).await?;
    /// connection.close().await?;
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// See ["Termination"] in PostgreSQL's protocol chapter.
    ///
    /// # Errors
    ///
    /// None today; the result is for what a later version may have to tell.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes the stream at once.
    ///
    /// ["Termination"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-TERMINATION
    pub async fn close(self) -> Result<(), Error> {
        self.driver.tell(trunkline_core::Connection::terminate);
        // The server notices the closed stream by itself when this takes too long.
        let _ = tokio::time::timeout(self.close_timeout, self.driver.shutdown()).await;
        Ok(())
    }

    /// Closes the stream at once, without a word to the server, whose session ends when it notices.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let connection = backend.connect().await?;
    /// let token = connection.cancel_token();
    /// connection.terminate();
    /// // Nothing is left to cancel.
    /// token.cancel().await?;
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn terminate(self) {
        drop(self);
    }

    /// Whether the connection is closed. That the peer has gone shows with the next query at the latest.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let connection = backend.connect().await?;
    /// assert!(!connection.is_closed());
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn is_closed(&self) -> bool {
        self.driver.lock().core.is_closed()
    }

    /// The process id of the server's side, as in `pg_stat_activity.pid`.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// // On another connection, as a superuser: select pg_terminate_backend(…)
    /// println!("served by process {}", connection.server_pid());
    /// # Ok(()) }
    /// ```
    pub fn server_pid(&self) -> u32 {
        self.driver.lock().core.process_id()
    }

    /// The server's version.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let connection = backend.connect().await?;
    /// if connection.server_version().is_some_and(|version| version.major >= 15) {
    ///     println!("it knows MERGE");
    /// }
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn server_version(&self) -> Option<ServerVersion> {
        self.driver.lock().core.server_version()
    }

    /// A parameter that the server reported, such as `TimeZone`.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let connection = backend.connect().await?;
    /// assert_eq!(connection.parameter("client_encoding").as_deref(), Some("UTF8"));
    /// assert_eq!(connection.parameter("no_such_parameter"), None);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// See ["Asynchronous Operations"] in PostgreSQL's protocol chapter for which it reports.
    ///
    /// ["Asynchronous Operations"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-ASYNC
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.driver.lock().core.parameter(name).map(str::to_owned)
    }

    /// All parameters that the server reported, by name, as they are now.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let connection = backend.connect().await?;
    /// for (name, value) in connection.parameters() {
    ///     println!("{name} = {value}");
    /// }
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// See ["Asynchronous Operations"] in PostgreSQL's protocol chapter for which it reports.
    ///
    /// ["Asynchronous Operations"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-ASYNC
    pub fn parameters(&self) -> Vec<(String, String)> {
        let state = self.driver.lock();
        state.core.parameters().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// What is known of the database's own types.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// // create type mood as enum ('sad', 'happy')
    /// connection.fetch_row("select 'happy'::mood", ()).await?;
    /// assert!(connection.types().registry().find(None, "mood").is_some());
    /// # Ok(()) }
    /// ```
    pub fn types(&self) -> &Types {
        &self.types
    }

    /// Forgets the database's own types and the descriptions of statements, here and on all connections that share
    /// them: for after changes of the schema that the server does not tell of, such as `alter type … add value`.
    ///
    /// Types that were dropped and made again, and tables and composite types with other columns, are noticed
    /// without it.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// connection.execute_script("alter type mood add value 'curious'").await?;
    /// connection.reload_types();
    /// # Ok(()) }
    /// ```
    pub fn reload_types(&self) {
        self.types.forget_all();
    }

    /// Whether a transaction block is open, as of the last answer.
    ///
    /// ```
    /// use trunkline::TransactionStatus;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let mut connection = backend.connect().await?;
    /// assert_eq!(connection.transaction_status(), TransactionStatus::Idle);
    /// connection.execute("begin", ()).await?;
    /// assert_eq!(connection.transaction_status(), TransactionStatus::InBlock);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
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
