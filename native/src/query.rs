use std::borrow::Cow;
use std::time::Duration;

use trunkline_core::config::StatementMode;
use trunkline_core::sql::NamedSql;
use trunkline_core::types::{Parameters, Type};
use trunkline_core::{Call, Error, QueryOptions};

use crate::statement::Statement;

/// What can be run: SQL text, a prepared [`Statement`], or either with options of its own, by [`query`].
///
/// ```
/// use trunkline::{Connection, Error, Query};
///
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("delete from sessions where expires < now()")
/// #     .affects(4);
/// # let connection = backend.connect().await?;
/// /// Takes SQL, prepared statements, and both with options.
/// async fn count<Q: Query + ?Sized>(connection: &Connection, query: &Q) -> Result<u64, Error> {
///     Ok(connection.execute(query, ()).await?.rows())
/// }
/// assert_eq!(count(&connection, "delete from sessions where expires < now()").await?, 4);
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
pub trait Query {
    /// The SQL.
    ///
    /// ```
    /// use trunkline::Query;
    ///
    /// let sql = "select 1";
    /// assert_eq!(Query::sql(sql), "select 1");
    /// assert_eq!(Query::sql(&trunkline::query(sql)), "select 1");
    /// ```
    fn sql(&self) -> &str;

    /// The statement, when it is described.
    ///
    /// ```
    /// use trunkline::Query;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id from users")
    /// #     .returns(["id"], [(1,)]);
    /// # let connection = backend.connect().await?;
    /// assert!(Query::statement("select id from users").is_none());
    /// let statement = connection.prepare("select id from users").await?;
    /// assert!(Query::statement(&statement).is_some());
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    fn statement(&self) -> Option<&Statement> {
        None
    }

    /// How it is run, where that differs from the connection's configuration.
    ///
    /// ```
    /// use std::time::Duration;
    /// use trunkline::{Query, query};
    ///
    /// let slow = query("select count(*) from events").timeout(Duration::from_secs(60));
    /// assert_eq!(slow.options().timeout, Some(Duration::from_secs(60)));
    /// ```
    fn options(&self) -> QueryOptions<'_> {
        QueryOptions { statement: self.statement().map(Statement::core), ..QueryOptions::default() }
    }
}

impl Query for str {
    fn sql(&self) -> &str {
        self
    }
}

impl Query for String {
    fn sql(&self) -> &str {
        self
    }
}

impl Query for Statement {
    fn sql(&self) -> &str {
        self.sql()
    }

    fn statement(&self) -> Option<&Statement> {
        Some(self)
    }
}

/// SQL or a statement with options of its own, for every method that runs one.
///
/// ```no_run
/// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
/// use std::time::Duration;
/// use trunkline::query;
///
/// let slow = query("select count(*) from events").timeout(Duration::from_secs(5));
/// let events: Option<i64> = connection.fetch_val(&slow, ()).await?;
/// # Ok(()) }
/// ```
pub fn query<Q: Query + ?Sized>(query: &Q) -> QueryWith<'_, Q> {
    QueryWith { query, timeout: None, mode: None, types: None }
}

/// A query and how to run it: see [`query`].
///
/// ```
/// use std::time::Duration;
/// use trunkline::{StatementMode, query};
///
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("select pg_backup_start('tonight')")
/// #     .returns(["pg_backup_start"], [("0/3000028",)]);
/// # let connection = backend.connect().await?;
/// let once = query("select pg_backup_start('tonight')")
///     .mode(StatementMode::Unnamed)
///     .timeout(Duration::from_secs(300));
/// connection.fetch_row(&once, ()).await?;
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
#[derive(Debug, Clone, Copy)]
#[must_use = "it does nothing before it is run"]
pub struct QueryWith<'a, Q: ?Sized> {
    query: &'a Q,
    timeout: Option<Duration>,
    mode: Option<StatementMode>,
    types: Option<&'a [Type]>,
}

