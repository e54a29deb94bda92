use std::sync::Arc;

use trunkline_core::error::UsageError;
use trunkline_core::sql::NamedSql;
use trunkline_core::types::{Parameters, Type};
use trunkline_core::{Columns, CommandTag, Error, Outcome};

use crate::clock;
use crate::connection::Connection;
use crate::observe::Observed;

impl Connection {
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
        let observed = Observed::prepare(self.driver(), sql);
        let described = observed.end(self.describe(sql, types).await, |_| CommandTag::default())?;
        Ok(Statement::new(described, named))
    }

    async fn describe(&self, sql: &str, types: &[Type]) -> Result<trunkline_core::Statement, Error> {
        let started = self.driver().lock().start(|core| core.prepare(clock::now(), sql, types))?;
        match self.driver().wait(started, &()).await?.outcome {
            Outcome::Prepared(statement) => Ok(statement),
            _ => Err(UsageError::call("a statement was described by something else").into()),
        }
    }

    /// Closes a statement on the server, to free its memory; using it again prepares it again.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] when the connection is or gets closed.
    pub async fn close_statement(&self, statement: &Statement) -> Result<(), Error> {
        let started =
            self.driver().lock().start(|core| core.close_statement(clock::now(), statement.core()))?;
        self.driver().wait(started, &()).await.map(|_| ())
    }
}

/// A described statement. It belongs to no connection: where it runs and is not prepared yet, it is prepared in
/// the same flight.
#[derive(Debug, Clone)]
pub struct Statement {
    core: trunkline_core::Statement,
    named: Option<Arc<NamedSql>>,
}

impl Statement {
    pub(crate) fn new(core: trunkline_core::Statement, named: Option<NamedSql>) -> Self {
        Self { core, named: named.map(Arc::new) }
    }

    /// Its SQL, as the server knows it: with `$1` in the place of a name.
    pub fn sql(&self) -> &str {
        self.core.sql()
    }

    /// The types of its parameters, `$1` first.
    pub fn parameters(&self) -> &[Type] {
        self.core.parameters()
    }

    /// The names of its parameters, `$1` first; none when it has them by number.
    pub fn parameter_names(&self) -> impl Iterator<Item = &str> {
        self.named.iter().flat_map(|named| named.names())
    }

    /// The columns of its result; `None` when it returns no rows at all.
    pub fn columns(&self) -> Option<&Columns> {
        self.core.columns().map(|columns| &**columns)
    }

    /// What the server on the other end of a connection plans to do for it; see [`Connection::explain`].
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`].
    pub async fn explain(
        &self,
        connection: &Connection,
        parameters: impl Parameters + Sync,
        options: &str,
    ) -> Result<String, Error> {
        connection.explain(self, parameters, options).await
    }

    pub(crate) fn core(&self) -> &trunkline_core::Statement {
        &self.core
    }

    pub(crate) fn named(&self) -> Option<&NamedSql> {
        self.named.as_deref()
    }
}

/// The SQL with numbers, and its names if it has any.
pub(crate) fn without_names(sql: &str) -> Result<Option<NamedSql>, Error> {
    if !sql.contains(':') {
        return Ok(None);
    }
    let named = NamedSql::parse(sql)?;
    let has_names = named.names().len() > 0;
    Ok(has_names.then_some(named))
}
