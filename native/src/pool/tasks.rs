//! What a pool does in the background: opening, settling and closing connections, and looking after what gets late.

use std::sync::{Arc, Weak};

use tokio::sync::Notify;
use trunkline_core::Error;
use trunkline_core::error::{CloseReason, ConnectFailure, PoolError, TlsErrorKind};
use trunkline_core::pool::{ConnectionId, Failure};

use super::hooks::{BoxError, ConnectionHook, HookConnection};
use super::shared::Shared;
use crate::connection::Connection;
use crate::error::{ConnectError, Phase};

/// Opens a connection that the policy has made a place for.
pub(super) async fn open(shared: Arc<Shared>, id: ConnectionId) {
    // A hook of the program may panic.
    let unless = Unless::new(&shared, move |shared| {
        shared.with(|state, now| state.policy.open_failed(id, Failure::Unavailable, now));
    });
    let opened = shared.connect().await;
    unless.all_is_well();
    shared.with(|state, now| match opened {
        Ok(connection) => {
            state.failure = None;
            state.insert(id, connection);
            state.policy.opened(id, now);
        }
        Err((failure, why)) => {
            state.failure = Some(why);
            state.policy.open_failed(id, failure, now);
        }
    });
}

/// Ends what is under way on a connection that was given back, and rolls back.
pub(super) async fn settle(shared: Arc<Shared>, id: ConnectionId, connection: Connection) {
    let unless = Unless::new(&shared, move |shared| shared.with(|state, now| state.policy.broken(id, now)));
    let mut settled = connection.settle().await;
    if settled.is_ok()
        && let Some(hook) = &shared.hooks.reset
    {
        settled = match hook(HookConnection(connection.handle())).await {
            // What the hook has left open is not given to the next either.
            Ok(()) => connection.settle().await,
            Err(_) => Err(PoolError::Closed.into()),
        };
    }
    if settled.is_ok() {
        unless.all_is_well();
        shared.with(|state, now| state.policy.settled(id, now));
    }
}

/// Closes a connection that the policy has no use for.
pub(super) async fn close(shared: Arc<Shared>, id: ConnectionId, connection: Connection) {
    // Within five seconds, and without an error that anybody could do something about.
    let _ = connection.close().await;
    shared.with(|state, now| state.policy.closed(id, now));
}

/// Looks after what gets late, until the pool is gone.
pub(super) async fn maintain(pool: Weak<Shared>, alarm: Arc<Notify>) {
    loop {
        let Some(shared) = pool.upgrade() else { return };
        shared.with(|state, now| {
            state.policy.handle_timeout(now);
            state.alarm_at = state.policy.poll_timeout();
        });
        let (leaks, next) = {
            let mut state = shared.lock();
            (std::mem::take(&mut state.leaks), state.alarm_at.and_then(|at| shared.at(at)))
        };
        for leak in &leaks {
            #[cfg(feature = "tracing")]
            tracing::warn!(target: "trunkline::pool", "{leak}");
            if let Some(hook) = &shared.hooks.on_leak {
                hook(leak);
            }
        }
        drop(shared);
        match next {
            // Early or late, there is something to look at.
            Some(at) => drop(tokio::time::timeout_at(at, alarm.notified()).await),
            None => alarm.notified().await,
        }
    }
}

impl Shared {
    /// Opens the first connection for somebody who wants to know at once whether that works.
    pub(super) async fn open_first(self: &Arc<Self>) -> Result<(), Error> {
        let connection = self.connect().await.map_err(|(_, why)| PoolError::Connect(why))?;
        self.with(|state, now| match state.policy.adopt(now) {
            Some(id) => state.insert(id, connection),
            // Cannot be: it is the first.
            None => drop(connection),
        });
        Ok(())
    }

    /// Opens a connection and initialises it.
    async fn connect(&self) -> Result<Connection, (Failure, ConnectFailure)> {
        let late = (Failure::Unavailable, Error::Timeout("a new connection of the pool", self.open_timeout));
        match tokio::time::timeout(self.open_timeout, self.connect_and_init()).await {
            Ok(opened) => opened,
            Err(_) => Err((late.0, ConnectFailure::new(Some(late.1.clone()), Arc::new(late.1)))),
        }
    }

    async fn connect_and_init(&self) -> Result<Connection, (Failure, ConnectFailure)> {
        let connection = match &self.hooks.connect {
            Some(connect) => connect(Arc::clone(&self.config)).await.map_err(of_hook)?,
            None => Connection::connect_with(&self.config).await.map_err(of_connecting)?,
        };
        let connection = connection.sharing(&self.types);
        if let Some(init) = &self.hooks.init
            && let Err(error) = run(init, "init", &connection).await
        {
            // On a connection that was lost meanwhile nothing can succeed; on one that was not, nothing ever will.
            let failure = if connection.is_closed() { Failure::Unavailable } else { Failure::Definite };
            return Err((failure, ConnectFailure::new(None, Arc::new(error))));
        }
        Ok(connection)
    }
}

/// Runs a hook of the program on a connection.
pub(super) async fn run(
    hook: &ConnectionHook,
    name: &'static str,
    connection: &Connection,
) -> Result<(), PoolError> {
    let done = hook(HookConnection(connection.handle())).await;
    done.map_err(|error| PoolError::Hook { hook: name, source: Arc::from(error) })
}

fn of_hook(error: BoxError) -> (Failure, ConnectFailure) {
    match error.downcast::<ConnectError>() {
        Ok(error) => of_connecting(*error),
        Err(error) => {
            let source = Arc::new(PoolError::Hook { hook: "connect", source: Arc::from(error) });
            (Failure::Unavailable, ConnectFailure::new(None, source))
        }
    }
}

fn of_connecting(error: ConnectError) -> (Failure, ConnectFailure) {
    let definite = error.attempts.iter().any(|attempt| is_definite(attempt.phase, &attempt.error));
    let failure = if definite { Failure::Definite } else { Failure::Unavailable };
    let last = error.attempts.last().map(|attempt| attempt.error.clone());
    (failure, ConnectFailure::new(last, Arc::new(error)))
}

/// Whether the next attempt would fail of the same: not because of how the server is, but of who we are and what we ask.
fn is_definite(phase: Phase, error: &Error) -> bool {
    match error.as_server() {
        // Invalid authorization, no such database, no privilege or unknown setting, a bad value of one, no such feature.
        Some(server) => matches!(server.sqlstate().class(), "28" | "3D" | "42" | "22" | "0A"),
        None => match error {
            Error::Usage(_) | Error::Auth(_) => true,
            Error::Closed(closed) => match &closed.reason {
                CloseReason::Auth(_) => true,
                // Certificates and settings do not mend by themselves; a handshake may fail with the network.
                CloseReason::Tls(error) => error.kind() != TlsErrorKind::Handshake,
                _ => false,
            },
            _ => phase == Phase::Config,
        },
    }
}

/// Does something unless all went well: when a future is dropped, or panics.
struct Unless<F: FnOnce(&Arc<Shared>)> {
    shared: Arc<Shared>,
    then: Option<F>,
}

impl<F: FnOnce(&Arc<Shared>)> Unless<F> {
    fn new(shared: &Arc<Shared>, then: F) -> Self {
        Self { shared: Arc::clone(shared), then: Some(then) }
    }

    fn all_is_well(mut self) {
        self.then = None;
    }
}

impl<F: FnOnce(&Arc<Shared>)> Drop for Unless<F> {
    fn drop(&mut self) {
        if let Some(then) = self.then.take() {
            then(&self.shared);
        }
    }
}