impl<'a, Q: Query + ?Sized> QueryWith<'a, Q> {
    /// How long it may take, in place of the connection's `command_timeout`. When it has passed the caller gets
    /// [`Error::Timeout`], and the server is asked to cancel it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use trunkline::{Error, query};
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select count(*) from visits")
    /// #     .returns(["count"], [(3_i64,)]);
    /// # let connection = backend.connect().await?;
    /// let visits = query("select count(*) from visits").timeout(Duration::from_millis(500));
    /// match connection.fetch_val::<i64, _>(&visits, ()).await {
    ///     Ok(count) => println!("{count:?}"),
    ///     Err(Error::Timeout(..)) => println!("too many to count now"),
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How its statement is kept on the server, in place of the connection's `statement_mode`:
    /// [`Unnamed`](StatementMode::Unnamed) for SQL that will not come again,
    /// [`Simple`](StatementMode::Simple) for servers that know no other protocol.
    ///
    /// ```
    /// use trunkline::{StatementMode, query};
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("alter table users add column born date")
    /// #     .affects(0);
    /// # let connection = backend.connect().await?;
    /// let migration = query("alter table users add column born date").mode(StatementMode::Unnamed);
    /// connection.execute(&migration, ()).await?;
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn mode(mut self, mode: StatementMode) -> Self {
        self.mode = Some(mode);
        self
    }

    /// The types of its parameters, `$1` first, so that the server need not be asked for them at the first use.
    ///
    /// ```
    /// use trunkline::query;
    /// use trunkline::types::Type;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select name from users where id = $1")
    /// #     .parameters([trunkline::types::Type::INT8])
    /// #     .returns(["name"], [("Ada",)]);
    /// # let connection = backend.connect().await?;
    /// let types = [Type::INT8];
    /// let by_id = query("select name from users where id = $1").types(&types);
    /// let name: Option<String> = connection.fetch_val(&by_id, (7_i64,)).await?;
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn types(mut self, types: &'a [Type]) -> Self {
        self.types = Some(types);
        self
    }
}

impl<Q: Query + ?Sized> Query for QueryWith<'_, Q> {
    fn sql(&self) -> &str {
        self.query.sql()
    }

    fn statement(&self) -> Option<&Statement> {
        self.query.statement()
    }

    fn options(&self) -> QueryOptions<'_> {
        let mut options = self.query.options();
        options.timeout = self.timeout.or(options.timeout);
        options.mode = self.mode.or(options.mode);
        options.types = self.types.unwrap_or(options.types);
        options
    }
}

/// A query and its parameters as core takes them: by position.
pub(crate) struct Bound<'a> {
    pub(crate) sql: Cow<'a, str>,
    pub(crate) options: QueryOptions<'a>,
    parameters: &'a (dyn Parameters + Sync),
    call: Option<Call<&'a (dyn Parameters + Sync)>>,
}

impl<'a> Bound<'a> {
    pub(crate) fn new<Q: Query + ?Sized>(
        query: &'a Q,
        parameters: &'a (dyn Parameters + Sync),
    ) -> Result<Self, Error> {
        let options = query.options();
        let Some(named) = named(query, parameters)? else {
            return Ok(Self { sql: query.sql().into(), options, parameters, call: None });
        };
        let call = Some(Call::new(&named, parameters)?);
        Ok(Self { sql: named.into_owned().into_sql().into(), options, parameters, call })
    }

    pub(crate) fn parameters(&self) -> &(dyn Parameters + Sync) {
        match &self.call {
            Some(call) => call,
            None => self.parameters,
        }
    }
}

/// The query as SQL with names, when its parameters are given by name.
pub(crate) fn named<'a, Q: Query + ?Sized>(
    query: &'a Q,
    parameters: &dyn Parameters,
) -> Result<Option<Cow<'a, NamedSql>>, Error> {
    if parameters.are_ordered() && parameters.name(0).is_none() {
        return Ok(None);
    }
    Ok(Some(match query.statement().and_then(Statement::named) {
        Some(named) => Cow::Borrowed(named),
        None => Cow::Owned(NamedSql::parse(query.sql())?),
    }))
}
