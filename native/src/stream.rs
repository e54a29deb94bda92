//! Rows as they come, with no more of them in memory than the connection's mark allows.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use trunkline_core::types::Parameters;
use trunkline_core::{
    Columns, CommandTag, Connection as Core, Error, FromRow, OperationId, Outcome, QueryOptions, RowBatch,
};

use crate::clock;
use crate::connection::Connection;
use crate::held::Held;
use crate::observe::Observed;
use crate::query::{Bound, Query};
use crate::rows::{OwnedRow, Rows};
use crate::running::Running;

impl Connection {
    /// Runs a query and gives its rows as they come, for results that are larger than memory.
    ///
    /// It returns with the first rows, so that a query that fails does so here. The socket is read while rows are
    /// asked for: a reader that pauses has the server wait, once the connection's `high_water` mark (8 MiB) of rows is
    /// there.
    ///
    /// Other queries can be run meanwhile; their answers come behind the rows of this one. So a task that waits for
    /// another query *between* two rows waits for itself when the rest of the rows is more than the mark, and gets
    /// [`Error::Timeout`] after 30 seconds: read the stream to its end first, use [`cursor`](Connection::cursor) in a
    /// transaction, or a second connection.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut rows = connection.stream("select id, name from users where id > $1", (7,)).await?;
    /// while let Some(row) = rows.next_row().await? {
    ///     println!("{} {}", row.get::<i32>("id")?, row.get::<&str>("name")?);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`].
    ///
    /// # Cancel safety
    ///
    /// As every query: see [`Connection`]. A stream that is dropped before its end gives its query up, too.
    pub async fn stream<Q: Query + ?Sized>(
        &self,
        query: &Q,
        parameters: impl Parameters + Sync,
    ) -> Result<RowStream<'_>, Error> {
        RowStream::begin(Held::Borrowed(self), query, &parameters).await
    }

    /// The same with a `T` for each row: a tuple, or a struct that derives [`FromRow`].
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// use futures_util::TryStreamExt;
    ///
    /// let rows = connection.stream_as::<(i32, String), _>("select id, name from users", ()).await?;
    /// rows.try_for_each(async |(id, name)| {
    ///     println!("{id} {name}");
    ///     Ok(())
    /// })
    /// .await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::stream`]; a row that is no `T` is an error in its place.
    pub async fn stream_as<T, Q>(
        &self,
        query: &Q,
        parameters: impl Parameters + Sync,
    ) -> Result<RowStreamAs<'_, T>, Error>
    where
        T: for<'a> FromRow<'a>,
        Q: Query + ?Sized,
    {
        Ok(self.stream(query, parameters).await?.of())
    }
}

/// The rows of a query, as they come: see [`Connection::stream`].
///
/// A [`Stream`] of rows that ends after the last one, or after an error. Dropped before that, it gives the query up.
///
/// ```
/// use futures_util::TryStreamExt;
///
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("select id, name from users")
/// #     .returns(["id", "name"], [(1, "Ada"), (2, "Grace")]);
/// # let connection = backend.connect().await?;
/// let users = connection.stream("select id, name from users", ()).await?;
/// let names: Vec<String> = users.and_then(async |user| user.get("name")).try_collect().await?;
/// assert_eq!(names, ["Ada", "Grace"]);
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
#[must_use = "a stream gives nothing before it is read"]
pub struct RowStream<'a> {
    /// `None` after the end.
    running: Option<Running<'a>>,
    columns: Arc<Columns>,
    batch: Arc<RowBatch>,
    /// The row of the batch that is next.
    next: usize,
    tag: CommandTag,
}

impl<'a> RowStream<'a> {
    pub(crate) async fn begin<Q: Query + ?Sized>(
        connection: Held<'a>,
        query: &Q,
        parameters: &(dyn Parameters + Sync),
    ) -> Result<Self, Error> {
        let bound = Bound::new(query, parameters)?;
        let options = QueryOptions { whole: false, ..bound.options };
        let driver = connection.driver();
        let mut observed = Observed::start(driver, &bound.sql);
        let query = |core: &mut Core| core.query(clock::now(), &bound.sql, &options, bound.parameters());
        let started = observed.go_on(driver.lock().start(query))?;
        let id = observed.go_on(driver.wait(started, bound.parameters()).begun().await)?;
        let mut stream = Self::new(Running::new(id, connection, observed));
        stream.fail_early()?;
        Ok(stream)
    }

    fn new(running: Running<'a>) -> Self {
        let columns = running.driver().lock().core.columns(running.id()).cloned().unwrap_or_default();
        let (batch, tag) = (Arc::default(), CommandTag::default());
        Self { running: Some(running), columns, batch, next: 0, tag }
    }

