use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_sink::Sink;
use tokio::io::{AsyncRead, AsyncReadExt};
use trunkline_core::copy::{CopyOptions, Table, copy_in_sql};
use trunkline_core::error::UsageError;
use trunkline_core::{Connection as Core, Error, Outcome};

use super::error::CopyError;
use super::now;
use crate::held::Held;
use crate::observe::Observed;
use crate::running::Running;

/// A COPY … FROM STDIN that takes data: see [`Connection::copy_in`](crate::Connection::copy_in).
///
/// It is a [`Sink`] of bytes, too, whose closing is [`finish`](Self::finish). Pieces may begin and end anywhere in the
/// data. Small ones are gathered, large ones are sent without being copied.
///
/// Dropped before its end it is undone, and the connection goes on.
///
/// ```no_run
/// use trunkline::CopyOptions;
///
/// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
/// let mut copy = connection.copy_in("notes", CopyOptions::text()).await?;
/// for line in ["one", "two"] {
///     copy.send(format!("{line}\n")).await?;
/// }
/// println!("{} rows", copy.finish().await?);
/// # Ok(()) }
/// ```
///
/// See ["COPY Operations"] in PostgreSQL's protocol chapter.
///
/// ["COPY Operations"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-COPY
pub struct CopyIn<'a> {
    /// None once its outcome was taken.
    running: Option<Running<'a>>,
    columns: usize,
    /// The end of the data was given.
    closing: bool,
}

/// What waits to be sent is written when it is as much as this, without waiting for it.
const EAGER: usize = 64 << 10;

/// How much is read from a reader at once.
const READ: usize = 64 << 10;

/// What the server is told of a source that failed. What failed it may be a secret.
const SOURCE_FAILED: &str = "the source of the data failed";

impl<'a> CopyIn<'a> {
    pub(crate) async fn begin(
        connection: Held<'a>,
        target: &Table,
        options: &CopyOptions,
    ) -> Result<Self, Error> {
        let sql = copy_in_sql(target, options)?;
        let mut observed = Observed::start(connection.driver(), &sql);
        let command = |core: &mut Core| core.copy_in(now(), &sql, options.given_timeout());
        let started = observed.go_on(connection.driver().lock().start(command))?;
        let running = Some(Running::new(started.id, connection, observed));
        let mut copy = Self { running, columns: 0, closing: false };
        copy.columns = poll_fn(|cx| copy.poll_begun(cx)).await?;
        Ok(copy)
    }

    /// How many columns each row has.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let copy = connection.copy_in("users", trunkline::CopyOptions::csv()).await?;
    /// assert_eq!(copy.columns(), 2, "the file has two columns");
    /// # Ok(()) }
    /// ```
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Gives a piece of the data, and waits while too much of what was given is not yet sent.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut copy = connection.copy_in("users", trunkline::CopyOptions::csv()).await?;
    /// // Pieces of any length, cut anywhere.
    /// copy.send("1,Ad").await?;
    /// copy.send("a\n2,Grace\n").await?;
    /// copy.finish().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Why the server failed the COPY, as soon as that is known; it is over then.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, the piece was not taken.
    pub async fn send(&mut self, data: impl Into<Bytes>) -> Result<(), Error> {
        poll_fn(|cx| self.poll_room(cx)).await?;
        self.give(data.into())
    }

