use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use tokio::sync::{mpsc, oneshot};
use trunkline_core::{Error, Notification};

use super::mailbox::Mailbox;
use super::worker::{Command, Worker};
use crate::Config;
use crate::error::ConnectError;

/// Listens over a connection of its own, which it makes anew whenever it is lost.
///
/// Any number can listen, to any channels, over the one connection; a handle is cheap to clone. A task of its own
/// drives it, until the last handle and the last [`Subscription`] are dropped.
///
/// What was notified while there was no connection is lost: PostgreSQL keeps nothing for those who are not there.
/// [`Signal::Missed`] tells of it, once the channels are listened to again, so that whoever hears it can look for
/// itself. A connection that is silent is asked from time to time whether it still is one.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use trunkline::{Config, Listener, Signal};
///
/// let listener = Listener::connect(&Config::parse("postgres://worker@localhost/app")?).await?;
/// let mut jobs = listener.listen("jobs").await?;
/// loop {
///     match jobs.next().await {
///         Some(Signal::Notification(job)) => println!("{}", job.payload),
///         Some(Signal::Missed) => println!("look at the table: something may have been missed"),
///         None => break,
///     }
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Listener {
    commands: mpsc::UnboundedSender<Command>,
}

/// How a [`Listener`] keeps its connection.
///
/// ```no_run
/// use std::time::Duration;
/// use trunkline::{Config, Listener};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let listener = Listener::builder(&Config::from_env()?)
///     .heartbeat(Duration::from_secs(10))
///     .reconnect_delays(Duration::from_millis(50), Duration::from_secs(5))
///     .connect()
///     .await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ListenerBuilder {
    pub(super) config: Config,
    pub(super) heartbeat: Duration,
    pub(super) first_delay: Duration,
    pub(super) longest_delay: Duration,
}

/// What a subscriber hears.
///
/// ```no_run
/// use trunkline::Signal;
///
/// # async fn run(mut orders: trunkline::Subscription) -> Result<(), Box<dyn std::error::Error>> {
/// let check_table = match orders.next().await {
///     Some(Signal::Notification(order)) => order.payload.is_empty(),
///     // Somebody may have called in the meantime.
///     Some(Signal::Missed) => true,
///     None => false,
/// };
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// Somebody notified the channel.
    Notification(Notification),
    /// The connection was lost and made again, or too many were not taken in time: notifications may have been missed.
    Missed,
}

impl Listener {
    /// Connects. Later connections are made the same way.
    ///
    /// ```no_run
    /// use trunkline::{Config, Listener};
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let listener = Listener::connect(&Config::from_env()?).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Config::connect`], for the first connection alone.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives the connection up.
    pub async fn connect(config: &Config) -> Result<Self, ConnectError> {
        Self::builder(config).connect().await
    }

    /// The same, with more to say.
    ///
    /// ```
    /// use std::time::Duration;
    /// use trunkline::{Config, Listener};
    ///
    /// let builder = Listener::builder(&Config::new().host("db")).heartbeat(Duration::from_secs(5));
    /// ```
    pub fn builder(config: &Config) -> ListenerBuilder {
        ListenerBuilder {
            config: config.clone(),
            heartbeat: Duration::from_secs(30),
            first_delay: Duration::from_millis(100),
            longest_delay: Duration::from_secs(10),
        }
    }

