use std::borrow::Cow;
use std::time::Duration;

use trunkline_core::config::StatementMode;
use trunkline_core::sql::NamedSql;
use trunkline_core::types::{Parameters, Type};
use trunkline_core::{Call, Error, QueryOptions};

use crate::statement::Statement;

/// What can be run: SQL text, a prepared [`Statement`], or either with options of its own, by [`query`].
pub trait Query {
    /// The SQL.
    fn sql(&self) -> &str;

    /// The statement, when it is described.
    fn statement(&self) -> Option<&Statement> {
        None
    }

    /// How it is run, where that differs from the connection's configuration.
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
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How its statement is kept on the server, in place of the connection's `statement_mode`:
    /// [`Unnamed`](StatementMode::Unnamed) for SQL that will not come again,
    /// [`Simple`](StatementMode::Simple) for servers that know no other protocol.
    pub fn mode(mut self, mode: StatementMode) -> Self {
        self.mode = Some(mode);
        self
    }

    /// The types of its parameters, `$1` first, so that the server need not be asked for them at the first use.
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
