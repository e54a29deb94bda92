use std::fmt;

use trunkline_core::Error;
use trunkline_core::copy::{Source, Table, with_literals};
use trunkline_core::types::Parameters;

use crate::connection::Connection;

/// What is copied out: a table, or a query with its parameters.
///
/// ```
/// use trunkline::{CopySource, Table};
///
/// let table = CopySource::from(Table::new("users").schema("app"));
/// let query = CopySource::query("select * from users where name = $1", ("Ada",));
/// assert_eq!(format!("{query:?}"), "CopySource(\"select * from users where name = $1\")");
/// # drop(table);
/// ```
pub struct CopySource<'a>(Inner<'a>);

enum Inner<'a> {
    Table(Table),
    Query(&'a str, Box<dyn Parameters + Send + Sync + 'a>),
}

impl<'a> CopySource<'a> {
    /// A query.
    ///
    /// COPY itself takes no parameters. So the server is asked for their types, and they are written into the query as
    /// literals, quoted and cast: they cannot become SQL, whatever is in them. Without parameters the query stands as it
    /// is.
    ///
    /// ```no_run
    /// use trunkline::{CopyOptions, CopySource};
    ///
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let recent = CopySource::query("select * from orders where placed > now() - $1 * interval '1 day'", (7,));
    /// let copy = connection.copy_out(recent, CopyOptions::csv()).await?;
    /// # Ok(()) }
    /// ```
    pub fn query(sql: &'a str, parameters: impl Parameters + Send + Sync + 'a) -> Self {
        Self(Inner::Query(sql, Box::new(parameters)))
    }

    /// The same with literals in the place of parameters.
    pub(super) async fn without_parameters(&self, connection: &Connection) -> Result<Source, Error> {
        match &self.0 {
            Inner::Table(table) => Ok(Source::Table(table.clone())),
            Inner::Query(sql, parameters) => Ok(Source::Query(bound(sql, &**parameters, connection).await?)),
        }
    }

    /// A query for it.
    pub(super) async fn to_query(&self, connection: &Connection) -> Result<String, Error> {
        match &self.0 {
            Inner::Table(table) => Ok(table.describing_query()?),
            Inner::Query(sql, parameters) => bound(sql, &**parameters, connection).await,
        }
    }
}

async fn bound(
    sql: &str,
    parameters: &(dyn Parameters + Send + Sync),
    connection: &Connection,
) -> Result<String, Error> {
    if parameters.count() == 0 {
        return Ok(sql.to_owned());
    }
    let statement = connection.prepare(sql).await?;
    with_literals(sql, statement.parameters(), &parameters)
}

impl<T: Into<Table>> From<T> for CopySource<'_> {
    fn from(table: T) -> Self {
        Self(Inner::Table(table.into()))
    }
}

/// Tells the SQL; not the parameters, which may be secret.
impl fmt::Debug for CopySource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Table(table) => f.debug_tuple("CopySource").field(table).finish(),
            Inner::Query(sql, _) => f.debug_tuple("CopySource").field(sql).finish(),
        }
    }
}
