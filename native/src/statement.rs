use std::sync::Arc;

use trunkline_core::sql::NamedSql;
use trunkline_core::types::{Parameters, Type};
use trunkline_core::{Columns, Error};

use crate::connection::Connection;

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
