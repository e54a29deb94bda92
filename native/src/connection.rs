use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use trunkline_core::sql::NamedSql;
use trunkline_core::types::{FromSql, Parameters, Type};
use trunkline_core::{
    CommandTag, Error, FromRow, Outcome, QueryOptions, ServerVersion, TransactionOptions, TransactionStatus,
};

use crate::batch::Batch;
use crate::cancel::CancelToken;
use crate::clock;
use crate::config::Config;
use crate::connect;
use crate::driver::{Answer, Driver};
use crate::error::ConnectError;
use crate::many;
use crate::observe::Observed;
use crate::query::{Bound, Query};
use crate::rows::{OwnedRow, Rows};
use crate::shared_types::Types;
use crate::statement::{Statement, without_names};
use crate::transaction::{self, Transaction};
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

    pub(crate) fn shared_driver(&self) -> &Arc<Driver> {
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
        self.execute_script("").await?;
        if self.transaction_status() != TransactionStatus::Idle {
            self.execute_script("ROLLBACK").await?;
        }
        Ok(())
    }

    fn new(driver: Driver) -> Self {
        let types = driver.lock().types.clone();
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

    /// Runs a statement and tells what it did.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] when the server refuses; [`Error::Usage`] when a parameter does not fit its type, and
    /// nothing was sent; [`Error::Closed`] when the connection is or gets closed.
    pub async fn execute<Q: Query + ?Sized>(
        &self,
        query: &Q,
        parameters: impl Parameters + Sync,
    ) -> Result<CommandTag, Error> {
        Ok(self.fetch(query, parameters).await?.tag())
    }

    /// Runs several statements separated by semicolons, without parameters, and tells what each did. They are one
    /// transaction unless they say otherwise. See "Simple Query" in PostgreSQL's protocol chapter.
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`]; the first statement that fails ends it.
    pub async fn execute_script(&self, sql: &str) -> Result<Vec<CommandTag>, Error> {
        let observed = Observed::start(&self.driver, sql);
        let tags = async {
            let started = self.driver.lock().start(|core| core.simple_query(clock::now(), sql))?;
            match self.driver.wait(started, &()).await?.outcome {
                Outcome::Script(results) => Ok(results.iter().map(|result| result.tag).collect()),
                _ => Ok(Vec::new()),
            }
        };
        observed.end(tags.await, |tags: &Vec<CommandTag>| tags.last().copied().unwrap_or_default())
    }

    /// Runs a query and gives all its rows.
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`].
    pub async fn fetch<Q: Query + ?Sized>(
        &self,
        query: &Q,
        parameters: impl Parameters + Sync,
    ) -> Result<Rows, Error> {
        let bound = Bound::new(query, &parameters)?;
        let options = QueryOptions { whole: true, ..bound.options };
        let observed = Observed::start(&self.driver, &bound.sql);
        let rows = async {
            let (started, is_first) = {
                let mut state = self.driver.lock();
                let (is_first, known) = state.first_use(&bound.sql, &options);
                let options = QueryOptions { statement: options.statement.or(known.as_ref()), ..options };
                let start = |core: &mut trunkline_core::Connection| {
                    core.query(clock::now(), &bound.sql, &options, bound.parameters())
                };
                (state.start(start), is_first)
            };
            let answer = match started {
                Ok(started) => self.driver.wait(started, bound.parameters()).await,
                Err(error) => Err(error),
            };
            if is_first {
                self.driver.lock().share_description(&bound.sql, answer.is_ok());
            }
            answer.map(rows)
        };
        observed.end(rows.await, Rows::tag)
    }

    /// Runs a query and gives its rows as a `T` each: a tuple, or a struct that derives
    /// [`FromRow`].
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`], and [`Error::Conversion`] or [`Error::Usage`] when a row is no `T`.
    pub async fn fetch_as<T, Q>(&self, query: &Q, parameters: impl Parameters + Sync) -> Result<Vec<T>, Error>
    where
        T: for<'a> FromRow<'a>,
        Q: Query + ?Sized,
    {
        self.fetch(query, parameters).await?.read()
    }

    /// Runs a query and gives its first row, if there is one.
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`].
    pub async fn fetch_row<Q: Query + ?Sized>(
        &self,
        query: &Q,
        parameters: impl Parameters + Sync,
    ) -> Result<Option<OwnedRow>, Error> {
        Ok(self.fetch(query, parameters).await?.into_first())
    }

    /// Runs a query and gives its only row.
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`], and [`Error::Usage`] when there is no row or more than one.
    pub async fn fetch_one<Q: Query + ?Sized>(
        &self,
        query: &Q,
        parameters: impl Parameters + Sync,
    ) -> Result<OwnedRow, Error> {
        let rows = self.fetch(query, parameters).await?;
        let count = rows.len();
        match rows.into_first() {
            Some(row) if count == 1 => Ok(row),
            _ => {
                let problem = format!("fetch_one takes a query with exactly one row, this one gave {count}");
                Err(trunkline_core::error::UsageError::shape(problem).into())
            }
        }
    }

    /// Runs a query and gives the first column of its first row; `None` without a row, and for NULL.
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`], and [`Error::Conversion`] when the value is no `T`.
    pub async fn fetch_val<T, Q>(
        &self,
        query: &Q,
        parameters: impl Parameters + Sync,
    ) -> Result<Option<T>, Error>
    where
        T: for<'a> FromSql<'a>,
        Q: Query + ?Sized,
    {
        match self.fetch_row(query, parameters).await? {
            Some(row) => row.get::<Option<T>>(0),
            None => Ok(None),
        }
    }

    /// Runs a statement once for each of the parameters, and tells what each run did.
    ///
    /// All runs travel in one flight and are one implicit transaction: the first that fails ends it, and none has an
    /// effect. The parameters are taken as there is room for them, so that they need not be in memory all at once.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let names = ["Ada", "Grace"];
    /// connection.execute_many("insert into users (name) values ($1)", names.map(|name| (name,))).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`]; the error tells which run it was.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future undoes the runs. Within a transaction block that fails the block.
    pub async fn execute_many<Q, P>(
        &self,
        query: &Q,
        parameters: impl IntoIterator<Item = P>,
    ) -> Result<Vec<CommandTag>, Error>
    where
        Q: Query + ?Sized,
        P: Parameters,
    {
        match many::run(&self.driver, query, parameters).await? {
            Some(Answer { outcome: Outcome::Many(tags), .. }) => Ok(tags),
            _ => Ok(Vec::new()),
        }
    }

    /// Runs a query once for each of the parameters, and gives the rows of all runs in their order.
    ///
    /// # Errors
    ///
    /// As [`Connection::execute_many`].
    pub async fn fetch_many<Q, P>(
        &self,
        query: &Q,
        parameters: impl IntoIterator<Item = P>,
    ) -> Result<Rows, Error>
    where
        Q: Query + ?Sized,
        P: Parameters,
    {
        Ok(many::run(&self.driver, query, parameters).await?.map(rows).unwrap_or_default())
    }

    /// What the server plans to do for a query, or did, as `EXPLAIN` tells it.
    ///
    /// `options` are those of EXPLAIN, such as `"analyze, buffers"`, or empty; with `analyze` the query is run. The
    /// text has one line for each step, or is what the option `format json` makes it.
    ///
    /// See "EXPLAIN" in PostgreSQL's reference.
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`].
    pub async fn explain<Q: Query + ?Sized>(
        &self,
        query: &Q,
        parameters: impl Parameters + Sync,
        options: &str,
    ) -> Result<String, Error> {
        let bound = Bound::new(query, &parameters)?;
        let options = if options.is_empty() { String::new() } else { format!("({options}) ") };
        let explain = format!("EXPLAIN {options}{}", bound.sql);
        let lines = self.fetch(&explain, bound.parameters()).await?;
        let lines: Result<Vec<String>, Error> = lines.iter().map(|line| line.get(0)).collect();
        Ok(lines?.join("\n"))
    }

    /// Describes a statement: the types of its parameters, the columns of its result.
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`].
    pub async fn prepare(&self, sql: &str) -> Result<Statement, Error> {
        self.prepare_typed(sql, &[]).await
    }

    /// The same with the types of some parameters given, in order.
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`].
    pub async fn prepare_typed(&self, sql: &str, types: &[Type]) -> Result<Statement, Error> {
        let named = without_names(sql)?;
        let sql = named.as_ref().map_or(sql, NamedSql::sql);
        let started = self.driver.lock().start(|core| core.prepare(clock::now(), sql, types))?;
        match self.driver.wait(started, &()).await?.outcome {
            Outcome::Prepared(statement) => Ok(Statement::new(statement, named)),
            _ => {
                Err(trunkline_core::error::UsageError::call("a statement was described by something else")
                    .into())
            }
        }
    }

    /// Closes a statement on the server, to free its memory; using it again prepares it again.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] when the connection is or gets closed.
    pub async fn close_statement(&self, statement: &Statement) -> Result<(), Error> {
        let started =
            self.driver.lock().start(|core| core.close_statement(clock::now(), statement.core()))?;
        self.driver.wait(started, &()).await.map(|_| ())
    }

    /// Several statements in one flight.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let results = connection
    ///     .batch()
    ///     .query("insert into log (line) values ($1)", ("one",))
    ///     .query("insert into log (line) values ($1)", ("two",))
    ///     .run()
    ///     .await?;
    /// assert!(results.iter().all(Result::is_ok));
    /// # Ok(()) }
    /// ```
    pub fn batch(&self) -> Batch<'_> {
        Batch::new(&self.driver)
    }

    /// What cancels whatever this connection runs, from anywhere. See [`CancelToken::cancel`].
    pub fn cancel_token(&self) -> CancelToken {
        CancelToken(Arc::downgrade(&self.driver))
    }

    /// Begins a transaction. It is rolled back when it is dropped without a [`commit`](Transaction::commit).
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] when the connection is closed.
    pub async fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        self.begin_with(&TransactionOptions::new()).await
    }

    /// Begins a transaction of that kind.
    ///
    /// # Errors
    ///
    /// As [`Connection::begin`].
    pub async fn begin_with(&mut self, options: &TransactionOptions) -> Result<Transaction<'_>, Error> {
        Transaction::begin_on(self, options)
    }

    /// Runs a closure as a transaction: it is committed when the closure succeeds, and rolled back when it fails.
    ///
    /// With [`retries`](TransactionOptions::retries) it is run again when a statement of it, or its COMMIT, fails
    /// because of what other transactions did (40001, 40P01); so the closure must do nothing that cannot be done
    /// twice. Each run begins with a copy of the closure, which can borrow what is around it, but not change it: what
    /// it has to tell, it returns. For a transaction that changes variables around it, see [`begin`](Connection::begin).
    ///
    /// ```no_run
    /// # async fn run(mut connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// use trunkline::{IsolationLevel, TransactionOptions};
    ///
    /// let options = TransactionOptions::new().isolation(IsolationLevel::Serializable).retries(5);
    /// let left: Option<i32> = connection
    ///     .transaction(&options, async |tx| {
    ///         tx.execute("update seats set taken = taken + 1 where id = $1", (7,)).await?;
    ///         tx.fetch_val("select places - taken from seats where id = $1", (7,)).await
    ///     })
    ///     .await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// What the closure fails with, or what [`commit`](Transaction::commit) does.
    pub async fn transaction<T, E>(
        &mut self,
        options: &TransactionOptions,
        body: impl AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E> + Clone,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        transaction::run(self, options, body).await
    }

    /// Says good-bye to the server and closes the stream, within five seconds. Queries under way are closed too.
    ///
    /// # Errors
    ///
    /// None today; the result is for what a later version may have to tell.
    pub async fn close(self) -> Result<(), Error> {
        self.driver.lock().core.terminate();
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

pub(crate) fn rows(answer: Answer) -> Rows {
    let tag = answer.tag();
    Rows::new(answer.rows, answer.columns, tag)
}