    /// Listens to a channel, whose name is taken as it is written. It returns when the server has heard of it; while
    /// there is no connection that is when there is one again.
    ///
    /// ```no_run
    /// # async fn run(listener: trunkline::Listener) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut orders = listener.listen("orders").await?;
    /// let mut prices = listener.listen("prices").await?;
    /// tokio::select! {
    ///     order = orders.next() => println!("{order:?}"),
    ///     price = prices.next() => println!("{price:?}"),
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// What the server says of the LISTEN, and [`Error::Usage`] for a name with a NUL.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future leaves no subscription, though the channel may stay listened to until the next one is dropped.
    pub async fn listen(&self, channel: &str) -> Result<Subscription, Error> {
        let mailbox = Arc::new(Mailbox::default());
        let (told, heard) = oneshot::channel();
        let command = Command::Listen { channel: channel.into(), mailbox: Arc::downgrade(&mailbox), told };
        // The worker lives as long as there is a handle, unless its runtime has ended.
        let gone = || {
            Error::usage(trunkline_core::error::UsageError::call("the runtime of this listener has ended"))
        };
        self.commands.send(command).map_err(|_| gone())?;
        heard.await.map_err(|_| gone())??;
        Ok(Subscription { mailbox, commands: self.commands.clone() })
    }
}

impl ListenerBuilder {
    /// After how long a silence the connection is asked whether it still is one. Default 30 seconds.
    ///
    /// ```
    /// use std::time::Duration;
    /// use trunkline::{Config, Listener};
    ///
    /// // A firewall on the way forgets a connection that is silent for a minute.
    /// let builder = Listener::builder(&Config::new().host("db")).heartbeat(Duration::from_secs(45));
    /// ```
    pub fn heartbeat(mut self, silence: Duration) -> Self {
        self.heartbeat = silence;
        self
    }

    /// How long to wait before it is made again: at first, and at most; doubled each time. Default 100 milliseconds and
    /// 10 seconds.
    ///
    /// ```
    /// use std::time::Duration;
    /// use trunkline::{Config, Listener};
    ///
    /// // After 1, 2, 4, … seconds, and then once a minute.
    /// let builder = Listener::builder(&Config::new().host("db"))
    ///     .reconnect_delays(Duration::from_secs(1), Duration::from_secs(60));
    /// ```
    pub fn reconnect_delays(mut self, first: Duration, longest: Duration) -> Self {
        self.first_delay = first;
        self.longest_delay = longest;
        self
    }

    /// Connects.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use trunkline::Listener;
    ///
    /// # async fn run(config: trunkline::Config) -> Result<(), Box<dyn std::error::Error>> {
    /// let listener = Listener::builder(&config).heartbeat(Duration::from_secs(10)).connect().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Listener::connect`].
    ///
    /// # Cancel safety
    ///
    /// As [`Listener::connect`].
    pub async fn connect(self) -> Result<Listener, ConnectError> {
        let connection = self.config.connect().await?;
        let (commands, orders) = mpsc::unbounded_channel();
        tokio::spawn(Worker::new(self, orders).run(connection));
        Ok(Listener { commands })
    }
}

/// The notifications of a channel: see [`Listener::listen`]. A [`Stream`] that ends only with the runtime.
///
/// ```no_run
/// use futures_util::StreamExt;
///
/// # async fn run(listener: trunkline::Listener) -> Result<(), Box<dyn std::error::Error>> {
/// let orders = listener.listen("orders").await?;
/// orders.take(10).for_each(async |signal| println!("{signal:?}")).await;
/// # Ok(()) }
/// ```
#[must_use = "dropped, it listens no longer"]
pub struct Subscription {
    mailbox: Arc<Mailbox>,
    commands: mpsc::UnboundedSender<Command>,
}

impl Subscription {
    /// What is next; `None` when the runtime of the listener has ended. It waits as long as it takes.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// # async fn run(mut orders: trunkline::Subscription) -> Result<(), Box<dyn std::error::Error>> {
    /// // For no longer than a minute.
    /// if let Ok(signal) = tokio::time::timeout(Duration::from_secs(60), orders.next()).await {
    ///     println!("{signal:?}");
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Signal> {
        std::future::poll_fn(|cx| self.mailbox.poll(cx)).await
    }
}

impl Stream for Subscription {
    type Item = Signal;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Signal>> {
        self.mailbox.poll(cx)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        // The worker has ended otherwise.
        let _ = self.commands.send(Command::Forget);
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").finish_non_exhaustive()
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}
