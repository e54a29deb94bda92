use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use trunkline_core::Error;
use trunkline_core::error::PoolError;
use trunkline_core::pool::{Grant, WaiterId};

use super::guard::PooledConnection;
use super::shared::{Shared, Waiting};
use super::tasks;
use crate::connection::Connection;

/// After how long unused the operating system is asked whether a connection is alive, and not only the runtime: one
/// that was used just now would have shown it.
const LOOK_AFTER: Duration = Duration::from_millis(5);

/// How long that may take.
const LOOK_LIMIT: Duration = Duration::from_millis(100);

impl Shared {
    /// Waits for a connection, and has it set up.
    pub(super) async fn acquire(
        self: &Arc<Self>,
        place: &'static Location<'static>,
        timeout: Option<Duration>,
    ) -> Result<PooledConnection, Error> {
        let start = self.now();
        let timeout = timeout.or(self.lock().policy.config().acquire_timeout);
        loop {
            let left = timeout.map(|limit| limit.saturating_sub(self.now() - start));
            let connection = self.wait(place, left).await?;
            let Some(setup) = &self.hooks.setup else { return Ok(connection) };
            let setup = tasks::run(setup, "setup", &connection);
            let done = match left {
                Some(left) => tokio::time::timeout(left, setup).await,
                None => Ok(setup.await),
            };
            match done {
                Ok(Ok(())) => return Ok(connection),
                // It died, and that before anybody had it: the next one may live.
                Ok(Err(_)) if connection.is_closed() => drop(connection),
                Ok(Err(error)) => return Err(error.into()),
                Err(_) => return Err(Error::Timeout("the pool's hook setup", timeout.unwrap_or_default())),
            }
        }
    }

    /// An idle connection, if there is one.
    pub(super) fn try_acquire(
        self: &Arc<Self>,
        place: &'static Location<'static>,
    ) -> Option<PooledConnection> {
        loop {
            let (grant, connection) = self.with(|state, now| {
                let grant = state.policy.try_acquire(now)?;
                Some((grant, state.connection(grant.connection)?))
            })?;
            match self.hand_out(place, grant, connection) {
                Handed::Out(connection) => return Some(connection),
                Handed::Dead => {}
                Handed::TakenAway => return None,
            }
        }
    }

    /// Waits for a connection that is alive.
    async fn wait(
        self: &Arc<Self>,
        place: &'static Location<'static>,
        timeout: Option<Duration>,
    ) -> Result<PooledConnection, Error> {
        self.check_runtime()?;
        let mut ticket = Ticket::new(self, timeout);
        loop {
            let (grant, connection) = (&mut ticket).await?;
            if grant.unused >= LOOK_AFTER {
                // Within the runtime's next turn; a stream that is silent costs one system call.
                let _ = tokio::time::timeout(LOOK_LIMIT, connection.driver().look()).await;
            }
            match self.hand_out(place, grant, connection) {
                Handed::Out(connection) => {
                    ticket.is_over = true;
                    return Ok(connection);
                }
                // With the place in the queue that it had before.
                Handed::Dead => {}
                Handed::TakenAway => return Err(PoolError::Closed.into()),
            }
        }
    }

    fn hand_out(
        self: &Arc<Self>,
        place: &'static Location<'static>,
        grant: Grant,
        connection: Connection,
    ) -> Handed {
        let id = grant.connection;
        if !connection.driver().hand_out(self.prologue(grant)) {
            self.with(|state, now| state.policy.broken(id, now));
            return Handed::Dead;
        }
        let accepted = self.with(|state, now| {
            state.lease(id, Some((place, now)));
            state.policy.accepted(id, now)
        });
        if !accepted {
            return Handed::TakenAway;
        }
        Handed::Out(PooledConnection::new(Arc::clone(self), id, connection))
    }
}

/// What became of a connection that was to be given to somebody.
enum Handed {
    Out(PooledConnection),
    /// It is dead; another will come.
    Dead,
    /// The pool closes, and waits no longer.
    TakenAway,
}

/// A place in the queue. Dropped, it is somebody else's turn.
struct Ticket<'a> {
    shared: &'a Arc<Shared>,
    waiter: WaiterId,
    is_over: bool,
}

impl<'a> Ticket<'a> {
    fn new(shared: &'a Arc<Shared>, timeout: Option<Duration>) -> Self {
        let waiter = shared.with(|state, now| {
            let waiter = state.policy.acquire(now, timeout);
            state.waiting.insert(waiter, Waiting::default());
            waiter
        });
        Self { shared, waiter, is_over: false }
    }
}

impl Future for &mut Ticket<'_> {
    type Output = Result<(Grant, Connection), Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.shared.lock();
        let Some(waiting) = state.waiting.get_mut(&self.waiter) else {
            return Poll::Ready(Err(PoolError::Closed.into()));
        };
        match waiting.answer.take() {
            Some(answer) => Poll::Ready(answer),
            None => {
                waiting.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.shared.with(|state, now| {
            state.waiting.remove(&self.waiter);
            if !self.is_over {
                state.policy.abandon(self.waiter, now);
            }
        });
    }
}
