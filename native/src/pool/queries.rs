//! The methods of a connection that run something, on the pool itself: each takes a connection for as long as it takes.

use std::future::Future;
use std::panic::Location;

use trunkline_core::types::{FromSql, Parameters, Type};
use trunkline_core::{CommandTag, Error, FromRow};

use super::Pool;
use crate::batch::Batch;
use crate::held::{Held, Way};
use crate::query::Query;
use crate::rows::{OwnedRow, Rows};
use crate::statement::Statement;
use crate::stream::{RowStream, RowStreamAs};

/// Runs something on a connection of the pool; on another one when the first turns out to be dead, and nothing can have
/// been run there.
macro_rules! on_one {
    ($pool:expr, $place:expr, $connection:ident => $run:expr) => {{
        let mut tries = $pool.max_size();
        loop {
            let $connection = $pool.acquire_at($place).await?;
            match $run.await {
                Err(Error::Closed(closed)) if tries > 0 && !closed.may_have_run => tries -= 1,
                done => break done,
            }
        }
    }};
}
pub(crate) use on_one;

/// Methods that take a query and its parameters.
macro_rules! queries {
    ($($(#[$meta:meta])* $name:ident[$($generics:tt)*] -> $output:ty;)+) => {
        /// What a connection can run, on one of the pool's. It can be another one each time, so what a session remembers
        /// (SET, temporary tables) is for [`Pool::acquire`].
        ///
        /// When the connection turns out to be dead and the server cannot have run the statement, it is run on another.
        ///
        /// Two methods of a connection are not here, since what they give lives in one session. A
        /// [`cursor`](crate::Connection::cursor) wants a transaction: `pool.begin().await?.cursor(…)`, or else
        /// [`Pool::stream`]. To [`listen`](crate::Connection::listen) takes a session that nobody else uses meanwhile, and
        /// that is opened again when it is lost: a [`Listener`](crate::Listener) beside the pool.
        impl Pool {
            $($(#[$meta])*
            ///
            /// # Errors
            ///
            /// As there, and [`Error::Pool`] when there is no connection.
            #[track_caller]
            pub fn $name<$($generics)*>(
                &self,
                query: &Q,
                parameters: impl Parameters + Sync,
            ) -> impl Future<Output = Result<$output, Error>> {
                let place = Location::caller();
                async move { on_one!(self, place, connection => connection.$name(query, &parameters)) }
            })+
        }
    };
}

queries! {
    /// Runs a statement and tells what it did: [`Connection::execute`](crate::Connection::execute).
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("delete from sessions where expires < now()")
    /// #     .affects(4);
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// let tag = pool.execute("delete from sessions where expires < now()", ()).await?;
    /// assert_eq!(tag.rows(), 4);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    execute[Q: Query + ?Sized] -> CommandTag;
    /// Runs a query and gives all its rows: [`Connection::fetch`](crate::Connection::fetch).
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id, name from users")
    /// #     .returns(["id", "name"], [(1, "Ada"), (2, "Grace")]);
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// for user in &pool.fetch("select id, name from users", ()).await? {
    ///     println!("{}: {}", user.get::<i32>("id")?, user.get::<&str>("name")?);
    /// }
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    fetch[Q: Query + ?Sized] -> Rows;
    /// Runs a query and gives its rows as a `T` each: [`Connection::fetch_as`](crate::Connection::fetch_as).
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id, name from users where id = any($1)")
    /// #     .with((vec![1, 2],))
    /// #     .returns(["id", "name"], [(1, "Ada"), (2, "Grace")]);
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// let sql = "select id, name from users where id = any($1)";
    /// let users: Vec<(i32, String)> = pool.fetch_as(sql, (vec![1, 2],)).await?;
    /// assert_eq!(users[0].1, "Ada");
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    fetch_as[T: for<'a> FromRow<'a>, Q: Query + ?Sized] -> Vec<T>;
    /// Runs a query and gives its first row: [`Connection::fetch_row`](crate::Connection::fetch_row).
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select name from users where id = $1")
    /// #     .with((7,))
    /// #     .returns(["name"], [(); 0]);
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// let user = pool.fetch_row("select name from users where id = $1", (7,)).await?;
    /// assert!(user.is_none());
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    fetch_row[Q: Query + ?Sized] -> Option<OwnedRow>;
    /// Runs a query and gives its only row: [`Connection::fetch_one`](crate::Connection::fetch_one).
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("insert into users (name) values ($1) returning id")
    /// #     .with(("Ada",))
    /// #     .returns(["id"], [(7,)]);
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// let user = pool.fetch_one("insert into users (name) values ($1) returning id", ("Ada",)).await?;
    /// assert_eq!(user.get::<i32>("id")?, 7);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    fetch_one[Q: Query + ?Sized] -> OwnedRow;
    /// Runs a query and gives its first value: [`Connection::fetch_val`](crate::Connection::fetch_val).
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select count(*) from users")
    /// #     .returns(["count"], [(2_i64,)]);
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// let count: Option<i64> = pool.fetch_val("select count(*) from users", ()).await?;
    /// assert_eq!(count, Some(2));
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    fetch_val[T: for<'a> FromSql<'a>, Q: Query + ?Sized] -> Option<T>;
}

impl Pool {
    /// Runs several statements separated by semicolons:
    /// [`Connection::execute_script`](crate::Connection::execute_script).
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("create table notes (line text)")
    /// #     .affects(0)
    /// #     .on("create index on notes (line)")
    /// #     .affects(0);
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// pool.execute_script("create table notes (line text); create index on notes (line)").await?;
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As there, and [`Error::Pool`] when there is no connection.
    #[track_caller]
    pub fn execute_script(&self, sql: &str) -> impl Future<Output = Result<Vec<CommandTag>, Error>> {
        let place = Location::caller();
        async move { on_one!(self, place, connection => connection.execute_script(sql)) }
    }

    /// Runs a statement once for each of the parameters, all or none:
    /// [`Connection::execute_many`](crate::Connection::execute_many).
    ///
    /// When the connection turns out to be dead, the parameters that it has taken are gone with it: that is an error, and
    /// not run on another.
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// let names = ["Ada", "Grace"];
    /// pool.execute_many("insert into users (name) values ($1)", names.map(|name| (name,))).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As there, and [`Error::Pool`] when there is no connection.
    #[track_caller]
    pub fn execute_many<Q, P>(
        &self,
        query: &Q,
        parameters: impl IntoIterator<Item = P>,
    ) -> impl Future<Output = Result<Vec<CommandTag>, Error>>
    where
        Q: Query + ?Sized,
        P: Parameters,
    {
        let place = Location::caller();
        async move {
            let connection = self.acquire_at(place).await?;
            connection.execute_many(query, parameters).await
        }
    }

    /// Runs a query once for each of the parameters, and gives the rows of all runs in their order:
    /// [`Connection::fetch_many`](crate::Connection::fetch_many).
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// let names = ["Ada", "Grace"].map(|name| (name,));
    /// let ids = pool.fetch_many("insert into users (name) values ($1) returning id", names).await?;
    /// let ids: Vec<(i32,)> = ids.read()?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Pool::execute_many`].
    #[track_caller]
    pub fn fetch_many<Q, P>(
        &self,
        query: &Q,
        parameters: impl IntoIterator<Item = P>,
    ) -> impl Future<Output = Result<Rows, Error>>
    where
        Q: Query + ?Sized,
        P: Parameters,
    {
        let place = Location::caller();
        async move {
            let connection = self.acquire_at(place).await?;
            connection.fetch_many(query, parameters).await
        }
    }

    /// Runs a query and gives its rows as they come: [`Connection::stream`](crate::Connection::stream).
    ///
    /// The stream has a connection to itself, which is given back after the last row, or when it is dropped.
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// let mut rows = pool.stream("select id, name from users where id > $1", (7,)).await?;
    /// while let Some(row) = rows.next_row().await? {
    ///     pool.execute("insert into seen values ($1)", (row.get::<i32>("id")?,)).await?;
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As there, and [`Error::Pool`] when there is no connection.
    #[track_caller]
    pub fn stream<Q: Query + ?Sized>(
        &self,
        query: &Q,
        parameters: impl Parameters + Sync,
    ) -> impl Future<Output = Result<RowStream<'static>, Error>> {
        self.stream_from(Location::caller(), query, parameters)
    }

    /// The same with a `T` for each row: [`Connection::stream_as`](crate::Connection::stream_as).
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// use futures_util::TryStreamExt;
    ///
    /// let mut rows = pool.stream_as::<(i32, String), _>("select id, name from users", ()).await?;
    /// while let Some((id, name)) = rows.try_next().await? {
    ///     println!("{id} {name}");
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Pool::stream`]; a row that is no `T` is an error in its place.
    #[track_caller]
    pub fn stream_as<T, Q>(
        &self,
        query: &Q,
        parameters: impl Parameters + Sync,
    ) -> impl Future<Output = Result<RowStreamAs<'static, T>, Error>>
    where
        T: for<'a> FromRow<'a>,
        Q: Query + ?Sized,
    {
        let rows = self.stream_from(Location::caller(), query, parameters);
        async move { Ok(rows.await?.of()) }
    }

    async fn stream_from<Q: Query + ?Sized>(
        &self,
        place: &'static Location<'static>,
        query: &Q,
        parameters: impl Parameters + Sync,
    ) -> Result<RowStream<'static>, Error> {
        on_one!(self, place, connection => RowStream::begin(Held::Pooled(connection), query, &parameters))
    }

    /// What the server plans to do for a query: [`Connection::explain`](crate::Connection::explain).
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// println!("{}", pool.explain("select * from users where id = $1", (7,), "analyze").await?);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As there, and [`Error::Pool`] when there is no connection.
    #[track_caller]
    pub fn explain<Q: Query + ?Sized>(
        &self,
        query: &Q,
        parameters: impl Parameters + Sync,
        options: &str,
    ) -> impl Future<Output = Result<String, Error>> {
        let place = Location::caller();
        async move { on_one!(self, place, connection => connection.explain(query, &parameters, options)) }
    }

    /// Describes a statement, which then runs on all connections: [`Connection::prepare`](crate::Connection::prepare).
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select name from users where id = $1")
    /// #     .with((7,))
    /// #     .returns(["name"], [("Ada",)]);
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// let by_id = pool.prepare("select name from users where id = $1").await?;
    /// // On whatever connection is free.
    /// let name: Option<String> = pool.fetch_val(&by_id, (7,)).await?;
    /// assert_eq!(name.as_deref(), Some("Ada"));
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As there, and [`Error::Pool`] when there is no connection.
    #[track_caller]
    pub fn prepare(&self, sql: &str) -> impl Future<Output = Result<Statement, Error>> {
        self.prepare_typed(sql, &[])
    }

    /// The same with the types of some parameters given:
    /// [`Connection::prepare_typed`](crate::Connection::prepare_typed).
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// let next = pool.prepare_typed("select $1 + 1", &[trunkline::types::Type::INT8]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Pool::prepare`].
    #[track_caller]
    pub fn prepare_typed(&self, sql: &str, types: &[Type]) -> impl Future<Output = Result<Statement, Error>> {
        let place = Location::caller();
        async move { on_one!(self, place, connection => connection.prepare_typed(sql, types)) }
    }

    /// Several statements in one flight: [`Connection::batch`](crate::Connection::batch).
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("delete from sessions")
    /// #     .affects(4)
    /// #     .on("update users set seen = false")
    /// #     .affects(2);
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// let results = pool
    ///     .batch()
    ///     .query("delete from sessions", ())
    ///     .query("update users set seen = false", ())
    ///     .run()
    ///     .await?;
    /// assert!(results.iter().all(Result::is_ok));
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    #[track_caller]
    pub fn batch(&self) -> Batch<'_> {
        Batch::new(Way::Through(self.clone(), Location::caller()))
    }

    /// Sends a notification to all who listen to the channel: [`Connection::notify`](crate::Connection::notify).
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// pool.notify("jobs", "42").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As there, and [`Error::Pool`] when there is no connection.
    #[track_caller]
    pub fn notify(&self, channel: &str, payload: &str) -> impl Future<Output = Result<(), Error>> {
        let place = Location::caller();
        async move { on_one!(self, place, connection => connection.notify(channel, payload)) }
    }
}
