use std::sync::Arc;
use std::time::Duration;

use trunkline_core::Error;
use trunkline_core::error::UsageError;
use trunkline_core::pool::{IdleOrder, PoolConfig};

use super::hooks::{BoxError, HookConnection, Hooks, LeakReport, boxed};
use super::shared::Shared;
use super::{Pool, Reset};
use crate::Config;
use crate::connection::Connection;

/// How a pool is to be: see [`Pool::builder`].
///
/// ```no_run
/// use std::time::Duration;
/// use trunkline::Pool;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let pool = Pool::builder()
///     .min_size(2)
///     .max_size(20)
///     .acquire_timeout(Duration::from_secs(5))
///     .max_lifetime(Duration::from_secs(1800))
///     .connect("postgres://ada@localhost/app")
///     .await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[must_use = "it does nothing before a pool is made of it"]
pub struct PoolBuilder {
    pub(super) policy: PoolConfig,
    pub(super) reset: Reset,
    pub(super) ping_timeout: Duration,
    pub(super) open_timeout: Duration,
    pub(super) hooks: Hooks,
}

/// Core's knobs.
macro_rules! knobs {
    ($($(#[$meta:meta])* $name:ident: $type:ty;)+) => {
        /// How many connections, and for how long.
        impl PoolBuilder {
            $($(#[$meta])*
            pub fn $name(mut self, $name: $type) -> Self {
                self.policy.$name = $name.into();
                self
            })+
        }
    };
}

knobs! {
    /// Connections to keep open even when nobody wants them. Default 0.
    ///
    /// ```
    /// let pool = trunkline::Pool::builder().min_size(2);
    /// ```
    min_size: usize;
    /// Connections to have at most. Default 10.
    ///
    /// ```
    /// // As many as the server can run at once; more only wait there.
    /// let pool = trunkline::Pool::builder().max_size(20);
    /// ```
    max_size: usize;
    /// Connections to keep open beyond those in use, as far as `max_size` allows. Default 0.
    ///
    /// ```
    /// // Two are ready, however many are in use.
    /// let pool = trunkline::Pool::builder().max_size(20).min_idle(2);
    /// ```
    min_idle: usize;
    /// How long to wait for a connection when the call does not say. Default 30 seconds; `None` is for ever.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let pool = trunkline::Pool::builder().acquire_timeout(Duration::from_secs(5));
    /// ```
    acquire_timeout: impl Into<Option<Duration>>;
    /// How old a connection may get. Default one hour; each gets up to a tenth less, so that those opened together are
    /// not replaced together. `None` is for no limit.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let pool = trunkline::Pool::builder().max_lifetime(Duration::from_secs(30 * 60));
    /// ```
    max_lifetime: impl Into<Option<Duration>>;
    /// How long a connection beyond `min_size` and `min_idle` may lie unused. Default five minutes; `None` is for no
    /// limit.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let pool = trunkline::Pool::builder().max_inactive_lifetime(Duration::from_secs(60));
    /// ```
    max_inactive_lifetime: impl Into<Option<Duration>>;
    /// After how many queries a connection is replaced. Default: never for that reason.
    ///
    /// ```
    /// // An extension loses a little memory with each.
    /// let pool = trunkline::Pool::builder().max_queries(50_000);
    /// ```
    max_queries: impl Into<Option<u64>>;
    /// After how long unused a connection is pinged, ahead of its next user's first query and in the same flight. Default
    /// one second; `None` is never.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let eager = trunkline::Pool::builder().ping_after(Duration::ZERO);
    /// let never = trunkline::Pool::builder().ping_after(None);
    /// ```
    ping_after: impl Into<Option<Duration>>;
    /// Which of the idle connections is given out. Default [`IdleOrder::Lifo`]: the one given back last.
    ///
    /// ```
    /// use trunkline::pool::IdleOrder;
    ///
    /// let pool = trunkline::Pool::builder().idle_order(IdleOrder::Fifo);
    /// ```
    idle_order: IdleOrder;
    /// Connections that may be in the making at once. Default 4. One while attempts fail.
    ///
    /// ```
    /// // The server is slow to let anybody in.
    /// let pool = trunkline::Pool::builder().max_opening(1);
    /// ```
    max_opening: usize;
    /// How long a connection that was given back may take to end what is under way and to roll back before it is closed
    /// instead. Default 5 seconds.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let pool = trunkline::Pool::builder().settle_timeout(Duration::from_secs(1));
    /// ```
    settle_timeout: Duration;
    /// After how long a connection that is not given back is reported: see [`PoolBuilder::on_leak`]. Default: never.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let pool = trunkline::Pool::builder().leak_after(Duration::from_secs(120));
    /// ```
    leak_after: impl Into<Option<Duration>>;
}

impl PoolBuilder {
    pub(super) fn new() -> Self {
        Self {
            policy: PoolConfig::default(),
            reset: Reset::Full,
            ping_timeout: Duration::from_secs(5),
            open_timeout: Duration::from_secs(60),
            hooks: Hooks::default(),
        }
    }

    /// What is undone of a connection's last use before the next. Default [`Reset::Full`].
    ///
    /// ```
    /// use trunkline::pool::Reset;
    ///
    /// let pool = trunkline::Pool::builder().reset(Reset::TransactionOnly);
    /// ```
    pub fn reset(mut self, reset: Reset) -> Self {
        self.reset = reset;
        self
    }

    /// How long the answer to a ping, or to a reset, may take before the connection is taken for dead. Default 5
    /// seconds.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let pool = trunkline::Pool::builder().ping_timeout(Duration::from_secs(1));
    /// ```
    pub fn ping_timeout(mut self, timeout: Duration) -> Self {
        self.ping_timeout = timeout;
        self
    }

    /// How long opening a connection may take in all, the hook `init` included. Default one minute; the
    /// configuration's `connect_timeout` is for each address.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let pool = trunkline::Pool::builder().open_timeout(Duration::from_secs(15));
    /// ```
    pub fn open_timeout(mut self, timeout: Duration) -> Self {
        self.open_timeout = timeout;
        self
    }

    /// Opens connections in place of [`Connection::connect_with`].
    ///
    /// ```
    /// use trunkline::{Connection, Pool};
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select 1")
    /// #     .returns(["one"], [(1,)]);
    /// let pool = Pool::builder()
    ///     .connector(|config| async move {
    ///         println!("one more");
    ///         Connection::connect_with(&config).await
    ///     })
    ///     .build(&backend.config())?;
    /// pool.fetch_one("select 1", ()).await?;
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn connector<F, E>(mut self, connector: impl Fn(Arc<Config>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Connection, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.hooks.connect = Some(Arc::new(move |config| {
            let connection = connector(config);
            Box::pin(async { connection.await.map_err(Into::into) })
        }));
        self
    }

    /// Runs once for each connection, when it is new.
    ///
    /// What it sets by SET is undone by [`Reset::Full`] after the first use: settings for all uses belong into the
    /// configuration ([`Config::parameter`]), which no reset undoes, or into [`PoolBuilder::setup`].
    ///
    /// ```no_run
    /// # async fn run(config: trunkline::Config) -> Result<(), trunkline::Error> {
    /// let pool = trunkline::Pool::builder()
    ///     .init(|connection| async move { connection.execute("load 'auto_explain'", ()).await.map(drop) })
    ///     .connect_with(&config)
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub fn init<F, E>(mut self, hook: impl Fn(HookConnection) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.hooks.init = Some(boxed(hook));
        self
    }

    /// Runs each time before a connection is given out. Its queries cost whoever acquires a round trip.
    ///
    /// ```
    /// use trunkline::Pool;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select 1")
    /// #     .returns(["one"], [(1,)]);
    /// let pool = Pool::builder()
    ///     .setup(|connection| async move { connection.execute("set role reader", ()).await.map(drop) })
    ///     .build(&backend.config())?;
    /// pool.fetch_one("select 1", ()).await?;
    /// # assert_eq!(backend.log()[0].sql, "set role reader");
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn setup<F, E>(mut self, hook: impl Fn(HookConnection) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.hooks.setup = Some(boxed(hook));
        self
    }

    /// Runs each time a connection that was used is given back, after open transactions were rolled back. Nobody waits
    /// for it; a connection for which it fails is closed. [`PoolBuilder::reset`] comes besides.
    ///
    /// ```no_run
    /// # async fn run(config: trunkline::Config) -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = trunkline::Pool::builder()
    ///     .on_release(|connection| async move {
    ///         connection.execute("drop table if exists pg_temp.basket", ()).await.map(drop)
    ///     })
    ///     .build(&config)?;
    /// # Ok(()) }
    /// ```
    pub fn on_release<F, E>(mut self, hook: impl Fn(HookConnection) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.hooks.reset = Some(boxed(hook));
        self
    }

    /// Hears of connections that were not given back for `leak_after`, once for each time that they were taken.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let pool = trunkline::Pool::builder()
    ///     .leak_after(Duration::from_secs(60))
    ///     .on_leak(|leak| eprintln!("{leak}"));
    /// ```
    pub fn on_leak(mut self, hook: impl Fn(&LeakReport) + Send + Sync + 'static) -> Self {
        self.hooks.on_leak = Some(Arc::new(hook));
        self
    }

    /// A pool of connections to what the text says, of which one is open: see [`Connection::connect`].
    ///
    /// ```no_run
    /// use trunkline::Pool;
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = Pool::builder().max_size(20).connect("postgres://ada@localhost/app").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Pool`] when that one cannot be opened within [`open_timeout`](Self::open_timeout), and [`Error::Usage`] for settings that cannot be.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future makes no pool, and gives up what is under way.
    pub async fn connect(self, text: &str) -> Result<Pool, Error> {
        self.connect_with(&Config::parse(text)?).await
    }

    /// A pool of connections to what is configured, of which one is open.
    ///
    /// ```
    /// use trunkline::Pool;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let config = backend.config();
    /// let pool = Pool::builder().connect_with(&config).await?;
    /// assert_eq!(pool.stats().size, 1);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As [`PoolBuilder::connect`].
    ///
    /// # Cancel safety
    ///
    /// As [`PoolBuilder::connect`].
    pub async fn connect_with(self, config: &Config) -> Result<Pool, Error> {
        let pool = self.prepare(config)?;
        pool.shared.open_first().await?;
        pool.shared.start();
        Ok(pool)
    }

    /// A pool that opens its connections when they are wanted, and `min_size` of them by itself. To be called within
    /// the tokio runtime that the connections will live on.
    ///
    /// ```
    /// use trunkline::Pool;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let config = backend.config();
    /// let pool = Pool::builder().build(&config)?;
    /// assert_eq!(pool.stats().size, 0);
    /// assert!(Pool::builder().min_size(5).max_size(2).build(&config).is_err());
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for settings that cannot be, such as `min_size` greater than `max_size`, and outside of a
    /// runtime.
    pub fn build(self, config: &Config) -> Result<Pool, Error> {
        let pool = self.prepare(config)?;
        pool.shared.start();
        Ok(pool)
    }

    fn prepare(self, config: &Config) -> Result<Pool, Error> {
        let runtime = tokio::runtime::Handle::try_current()
            .map_err(|_| UsageError::call("a pool lives on a tokio runtime: build it within one"))?;
        Ok(Pool { shared: Shared::new(self, Arc::new(config.clone()), runtime)? })
    }
}
