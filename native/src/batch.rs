use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use trunkline_core::types::Parameters;
use trunkline_core::{BatchMode, Call, Connection, Error, Outcome, QueryOptions, Statement};

use crate::clock;
use crate::driver::{Driver, Started, State};
use crate::held::Way;
use crate::observe::Observed;
use crate::pool::on_one;
use crate::queries::rows;
use crate::query::{Query, named};
use crate::rows::Rows;

impl crate::Connection {
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
        Batch::new(Way::On(self))
    }
}

/// Several statements that travel in one flight: see [`Connection::batch`](crate::Connection::batch).
///
/// It is one implicit transaction: when a statement fails, none has an effect, and those after it are
/// [`Error::Skipped`]. With [`Batch::continue_on_error`] each statement is a transaction of its own.
///
/// ```
/// use trunkline::Error;
///
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("update accounts set balance = balance - $2 where id = $1")
/// #     .with((1, 100))
/// #     .affects(1)
/// #     .on("update accounts set balance = balance + $2 where id = $1")
/// #     .with((2, 100))
/// #     .fails(trunkline::SqlState::CHECK_VIOLATION, "account 2 is closed")
/// #     .on("insert into transfers (amount) values ($1)")
/// #     .with((100,))
/// #     .affects(1);
/// # let connection = backend.connect().await?;
/// let results = connection
///     .batch()
///     .query("update accounts set balance = balance - $2 where id = $1", (1, 100))
///     .query("update accounts set balance = balance + $2 where id = $1", (2, 100))
///     .query("insert into transfers (amount) values ($1)", (100,))
///     .run()
///     .await?;
/// // The server undoes what the first has done, and never runs the third.
/// assert!(matches!(results[1], Err(Error::Server(_))));
/// assert!(matches!(results[2], Err(Error::Skipped)));
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
///
/// See ["Pipelining"] in PostgreSQL's protocol chapter.
///
/// ["Pipelining"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
#[must_use = "a batch does nothing before it is run"]
pub struct Batch<'a> {
    way: Way<'a>,
    mode: BatchMode,
    queries: Vec<Entry<'a>>,
    /// The first thing that was wrong with what was added.
    problem: Option<Error>,
}

