use std::fmt;
use std::ops::Deref;

use trunkline_core::error::UsageError;
use trunkline_core::{Error, TransactionOptions, TransactionStatus};

use crate::clock;
use crate::connection::Connection;
use crate::held::Held;

impl Connection {
    /// Begins a transaction. It is rolled back when it is dropped without a [`commit`](Transaction::commit).
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("update accounts set balance = balance - 100 where id = $1")
    /// #     .with((1,))
    /// #     .affects(1)
    /// #     .on("update accounts set balance = balance + 100 where id = $1")
    /// #     .with((2,))
    /// #     .affects(1);
    /// # let mut connection = backend.connect().await?;
    /// let transfer = connection.begin().await?;
    /// transfer.execute("update accounts set balance = balance - 100 where id = $1", (1,)).await?;
    /// transfer.execute("update accounts set balance = balance + 100 where id = $1", (2,)).await?;
    /// transfer.commit().await?;
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] when the connection is closed; [`Error::Usage`] when a transaction that was begun in SQL is open.
    pub async fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        self.begin_with(&TransactionOptions::new()).await
    }

    /// Begins a transaction of that kind.
    ///
    /// ```
    /// use trunkline::{IsolationLevel, TransactionOptions};
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select sum(balance) from accounts")
    /// #     .returns(["sum"], [(500_i64,)]);
    /// # let mut connection = backend.connect().await?;
    /// let options = TransactionOptions::new().isolation(IsolationLevel::RepeatableRead).read_only(true);
    /// let report = connection.begin_with(&options).await?;
    /// let sum: Option<i64> = report.fetch_val("select sum(balance) from accounts", ()).await?;
    /// report.commit().await?;
    /// # assert_eq!(backend.log()[0].sql, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// See ["SET TRANSACTION"] in PostgreSQL's reference.
    ///
    /// # Errors
    ///
    /// As [`Connection::begin`].
    ///
    /// ["SET TRANSACTION"]: https://www.postgresql.org/docs/18/sql-set-transaction.html
    pub async fn begin_with(&mut self, options: &TransactionOptions) -> Result<Transaction<'_>, Error> {
        Transaction::begin_on(Held::Borrowed(self), options)
    }

    /// Runs a closure as a transaction: it is committed when the closure succeeds, and rolled back when it fails.
    ///
    /// With [`retries`](TransactionOptions::retries) it is run again when a statement of it, or its COMMIT, fails
    /// because of what other transactions did (40001, 40P01); so the closure must do nothing that cannot be done
    /// twice.
    ///
    /// Each run begins with a copy of the closure. So it can borrow what is around it, but not borrow it to change it: what
    /// it has to tell, it returns. A closure that may do so (`AsyncFnMut`) would have a future that the compiler does not
    /// let a task be spawned of (rust-lang/rust#110338). Whatever wants to change variables around it stands between
    /// [`begin`](Connection::begin) and [`commit`](Transaction::commit), or changes an atomic or what is in a `Mutex`, which
    /// can be borrowed by every copy; what a run that failed has changed stays changed.
    ///
    /// ```no_run
    /// # async fn run(mut connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// use trunkline::{IsolationLevel, TransactionOptions};
    ///
    /// let options = TransactionOptions::new().isolation(IsolationLevel::Serializable).retries(5);
    /// let left: Option<i32> = connection
    ///     .transaction(&options, async |tx| {
    ///         tx.execute("update seats set taken = taken + 1 where id = $1", (7,)).await?;
    ///         tx.fetch_val("select places - taken from seats where id = $1", (7,)).await
    ///     })
    ///     .await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// What the closure fails with, or what [`commit`](Transaction::commit) does.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future rolls back, unless COMMIT was sent: then it may be kept or not.
    pub async fn transaction<T, E>(
        &mut self,
        options: &TransactionOptions,
        body: impl AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E> + Clone,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        run(self, options, body).await
    }
}