    /// Waits until all that was given is on its way.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut copy = connection.copy_in("events", trunkline::CopyOptions::csv()).await?;
    /// copy.send("1,started\n").await?;
    /// // Nothing comes for a while: let the server have what there is.
    /// copy.flush().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub async fn flush(&mut self) -> Result<(), Error> {
        poll_fn(|cx| self.poll_sent(cx)).await
    }

    /// Ends the data: the server checks and keeps it, and tells how many rows that were.
    ///
    /// ```no_run
    /// use trunkline::{CopyOptions, Error, SqlState};
    ///
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut copy = connection.copy_in("users", CopyOptions::csv()).await?;
    /// copy.send("1,Ada\n").await?;
    /// match copy.finish().await {
    ///     Ok(rows) => println!("{rows} users"),
    ///     Err(error) if error.sqlstate() == Some(&SqlState::UNIQUE_VIOLATION) => println!("known already"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Why the server failed the COPY; nothing was kept.
    ///
    /// # Cancel safety
    ///
    /// Dropped while it waits, the data is kept or not, and the connection goes on.
    pub async fn finish(mut self) -> Result<u64, Error> {
        self.done()?;
        poll_fn(|cx| self.poll_outcome(cx)).await
    }

    /// Gives the COPY up: nothing is kept. `reason` goes to the server, and into its log.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut copy = connection.copy_in("users", trunkline::CopyOptions::csv()).await?;
    /// copy.send("1,Ada\n").await?;
    /// copy.abort("the upload was cut off").await?; // no row is kept
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] when the connection gets closed, [`Error::Usage`] for a NUL in the reason. Nothing is kept in
    /// these cases either.
    ///
    /// # Cancel safety
    ///
    /// Once polled, it is given up whether or not the future is dropped.
    pub async fn abort(mut self, reason: &str) -> Result<(), Error> {
        if let Some(running) = &self.running {
            running.driver().lock().core.copy_fail(running.id(), reason)?;
        }
        match poll_fn(|cx| self.poll_outcome(cx)).await {
            Err(error @ Error::Closed(_)) => Err(error),
            // That it failed is what was asked for.
            _ => Ok(()),
        }
    }

    /// Gives all that a stream of pieces has, and finishes.
    ///
    /// ```no_run
    /// use futures_util::stream;
    /// use trunkline::CopyOptions;
    ///
    /// # async fn run(connection: trunkline::Connection) -> Result<(), Box<dyn std::error::Error>> {
    /// let pieces = stream::iter([Ok::<_, std::io::Error>("1,Ada\n"), Ok("2,Grace\n")]);
    /// let copy = connection.copy_in("users", CopyOptions::csv()).await?;
    /// let rows = copy.send_all(pieces).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`CopyError::Source`] when the stream fails: the COPY is undone then, and the connection goes on.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future undoes the COPY and leaves the connection usable.
    pub async fn send_all<B, E>(
        mut self,
        source: impl Stream<Item = Result<B, E>>,
    ) -> Result<u64, CopyError<E>>
    where
        B: Into<Bytes>,
    {
        let mut source = pin!(source);
        while let Some(piece) = poll_fn(|cx| source.as_mut().poll_next(cx)).await {
            match piece {
                Ok(piece) => self.send(piece).await?,
                Err(error) => return Err(self.fail(error).await),
            }
        }
        Ok(self.finish().await?)
    }

    /// Gives all that a reader has, and finishes.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), Box<dyn std::error::Error>> {
    /// let copy = connection.copy_in("users", trunkline::CopyOptions::csv()).await?;
    /// let rows = copy.read_all(tokio::fs::File::open("users.csv").await?).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`send_all`](Self::send_all).
    ///
    /// # Cancel safety
    ///
    /// As [`CopyIn::send_all`].
    pub async fn read_all(mut self, reader: impl AsyncRead) -> Result<u64, CopyError<std::io::Error>> {
        let mut reader = pin!(reader);
        let mut buffer = BytesMut::new();
        loop {
            buffer.reserve(READ);
            match reader.read_buf(&mut buffer).await {
                Ok(0) => return Ok(self.finish().await?),
                Ok(_) => self.send(buffer.split()).await?,
                Err(error) => return Err(self.fail(error).await),
            }
        }
    }

    /// The source failed: undoes the COPY.
    pub(super) async fn fail<E>(self, error: E) -> CopyError<E> {
        // What the source says matters more than that the connection may have gone with it.
        let _ = self.abort(SOURCE_FAILED).await;
        CopyError::Source(error)
    }

    fn give(&mut self, data: Bytes) -> Result<(), Error> {
        let running = self.running()?;
        running.driver().lock().core.copy_data(running.id(), data)
    }

    fn done(&mut self) -> Result<(), Error> {
        let running = self.running()?;
        let mut state = running.driver().lock();
        // Late, it is undone: nobody may be told that it timed out, and find it kept.
        state.check_time();
        state.core.copy_done(running.id())
    }

    fn poll_begun(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Error>> {
        let begun = ready!(self.running()?.poll_for(cx, |core, id| match core.copy_layout(id) {
            _ if core.is_finished(id) => Some(None),
            layout => layout.map(Some),
        }));
        match begun {
            Some(layout) => Poll::Ready(Ok(layout.columns)),
            None => Poll::Ready(Err(self.take_error())),
        }
    }

    /// Waits until more data is welcome.
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let running = self.running()?;
        let (id, mut state) = (running.id(), running.driver().lock());
        state.check_time();
        if state.core.outbox().len() >= EAGER {
            state.push(id, cx);
        }
        let room = ready!(state.poll_room(id, cx, |core| {
            let ended = core.is_finished(id);
            (ended || core.can_accept_copy_data(id)).then_some(!ended)
        }));
        drop(state);
        Poll::Ready(if room { Ok(()) } else { Err(self.take_error()) })
    }

    /// Waits until everything is written.
    fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let running = self.running()?;
        let (id, mut state) = (running.id(), running.driver().lock());
        if !state.core.is_finished(id) {
            state.core.copy_flush(id)?;
        }
        let sent = ready!(state.poll_room(id, cx, |core| {
            let ended = core.is_finished(id);
            (ended || !core.wants_write()).then_some(!ended)
        }));
        drop(state);
        Poll::Ready(if sent { Ok(()) } else { Err(self.take_error()) })
    }

    /// Waits for the end, and takes what became of it.
    fn poll_outcome(&mut self, cx: &mut Context<'_>) -> Poll<Result<u64, Error>> {
        let outcome = ready!(self.running()?.poll_for(cx, Core::take_outcome));
        Poll::Ready(self.end(Some(outcome)).map(|outcome| outcome.tag().rows()))
    }

    /// Why it ended before it was to.
    fn take_error(&mut self) -> Error {
        let take = |running: &Running<'_>| running.driver().lock().core.take_outcome(running.id());
        let outcome = self.running.as_ref().and_then(take);
        self.end(outcome).err().unwrap_or_else(|| over().into())
    }

    fn end(&mut self, outcome: Option<Result<Outcome, Error>>) -> Result<Outcome, Error> {
        let outcome = outcome.unwrap_or_else(|| Err(over().into()));
        match self.running.take() {
            Some(running) => running.end(outcome),
            None => outcome,
        }
    }

    fn running(&self) -> Result<&Running<'a>, UsageError> {
        self.running.as_ref().ok_or_else(over)
    }
}

#[cold]
fn over() -> UsageError {
    UsageError::call("this COPY is over")
}

impl Sink<Bytes> for CopyIn<'_> {
    type Error = Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.poll_room(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, data: Bytes) -> Result<(), Error> {
        self.give(data)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.poll_sent(cx)
    }

    /// Finishes: see [`CopyIn::finish`].
    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if self.running.is_none() {
            return Poll::Ready(Ok(()));
        }
        if !std::mem::replace(&mut self.closing, true) {
            self.done()?;
        }
        self.poll_outcome(cx).map_ok(drop)
    }
}

/// Tells whether it is over.
impl fmt::Debug for CopyIn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyIn").field("is_over", &self.running.is_none()).finish_non_exhaustive()
    }
}
