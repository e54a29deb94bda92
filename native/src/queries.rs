//! What a connection runs.

use trunkline_core::types::{FromSql, Parameters};
use trunkline_core::{CommandTag, Error, FromRow, Outcome, QueryOptions};

use crate::clock;
use crate::connection::Connection;
use crate::driver::{Answer, State};
use crate::many;
use crate::observe::Observed;
use crate::query::{Bound, Query};
use crate::rows::{OwnedRow, Rows};

impl Connection {
    /// Runs a statement and tells what it did.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("update users set name = $2 where id = $1")
    /// #     .with((7, "Ada"))
    /// #     .affects(1);
    /// # let connection = backend.connect().await?;
    /// let tag = connection.execute("update users set name = $2 where id = $1", (7, "Ada")).await?;
    /// assert_eq!((tag.command(), tag.rows()), ("UPDATE", 1));
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// See ["Extended Query"] in PostgreSQL's protocol chapter.
    ///
    /// # Errors
    ///
    /// [`Error::Server`] when the server refuses; [`Error::Usage`] when a parameter does not fit its type, and
    /// nothing was sent; [`Error::Closed`] when the connection is or gets closed; [`Error::Timeout`] when it takes
    /// longer than its [`timeout`](crate::QueryWith::timeout), or else the connection's `command_timeout`, which is no
    /// limit unless it is set.
    ///
    /// ["Extended Query"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
    pub async fn execute<Q: Query + ?Sized>(
        &self,
        query: &Q,
        parameters: impl Parameters + Sync,
    ) -> Result<CommandTag, Error> {
        Ok(self.fetch(query, parameters).await?.tag())
    }