    /// The same with a `T` for each row.
    pub(crate) fn of<T>(self) -> RowStreamAs<'a, T> {
        RowStreamAs { rows: self, row: PhantomData }
    }

    /// An operation that has ended already, and has no rows, may have failed.
    fn fail_early(&mut self) -> Result<(), Error> {
        let Some(running) = &self.running else { return Ok(()) };
        let ended = {
            let (mut state, id) = (running.driver().lock(), running.id());
            if state.core.has_rows(id) { None } else { state.core.take_outcome(id) }
        };
        ended.map_or(Ok(()), |ended| self.end(ended))
    }

    /// The columns that each row has; none for a command that returns no rows.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id, name from users")
    /// #     .returns(["id", "name"], [(1, "Ada")]);
    /// # let connection = backend.connect().await?;
    /// let users = connection.stream("select id, name from users", ()).await?;
    /// // They are known before the first row is read.
    /// let header: Vec<&str> = users.columns().iter().map(|column| &*column.name).collect();
    /// assert_eq!(header.join(","), "id,name");
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// What the command did; empty before the end.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id from users")
    /// #     .returns(["id"], [(1,), (2,)]);
    /// # let connection = backend.connect().await?;
    /// let mut users = connection.stream("select id from users", ()).await?;
    /// while users.next_row().await?.is_some() {}
    /// assert_eq!(users.tag().as_str(), "SELECT 2");
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn tag(&self) -> CommandTag {
        self.tag
    }

    /// The next row; `None` after the last.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select total from orders")
    /// #     .returns(["total"], [(250_i64,), (90,)]);
    /// # let connection = backend.connect().await?;
    /// let mut orders = connection.stream("select total from orders", ()).await?;
    /// let mut sum = 0;
    /// while let Some(order) = orders.next_row().await? {
    ///     sum += order.get::<i64>("total")?;
    /// }
    /// assert_eq!(sum, 340);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// What the query fails with after it has given rows.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no row.
    pub async fn next_row(&mut self) -> Result<Option<OwnedRow>, Error> {
        poll_fn(|cx| self.poll_row(cx)).await.transpose()
    }

    /// The next rows that are there, as many as came together; `None` after the last. Cheaper than one by one.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut sum = 0;
    /// let mut rows = connection.stream("select generate_series(1, 10000000)", ()).await?;
    /// while let Some(batch) = rows.next_batch().await? {
    ///     for row in &batch {
    ///         sum += i64::from(row.get::<i32>(0)?);
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`RowStream::next_row`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no row.
    pub async fn next_batch(&mut self) -> Result<Option<Rows>, Error> {
        let batch = if self.next < self.batch.len() {
            // The first ones were taken one by one.
            let mut rest = Arc::unwrap_or_clone(std::mem::take(&mut self.batch));
            rest.drop_first(std::mem::take(&mut self.next));
            rest
        } else {
            match poll_fn(|cx| self.poll_batch(cx)).await {
                Some(batch) => batch?,
                None => return Ok(None),
            }
        };
        Ok(Some(Rows::new(vec![batch], Some(Arc::clone(&self.columns)), CommandTag::default())))
    }

    fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<OwnedRow, Error>>> {
        loop {
            if let Some(row) = self.buffered() {
                return Poll::Ready(Some(Ok(row)));
            }
            match ready!(self.poll_batch(cx)) {
                Some(Ok(batch)) => (self.batch, self.next) = (Arc::new(batch), 0),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }

    fn buffered(&mut self) -> Option<OwnedRow> {
        let row = OwnedRow::of(&self.batch, self.next, &self.columns)?;
        self.next += 1;
        Some(row)
    }

    fn poll_batch(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<RowBatch, Error>>> {
        let Some(running) = &self.running else { return Poll::Ready(None) };
        match ready!(running.poll_for(cx, Arrived::take)) {
            Arrived::Rows(batch) => Poll::Ready(Some(Ok(batch))),
            Arrived::End(ended) => Poll::Ready(self.end(ended).err().map(Err)),
        }
    }

    fn end(&mut self, ended: Result<Outcome, Error>) -> Result<(), Error> {
        if let Some(running) = self.running.take() {
            self.tag = running.end(ended)?.tag();
        }
        Ok(())
    }
}

/// What came of an operation.
enum Arrived {
    Rows(RowBatch),
    End(Result<Outcome, Error>),
}

impl Arrived {
    fn take(core: &mut Core, id: OperationId) -> Option<Self> {
        match core.take_rows(id) {
            Some(rows) => Some(Self::Rows(rows)),
            None => core.take_outcome(id).map(Self::End),
        }
    }
}

impl Stream for RowStream<'_> {
    type Item = Result<OwnedRow, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_row(cx)
    }
}

/// Shows no rows.
impl fmt::Debug for RowStream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream").field("ended", &self.running.is_none()).finish_non_exhaustive()
    }
}

/// The rows of a query as a `T` each, as they come: see [`Connection::stream_as`].
///
/// ```
/// use futures_util::TryStreamExt;
///
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("select email from users where email is not null")
/// #     .returns(["email"], [("ada@example.com",)]);
/// # let connection = backend.connect().await?;
/// let sql = "select email from users where email is not null";
/// let mut emails = connection.stream_as::<(String,), _>(sql, ()).await?;
/// while let Some((email,)) = emails.try_next().await? {
///     println!("{email}");
/// }
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
#[derive(Debug)]
#[must_use = "a stream gives nothing before it is read"]
pub struct RowStreamAs<'a, T> {
    rows: RowStream<'a>,
    row: PhantomData<fn() -> T>,
}

impl<T: for<'a> FromRow<'a>> Stream for RowStreamAs<'_, T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let row = ready!(self.get_mut().rows.poll_row(cx));
        Poll::Ready(row.map(|row| match row?.as_row() {
            Some(row) => T::from_row(row),
            None => Err(trunkline_core::error::UsageError::shape("the row is empty").into()),
        }))
    }
}
