use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use trunkline_core::copy::{BinaryDecoder, CopyOptions, Source, copy_out_sql};
use trunkline_core::error::UsageError;
use trunkline_core::{Columns, CommandTag, Error, FromRow, Row, RowBatch};

use super::copy_out::CopyOut;
use super::in_binary;
use super::source::CopySource;
use crate::held::Held;
use crate::rows::{OwnedRow, Rows};

/// Typed rows that are copied out: see [`Connection::copy_out_rows`](crate::Connection::copy_out_rows).
///
/// It is a [`Stream`] of rows. Rows stay in the bytes in which they came; one that is kept keeps those that came with it
/// in memory.
///
/// ```no_run
/// use futures_util::TryStreamExt;
///
/// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
/// let mut users = connection.copy_out_rows("users").await?;
/// while let Some(user) = users.try_next().await? {
///     println!("{}", user.get::<&str>("name")?);
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct CopyOutRows<'a> {
    /// None once it is over.
    copy: Option<CopyOut<'a>>,
    decoder: BinaryDecoder,
    columns: Arc<Columns>,
    batch: Arc<RowBatch>,
    /// The next row of the batch.
    next: usize,
    count: Option<u64>,
}

impl<'a> CopyOutRows<'a> {
    pub(crate) async fn begin(connection: Held<'a>, source: &CopySource<'_>) -> Result<Self, Error> {
        let query = source.to_query(&connection).await?;
        let columns = in_binary(&connection.prepare(&query).await?);
        let options = CopyOptions::binary();
        let sql = copy_out_sql(&Source::query(query), &options)?;
        Self::new(CopyOut::run(connection, &sql, &options).await?, columns)
    }

    fn new(copy: CopyOut<'a>, columns: Columns) -> Result<Self, Error> {
        if copy.columns() != columns.len() {
            let why = "the table or query to copy has changed since it was described: try again";
            return Err(UsageError::shape(why).into());
        }
        let decoder = BinaryDecoder::new(columns.len());
        let columns = Arc::new(columns);
        Ok(Self { copy: Some(copy), decoder, columns, batch: Arc::default(), next: 0, count: None })
    }

    /// The columns that each row has.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let users = connection.copy_out_rows("users").await?;
    /// for column in users.columns() {
    ///     println!("{}: {}", column.name, column.type_.name());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// How many rows were copied, once all were taken.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut users = connection.copy_out_rows("users").await?;
    /// while users.try_next().await?.is_some() {}
    /// println!("{} users", users.row_count().unwrap_or_default());
    /// # Ok(()) }
    /// ```
    pub fn row_count(&self) -> Option<u64> {
        self.count
    }

    /// The next row; `None` after the last.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut orders = connection.copy_out_rows("orders").await?;
    /// while let Some(order) = orders.try_next().await? {
    ///     println!("{}", order.get::<i64>("total")?);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Why the server failed the COPY; it is over then.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was taken.
    pub async fn try_next(&mut self) -> Result<Option<OwnedRow>, Error> {
        poll_fn(|cx| self.poll_row(cx)).await
    }

    /// The next row as a `T`: a tuple, or a struct that derives [`FromRow`].
    ///
    /// ```no_run
    /// use trunkline::Table;
    ///
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut orders = connection.copy_out_rows(Table::new("orders").columns(["id", "total"])).await?;
    /// while let Some((id, total)) = orders.try_next_as::<(i32, i64)>().await? {
    ///     println!("{id}: {total}");
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_next`](Self::try_next), and [`Error::Conversion`] or [`Error::Usage`] when the row is no `T`; the next
    /// one can be taken all the same.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was taken.
    pub async fn try_next_as<T: for<'r> FromRow<'r>>(&mut self) -> Result<Option<T>, Error> {
        if !poll_fn(|cx| self.poll_batch(cx)).await? {
            return Ok(None);
        }
        let row = Row::new(&self.batch, &self.columns, self.next).map(T::from_row);
        self.next += 1;
        row.transpose()
    }

    /// The rows that are there, all at once, waiting only for the first; `None` after the last.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut sum = 0;
    /// let mut orders = connection.copy_out_rows("orders").await?;
    /// while let Some(batch) = orders.try_next_rows().await? {
    ///     for order in &batch {
    ///         sum += order.get::<i64>("total")?;
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_next`](Self::try_next).
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was taken.
    pub async fn try_next_rows(&mut self) -> Result<Option<Rows>, Error> {
        loop {
            if !poll_fn(|cx| self.poll_batch(cx)).await? {
                return Ok(None);
            }
            let batch = std::mem::take(&mut self.batch);
            if std::mem::take(&mut self.next) == 0
                && let Ok(batch) = Arc::try_unwrap(batch)
            {
                let columns = Some(Arc::clone(&self.columns));
                return Ok(Some(Rows::new(vec![batch], columns, CommandTag::default())));
            }
        }
    }

    fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<OwnedRow>, Error>> {
        if !ready!(self.poll_batch(cx))? {
            return Poll::Ready(Ok(None));
        }
        let row = OwnedRow::of(&self.batch, self.next, &self.columns);
        self.next += 1;
        Poll::Ready(Ok(row))
    }

    /// Waits until there is a row in the batch; false when there are no more.
    fn poll_batch(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool, Error>> {
        while self.next >= self.batch.len() {
            let Some(copy) = &mut self.copy else { return Poll::Ready(Ok(false)) };
            let decoded = match ready!(copy.poll_piece(cx)) {
                Ok(Some(piece)) => self.decoder.decode(piece).map_err(Error::from),
                Ok(None) => {
                    self.count = copy.rows();
                    self.copy = None;
                    self.decoder.finish()?;
                    return Poll::Ready(Ok(false));
                }
                Err(error) => Err(error),
            };
            match decoded {
                Ok(batch) => {
                    self.batch = Arc::new(batch.unwrap_or_default());
                    self.next = 0;
                }
                Err(error) => {
                    self.copy = None;
                    return Poll::Ready(Err(error));
                }
            }
        }
        Poll::Ready(Ok(true))
    }
}

impl Stream for CopyOutRows<'_> {
    type Item = Result<OwnedRow, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_row(cx).map(Result::transpose)
    }
}
