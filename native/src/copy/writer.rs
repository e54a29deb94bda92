use bytes::BytesMut;
use trunkline_core::Error;
use trunkline_core::copy::RowEncoder;
use trunkline_core::types::Parameters;

use super::copy_in::CopyIn;

/// Rows that are written one by one into a table: see [`Connection::copy_in_writer`](crate::Connection::copy_in_writer).
///
/// Dropped before its end it is undone, and the connection goes on.
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
    pub fn rows(&self) -> u64 {
        self.encoder.rows()
    }

    /// Ends the rows: the server checks and keeps them, and tells how many there were.
    ///
    /// # Errors
    ///
    /// As [`CopyIn::finish`].
    pub async fn finish(mut self) -> Result<u64, Error> {
        self.encoder.end(&mut self.buffer);
        self.send().await?;
        self.copy.finish().await
    }

    /// Gives the COPY up: nothing is kept. `reason` goes to the server, and into its log.
    ///
    /// # Errors
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
