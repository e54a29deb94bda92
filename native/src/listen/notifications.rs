use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use trunkline_core::sql::quote_identifier;
use trunkline_core::{Error, Notification};

use crate::connection::Connection;
use crate::driver::{Driver, Seat};

impl Connection {
    /// Listens to a channel on this connection, until what it returns is dropped. Several can listen, to one channel or
    /// to many, and queries can be run meanwhile.
    ///
    /// A channel's name is an identifier, taken as it is written: `listen("Jobs")` hears `NOTIFY "Jobs"`. In a
    /// transaction block it takes effect with the COMMIT, and notifications come only outside of one. When the
    /// connection ends, so does this: for a subscription that lasts there is [`Listener`](crate::Listener).
    ///
    /// See ["LISTEN"] in PostgreSQL's reference.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut jobs = connection.listen("jobs").await?;
    /// let job = jobs.next().await?;
    /// println!("{} from {}", job.payload, job.process_id);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future takes the subscription back.
    ///
    /// ["LISTEN"]: https://www.postgresql.org/docs/18/sql-listen.html
    pub async fn listen(&self, channel: &str) -> Result<Notifications<'_>, Error> {
        let listen = format!("LISTEN {}", quote_identifier(channel)?);
        let number = self.driver().lock().subscriptions.add(channel);
        // Made first, so that it is taken back when LISTEN fails.
        let notifications = Notifications { driver: self.driver(), number, ended: false };
        // Said each time: that somebody else has said it does not mean that it was heard, or that it still holds.
        self.execute_script(&listen).await?;
        Ok(notifications)
    }

    /// Sends a notification to all who listen to the channel. Within a transaction it leaves with the COMMIT.
    ///
    /// See ["NOTIFY"] in PostgreSQL's reference.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select pg_notify($1, $2)")
    /// #     .with(("orders", "order 17 was paid"))
    /// #     .returns(["pg_notify"], [("",)]);
    /// # let mut connection = backend.connect().await?;
    /// connection.notify("orders", "order 17 was paid").await?;
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::execute`]; a payload is shorter than 8,000 bytes.
    ///
    /// # Cancel safety
    ///
    /// As every query: see [`Connection`].
    ///
    /// ["NOTIFY"]: https://www.postgresql.org/docs/18/sql-notify.html
    pub async fn notify(&self, channel: &str, payload: &str) -> Result<(), Error> {
        self.execute("select pg_notify($1, $2)", (channel, payload)).await.map(|_| ())
    }
}

/// The notifications of a channel, as they come: see [`Connection::listen`].
///
/// A [`Stream`] that ends with the connection, after the error that ended it. What nobody takes waits, up to 16,384
/// notifications; then the oldest is dropped for each that comes, and [`Notifications::take_dropped`] counts it.
///
/// ```no_run
/// use futures_util::TryStreamExt;
///
/// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
/// let mut orders = connection.listen("orders").await?;
/// while let Some(order) = orders.try_next().await? {
///     println!("{} says {}", order.process_id, order.payload);
/// }
/// # Ok(()) }
/// ```
#[must_use = "dropped, it listens no longer"]
pub struct Notifications<'a> {
    driver: &'a Driver,
    number: u32,
    ended: bool,
}

impl Notifications<'_> {
    /// The next one. It waits as long as it takes: within `tokio::time::timeout` for no longer than that.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// # async fn run(connection: trunkline::Connection) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut orders = connection.listen("orders").await?;
    /// let order = tokio::time::timeout(Duration::from_secs(60), orders.next()).await??;
    /// println!("{}", order.payload);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] when the connection is or gets closed.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Result<Notification, Error> {
        poll_fn(|cx| self.poll(cx)).await
    }

    /// How many were dropped since the last call because they were not taken in time.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// let mut prices = connection.listen("prices").await?;
    /// while let Ok(price) = prices.next().await {
    ///     if prices.take_dropped() > 0 {
    ///         println!("too slow: some prices were never seen");
    ///     }
    ///     println!("{}", price.payload);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn take_dropped(&mut self) -> u64 {
        self.driver.lock().subscriptions.take_dropped(self.number)
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Notification, Error>> {
        let number = self.number;
        self.driver.lock().poll_seat(Seat::Subscription(number), cx, |state| {
            let taken = state.subscriptions.take(number).map(Ok);
            taken.or_else(|| state.core.error().map(Err))
        })
    }
}

impl Stream for Notifications<'_> {
    type Item = Result<Notification, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let next = self.poll(cx);
        self.ended = matches!(next, Poll::Ready(Err(_)));
        next.map(Some)
    }
}

impl Drop for Notifications<'_> {
    fn drop(&mut self) {
        let mut state = self.driver.lock();
        state.leave_seat(Seat::Subscription(self.number));
        let Some(channel) = state.subscriptions.remove(self.number) else { return };
        drop(state);
        if let Ok(channel) = quote_identifier(&channel) {
            self.driver.send(|core| core.control(&format!("UNLISTEN {channel}")));
        }
    }
}

impl fmt::Debug for Notifications<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notifications").field("number", &self.number).finish_non_exhaustive()
    }
}
