use std::future::Future;
use std::panic::Location;

use trunkline_core::{Error, TransactionOptions};

use super::Pool;
use crate::held::Held;
use crate::transaction::Transaction;

impl Pool {
    /// Begins a transaction that has a connection to itself, which is given back when it is committed, rolled back or
    /// dropped; dropped, it is rolled back first: [`Connection::begin`](crate::Connection::begin).
    ///
    /// It borrows nothing, so that it can be kept in a struct or moved into another task.
    ///
    /// ```no_run
    /// use trunkline::{Error, Pool, Transaction};
    ///
    /// struct Import {
    ///     transaction: Transaction<'static>,
    ///     rows: u64,
    /// }
    ///
    /// impl Import {
    ///     async fn begin(pool: &Pool) -> Result<Self, Error> {
    ///         Ok(Self { transaction: pool.begin().await?, rows: 0 })
    ///     }
    ///
    ///     async fn add(&mut self, name: &str) -> Result<(), Error> {
    ///         let added = self.transaction.execute("insert into users (name) values ($1)", (name,)).await?;
    ///         self.rows += added.rows();
    ///         Ok(())
    ///     }
    ///
    ///     async fn end(self) -> Result<u64, Error> {
    ///         self.transaction.commit().await?;
    ///         Ok(self.rows)
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As there, and [`Error::Pool`] when there is no connection.
    #[track_caller]
    pub fn begin(&self) -> impl Future<Output = Result<Transaction<'static>, Error>> {
        let place = Location::caller();
        async move { self.begin_at(place, &TransactionOptions::new()).await }
    }

    /// Begins a transaction of that kind: [`Connection::begin_with`](crate::Connection::begin_with).
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// let transaction = pool.begin_with(&trunkline::TransactionOptions::new().read_only(true)).await?;
    /// let users: Option<i64> = transaction.fetch_val("select count(*) from users", ()).await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Pool::begin`].
    #[track_caller]
    pub fn begin_with(
        &self,
        options: &TransactionOptions,
    ) -> impl Future<Output = Result<Transaction<'static>, Error>> {
        self.begin_at(Location::caller(), options)
    }

    async fn begin_at(
        &self,
        place: &'static Location<'static>,
        options: &TransactionOptions,
    ) -> Result<Transaction<'static>, Error> {
        let connection = self.acquire_at(place).await?;
        Transaction::begin_on(Held::Pooled(connection), options)
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
