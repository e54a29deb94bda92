//! The methods of a connection that run something, on the pool itself: each takes a connection for as long as it takes.

use std::future::Future;
use std::panic::Location;

use trunkline_core::types::{FromSql, Parameters};
use trunkline_core::{CommandTag, Error, FromRow, TransactionOptions};

use super::Pool;
use crate::batch::Batch;
use crate::query::Query;
use crate::rows::{OwnedRow, Rows};
use crate::statement::Statement;
use crate::transaction::Transaction;

/// Runs something on a connection of the pool; on another one when the first turns out to be dead, and nothing can have
/// been run there.
macro_rules! on_one {
    ($pool:expr, $place:expr, $connection:ident => $run:expr) => {{
        let mut tries = $pool.max_size();
        loop {
            let $connection = $pool.acquire_at($place).await?;
            match $run.await {
                Err(error) if tries > 0 && $connection.is_closed() && error.safe_to_retry() => tries -= 1,
                done => break done,
            }
        }
    }};
}

/// Methods that take a query and its parameters.
macro_rules! queries {
    ($($(#[$meta:meta])* $name:ident[$($generics:tt)*] -> $output:ty;)+) => {
        /// What a connection can run, on one of the pool's. It can be another one each time, so what a session remembers
        /// (SET, temporary tables, LISTEN) is for [`Pool::acquire`].
        ///
        /// When the connection turns out to be dead and the server cannot have run the statement, it is run on another.
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
        let place = Location::caller();
        async move { on_one!(self, place, connection => connection.prepare(sql)) }
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
        Batch::through(self, Location::caller())
    }

    /// Runs a closure as a transaction: [`Connection::transaction`](crate::Connection::transaction).
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// pool.transaction(&trunkline::TransactionOptions::new(), async |tx| {
    ///     tx.execute("update accounts set balance = balance - $2 where id = $1", (1, 100)).await?;
    ///     tx.execute("update accounts set balance = balance + $2 where id = $1", (2, 100)).await
    /// })
    /// .await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As there, and [`Error::Pool`] when there is no connection.
    #[track_caller]
    pub fn transaction<T, E>(
        &self,
        options: &TransactionOptions,
        body: impl AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E> + Clone,
    ) -> impl Future<Output = Result<T, E>>
    where
        E: From<Error>,
    {
        let place = Location::caller();
        async move {
            let mut connection = self.acquire_at(place).await?;
            connection.transaction(options, body).await
        }
    }
}