    /// Runs several statements separated by semicolons, without parameters, and tells what each did. They are one
    /// transaction unless they say otherwise. See ["Simple Query"] in PostgreSQL's protocol chapter.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("create table notes (id int, line text)")
    /// #     .affects(0)
    /// #     .on("insert into notes values (1, 'one')")
    /// #     .affects(1);
    /// # let connection = backend.connect().await?;
    /// let script = "create table notes (id int, line text); insert into notes values (1, 'one')";
    /// let tags = connection.execute_script(script).await?;
    /// assert_eq!(tags[0].as_str(), "CREATE TABLE");
    /// assert_eq!(tags[1].as_str(), "INSERT 0 1");
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`]; the first statement that fails ends it.
    ///
    /// ["Simple Query"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-SIMPLE-QUERY
    pub async fn execute_script(&self, sql: &str) -> Result<Vec<CommandTag>, Error> {
        let observed = Observed::start(self.driver(), sql);
        observed.end(self.script(sql).await, |tags| tags.last().copied().unwrap_or_default())
    }

    /// The same for a script of our own, which no hook is told of.
    pub(crate) async fn script(&self, sql: &str) -> Result<Vec<CommandTag>, Error> {
        let started = self.driver().lock().start(|core| core.simple_query(clock::now(), sql))?;
        match self.driver().wait(started, &()).await?.outcome {
            Outcome::Script(results) => Ok(results.iter().map(|result| result.tag).collect()),
            _ => Ok(Vec::new()),
        }
    }

    /// Runs a query and gives all its rows.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id, name from users where id < $1")
    /// #     .with((10,))
    /// #     .returns(["id", "name"], [(1, "Ada"), (2, "Grace")]);
    /// # let connection = backend.connect().await?;
    /// let users = connection.fetch("select id, name from users where id < $1", (10,)).await?;
    /// assert_eq!(users.len(), 2);
    /// for user in &users {
    ///     println!("{}: {}", user.get::<i32>("id")?, user.get::<&str>("name")?);
    /// }
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
    /// ["Extended Query"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
    pub async fn fetch<Q: Query + ?Sized>(
        &self,
        query: &Q,
        parameters: impl Parameters + Sync,
    ) -> Result<Rows, Error> {
        let bound = Bound::new(query, &parameters)?;
        let options = QueryOptions { whole: true, ..bound.options };
        let observed = Observed::start(self.driver(), &bound.sql);
        let rows = async {
            let (started, is_first) = {
                let mut state = self.driver().lock();
                let (is_first, known) = state.first_use(&bound.sql, &options);
                let start = |state: &mut State, statement| {
                    let options = QueryOptions { statement, ..options };
                    state.start(|core| core.query(clock::now(), &bound.sql, &options, bound.parameters()))
                };
                let mut started = start(&mut state, options.statement.or(known.as_ref()));
                if known.is_some() && matches!(started, Err(Error::Usage(_))) {
                    // What others were told need not hold on this session's search_path.
                    state.core.forget_statement(&bound.sql, &options);
                    started = start(&mut state, options.statement);
                }
                (started, is_first)
            };
            let answer = match started {
                Ok(started) => self.driver().wait(started, bound.parameters()).await,
                Err(error) => Err(error),
            };
            if is_first {
                self.driver().lock().share_description(&bound.sql, answer.is_ok());
            }
            answer.map(rows)
        };
        observed.end(rows.await, Rows::tag)
    }

    /// Runs a query and gives its rows as a `T` each: a tuple, or a struct that derives
    /// [`FromRow`].
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id, total from orders where customer = $1")
    /// #     .with(("Ada",))
    /// #     .returns(["id", "total"], [(17, Some(250_i64)), (18, None)]);
    /// # let connection = backend.connect().await?;
    /// let sql = "select id, total from orders where customer = $1";
    /// let orders: Vec<(i32, Option<i64>)> = connection.fetch_as(sql, ("Ada",)).await?;
    /// assert_eq!(orders, [(17, Some(250)), (18, None)]);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
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
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select name from users where id = $1")
    /// #     .with((7,))
    /// #     .returns(["name"], [(); 0]);
    /// # let connection = backend.connect().await?;
    /// let user = connection.fetch_row("select name from users where id = $1", (7,)).await?;
    /// assert!(user.is_none(), "there is no user 7");
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
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
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("insert into users (name) values ($1) returning id")
    /// #     .with(("Ada",))
    /// #     .returns(["id"], [(7,)]);
    /// # let connection = backend.connect().await?;
    /// let user = connection.fetch_one("insert into users (name) values ($1) returning id", ("Ada",)).await?;
    /// assert_eq!(user.get::<i32>("id")?, 7);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
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
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select balance from accounts where id = $1")
    /// #     .with((1,))
    /// #     .returns(["balance"], [(500_i64,)]);
    /// # let connection = backend.connect().await?;
    /// let balance: Option<i64> =
    ///     connection.fetch_val("select balance from accounts where id = $1", (1,)).await?;
    /// assert_eq!(balance, Some(500));
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
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
    /// See ["Pipelining"] in PostgreSQL's protocol chapter.
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`]; the error tells which run it was.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future undoes the runs. Within a transaction block that fails the block.
    ///
    /// ["Pipelining"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
    pub async fn execute_many<Q, P>(
        &self,
        query: &Q,
        parameters: impl IntoIterator<Item = P>,
    ) -> Result<Vec<CommandTag>, Error>
    where
        Q: Query + ?Sized,
        P: Parameters,
    {
        match many::run(self.driver(), query, parameters).await? {
            Some(Answer { outcome: Outcome::Many(tags), .. }) => Ok(tags),
            _ => Ok(Vec::new()),
        }
    }

    /// Runs a query once for each of the parameters, and gives the rows of all runs in their order.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("insert into users (name) values ($1) returning id")
    /// #     .with(("Ada",))
    /// #     .returns(["id"], [(1,)])
    /// #     .on("insert into users (name) values ($1) returning id")
    /// #     .with(("Grace",))
    /// #     .returns(["id"], [(2,)]);
    /// # let connection = backend.connect().await?;
    /// let names = ["Ada", "Grace"];
    /// let insert = "insert into users (name) values ($1) returning id";
    /// let ids = connection.fetch_many(insert, names.map(|name| (name,))).await?;
    /// assert_eq!(ids.read::<(i32,)>()?, [(1,), (2,)]);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::execute_many`].
    ///
    /// # Cancel safety
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
        Ok(many::run(self.driver(), query, parameters).await?.map(rows).unwrap_or_default())
    }

    /// What the server plans to do for a query, or did, as `EXPLAIN` tells it.
    ///
    /// `options` are those of EXPLAIN, such as `"analyze, buffers"`, or empty; with `analyze` the query is run. The
    /// text has one line for each step, or is what the option `format json` makes it.
    ///
    /// See ["EXPLAIN"] in PostgreSQL's reference.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("EXPLAIN (costs off) select * from users where id = $1")
    /// #     .with((7,))
    /// #     .returns(["QUERY PLAN"], [("Index Scan using users_pkey on users",), ("  Index Cond: (id = 7)",)]);
    /// # let connection = backend.connect().await?;
    /// let plan = connection.explain("select * from users where id = $1", (7,), "costs off").await?;
    /// assert!(plan.starts_with("Index Scan using users_pkey"));
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`].
    ///
    /// ["EXPLAIN"]: https://www.postgresql.org/docs/18/sql-explain.html
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
}

pub(crate) fn rows(answer: Answer) -> Rows {
    let tag = answer.tag();
    Rows::new(answer.rows, answer.columns, tag)
}
