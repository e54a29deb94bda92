//! Rows a portion at a time, when they are asked for.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use trunkline_core::types::Parameters;
use trunkline_core::{
    Columns, CommandTag, Connection as Core, Error, OperationId, Outcome, QueryOptions, RowBatch,
};

use crate::clock;
use crate::connection::Connection;
use crate::held::Held;
use crate::observe::Observed;
use crate::query::{Bound, Query};
use crate::rows::{OwnedRow, Rows};
use crate::running::Running;

/// How many rows are asked for at once when nobody says.
const PREFETCH: u32 = 50;

impl Connection {
    /// Runs a query on the server and keeps it open there: its rows come when they are asked for.
    ///
    /// Within a transaction other statements can be run between two portions. Outside of one the server keeps a
    /// cursor no longer than its flight, so that it has the connection for itself until it ends or is dropped: what is
    /// asked meanwhile waits, and when nothing moves for 30 seconds gets [`Error::Timeout`].
    ///
    /// ```no_run
    /// # async fn run(mut connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let transaction = connection.begin().await?;
    /// let mut cursor = transaction.cursor("select id from jobs order by id", ()).await?;
    /// cursor.forward(100).await?;
    /// for job in &cursor.fetch(10).await? {
    ///     transaction.execute("update jobs set seen = true where id = $1", (job.get::<i32>(0)?,)).await?;
    /// }
    /// cursor.close().await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// The first 50 rows are asked for with the query.
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`], and [`Error::Usage`] over the simple protocol, which has no cursors.
    ///
    /// # Cancel safety
    ///
    /// As every query: see [`Connection`]. A cursor that is dropped is closed on the server.
    pub async fn cursor<Q: Query + ?Sized>(
        &self,
        query: &Q,
        parameters: impl Parameters + Sync,
    ) -> Result<Cursor<'_>, Error> {
        let bound = Bound::new(query, &parameters)?;
        let options = QueryOptions { whole: false, ..bound.options };
        let count = bound.parameters().count();
        let driver = self.driver();
        let mut observed = Observed::start(driver, &bound.sql);
        let portal = |core: &mut Core| core.portal(clock::now(), &bound.sql, &options, count, PREFETCH);
        let started = observed.go_on(driver.lock().start(portal))?;
        let id = observed.go_on(driver.wait(started, bound.parameters()).begun().await)?;
        let mut cursor = Cursor::new(Running::new(id, Held::Borrowed(self), observed));
        poll_fn(|cx| cursor.poll_portion(cx)).await?;
        Ok(cursor)
    }
}

/// A query that is open on the server: see [`Connection::cursor`].
///
/// Also a [`Stream`] of its rows. It only goes forward. Dropped, it is closed.
///
/// ```
/// use futures_util::TryStreamExt;
///
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("select id from jobs")
/// #     .returns(["id"], [(1,), (2,), (3,)]);
/// # let mut connection = backend.connect().await?;
/// let transaction = connection.begin().await?;
/// let jobs = transaction.cursor("select id from jobs", ()).await?;
/// let ids: Vec<i32> = jobs.and_then(async |job| job.get::<i32>("id")).try_collect().await?;
/// assert_eq!(ids, [1, 2, 3]);
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
///
/// It is a portal: see ["Extended Query"] in PostgreSQL's protocol chapter.
///
/// ["Extended Query"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
#[must_use = "a cursor gives nothing before it is asked"]
pub struct Cursor<'a> {
    /// `None` after the last row has come.
    running: Option<Running<'a>>,
    columns: Arc<Columns>,
    /// What has come and was not given out.
    batches: VecDeque<Arc<RowBatch>>,
    /// The row of the first batch that is next.
    next: usize,
    prefetch: u32,
    tag: CommandTag,
}

impl<'a> Cursor<'a> {
    fn new(running: Running<'a>) -> Self {
        let columns = running.driver().lock().core.columns(running.id()).cloned().unwrap_or_default();
        Self {
            running: Some(running),
            columns,
            batches: VecDeque::new(),
            next: 0,
            prefetch: PREFETCH,
            tag: CommandTag::default(),
        }
    }

