use std::future::{IntoFuture, poll_fn};
use std::pin::{Pin, pin};
use std::time::Duration;

use futures_core::Stream;
use trunkline_core::Error;
use trunkline_core::copy::{CopyOptions, RowEncoder, Table};
use trunkline_core::types::Parameters;

use super::copy_in::CopyIn;
use super::error::CopyError;
use super::writer::RowWriter;
use crate::held::{Held, Way};
use crate::pool::on_one;

/// Rows of values to be copied into a table; does it when it is awaited.
///
/// See [`Connection::copy_in_rows`](crate::Connection::copy_in_rows),
/// [`copy_in_row_stream`](crate::Connection::copy_in_row_stream) and
/// [`copy_in_writer`](crate::Connection::copy_in_writer).
///
/// ```no_run
/// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
/// let users = [(1_i64, "Ada", None), (2, "Grace", Some("grace@example.com"))];
/// let copy = connection.copy_in_rows("users", ["id", "name", "email"], users);
/// assert_eq!(copy.filter("id > 1").await?, 1);
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[must_use = "nothing is copied before it is awaited"]
pub struct CopyInRows<'a, S> {
    target: Target<'a>,
    source: S,
}

/// Where the rows go, and how.
#[derive(Debug)]
struct Target<'a> {
    way: Way<'a>,
    table: Table,
    options: CopyOptions,
    coerce: bool,
}

/// Rows from an iterator.
///
/// As in the example of [`Connection::copy_in_rows`](crate::Connection::copy_in_rows).
#[derive(Debug)]
pub struct FromIter<I>(pub(crate) I);

/// Rows from a stream that may fail.
///
/// As in the example of [`Connection::copy_in_row_stream`](crate::Connection::copy_in_row_stream).
#[derive(Debug)]
pub struct FromStream<T>(pub(crate) T);

/// Rows that are written one by one.
///
/// As in the example of [`Connection::copy_in_writer`](crate::Connection::copy_in_writer).
#[derive(Debug)]
pub struct Written;

impl<'a, S> CopyInRows<'a, S> {
    pub(crate) fn new(way: Way<'a>, table: Table, source: S) -> Self {
        Self { target: Target { way, table, options: CopyOptions::binary(), coerce: false }, source }
    }

    /// Lets the server read the values from text: then a text goes into a column of any type, as in a literal. Other
    /// values go as before, but for the time that it takes to write and read them as text.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// // As they stand in a file: the server makes a date and a number of them.
    /// let rows = [("10 December 1815", "19.90"), ("9 December 1906", "7")];
    /// connection.copy_in_rows("receipts", ["day", "total"], rows).coerce().await?;
    /// # Ok(()) }
    /// ```
    pub fn coerce(mut self) -> Self {
        self.target.coerce = true;
        self
    }

    /// Rows come frozen: see [`CopyOptions::freeze`].
    ///
    /// ```no_run
    /// # async fn run(mut connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let transaction = connection.begin().await?;
    /// transaction.execute("truncate scores", ()).await?;
    /// transaction.copy_in_rows("scores", ["id", "score"], [(1, 9.5)]).freeze().await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    pub fn freeze(mut self) -> Self {
        self.target.options = self.target.options.freeze(true);
        self
    }

    /// Which rows are kept: see [`CopyOptions::filter`].
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let visits = [(1, 250), (2, 0)];
    /// connection.copy_in_rows("visits", ["user_id", "seconds"], visits).filter("seconds > 0").await?;
    /// # Ok(()) }
    /// ```
    pub fn filter(mut self, condition: impl Into<String>) -> Self {
        self.target.options = self.target.options.filter(condition);
        self
    }

    /// What happens to a row with a value that the server cannot read; for [`coerce`](Self::coerce) alone. See
    /// [`CopyOptions::on_error`].
    ///
    /// ```no_run
    /// use trunkline::OnError;
    ///
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let rows = [("1", "10 December 1815"), ("2", "some time later")];
    /// let copy = connection.copy_in_rows("births", ["id", "day"], rows).coerce();
    /// assert_eq!(copy.on_error(OnError::Ignore).await?, 1);
    /// # Ok(()) }
    /// ```
    pub fn on_error(mut self, on_error: trunkline_core::copy::OnError) -> Self {
        self.target.options = self.target.options.on_error(on_error);
        self
    }

    /// How long the whole COPY may take, the time that its source takes included.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let rows = (0..1_000_000).map(|id| (id,));
    /// connection.copy_in_rows("ids", ["id"], rows).timeout(Duration::from_secs(60)).await?;
    /// # Ok(()) }
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.target.options = self.target.options.timeout(timeout);
        self
    }
}

