use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use trunkline_core::config::SslMode;

use super::on::On;
use super::script::{Logged, Script};
use super::stream::Stream;
use crate::config::Config;
use crate::connection::Connection;
use crate::error::ConnectError;

/// A server that is a script, in memory: it answers the SQL that a test expects with what the test says.
///
/// What talks to it is the driver as it is, over the protocol as it is: parameters and rows travel in binary,
/// statements are prepared, and transactions and savepoints begin and end, so that
/// [`transaction_status`](Connection::transaction_status) tells the truth. What SQL means it does not know: two
/// statements are the same when their text is, whatever their white space, comments, and case. Not played are COPY,
/// notifications, and types that are not PostgreSQL's own; for those there is
/// [`TempServer`](super::TempServer).
///
/// A statement that it was not told of fails with `feature_not_supported`, and a message that names the statement
/// and what was expected. One that it was told of several times has the answers in turn, and the last one from then on.
///
/// Clones are the same server.
///
/// ```
/// use trunkline::SqlState;
/// use trunkline::testing::Backend;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let backend = Backend::new()
///     .on("select name from users where id = $1")
///     .with((7,))
///     .returns(["name"], [("Ada",)])
///     .on("insert into users (name) values (:name)")
///     .with(("Ada",))
///     .fails(SqlState::UNIQUE_VIOLATION, "there is an Ada already");
///
/// let connection = backend.connect().await?;
/// let name: Option<String> = connection.fetch_val("select name from users where id = $1", (7,)).await?;
/// assert_eq!(name.as_deref(), Some("Ada"));
///
/// let parameters = trunkline::named! { name: "Ada" };
/// let error = connection.execute("insert into users (name) values (:name)", parameters).await.unwrap_err();
/// assert_eq!(error.sqlstate(), Some(&SqlState::UNIQUE_VIOLATION));
///
/// let error = connection.execute("delete from users", ()).await.unwrap_err();
/// assert!(error.to_string().contains("delete from users"));
///
/// assert_eq!(backend.log()[0].to_string(), "select name from users where id = $1 [7]");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Backend {
    script: Arc<Mutex<Script>>,
}

impl Backend {
    /// A server that knows no SQL yet, but what begins and ends transactions, and `SET` and its kin, which do nothing.
    ///
    /// ```
    /// use trunkline::testing::Backend;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let connection = Backend::new().connect().await?;
    /// connection.execute("set search_path = app", ()).await?;
    /// assert!(connection.execute("select 1", ()).await.is_err());
    /// # Ok(()) }
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// A statement that is expected; what it is answered with follows.
    ///
    /// Of parameters it has to know the types: by [`On::with`] or by [`On::parameters`].
    ///
    /// ```
    /// use trunkline::testing::Backend;
    /// use trunkline::types::Type;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let backend = Backend::new()
    ///     .on("update users set name = $2 where id = $1")
    ///     .parameters([Type::INT8, Type::TEXT])
    ///     .affects(1);
    /// let connection = backend.connect().await?;
    /// let tag = connection.execute("update users set name = $2 where id = $1", (1_i64, "Ada")).await?;
    /// assert_eq!(tag.rows(), 1);
    /// # Ok(()) }
    /// ```
    pub fn on(self, sql: &str) -> On {
        On::new(self, sql)
    }

    /// A connection to it.
    ///
    /// ```
    /// use trunkline::testing::Backend;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let backend = Backend::new().on("select 1").returns(["one"], [(1,)]);
    /// // Two sessions with one server.
    /// let (first, second) = (backend.connect().await?, backend.connect().await?);
    /// first.fetch_one("select 1", ()).await?;
    /// second.fetch_one("select 1", ()).await?;
    /// assert_eq!(backend.log().len(), 2);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// None that are the backend's: it lets everybody in.
    pub async fn connect(&self) -> Result<Connection, ConnectError> {
        self.config().connect().await
    }

    /// A configuration that leads to it: for pools, and for code that connects by itself.
    ///
    /// ```
    /// use trunkline::Pool;
    /// use trunkline::testing::Backend;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let backend = Backend::new().on("select 1").returns(["one"], [(1,)]);
    /// let pool = Pool::builder().max_size(2).build(&backend.config())?;
    /// assert_eq!(pool.fetch_val::<i32, _>("select 1", ()).await?, Some(1));
    /// # Ok(()) }
    /// ```
    pub fn config(&self) -> Config {
        let backend = self.clone();
        let stream = move |_| std::future::ready(Ok(Stream::new(backend.clone())));
        let config = Config::new().host("scripted-backend").user("testing").dbname("testing");
        config.sslmode(SslMode::Disable).transport(stream)
    }

    /// The statements that it ran or refused to, in their order, over all connections; transactions included.
    ///
    /// ```
    /// use trunkline::testing::Backend;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let backend = Backend::new().on("delete from users").affects(3);
    /// let mut connection = backend.connect().await?;
    /// let transaction = connection.begin().await?;
    /// transaction.execute("delete from users", ()).await?;
    /// transaction.rollback().await?;
    ///
    /// let log: Vec<String> = backend.log().iter().map(ToString::to_string).collect();
    /// assert_eq!(log, ["BEGIN", "delete from users", "ROLLBACK"]);
    /// # Ok(()) }
    /// ```
    pub fn log(&self) -> Vec<Logged> {
        self.script().log.clone()
    }

    /// The statements that were expected and never ran.
    ///
    /// ```
    /// let backend = trunkline::testing::Backend::new().on("delete from users").affects(3);
    /// assert_eq!(backend.unused(), ["delete from users"]);
    /// ```
    pub fn unused(&self) -> Vec<String> {
        let script = self.script();
        script.lines.iter().filter(|line| line.uses == 0).map(ToString::to_string).collect()
    }

    pub(super) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