    /// From now on so many rows are asked for at once when they are read one by one; 0 for all.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id from visits")
    /// #     .returns(["id"], [(1,), (2,)]);
    /// # let mut connection = backend.connect().await?;
    /// let transaction = connection.begin().await?;
    /// let mut visits = transaction.cursor("select id from visits", ()).await?.prefetch(5000);
    /// while let Some(visit) = visits.fetch_row().await? {
    ///     println!("{}", visit.get::<i32>("id")?);
    /// }
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn prefetch(mut self, rows: u32) -> Self {
        self.prefetch = rows;
        self
    }

    /// The columns that each row has; none for a command that returns no rows.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id, name from users")
    /// #     .returns(["id", "name"], [(1, "Ada")]);
    /// # let mut connection = backend.connect().await?;
    /// let transaction = connection.begin().await?;
    /// let users = transaction.cursor("select id, name from users", ()).await?;
    /// assert_eq!(users.columns().len(), 2);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The next rows, as many as asked for; fewer when there are no more.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id from orders order by id")
    /// #     .returns(["id"], [(1,), (2,), (3,)]);
    /// # let mut connection = backend.connect().await?;
    /// let transaction = connection.begin().await?;
    /// let mut orders = transaction.cursor("select id from orders order by id", ()).await?;
    /// assert_eq!(orders.fetch(2).await?.len(), 2);
    /// assert_eq!(orders.fetch(2).await?.len(), 1);
    /// assert!(orders.fetch(2).await?.is_empty());
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// What the query fails with, which ends the cursor.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no row: they are given to who asks next.
    pub async fn fetch(&mut self, rows: u32) -> Result<Rows, Error> {
        let wanted = usize::try_from(rows).unwrap_or(usize::MAX);
        poll_fn(|cx| self.poll_portion(cx)).await?;
        let missing = wanted.saturating_sub(self.buffered());
        if let Some(running) = self.running.as_ref().filter(|_| missing > 0) {
            let missing = u32::try_from(missing).unwrap_or(u32::MAX);
            running.driver().lock().core.fetch(clock::now(), running.id(), missing)?;
            poll_fn(|cx| self.poll_portion(cx)).await?;
        }
        let batches = self.take(wanted);
        Ok(Rows::new(batches, Some(Arc::clone(&self.columns)), self.tag))
    }

