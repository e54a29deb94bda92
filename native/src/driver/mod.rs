//! Whoever waits, drives: there is no background task.
//!
//! A future that waits for a result locks the connection, writes what is to be written, reads what is there,
//! wakes the owners of whatever has ended, and sleeps only when its own result is not there yet. The socket
//! remembers the waker of whoever polled it last, the *driver*; when the driver has its result, or is dropped,
//! it wakes another waiter to drive on.
//!
//! What is dropped or runs out of time while the server is at it has nobody who waits: a task of its own, the
//! *reaper*, drives until it has ended there, or was cancelled.

mod io;
mod seats;
mod state;
mod turns;
mod wait;

use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use trunkline_core::pool::Returned;
use trunkline_core::types::Parameters;
use trunkline_core::{Connection, Error, OperationId, TransactionStatus};

pub(crate) use seats::Seat;
pub(crate) use state::State;
pub(crate) use wait::{Answer, Give, Wait};

use crate::Config;
use crate::clock;
use crate::connect::Endpoint;
use crate::observe::Guard;
use crate::transport::Stream;

/// A connection's state machine, its stream, and those who wait.
pub(crate) struct Driver {
    state: Mutex<State>,
    /// How it was asked for, and where it leads: for whatever has to go to the same server by another way.
    pub(crate) config: Arc<Config>,
    pub(crate) endpoint: Endpoint,
}

impl Driver {
    pub(crate) fn new(core: Connection, stream: Stream, config: Arc<Config>, endpoint: Endpoint) -> Self {
        let state = State::new(core, stream);
        Self { state: Mutex::new(state), config, endpoint }
    }

    /// The same, shared with what works on the connection without keeping it open.
    pub(crate) fn shared(self) -> Arc<Self> {
        let this = Arc::new(self);
        this.lock().this = Arc::downgrade(&this);
        this
    }

    /// Gives core something that may let others go on.
    pub(crate) fn tell(&self, told: impl FnOnce(&mut Connection)) {
        let mut state = self.lock();
        told(&mut state.core);
        state.dispatch();
        state.nudge();
    }

    pub(crate) fn lock(&self) -> Guard<'_> {
        // A poisoned lock would mean a panic in core, which has none; the state is still whole.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.types.changed_since(state.types_seen) {
            state.adopt_types();
        }
        Guard::new(state, self.config.observers())
    }

    /// Drives until the session is open.
    pub(crate) async fn open(&self) -> Result<(), Error> {
        poll_fn(|cx| {
            let mut state = self.lock();
            while !state.core.is_ready() {
                if let Some(error) = state.core.error() {
                    return Poll::Ready(Err(error));
                }
                if state.drive(cx).is_pending() && !state.core.is_ready() && !state.core.is_closed() {
                    return Poll::Pending;
                }
            }
            Poll::Ready(Ok(()))
        })
        .await
    }

    /// Writes what is left, and closes the stream.
    pub(crate) async fn shutdown(&self) {
        poll_fn(|cx| self.lock().poll_write(cx)).await;
        // The session is over whatever comes of this.
        let _ = poll_fn(|cx| self.lock().stream.poll_shutdown(cx)).await;
    }

    /// Gives core a command that nobody waits for, and writes it at once when the stream takes it.
    pub(crate) fn send(&self, command: impl FnOnce(&mut Connection) -> Result<(), Error>) {
        let mut state = self.lock();
        if command(&mut state.core).is_err() {
            // The connection is closed, and with it whatever the command was to end.
            return;
        }
        state.nudge();
    }

    /// Looks at what came while nobody used the connection, and what the operating system has of it that the runtime
    /// has not noticed yet.
    pub(crate) async fn look(&self) {
        poll_fn(|cx| {
            let mut state = self.lock();
            state.look(cx);
            // What is there is noticed at the runtime's next turn.
            let is_there = !state.core.is_closed() && state.stream.has_pending();
            if is_there { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
    }

    /// Looks, without waiting, at what came while nobody used the connection, and sets what goes ahead of its next
    /// user's first command. False when it is closed.
    pub(crate) fn hand_out(&self, prologue: Option<(Arc<str>, Duration)>) -> bool {
        let mut state = self.lock();
        state.look(&mut Context::from_waker(Waker::noop()));
        if let Some((sql, limit)) = prologue {
            state.core.set_prologue(sql, limit);
        }
        state.commands = 0;
        !state.core.is_closed()
    }

    /// How the connection is when its user has gone.
    pub(crate) fn take_back(&self) -> Returned {
        let state = self.lock();
        let quiet = state.core.is_idle()
            && !state.core.is_cancelling()
            && !state.core.wants_write()
            && state.core.transaction_status() == TransactionStatus::Idle;
        Returned { closed: state.core.is_closed(), unsettled: !quiet, queries: state.commands }
    }

    /// Closes the connection under whoever uses it.
    pub(crate) fn abort(&self) {
        let mut state = self.lock();
        state.core.terminate();
        state.dispatch();
        // What cannot be written at once is not waited for: the server notices the closed stream by itself.
        let _ = state.poll_write(&mut Context::from_waker(Waker::noop()));
    }

    /// Whoever waited for an operation does no more.
    pub(crate) fn abandon(&self, id: OperationId) {
        let mut state = self.lock();
        state.core.abandon(clock::now(), id);
        state.take_described(id);
        state.leave(id);
    }

    /// Waits until that gives something of an operation whose caller takes its rows.
    pub(crate) fn poll_for<T>(
        &self,
        id: OperationId,
        cx: &mut Context<'_>,
        take: impl Fn(&mut Connection) -> Option<T>,
    ) -> Poll<T> {
        self.lock().poll_for(id, cx, take)
    }

    /// Waits for an operation, giving its parameters when their types are known.
    pub(crate) fn wait<'a>(
        &'a self,
        started: Started,
        parameters: &'a (dyn Parameters + Sync),
    ) -> Wait<'a, &'a (dyn Parameters + Sync)> {
        self.feed(started, parameters)
    }

    /// Waits for an operation, giving what it takes while it runs.
    pub(crate) fn feed<G: Give>(&self, started: Started, give: G) -> Wait<'_, G> {
        Wait::new(self, started, give)
    }
}

/// Whoever wants to hear of a connection's end hears of this one too.
impl Drop for Driver {
    fn drop(&mut self) {
        let mut state = self.lock();
        state.core.terminate();
        state.dispatch();
    }
}

/// An operation that was given to core.
#[derive(Clone, Copy)]
pub(crate) struct Started {
    pub(crate) id: OperationId,
    /// Whether nothing else was under way, so that nobody else's flight can be joined.
    pub(super) alone: bool,
}
