//! A pool of connections to one database.
//!
//! What it decides, [`trunkline_core::pool`] decides; here it is done.

mod acquire;
mod builder;
mod copies;
mod guard;
mod hooks;
mod queries;
mod reset;
mod shared;
mod tasks;
mod transactions;

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

pub use builder::PoolBuilder;
pub use guard::PooledConnection;
pub use hooks::{HookConnection, LeakReport};
pub(crate) use queries::on_one;
pub use reset::Reset;
use trunkline_core::Error;
pub use trunkline_core::pool::{CloseCause, Closed, IdleOrder, PoolStats, WaitTimes};

use crate::shared_types::Types;
use shared::Shared;

/// Connections to one database, opened when they are wanted and used again.
///
/// A handle is cheap to clone, and all clones are one pool. It has every method of a
/// [`Connection`](crate::Connection) that runs something, each of which takes a connection for as long as it takes:
/// what outlives its call (a transaction, a stream, a COPY) has one to itself until it ends. [`Pool::acquire`] gives one
/// for longer. When the last handle and the last connection given out are dropped, the connections are closed.
///
/// ```no_run
/// # async fn run() -> Result<(), trunkline::Error> {
/// let pool = trunkline::Pool::builder().max_size(20).connect("postgres://ada@localhost/app").await?;
/// let users: Option<i64> = pool.fetch_val("select count(*) from users", ()).await?;
///
/// let transaction = pool.begin().await?;
/// transaction.execute("delete from sessions where expires < now()", ()).await?;
/// transaction.commit().await?;
/// # Ok(()) }
/// ```
///
/// # Cancel safety
///
/// Whatever future is dropped, no connection is lost: one that was on its way to it goes to the next who waits.
#[derive(Clone)]
pub struct Pool {
    shared: Arc<Shared>,
}

/// How long a pool that closes waits for the connections that are given out, unless it is told.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(30);

/// How long connections may take to say good-bye.
const GOOD_BYE: Duration = Duration::from_secs(6);

impl Pool {
    /// A pool with the default settings, of which one connection is open: see [`PoolBuilder::connect`].
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = trunkline::Pool::connect("postgres://ada@localhost/app").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`PoolBuilder::connect`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future makes no pool, and gives up what is under way.
    pub async fn connect(text: &str) -> Result<Self, Error> {
        Self::builder().connect(text).await
    }

    /// A pool with settings of its own.
    ///
    /// ```
    /// use std::time::Duration;
    /// use trunkline::Pool;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("select 1")
    /// #     .returns(["one"], [(1,)]);
    /// # let config = backend.config();
    /// let pool = Pool::builder().max_size(20).acquire_timeout(Duration::from_secs(3)).build(&config)?;
    /// assert_eq!(pool.fetch_val::<i32, _>("select 1", ()).await?, Some(1));
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn builder() -> PoolBuilder {
        PoolBuilder::new()
    }

