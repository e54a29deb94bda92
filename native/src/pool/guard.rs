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
    /// # Errors
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
