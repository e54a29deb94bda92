use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use trunkline_core::Error;
use trunkline_core::pool::ConnectionId;

use super::shared::Shared;
use crate::connection::Connection;

/// A connection of a [`Pool`](super::Pool), given back when it is dropped.
///
/// It is a [`Connection`] for as long as it lasts. A transaction that is still open then is rolled back, and what is
/// still under way is ended, before anybody else gets it.
///
/// ```
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("select name from users")
/// #     .returns(["name"], [("Ada",)]);
/// # let pool = trunkline::Pool::builder().build(&backend.config())?;
/// let mut connection = pool.acquire().await?;
/// let transaction = connection.begin().await?;
/// transaction.fetch("select name from users", ()).await?;
/// drop(transaction);
/// drop(connection); // goes back to the pool, where the transaction is rolled back
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
#[must_use = "dropped, the connection is given back at once"]
pub struct PooledConnection {
    shared: Arc<Shared>,
    id: ConnectionId,
    connection: Connection,
    /// It is not the pool's any more.
    is_over: bool,
}

impl PooledConnection {
    pub(super) fn new(shared: Arc<Shared>, id: ConnectionId, connection: Connection) -> Self {
        Self { shared, id, connection, is_over: false }
    }

    /// Takes the connection out of the pool, which may open another in its place. Nothing of it is reset.
    ///
    /// ```
    /// use trunkline::Connection;
    ///
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// let connection: Connection = pool.acquire().await?.detach();
    /// // It is nobody else's now, and counts no more.
    /// assert_eq!(pool.stats().size, 0);
    /// connection.close().await?;
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    pub fn detach(mut self) -> Connection {
        self.is_over = true;
        self.shared.with(|state, now| {
            state.remove(self.id);
            state.policy.detach(self.id, now);
        });
        self.connection.handle()
    }

    /// Closes the connection instead of giving it back.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let backend = trunkline::testing::Backend::new();
    /// # let pool = trunkline::Pool::builder().build(&backend.config())?;
    /// // Something is wrong with this session.
    /// pool.acquire().await?.close().await?;
    /// assert_eq!(pool.stats().idle, 0);
    /// # Ok(()) }
    /// # #[cfg(not(feature = "testing"))] fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::close`].
    ///
    /// # Cancel safety
    ///
    /// As [`Connection::close`].
    pub async fn close(self) -> Result<(), Error> {
        self.detach().close().await
    }
}

impl Deref for PooledConnection {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for PooledConnection {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        self.shared.with(|state, now| {
            let mut returned = state.take_back(self.id);
            returned.unsettled |= returned.queries > 0 && self.shared.hooks.reset.is_some();
            state.policy.release(self.id, returned, now);
        });
    }
}

impl fmt::Debug for PooledConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.connection.fmt(f)
    }
}