    /// Takes a connection, which is given back when it is dropped. Who came first is served first.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new()
    /// #     .on("set search_path = app")
    /// #     .affects(0)
    /// #     .on("select count(*) from users")
    /// #     .returns(["count"], [(2_i64,)]);
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// let connection = pool.acquire().await?;
    /// // Both in one session.
    /// connection.execute("set search_path = app", ()).await?;
    /// let users: Option<i64> = connection.fetch_val("select count(*) from users", ()).await?;
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Pool`]: none became free within `acquire_timeout`, which is 30 seconds unless it is set (the message tells
    /// who has them and since when), none can be opened, a hook failed, or the pool is closed.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future leaves the queue; no connection is lost.
    #[track_caller]
    pub fn acquire(&self) -> impl Future<Output = Result<PooledConnection, Error>> {
        self.acquire_at(Location::caller())
    }

    /// The same with a deadline of its own.
    ///
    /// ```
    /// use std::time::Duration;
    /// use trunkline::Error;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// match pool.acquire_within(Duration::from_millis(200)).await {
    ///     Ok(connection) => drop(connection),
    ///     Err(Error::Pool(why)) => println!("too busy: {why}"),
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Pool::acquire`].
    #[track_caller]
    pub fn acquire_within(&self, limit: Duration) -> impl Future<Output = Result<PooledConnection, Error>> {
        let place = Location::caller();
        async move { self.shared.acquire(place, Some(limit)).await }
    }

    /// Takes an idle connection, if there is one and nobody waits for it. The hook `setup` is not run.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// assert!(pool.try_acquire().is_none(), "none is open yet");
    /// drop(pool.acquire().await?);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    #[track_caller]
    pub fn try_acquire(&self) -> Option<PooledConnection> {
        self.shared.try_acquire(Location::caller())
    }

    pub(crate) async fn acquire_at(
        &self,
        place: &'static Location<'static>,
    ) -> Result<PooledConnection, Error> {
        self.shared.acquire(place, None).await
    }

    /// What the pool has and has done.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// let connection = pool.acquire().await?;
    /// let stats = pool.stats();
    /// assert_eq!((stats.size, stats.in_use, stats.waiting), (1, 1, 0));
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn stats(&self) -> PoolStats {
        self.shared.lock().policy.stats()
    }

    /// Replaces all connections there are, those in use when they are given back: for after a failover, or a change of
    /// the server's configuration.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// let before = pool.acquire().await?;
    /// // The server's name leads to another machine now.
    /// pool.expire_connections();
    /// drop(before); // closed instead of kept
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn expire_connections(&self) {
        self.shared.with(|state, now| state.policy.expire_all(now));
    }

    /// Changes `min_size` and `max_size` while the pool runs. Made smaller, it closes idle connections at once, and others
    /// when they are given back; made larger, it opens some for those who wait, and what it is to keep.
    ///
    /// `min_idle` stays as it is, and counts as far as there is room for it.
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// pool.resize(0, 50)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for sizes that cannot be, such as `min_size` greater than `max_size`; nothing is changed then.
    pub fn resize(&self, min_size: usize, max_size: usize) -> Result<(), Error> {
        Ok(self.shared.with(|state, now| state.policy.resize(min_size, max_size, now))?)
    }

    /// What is known of the database's own types, on all connections.
    ///
    /// ```no_run
    /// use trunkline::types::{Type, TypeCodec};
    ///
    /// # async fn run(pool: trunkline::Pool) -> Result<(), Box<dyn std::error::Error>> {
    /// // create type meters (like = int4, input = …)
    /// pool.types().set_codec("meters", TypeCodec::like(Type::INT4));
    /// let length: Option<i32> = pool.fetch_val("select '7'::meters", ()).await?;
    /// # Ok(()) }
    /// ```
    pub fn types(&self) -> &Types {
        &self.shared.types
    }

    /// Forgets the database's own types and the descriptions of statements on all connections: see
    /// [`Connection::reload_types`](crate::Connection::reload_types).
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), Box<dyn std::error::Error>> {
    /// pool.execute_script("alter type mood add value 'curious'").await?;
    /// pool.reload_types();
    /// # Ok(()) }
    /// ```
    pub fn reload_types(&self) {
        self.shared.types.forget_all();
    }

    /// Closes the pool within 30 seconds: see [`Pool::close_within`].
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// drop(pool.acquire().await?);
    /// pool.close().await;
    /// assert!(pool.acquire().await.is_err());
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Cancel safety
    ///
    /// As [`Pool::close_within`].
    pub async fn close(&self) {
        self.close_within(CLOSE_TIMEOUT).await;
    }

    /// Closes the pool: nobody gets a connection any more, those that are given out are waited for, and all are closed.
    /// What is not given back within the limit is closed under whoever uses it.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// // When the program is told to end.
    /// pool.close_within(Duration::from_secs(5)).await;
    /// assert_eq!(pool.stats().size, 0);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Cancel safety
    ///
    /// Dropping the future does not open the pool again; it closes in the background.
    pub async fn close_within(&self, limit: Duration) {
        self.shared.with(|state, now| state.policy.close(now, Some(limit)));
        let drained = async {
            loop {
                let mut change = std::pin::pin!(self.shared.drained.notified());
                // From here on no change is missed.
                change.as_mut().enable();
                if self.shared.lock().policy.is_drained() {
                    return;
                }
                change.await;
            }
        };
        // Whatever is left then is being opened, or hangs, and is not waited for.
        let _ = tokio::time::timeout(limit.saturating_add(GOOD_BYE), drained).await;
    }

    /// Whether the pool is closed, or closing.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// assert!(!pool.is_closing());
    /// pool.close().await;
    /// assert!(pool.is_closing());
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn is_closing(&self) -> bool {
        self.shared.lock().policy.is_closing()
    }

    pub(crate) fn max_size(&self) -> usize {
        self.shared.lock().policy.config().max_size
    }
}

/// Tells what there is, and nothing of where it leads.
impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stats = self.stats();
        f.debug_struct("Pool")
            .field("size", &stats.size)
            .field("idle", &stats.idle)
            .field("in_use", &stats.in_use)
            .field("waiting", &stats.waiting)
            .field("is_closing", &self.is_closing())
            .finish_non_exhaustive()
    }
}
