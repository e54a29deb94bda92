use core::time::Duration;

use super::{ConnectionId, WaiterId};

/// What the shell is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Open a connection: answer with [`Pool::opened`](super::Pool::opened) or
    /// [`Pool::open_failed`](super::Pool::open_failed).
    Open(ConnectionId),
    /// Somebody's wait is over: look whether the connection is alive, and answer with
    /// [`Pool::accepted`](super::Pool::accepted) or [`Pool::broken`](super::Pool::broken).
    Give(WaiterId, Grant),
    /// Somebody waited in vain.
    Refuse(WaiterId, Refusal),
    /// End what is under way, and roll back: answer with [`Pool::settled`](super::Pool::settled) or
    /// [`Pool::broken`](super::Pool::broken).
    Settle(ConnectionId),
    /// Close a connection that is not given out: answer with [`Pool::closed`](super::Pool::closed).
    Close(ConnectionId, CloseCause),
    /// Close a connection under whoever has it: the pool is closing and does not wait any longer. It is no connection
    /// of the pool any more.
    Abort(ConnectionId),
    /// Somebody has had a connection for so long that it may be forgotten. Told once for each time it is given out.
    ReportLeak(ConnectionId, Duration),
}

/// A connection that is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Which.
    pub connection: ConnectionId,
    /// How long it was unused.
    pub unused: Duration,
    /// It was unused for so long that it is to be pinged ahead of its first query.
    pub ping: bool,
    /// Somebody has used it before: it is to be reset ahead of its first query.
    pub reset: bool,
}

/// Why somebody waited in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The deadline passed, after so long.
    Timeout(Duration),
    /// No connection can be opened, and trying again would not help.
    Failed,
    /// The pool is closed.
    Closed,
}

/// What an attempt to open a connection failed of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The server is not there, or not ready, or full: trying again may help, so who waits goes on waiting.
    Unavailable,
    /// The next attempt would fail of the same: a wrong password, no such database. Who waits is told at once.
    Definite,
}

/// How a connection comes back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Returned {
    /// It is closed already.
    pub closed: bool,
    /// Something is under way on it, or a transaction is open.
    pub unsettled: bool,
    /// How many queries were run on it while it was given out.
    pub queries: u64,
}

/// Why the pool closes a connection.
///
/// ```
/// use trunkline_core::pool::{CloseCause, PoolStats};
///
/// fn tell(stats: &PoolStats) {
///     for cause in CloseCause::ALL {
///         println!("{cause:?}: {}", stats.closed.because(cause));
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CloseCause {
    /// It was closed already, or failed.
    Broken,
    /// It was older than `max_lifetime`.
    Lifetime,
    /// It was unused for longer than `max_inactive_lifetime`.
    Inactive,
    /// It had run `max_queries`.
    Queries,
    /// All connections were told to be replaced.
    Expired,
    /// There were too many when the pool was made smaller.
    Surplus,
    /// It was given back with something under way that did not end in time.
    Unsettled,
    /// It was taken out of the pool by its user.
    Detached,
    /// The pool was closed.
    PoolClosed,
}

impl CloseCause {
    /// All there are.
    pub const ALL: [Self; 9] = [
        Self::Broken,
        Self::Lifetime,
        Self::Inactive,
        Self::Queries,
        Self::Expired,
        Self::Surplus,
        Self::Unsettled,
        Self::Detached,
        Self::PoolClosed,
    ];
}
