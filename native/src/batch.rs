use std::collections::{BTreeSet, HashMap};

use trunkline_core::types::Parameters;
use trunkline_core::{BatchMode, Connection, Error, Outcome, QueryOptions, Statement};

use crate::clock;
use crate::connection::rows;
use crate::driver::{Driver, Started, State};
use crate::rows::Rows;

/// Several statements that travel in one flight: see [`Connection::batch`](crate::Connection::batch).
///
/// It is one implicit transaction: when a statement fails, none has an effect, and those after it are
/// [`Error::Skipped`]. With [`Batch::continue_on_error`] each statement is a transaction of its own.
#[must_use = "a batch does nothing before it is run"]
pub struct Batch<'a> {
    driver: &'a Driver,
    mode: BatchMode,
    queries: Vec<(&'a str, Box<dyn Parameters + Send + Sync + 'a>)>,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(driver: &'a Driver, mode: BatchMode) -> Self {
        Self { driver, mode, queries: Vec::new() }
    }

    /// Adds a statement.
    pub fn query(mut self, sql: &'a str, parameters: impl Parameters + Send + Sync + 'a) -> Self {
        self.queries.push((sql, Box::new(parameters)));
        self
    }

    /// Makes each statement a transaction of its own, so that the others run whatever one does.
    pub fn continue_on_error(mut self) -> Self {
        self.mode = BatchMode::ContinueOnError;
        self
    }

    /// Runs the statements, and gives what each came to, in order.
    ///
    /// Statements with parameters that this connection has not seen are described first, all in one flight.
    ///
    /// # Errors
    ///
    /// When nothing was sent: a parameter does not fit its type, a statement cannot be described, the connection
    /// is closed.
    pub async fn run(self) -> Result<Vec<Result<Rows, Error>>, Error> {
        let mut statements = HashMap::new();
        let started = loop {
            let unknown = {
                let mut state = self.driver.lock();
                let unknown = self.unknown(&state.core, &statements);
                if unknown.is_empty() {
                    break self.start(&mut state, &statements)?;
                }
                unknown
            };
            let mut described = Vec::with_capacity(unknown.len());
            for sql in unknown {
                let started = self.driver.lock().start(|core| core.prepare(clock::now(), sql, &[]))?;
                described.push((sql, self.driver.wait(started, &())));
            }
            for (sql, wait) in described {
                if let Outcome::Prepared(statement) = wait.await?.outcome {
                    statements.insert(sql, statement);
                }
            }
        };
        let waits: Vec<_> = started.into_iter().map(|started| self.driver.wait(started, &())).collect();
        let mut results = Vec::with_capacity(waits.len());
        for wait in waits {
            results.push(wait.await.map(rows));
        }
        Ok(results)
    }

    /// The statements with parameters whose types are not known here: not yet, or not any more, since describing
    /// others can push one out of the cache.
    fn unknown(&self, core: &Connection, statements: &HashMap<&'a str, Statement>) -> BTreeSet<&'a str> {
        let parametrised = self.queries.iter().filter(|(_, parameters)| parameters.count() > 0);
        let known =
            |sql: &str| statements.contains_key(sql) || core.is_described(sql, &QueryOptions::default());
        parametrised.map(|(sql, _)| *sql).filter(|sql| !known(sql)).collect()
    }

    /// Writes them all.
    fn start(&self, state: &mut State, statements: &HashMap<&str, Statement>) -> Result<Vec<Started>, Error> {
        let mut batch = state.core.batch(clock::now(), self.mode)?;
        for (sql, parameters) in &self.queries {
            let statement = statements.get(sql);
            batch.query(
                sql,
                &QueryOptions { statement, whole: true, ..QueryOptions::default() },
                &**parameters,
            )?;
        }
        let ids = batch.finish();
        Ok(ids.into_iter().map(|id| state.started(id)).collect())
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