struct Entry<'a> {
    sql: Cow<'a, str>,
    options: QueryOptions<'a>,
    parameters: Box<dyn Parameters + Send + Sync + 'a>,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(way: Way<'a>) -> Self {
        Self { way, mode: BatchMode::FailFast, queries: Vec::new(), problem: None }
    }

    /// Adds a statement.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("delete from sessions where user_id = $1")
    /// #     .with((7,))
    /// #     .affects(3)
    /// #     .on("select name from users")
    /// #     .returns(["name"], [("Ada",)]);
    /// # let connection = backend.connect().await?;
    /// let batch = connection
    ///     .batch()
    ///     .query("delete from sessions where user_id = $1", (7,))
    ///     .query("select name from users", ());
    /// let results = batch.run().await?;
    /// assert_eq!(results.len(), 2);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn query<Q: Query + ?Sized>(
        mut self,
        query: &'a Q,
        parameters: impl Parameters + Send + Sync + 'a,
    ) -> Self {
        match Entry::new(query, parameters) {
            Ok(entry) => self.queries.push(entry),
            Err(problem) => self.problem = self.problem.or(Some(problem)),
        }
        self
    }

    /// Makes each statement a transaction of its own, so that the others run whatever one does.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("refresh materialized view sales")
    /// #     .fails(trunkline::SqlState::UNDEFINED_TABLE, "relation \"sales\" does not exist")
    /// #     .on("refresh materialized view visits")
    /// #     .affects(0);
    /// # let connection = backend.connect().await?;
    /// let results = connection
    ///     .batch()
    ///     .query("refresh materialized view sales", ())
    ///     .query("refresh materialized view visits", ())
    ///     .continue_on_error()
    ///     .run()
    ///     .await?;
    /// assert!(results[0].is_err() && results[1].is_ok());
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn continue_on_error(mut self) -> Self {
        self.mode = BatchMode::ContinueOnError;
        self
    }

    /// Runs the statements, and gives what each came to, in order.
    ///
    /// Statements with parameters that this connection has not seen are described first, all in one flight.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id from users")
    /// #     .returns(["id"], [(1,), (2,)])
    /// #     .on("update users set seen = true")
    /// #     .affects(2);
    /// # let connection = backend.connect().await?;
    /// let results = connection
    ///     .batch()
    ///     .query("select id from users", ())
    ///     .query("update users set seen = true", ())
    ///     .run()
    ///     .await?;
    /// for result in results {
    ///     let rows = result?;
    ///     println!("{}: {} rows", rows.tag(), rows.len());
    /// }
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// When nothing was sent: a parameter does not fit its type, a statement cannot be described, the connection
    /// is closed.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives up all of its statements, as that of a query: see [`Connection`](crate::Connection).
    pub async fn run(self) -> Result<Vec<Result<Rows, Error>>, Error> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        match &self.way {
            Way::On(connection) => self.run_on(connection.driver()).await,
            Way::Through(pool, place) => {
                on_one!(pool, place, connection => self.run_on(connection.driver()))
            }
        }
    }

    async fn run_on(&self, driver: &Driver) -> Result<Vec<Result<Rows, Error>>, Error> {
        let observed = self.queries.iter().map(|entry| Observed::start(driver, &entry.sql));
        let observed: Vec<_> = observed.collect();
        let started = match self.begin(driver).await {
            Ok(started) => started,
            Err(error) => {
                observed.into_iter().for_each(|mut observed| observed.ended(Err(&error)));
                return Err(error);
            }
        };
        let waits = started.into_iter().map(|started| driver.wait(started, &()));
        let waits: Vec<_> = observed.into_iter().zip(waits).collect();
        let mut results = Vec::with_capacity(waits.len());
        for (observed, wait) in waits {
            results.push(observed.end(wait.await.map(rows), Rows::tag));
        }
        match results.first() {
            // They go in their order: none has come further than the first.
            Some(Err(Error::Closed(closed))) if !closed.may_have_run => Err(Error::Closed(closed.clone())),
            _ => Ok(results),
        }
    }

    /// Describes what has to be, and writes them all.
    async fn begin(&self, driver: &Driver) -> Result<Vec<Started>, Error> {
        let mut statements = HashMap::new();
        loop {
            let unknown = {
                let mut state = driver.lock();
                let unknown = self.unknown(&state.core, &statements);
                if unknown.is_empty() {
                    return self.start(&mut state, &statements);
                }
                unknown
            };
            let mut described = Vec::with_capacity(unknown.len());
            for sql in unknown {
                let started = driver.lock().start(|core| core.prepare(clock::now(), sql, &[]))?;
                described.push((sql, driver.wait(started, &())));
            }
            for (sql, wait) in described {
                if let Outcome::Prepared(statement) = wait.await?.outcome {
                    statements.insert(sql, statement);
                }
            }
        }
    }

    /// The statements with parameters whose types are not known here: not yet, or not any more, since describing
    /// others can push one out of the cache.
    fn unknown(&self, core: &Connection, statements: &HashMap<&str, Statement>) -> BTreeSet<&str> {
        let parametrised = self.queries.iter().filter(|entry| entry.parameters.count() > 0);
        let unknown = parametrised.filter(|entry| {
            !statements.contains_key(&*entry.sql) && !core.is_described(&entry.sql, &entry.options)
        });
        unknown.map(|entry| &*entry.sql).collect()
    }

    /// Writes them all.
    fn start(&self, state: &mut State, statements: &HashMap<&str, Statement>) -> Result<Vec<Started>, Error> {
        let mut batch = state.core.batch(clock::now(), self.mode)?;
        for Entry { sql, options, parameters } in &self.queries {
            let statement = options.statement.or_else(|| statements.get(&**sql));
            batch.query(sql, &QueryOptions { statement, whole: true, ..*options }, &**parameters)?;
        }
        let ids = batch.finish();
        Ok(ids.into_iter().map(|id| state.started(id)).collect())
    }
}

impl<'a> Entry<'a> {
    fn new<Q: Query + ?Sized>(
        query: &'a Q,
        parameters: impl Parameters + Send + Sync + 'a,
    ) -> Result<Self, Error> {
        let options = query.options();
        Ok(match named(query, &parameters)? {
            Some(named) => {
                let parameters = Box::new(Call::new(&named, parameters)?);
                Self { sql: named.into_owned().into_sql().into(), options, parameters }
            }
            None => Self { sql: query.sql().into(), options, parameters: Box::new(parameters) },
        })
    }
}

/// Tells how many statements there are; not their parameters, which may be secret.
impl std::fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch")
            .field("mode", &self.mode)
            .field("statements", &self.queries.len())
            .finish_non_exhaustive()
    }
}
