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
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select name from users where id = $1")
    /// #     .with((7,))
    /// #     .returns(["name"], [("Ada",)]);
    /// # let connection = backend.connect().await?;
    /// let by_id = connection.prepare("select name from users where id = $1").await?;
    /// let name: Option<String> = connection.fetch_val(&by_id, (7,)).await?;
    /// assert_eq!(name.as_deref(), Some("Ada"));
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// See ["Extended Query"] in PostgreSQL's protocol chapter.
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`].
    ///
    /// # Cancel safety
    ///
    /// As every query: see [`Connection`].
    ///
    /// ["Extended Query"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
    pub async fn prepare(&self, sql: &str) -> Result<Statement, Error> {
        self.prepare_typed(sql, &[]).await
    }

    /// The same with the types of some parameters given, in order.
    ///
    /// ```
    /// use trunkline::types::Type;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select $1 + interval '1 day'")
    /// #     .parameters([trunkline::types::Type::DATE])
    /// #     .returns(["day"], [("2026-03-01",)]);
    /// # let connection = backend.connect().await?;
    /// // $1 alone could be a date, a time, or an interval.
    /// let next = connection.prepare_typed("select $1 + interval '1 day'", &[Type::DATE]).await?;
    /// assert_eq!(next.parameters(), [Type::DATE]);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
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
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select count(*) from visits")
    /// #     .returns(["count"], [(3_i64,)]);
    /// # let connection = backend.connect().await?;
    /// let visits = connection.prepare("select count(*) from visits").await?;
    /// connection.fetch_val::<i64, _>(&visits, ()).await?;
    /// connection.close_statement(&visits).await?;
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
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
///
/// ```
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("select id, name from users where name = $1")
/// #     .with(("Ada",))
/// #     .returns(["id", "name"], [(7, "Ada")]);
/// # let connection = backend.connect().await?;
/// let find = connection.prepare("select id, name from users where name = :name").await?;
/// assert_eq!(find.parameters()[0].name(), "text");
/// let ada = connection.fetch_row(&find, trunkline::named! { name: "Ada" }).await?;
/// assert!(ada.is_some());
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
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
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("delete from users where id = $1")
    /// #     .with((7,))
    /// #     .affects(1);
    /// # let connection = backend.connect().await?;
    /// let delete = connection.prepare("delete from users where id = :id").await?;
    /// assert_eq!(delete.sql(), "delete from users where id = $1");
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn sql(&self) -> &str {
        self.core.sql()
    }

    /// The types of its parameters, `$1` first.
    ///
    /// ```
    /// use trunkline::types::Type;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("update users set name = $2 where id = $1")
    /// #     .with((7, "Ada"))
    /// #     .affects(1);
    /// # let connection = backend.connect().await?;
    /// let rename = connection.prepare("update users set name = $2 where id = $1").await?;
    /// assert_eq!(rename.parameters(), [Type::INT4, Type::TEXT]);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn parameters(&self) -> &[Type] {
        self.core.parameters()
    }

    /// The names of its parameters, `$1` first; none when it has them by number.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("update users set name = $1 where id = $2")
    /// #     .with(("Ada", 7))
    /// #     .affects(1);
    /// # let connection = backend.connect().await?;
    /// let rename = connection.prepare("update users set name = :name where id = :id").await?;
    /// assert!(rename.parameter_names().eq(["name", "id"]));
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn parameter_names(&self) -> impl Iterator<Item = &str> {
        self.named.iter().flat_map(|named| named.names())
    }

    /// The columns of its result; `None` when it returns no rows at all.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id, name from users")
    /// #     .returns(["id", "name"], [(7, "Ada")])
    /// #     .on("delete from users")
    /// #     .affects(1);
    /// # let connection = backend.connect().await?;
    /// let users = connection.prepare("select id, name from users").await?;
    /// let names = users.columns().map(|columns| columns.iter().map(|column| &*column.name).collect());
    /// assert_eq!(names, Some(vec!["id", "name"]));
    /// assert!(connection.prepare("delete from users").await?.columns().is_none());
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn columns(&self) -> Option<&Columns> {
        self.core.columns().map(|columns| &**columns)
    }

    /// What the server on the other end of a connection plans to do for it; see [`Connection::explain`].
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select * from users where id = $1")
    /// #     .with((7,))
    /// #     .returns(["id"], [(7,)])
    /// #     .on("EXPLAIN (analyze) select * from users where id = $1")
    /// #     .with((7,))
    /// #     .returns(["QUERY PLAN"], [("Index Scan using users_pkey on users",)]);
    /// # let connection = backend.connect().await?;
    /// let by_id = connection.prepare("select * from users where id = $1").await?;
    /// println!("{}", by_id.explain(&connection, (7,), "analyze").await?);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
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