/// A transaction, or a savepoint within one.
///
/// It is the connection for as long as it lasts: every method that runs something is here too. When it is dropped
/// it is rolled back, so that an early return or a panic keeps nothing. It borrows its connection, unless it was begun by
/// [`Pool::begin`](crate::Pool::begin): that one has a connection to itself, and is a `Transaction<'static>`.
///
/// BEGIN leaves with the first statement, in one flight. When the server refuses it, that statement fails with its
/// error.
///
/// See ["Transactions"] in PostgreSQL's tutorial, and ["SAVEPOINT"] in its reference.
///
/// ```no_run
/// # async fn run(mut connection: trunkline::Connection) -> Result<(), trunkline::Error> {
/// let mut transfer = connection.begin().await?;
/// transfer.execute("update accounts set balance = balance - $2 where id = $1", (1, 100)).await?;
/// transfer.execute("update accounts set balance = balance + $2 where id = $1", (2, 100)).await?;
/// let note = transfer.begin().await?;
/// if note.execute("insert into notes values ('sent')", ()).await.is_ok() {
///     note.commit().await?;
/// } else {
///     note.rollback().await?;
/// }
/// transfer.commit().await?;
/// # Ok(()) }
/// ```
///
/// # Cancel safety
///
/// Whatever future is dropped, the transaction goes on, or is rolled back when it is dropped itself.
///
/// ["Transactions"]: https://www.postgresql.org/docs/18/tutorial-transactions.html
/// ["SAVEPOINT"]: https://www.postgresql.org/docs/18/sql-savepoint.html
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Transaction<'a> {
    connection: Held<'a>,
    /// 0 for the transaction, and one more for each savepoint around it.
    depth: u32,
    is_open: bool,
}

impl<'a> Transaction<'a> {
    pub(crate) fn begin_on(connection: Held<'a>, options: &TransactionOptions) -> Result<Self, Error> {
        {
            let mut state = connection.driver().lock();
            if state.core.is_idle() && state.core.transaction_status() != TransactionStatus::Idle {
                // BEGIN would be a warning, and what ends this one would end that one too.
                let why = "a transaction is open already, begun in SQL or never ended: end it first (COMMIT, ROLLBACK)";
                return Err(UsageError::call(why).into());
            }
            state.core.begin(&options.begin())?;
        }
        Ok(Self { connection, depth: 0, is_open: true })
    }

