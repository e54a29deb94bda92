use bytes::BytesMut;
use trunkline_core::Error;
use trunkline_core::copy::RowEncoder;
use trunkline_core::types::Parameters;

use super::copy_in::CopyIn;

/// Rows that are written one by one into a table: see [`Connection::copy_in_writer`](crate::Connection::copy_in_writer).
///
/// Dropped before its end it is undone, and the connection goes on.
///
/// ```no_run
/// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
/// let mut users = connection.copy_in_writer("users", ["id", "name"]).await?;
/// users.write((1_i64, "Ada")).await?;
/// users.write((2_i64, "Grace")).await?;
/// assert_eq!(users.finish().await?, 2);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct RowWriter<'a> {
    copy: CopyIn<'a>,
    encoder: RowEncoder,
    /// Rows that were not sent.
    buffer: BytesMut,
}

/// How much is gathered before it is sent.
const GATHERED: usize = 64 << 10;

impl<'a> RowWriter<'a> {
    pub(super) fn new(copy: CopyIn<'a>, encoder: RowEncoder) -> Self {
        let mut buffer = BytesMut::with_capacity(GATHERED + GATHERED / 4);
        encoder.begin(&mut buffer);
        Self { copy, encoder, buffer }
    }

    /// Writes a row: a value for each column.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut scores = connection.copy_in_writer("scores", ["id", "score"]).await?;
    /// for (id, line) in ["9.5", "many", "7"].iter().enumerate() {
    ///     if let Ok(score) = line.parse::<f64>() {
    ///         scores.write((i32::try_from(id).unwrap_or_default(), score)).await?;
    ///     }
    /// }
    /// scores.finish().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`UsageError::RowValue`](crate::UsageError::RowValue) and
    /// [`UsageError::RowLength`](crate::UsageError::RowLength) for a row that does not fit, which is left out; whoever
    /// goes on writes the next one. Else as [`CopyIn::send`].
    ///
    /// # Cancel safety
    ///
    /// Dropped while it waits, the row was taken.
    pub async fn write(&mut self, row: impl Parameters) -> Result<(), Error> {
        self.encode(&row)?;
        // It need not live until the rows are sent.
        drop(row);
        if self.is_full() { self.send().await } else { Ok(()) }
    }

    /// How many rows were written, those included that did not fit.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut users = connection.copy_in_writer("users", ["name"]).await?;
    /// users.write(("Ada",)).await?;
    /// assert_eq!(users.rows(), 1);
    /// # Ok(()) }
    /// ```
    pub fn rows(&self) -> u64 {
        self.encoder.rows()
    }

    /// Ends the rows: the server checks and keeps them, and tells how many there were.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut users = connection.copy_in_writer("users", ["name"]).await?;
    /// users.write(("Ada",)).await?;
    /// println!("{} users were kept", users.finish().await?);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`CopyIn::finish`].
    ///
    /// # Cancel safety
    ///
    /// When the future is dropped, the rows may be kept or not.
    pub async fn finish(mut self) -> Result<u64, Error> {
        self.encoder.end(&mut self.buffer);
        self.send().await?;
        self.copy.finish().await
    }

    /// Gives the COPY up: nothing is kept. `reason` goes to the server, and into its log.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut users = connection.copy_in_writer("users", ["name"]).await?;
    /// users.write(("Ada",)).await?;
    /// users.abort("there is no more room").await?; // nobody is kept
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`CopyIn::abort`].
    ///
    /// # Cancel safety
    ///
    /// As [`CopyIn::abort`].
    pub async fn abort(self, reason: &str) -> Result<(), Error> {
        self.copy.abort(reason).await
    }

    pub(super) fn encode(&mut self, row: &dyn Parameters) -> Result<(), Error> {
        Ok(self.encoder.row(row, &mut self.buffer)?)
    }

    pub(super) fn is_full(&self) -> bool {
        self.buffer.len() >= GATHERED
    }

    pub(super) async fn send(&mut self) -> Result<(), Error> {
        let rows = self.buffer.split().freeze();
        self.buffer.reserve(GATHERED + GATHERED / 4);
        self.copy.send(rows).await
    }
}
