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
    /// # Errors
    ///
    /// As [`PoolBuilder::connect`].
    pub async fn connect(text: &str) -> Result<Self, Error> {
        Self::builder().connect(text).await
    }

    /// A pool with settings of its own.
    pub fn builder() -> PoolBuilder {
        PoolBuilder::new()
    }

    /// Takes a connection, which is given back when it is dropped. Who came first is served first.
    ///
    /// ```no_run
    /// # async fn run(pool: trunkline::Pool) -> Result<(), trunkline::Error> {
    /// let connection = pool.acquire().await?;
    /// connection.execute("set work_mem = '1GB'", ()).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Pool`]: none became free within `acquire_timeout` (the message tells who has them and since when),
    /// none can be opened, a hook failed, or the pool is closed.
    #[track_caller]
    pub fn acquire(&self) -> impl Future<Output = Result<PooledConnection, Error>> {
        self.acquire_at(Location::caller())
    }

    /// The same with a deadline of its own.
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
    pub fn stats(&self) -> PoolStats {
        self.shared.lock().policy.stats()
    }

    /// Replaces all connections there are, those in use when they are given back: for after a failover, or a change of
    /// the server's configuration.
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
    pub fn types(&self) -> &Types {
        &self.shared.types
    }

    /// Forgets the database's own types and the descriptions of statements on all connections: see
    /// [`Connection::reload_types`](crate::Connection::reload_types).
    pub fn reload_types(&self) {
        self.shared.types.forget_all();
    }

    /// Closes the pool within 30 seconds: see [`Pool::close_within`].
    pub async fn close(&self) {
        self.close_within(CLOSE_TIMEOUT).await;
    }

    /// Closes the pool: nobody gets a connection any more, those that are given out are waited for, and all are closed.
    /// What is not given back within the limit is closed under whoever uses it.
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