impl<'a> Target<'a> {
    async fn begin(&self) -> Result<RowWriter<'a>, Error> {
        match &self.way {
            Way::On(connection) => self.begin_on(Held::Borrowed(connection)).await,
            Way::Through(pool, place) => {
                on_one!(pool, place, connection => self.begin_on(Held::Pooled(connection)))
            }
        }
    }

    async fn begin_on(&self, connection: Held<'a>) -> Result<RowWriter<'a>, Error> {
        let (table, columns) = connection.copied_columns(self.table.clone()).await?;
        let encoder = if self.coerce { RowEncoder::as_text(columns) } else { RowEncoder::binary(columns) };
        let options = encoder.options(self.options.clone());
        let copy = CopyIn::begin(connection, &table, &options).await?;
        Ok(RowWriter::new(copy, encoder))
    }
}

/// Why the server is told that no more rows come: what does not fit may be a secret.
const UNFIT: &str = "a row does not fit the table";

type Copied<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Gives how many rows were kept.
impl<'a, I> IntoFuture for CopyInRows<'a, FromIter<I>>
where
    I: IntoIterator<Item: Parameters, IntoIter: Send> + Send + 'a,
{
    type Output = Result<u64, Error>;
    type IntoFuture = Copied<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut writer = self.target.begin().await?;
            let mut rows = self.source.0.into_iter();
            while let Some(written) = rows.next().map(|row| writer.encode(&row)) {
                if let Err(unfit) = written {
                    // What is wrong with the row is what matters.
                    let _ = writer.abort(UNFIT).await;
                    return Err(unfit);
                }
                if writer.is_full() {
                    writer.send().await?;
                }
            }
            writer.finish().await
        })
    }
}

/// Gives how many rows were kept.
impl<'a, T, R, E> IntoFuture for CopyInRows<'a, FromStream<T>>
where
    T: Stream<Item = Result<R, E>> + Send + 'a,
    R: Parameters,
    E: Send + 'a,
{
    type Output = Result<u64, CopyError<E>>;
    type IntoFuture = Copied<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut writer = self.target.begin().await?;
            let mut rows = pin!(self.source.0);
            loop {
                // A row is written where it comes, and lives no longer.
                let next = poll_fn(|cx| {
                    let next = rows.as_mut().poll_next(cx);
                    next.map(|next| next.map(|row| row.map(|row| writer.encode(&row))))
                });
                match next.await {
                    None => return Ok(writer.finish().await?),
                    Some(Ok(Ok(()))) if writer.is_full() => writer.send().await?,
                    Some(Ok(Ok(()))) => {}
                    Some(Ok(Err(unfit))) => {
                        let _ = writer.abort(UNFIT).await;
                        return Err(unfit.into());
                    }
                    Some(Err(failed)) => {
                        let _ = writer.abort("the source of the rows failed").await;
                        return Err(CopyError::Source(failed));
                    }
                }
            }
        })
    }
}

/// Gives the writer.
impl<'a> IntoFuture for CopyInRows<'a, Written> {
    type Output = Result<RowWriter<'a>, Error>;
    type IntoFuture = Copied<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.target.begin().await })
    }
}
