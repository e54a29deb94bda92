use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};
use trunkline_core::copy::{CopyOptions, copy_out_sql};
use trunkline_core::{Connection as Core, Error, Outcome};

use super::copy_in::CopyIn;
use super::now;
use super::source::CopySource;
use crate::held::Held;
use crate::observe::Observed;
use crate::running::Running;

/// A COPY … TO STDOUT that gives data: see [`Connection::copy_out`](crate::Connection::copy_out).
///
/// It is a [`Stream`] of pieces, and an [`AsyncRead`] of their bytes. A piece holds whole rows, as many as came together.
/// One who stops taking stops the server.
///
/// Dropped before its end, the rest is parsed past by whoever uses the connection next.
///
/// ```no_run
/// use futures_util::TryStreamExt;
/// use trunkline::CopyOptions;
///
/// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
/// let mut copy = connection.copy_out("users", CopyOptions::csv().header(true)).await?;
/// let mut size = 0;
/// while let Some(piece) = copy.try_next().await? {
///     size += piece.len();
/// }
/// println!("{size} bytes, {} rows", copy.rows().unwrap_or_default());
/// # Ok(()) }
/// ```
///
/// See ["COPY Operations"] in PostgreSQL's protocol chapter.
///
/// ["COPY Operations"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-COPY
pub struct CopyOut<'a> {
    /// None once its outcome was taken.
    running: Option<Running<'a>>,
    columns: usize,
    rows: Option<u64>,
    /// What a reader has not taken of a piece.
    piece: Bytes,
}

impl<'a> CopyOut<'a> {
    pub(crate) async fn begin(
        connection: Held<'a>,
        source: &CopySource<'_>,
        options: &CopyOptions,
    ) -> Result<Self, Error> {
        let source = source.without_parameters(&connection).await?;
        Self::run(connection, &copy_out_sql(&source, options)?, options).await
    }

    pub(super) async fn run(connection: Held<'a>, sql: &str, options: &CopyOptions) -> Result<Self, Error> {
        let mut observed = Observed::start(connection.driver(), sql);
        let command = |core: &mut Core| core.copy_out(now(), sql, options.given_timeout());
        let started = observed.go_on(connection.driver().lock().start(command))?;
        let running = Some(Running::new(started.id, connection, observed));
        let mut copy = Self { running, columns: 0, rows: None, piece: Bytes::new() };
        copy.columns = poll_fn(|cx| copy.poll_begun(cx)).await?;
        Ok(copy)
    }

    /// How many columns each row has.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let copy = connection.copy_out("users", trunkline::CopyOptions::binary()).await?;
    /// println!("{} columns", copy.columns());
    /// # Ok(()) }
    /// ```
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many rows were copied, once all data was taken.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut copy = connection.copy_out("users", trunkline::CopyOptions::csv()).await?;
    /// while copy.try_next().await?.is_some() {}
    /// println!("{} rows", copy.rows().unwrap_or_default());
    /// # Ok(()) }
    /// ```
    pub fn rows(&self) -> Option<u64> {
        self.rows
    }

    /// The next piece; `None` after the last.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut copy = connection.copy_out("users", trunkline::CopyOptions::csv()).await?;
    /// while let Some(piece) = copy.try_next().await? {
    ///     print!("{}", String::from_utf8_lossy(&piece));
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
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|cx| self.poll_piece(cx)).await
    }

    /// Gives all data to a COPY into a table over another connection, as it comes, and finishes that: from table to table
    /// without holding it in memory. The two must be of the same format; binary wants the same types.
    ///
    /// ```no_run
    /// # async fn run(from: trunkline::Connection, to: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// use trunkline::CopyOptions;
    ///
    /// let source = from.copy_out("events", CopyOptions::binary()).await?;
    /// let target = to.copy_in("events", CopyOptions::binary()).await?;
    /// let rows = source.pipe_to(target).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// When either fails: nothing is kept then, and both connections go on.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives both up, and leaves both connections usable.
    pub async fn pipe_to(mut self, mut target: CopyIn<'_>) -> Result<u64, Error> {
        loop {
            match self.try_next().await {
                Ok(Some(piece)) => target.send(piece).await?,
                Ok(None) => return target.finish().await,
                Err(error) => {
                    target.fail(()).await;
                    return Err(error);
                }
            }
        }
    }

    fn poll_begun(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Error>> {
        let Some(running) = &self.running else { return Poll::Ready(Ok(0)) };
        let begun = ready!(running.poll_for(cx, |core, id| match core.copy_layout(id) {
            // One that has ended well has begun, and what it gave waits.
            None if core.is_finished(id) => core.take_outcome(id).map(Err),
            layout => layout.map(Ok),
        }));
        Poll::Ready(match begun {
            Ok(layout) => Ok(layout.columns),
            Err(outcome) => self.end(outcome).map(|()| 0),
        })
    }

    pub(super) fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Error>> {
        if !self.piece.is_empty() {
            return Poll::Ready(Ok(Some(std::mem::take(&mut self.piece))));
        }
        let Some(running) = &self.running else { return Poll::Ready(Ok(None)) };
        let next = ready!(running.poll_for(cx, |core, id| {
            core.take_copy_data(id).map(Ok).or_else(|| core.take_outcome(id).map(Err))
        }));
        Poll::Ready(match next {
            Ok(data) => Ok(Some(data)),
            Err(outcome) => self.end(outcome).map(|()| None),
        })
    }

    fn end(&mut self, outcome: Result<Outcome, Error>) -> Result<(), Error> {
        if let Some(running) = self.running.take() {
            self.rows = Some(running.end(outcome)?.tag().rows());
        }
        Ok(())
    }
}

impl Stream for CopyOut<'_> {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_piece(cx).map(Result::transpose)
    }
}

impl AsyncRead for CopyOut<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let piece = match ready!(self.poll_piece(cx)) {
            Ok(Some(piece)) => piece,
            Ok(None) => return Poll::Ready(Ok(())),
            Err(error) => return Poll::Ready(Err(io::Error::other(error))),
        };
        self.piece = piece;
        let count = self.piece.len().min(out.remaining());
        out.put_slice(self.piece.get(..count).unwrap_or_default());
        self.piece.advance(count);
        Poll::Ready(Ok(()))
    }
}

/// Tells how many rows were copied, once it is over.
impl fmt::Debug for CopyOut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyOut").field("rows", &self.rows).finish_non_exhaustive()
    }
}