    /// The next row; `None` after the last. Asks for as many as [`Cursor::prefetch`] says when there is none here.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id from jobs for update skip locked")
    /// #     .returns(["id"], [(17,)]);
    /// # let mut connection = backend.connect().await?;
    /// let transaction = connection.begin().await?;
    /// let mut jobs = transaction.cursor("select id from jobs for update skip locked", ()).await?;
    /// while let Some(job) = jobs.fetch_row().await? {
    ///     println!("job {}", job.get::<i32>("id")?);
    /// }
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Cursor::fetch`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no row.
    pub async fn fetch_row(&mut self) -> Result<Option<OwnedRow>, Error> {
        poll_fn(|cx| self.poll_row(cx)).await.transpose()
    }

    /// Goes past the next rows without having them sent; tells how many there were. See ["MOVE"] in PostgreSQL's
    /// reference.
    ///
    /// Where `futures::StreamExt` is in scope, whose `forward` is for sinks, it is called as
    /// `Cursor::forward(&mut orders, 2)`.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id from orders order by id")
    /// #     .returns(["id"], [(1,), (2,), (3,)]);
    /// # let mut connection = backend.connect().await?;
    /// let transaction = connection.begin().await?;
    /// let mut orders = transaction.cursor("select id from orders order by id", ()).await?;
    /// assert_eq!(orders.forward(2).await?, 2);
    /// let third = orders.fetch_row().await?.ok_or("there are but two")?;
    /// assert_eq!(third.get::<i32>("id")?, 3);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Cursor::fetch`].
    ///
    /// # Cancel safety
    ///
    /// When the future is dropped, it is not known how many rows it has gone past.
    ///
    /// ["MOVE"]: https://www.postgresql.org/docs/18/sql-move.html
    pub async fn forward(&mut self, rows: u32) -> Result<u64, Error> {
        poll_fn(|cx| self.poll_portion(cx)).await?;
        let wanted = usize::try_from(rows).unwrap_or(usize::MAX);
        let here = self.take(wanted).iter().map(RowBatch::len).sum::<usize>();
        let passed = u64::try_from(here).unwrap_or(u64::MAX);
        let rest = wanted.saturating_sub(here);
        let Some(running) = self.running.as_ref().filter(|_| rest > 0) else { return Ok(passed) };
        let rest = u32::try_from(rest).unwrap_or(u32::MAX);
        running.driver().lock().core.forward(clock::now(), running.id(), rest)?;
        poll_fn(|cx| self.poll_portion(cx)).await?;
        let moved = self.running.as_ref().map(|running| running.driver().lock().core.moved(running.id()));
        Ok(passed + moved.unwrap_or_default())
    }

    /// Closes it on the server, and waits until that has happened.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select id from orders")
    /// #     .returns(["id"], [(1,), (2,)]);
    /// # let mut connection = backend.connect().await?;
    /// let transaction = connection.begin().await?;
    /// let mut orders = transaction.cursor("select id from orders", ()).await?;
    /// let first = orders.fetch(1).await?;
    /// orders.close().await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] when the connection is or gets closed.
    ///
    /// # Cancel safety
    ///
    /// When the future is dropped, it is closed all the same.
    pub async fn close(mut self) -> Result<(), Error> {
        // What it failed with before was told before.
        let _ = poll_fn(|cx| self.poll_portion(cx)).await;
        let Some(running) = &self.running else { return Ok(()) };
        running.driver().lock().core.close_portal(running.id())?;
        poll_fn(|cx| self.poll_portion(cx)).await
    }

    fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<OwnedRow, Error>>> {
        loop {
            if let Some(first) = self.batches.front() {
                if let Some(row) = OwnedRow::of(first, self.next, &self.columns) {
                    self.next += 1;
                    return Poll::Ready(Some(Ok(row)));
                }
                self.batches.pop_front();
                self.next = 0;
                continue;
            }
            if let Err(error) = ready!(self.poll_portion(cx)) {
                return Poll::Ready(Some(Err(error)));
            }
            match &self.running {
                _ if !self.batches.is_empty() => {}
                None => return Poll::Ready(None),
                Some(running) => {
                    let (mut state, id) = (running.driver().lock(), running.id());
                    let asked = state.core.fetch(clock::now(), id, self.prefetch);
                    if let Err(error) = asked {
                        return Poll::Ready(Some(Err(error)));
                    }
                }
            }
        }
    }

    /// Waits until the portion that was asked for has come, and keeps it.
    fn poll_portion(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        while let Some(running) = &self.running {
            match ready!(running.poll_for(cx, Arrived::take)) {
                Arrived::Rows(batch) => self.batches.push_back(Arc::new(batch)),
                Arrived::Portion => break,
                Arrived::End(ended) => {
                    if let Some(running) = self.running.take() {
                        self.tag = running.end(ended)?.tag();
                    }
                }
            }
        }
        Poll::Ready(Ok(()))
    }

    fn buffered(&self) -> usize {
        self.batches.iter().map(|batch| batch.len()).sum::<usize>() - self.next
    }

    /// Takes out rows that are here, up to so many.
    fn take(&mut self, mut rows: usize) -> Vec<RowBatch> {
        let mut taken = Vec::new();
        while rows > 0
            && let Some(first) = self.batches.pop_front()
        {
            let here = first.len() - self.next;
            if here > rows {
                let mut part = RowBatch::clone(&first);
                part.drop_first(self.next);
                part.truncate(rows);
                self.next += rows;
                self.batches.push_front(first);
                taken.push(part);
                break;
            }
            let mut batch = Arc::unwrap_or_clone(first);
            batch.drop_first(std::mem::take(&mut self.next));
            rows -= here;
            if here > 0 {
                taken.push(batch);
            }
        }
        taken
    }
}

/// What came of a portion.
enum Arrived {
    Rows(RowBatch),
    Portion,
    End(Result<Outcome, Error>),
}

impl Arrived {
    fn take(core: &mut Core, id: OperationId) -> Option<Self> {
        if let Some(rows) = core.take_rows(id) {
            return Some(Self::Rows(rows));
        }
        if core.is_suspended(id) {
            return Some(Self::Portion);
        }
        core.take_outcome(id).map(Self::End)
    }
}

impl Stream for Cursor<'_> {
    type Item = Result<OwnedRow, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_row(cx)
    }
}

/// Shows no rows.
impl fmt::Debug for Cursor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor")
            .field("buffered", &self.buffered())
            .field("ended", &self.running.is_none())
            .finish_non_exhaustive()
    }
}