    /// Sets a savepoint: what is done after it can be undone by itself.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("insert into orders (id) values ($1)")
    /// #     .with((17,))
    /// #     .affects(1)
    /// #     .on("insert into coupons (order_id) values ($1)")
    /// #     .with((17,))
    /// #     .fails(trunkline::SqlState::UNIQUE_VIOLATION, "it was used before");
    /// # let mut connection = backend.connect().await?;
    /// let mut order = connection.begin().await?;
    /// order.execute("insert into orders (id) values ($1)", (17,)).await?;
    /// let coupon = order.begin().await?;
    /// match coupon.execute("insert into coupons (order_id) values ($1)", (17,)).await {
    ///     Ok(_) => coupon.commit().await?,
    ///     Err(_) => coupon.rollback().await?, // the order goes on without
    /// }
    /// order.commit().await?;
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// See ["SAVEPOINT"] in PostgreSQL's reference.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] when the connection is closed.
    ///
    /// ["SAVEPOINT"]: https://www.postgresql.org/docs/18/sql-savepoint.html
    pub async fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        let depth = self.depth + 1;
        self.connection.driver().lock().core.begin(&format!("SAVEPOINT {}", savepoint(depth)))?;
        Ok(Transaction { connection: Held::Borrowed(&self.connection), depth, is_open: true })
    }

    /// Runs a closure within a savepoint: it is kept when the closure succeeds, and undone when it fails.
    ///
    /// ```
    /// use trunkline::Error;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("insert into orders (id) values ($1)")
    /// #     .with((17,))
    /// #     .affects(1)
    /// #     .on("insert into coupons (order_id) values ($1)")
    /// #     .with((17,))
    /// #     .fails(trunkline::SqlState::UNIQUE_VIOLATION, "it was used before");
    /// # let mut connection = backend.connect().await?;
    /// let mut order = connection.begin().await?;
    /// order.execute("insert into orders (id) values ($1)", (17,)).await?;
    /// let coupon: Result<_, Error> = order
    ///     .transaction(async |savepoint| {
    ///         savepoint.execute("insert into coupons (order_id) values ($1)", (17,)).await
    ///     })
    ///     .await;
    /// assert!(coupon.is_err());
    /// order.commit().await?;
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// What the closure fails with, or what keeping it does.
    pub async fn transaction<T, E>(
        &mut self,
        body: impl AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        let mut savepoint = self.begin().await?;
        match body(&mut savepoint).await {
            Ok(value) => savepoint.commit().await.map(|()| value).map_err(E::from),
            Err(error) => {
                savepoint.rollback().await?;
                Err(error)
            }
        }
    }

    /// Keeps what was done.
    ///
    /// ```
    /// use trunkline::Error;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("delete from users")
    /// #     .fails(trunkline::SqlState::FOREIGN_KEY_VIOLATION, "they have orders");
    /// # let mut connection = backend.connect().await?;
    /// let transaction = connection.begin().await?;
    /// assert!(transaction.execute("delete from users", ()).await.is_err());
    /// assert!(matches!(transaction.commit().await, Err(Error::RolledBack)));
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::RolledBack`] when a statement of it had failed, so that nothing was kept; [`Error::Server`] when the
    /// server refuses, as for a deferred constraint or a serialization failure. It is over in any case, unless the
    /// connection is closed meanwhile: then [`Closed`](trunkline_core::error::Closed) says whether it may have been kept.
    ///
    /// # Cancel safety
    ///
    /// Once polled, dropping the future takes nothing back: what was done may be kept or not.
    pub async fn commit(mut self) -> Result<(), Error> {
        self.is_open = false;
        let keep = match self.depth {
            0 => "COMMIT".to_owned(),
            depth => format!("RELEASE SAVEPOINT {}", savepoint(depth)),
        };
        let kept = self.connection.execute_script(&keep).await;
        // A transaction ends with COMMIT whatever comes of it; a savepoint that cannot be released is still there.
        self.is_open = self.depth > 0 && kept.is_err();
        kept.map(|_| ())
    }

    /// Undoes what was done.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("delete from users")
    /// #     .affects(2);
    /// # let mut connection = backend.connect().await?;
    /// let rehearsal = connection.begin().await?;
    /// let gone = rehearsal.execute("delete from users", ()).await?.rows();
    /// rehearsal.rollback().await?;
    /// println!("{gone} users would be gone");
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] when the connection is or gets closed, which undoes it too.
    ///
    /// # Cancel safety
    ///
    /// Once polled, it is rolled back whether or not the future is dropped.
    pub async fn rollback(mut self) -> Result<(), Error> {
        self.is_open = false;
        self.connection.execute_script(&self.undo()).await.map(|_| ())
    }

    fn undo(&self) -> String {
        match self.depth {
            0 => "ROLLBACK".to_owned(),
            depth => {
                format!("ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}", name = savepoint(depth))
            }
        }
    }
}

fn savepoint(depth: u32) -> String {
    format!("trunkline_{depth}")
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.is_open {
            self.connection.driver().send(|core| core.control(&self.undo()));
        }
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("connection", &*self.connection)
            .field("depth", &self.depth)
            .finish_non_exhaustive()
    }
}

/// Runs a closure as a transaction, and again as often as its options say.
///
/// Each try has a copy of the closure to itself. With `AsyncFnMut`, the future of a closure that borrows anything is not
/// `Send` in the compiler's eyes (rust-lang/rust#110338), and could not be spawned.
pub(crate) async fn run<T, E>(
    connection: &mut Connection,
    options: &TransactionOptions,
    body: impl AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E> + Clone,
) -> Result<T, E>
where
    E: From<Error>,
{
    let mut tries = 0;
    loop {
        tries += 1;
        let mut transaction = Transaction::begin_on(Held::Borrowed(connection), options)?;
        let body = body.clone();
        let done = match body(&mut transaction).await {
            Ok(value) => transaction.commit().await.map(|()| value).map_err(E::from),
            Err(error) => {
                // What the closure failed with says more than what undoing it might.
                let _ = transaction.rollback().await;
                Err(error)
            }
        };
        let Err(error) = done else { return done };
        let failure = connection.driver().lock().core.last_failure().copied();
        match options.retry_after(failure.as_ref(), tries, clock::random()) {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return Err(error),
        }
    }
}
