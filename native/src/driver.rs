//! Whoever waits, drives: there is no background task.
//!
//! A future that waits for a result locks the connection, writes what is to be written, reads what is there,
//! wakes the owners of whatever has ended, and sleeps only when its own result is not there yet. The socket
//! remembers the waker of whoever polled it last, the *driver*; when the driver has its result, or is dropped,
//! it wakes another waiter to drive on.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::time::Sleep;
use trunkline_core::pool::Returned;
use trunkline_core::types::Parameters;
use trunkline_core::{Connection, Error, Event, OperationId, Outcome, RowBatch, TransactionStatus};

use crate::Config;
use crate::clock;
use crate::connect::Endpoint;
use crate::shared_types::Types;
use crate::transport::Stream;

/// A connection's state machine, its stream, and those who wait.
pub(crate) struct Driver {
    state: Mutex<State>,
    /// How it was asked for, and where it leads: for whatever has to go to the same server by another way.
    pub(crate) config: Arc<Config>,
    pub(crate) endpoint: Endpoint,
}

pub(crate) struct State {
    pub(crate) core: Connection,
    stream: Stream,
    input: BytesMut,
    waiters: Vec<Waiter>,
    /// The place of the waiter that polled the socket last, and so is woken by it; or of the one that was told to
    /// take over.
    driver: Option<u32>,
    /// How many have been told that they can bind and have not done so yet.
    to_bind: usize,
    pub(crate) types: Types,
    /// The generation of these types that core has.
    types_seen: u64,
    /// How many commands there were since it was handed out.
    commands: u64,
    sleep: Option<Pin<Box<Sleep>>>,
}

/// Whoever waits for the operation at this place.
#[derive(Default)]
struct Waiter {
    waker: Option<Waker>,
    described: bool,
}

impl Driver {
    pub(crate) fn new(core: Connection, stream: Stream, config: Arc<Config>, endpoint: Endpoint) -> Self {
        let state = State {
            core,
            stream,
            input: BytesMut::new(),
            waiters: Vec::new(),
            driver: None,
            to_bind: 0,
            types: Types::default(),
            types_seen: 0,
            commands: 0,
            sleep: None,
        };
        Self { state: Mutex::new(state), config, endpoint }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        // A poisoned lock would mean a panic in core, which has none; the state is still whole.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.types.changed_since(state.types_seen) {
            state.adopt_types();
        }
        state
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
        if !state.wake_driver() {
            let _ = state.poll_write(&mut Context::from_waker(Waker::noop()));
        }
    }

    /// Looks, without waiting, at what came while nobody used the connection, and sets what goes ahead of its next
    /// user's first command. False when it is closed.
    pub(crate) fn hand_out(&self, prologue: Option<(Arc<str>, Duration)>) -> bool {
        let mut state = self.lock();
        state.look();
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

    /// Waits for an operation, giving its parameters when their types are known.
    pub(crate) fn wait<'a>(&'a self, started: Started, parameters: &'a (dyn Parameters + Sync)) -> Wait<'a> {
        Wait { driver: self, id: Some(started.id), alone: started.alone, parameters }
    }
}

/// An operation that was given to core.
#[derive(Clone, Copy)]
pub(crate) struct Started {
    pub(crate) id: OperationId,
    /// Whether nothing else was under way, so that nobody else's flight can be joined.
    alone: bool,
}

impl State {
    /// Gives core a command.
    pub(crate) fn start(
        &mut self,
        command: impl FnOnce(&mut Connection) -> Result<OperationId, Error>,
    ) -> Result<Started, Error> {
        let alone = self.core.is_idle() && !self.core.wants_write();
        self.commands += 1;
        let id = command(&mut self.core)?;
        Ok(Started { id, alone })
    }

    /// An operation of several that core was given at once, so that nobody needs to be waited for.
    pub(crate) fn started(&self, id: OperationId) -> Started {
        Started { id, alone: true }
    }

    /// Writes and reads once; pending when neither can go on. What happened is dispatched.
    fn drive(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let _ = self.poll_write(cx);
        self.dispatch();
        if self.core.is_closed() {
            return Poll::Ready(());
        }
        self.poll_timer(cx);
        if !self.core.wants_read() {
            return Poll::Pending;
        }
        match self.stream.poll_read(cx, &mut self.input) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Ok(0)) => self.core.handle_eof(),
            Poll::Ready(Ok(_)) => self.core.handle_input(clock::now(), &mut self.input),
            Poll::Ready(Err(error)) => self.core.handle_transport_error(&error.to_string()),
        }
        self.dispatch();
        Poll::Ready(())
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.core.wants_write() {
            let written = match self.stream.poll_write(cx, self.core.outbox().chunks()) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(0)) => Err("the stream takes no more bytes".to_owned()),
                Poll::Ready(Ok(count)) => Ok(count),
                Poll::Ready(Err(error)) => Err(error.to_string()),
            };
            match written {
                Ok(count) => self.core.outbox().advance(count),
                Err(error) => {
                    self.read_last_words(cx);
                    self.core.handle_transport_error(&error);
                    self.core.outbox().clear();
                }
            }
        }
        Poll::Ready(())
    }

    /// A stream that takes no more bytes may still give what the server said before it closed it.
    fn read_last_words(&mut self, cx: &mut Context<'_>) {
        while !self.core.is_closed() {
            match self.stream.poll_read(cx, &mut self.input) {
                Poll::Ready(Ok(1..)) => self.core.handle_input(clock::now(), &mut self.input),
                _ => return,
            }
        }
    }

    /// Reads what is there, without waiting: what a server says to nobody in particular, its last words among it.
    fn look(&mut self) {
        let mut cx = Context::from_waker(Waker::noop());
        while !self.core.is_closed() {
            match self.stream.poll_read(&mut cx, &mut self.input) {
                Poll::Pending => return,
                Poll::Ready(Ok(0)) => self.core.handle_eof(),
                Poll::Ready(Ok(_)) => self.core.handle_input(clock::now(), &mut self.input),
                Poll::Ready(Err(error)) => self.core.handle_transport_error(&error.to_string()),
            }
            self.dispatch();
        }
    }

    /// Ends what has waited too long, and sets the alarm for what is next.
    fn poll_timer(&mut self, cx: &mut Context<'_>) {
        while let Some(deadline) = self.core.poll_timeout().map(clock::at) {
            let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
            if sleep.deadline() != deadline {
                sleep.as_mut().reset(deadline);
            }
            if sleep.as_mut().poll(cx).is_pending() {
                break;
            }
            self.core.handle_timeout(clock::now());
            self.dispatch();
        }
    }

    /// Tells whoever waits for it what happened.
    fn dispatch(&mut self) {
        while let Some(event) = self.core.poll_event() {
            match event {
                Event::Described(id) => {
                    let waiter = self.waiter(id);
                    let again = std::mem::replace(&mut waiter.described, true);
                    waiter.wake();
                    self.to_bind += usize::from(!again);
                }
                Event::Finished(id) | Event::Rows(id) => self.waiter(id).wake(),
                // Nobody listens yet; kept, they would only fill the memory.
                Event::TypesLearned => self.adopt_types(),
                Event::Notification => while self.core.take_notification().is_some() {},
                Event::Notice => while self.core.take_notice().is_some() {},
                _ => {}
            }
        }
    }

    /// Shares what core knows of types with others, from now on.
    pub(crate) fn share_types(&mut self, types: &Types) {
        self.types = types.clone();
        self.adopt_types();
    }

    /// Brings what core knows of types together with what the others do.
    fn adopt_types(&mut self) {
        let registry = self.types.merge(self.core.registry());
        self.types_seen = registry.generation();
        self.core.set_registry(registry);
    }

    fn waiter(&mut self, id: OperationId) -> &mut Waiter {
        let index = id.index() as usize;
        if self.waiters.len() <= index {
            self.waiters.resize_with(index + 1, Waiter::default);
        }
        #[expect(clippy::indexing_slicing, reason = "made long enough above")]
        &mut self.waiters[index]
    }

    /// What an operation came to, when it has ended. Its rows are wanted all at once, so none were taken before.
    fn answer(&mut self, id: OperationId) -> Option<Result<Answer, Error>> {
        if !self.core.is_finished(id) {
            return None;
        }
        let columns = self.core.columns(id).cloned();
        let rows = self.core.take_all_rows(id);
        let outcome = self.core.take_outcome(id)?;
        Some(outcome.map(|outcome| Answer { columns, rows, outcome }))
    }

    /// The operation's owner sleeps until it is woken; `waker` is the one that it had before.
    fn sleep(&mut self, id: OperationId, cx: &Context<'_>, waker: Option<Waker>) {
        let same = waker.filter(|waker| waker.will_wake(cx.waker()));
        self.waiter(id).waker = Some(same.unwrap_or_else(|| cx.waker().clone()));
    }

    /// Whether the operation's owner is to bind; it is told once.
    fn take_described(&mut self, id: OperationId) -> bool {
        let described = std::mem::take(&mut self.waiter(id).described);
        self.to_bind -= usize::from(described);
        described
    }

    /// An operation was forgotten before its end: those that waited for it may have something to write now, while
    /// whoever drives sleeps until there is something to read.
    fn leave(&mut self, id: OperationId) {
        self.dispatch();
        self.hand_over(id);
        if self.core.wants_write() {
            self.wake_driver();
        }
    }

    /// Wakes whoever is woken by the socket otherwise; told whether there is one.
    fn wake_driver(&mut self) -> bool {
        let driver = self.driver.and_then(|index| usize::try_from(index).ok());
        match driver.and_then(|index| self.waiters.get_mut(index)) {
            Some(waiter) => {
                waiter.wake();
                true
            }
            None => false,
        }
    }

    /// Somebody who waits, and is not driven by the socket, takes over.
    fn hand_over(&mut self, from: OperationId) {
        if self.driver != Some(from.index()) {
            return;
        }
        self.driver = None;
        // Told, it is the driver: should it be dropped before it can be, it hands over in its turn.
        let mut places = (0..).zip(&mut self.waiters);
        if let Some((place, waiter)) = places.find(|(_, waiter)| waiter.waker.is_some()) {
            self.driver = Some(place);
            waiter.wake();
        }
    }
}

impl Waiter {
    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// Waits for an operation to end, and drives the connection meanwhile.
///
/// Dropping it forgets the operation: its replies are parsed past by whoever drives next.
pub(crate) struct Wait<'a> {
    driver: &'a Driver,
    id: Option<OperationId>,
    alone: bool,
    parameters: &'a (dyn Parameters + Sync),
}

/// What a query came to: its rows, the columns they have, and the outcome.
pub(crate) struct Answer {
    pub(crate) columns: Option<Arc<trunkline_core::Columns>>,
    pub(crate) rows: Vec<RowBatch>,
    pub(crate) outcome: Outcome,
}

impl Future for Wait<'_> {
    type Output = Result<Answer, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let Some(id) = this.id else { return Poll::Pending };
        let mut guard = this.driver.lock();
        let state = &mut *guard;
        // It is awake: what it drives itself need not wake it once more.
        let waker = state.waiter(id).waker.take();
        if !std::mem::replace(&mut this.alone, true) {
            // Others are under way: let those who are about to join the flight do so, and write it once.
            state.sleep(id, cx, waker);
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        loop {
            if state.take_described(id) {
                if let Err(error) = state.core.bind(id, this.parameters) {
                    this.id = None;
                    state.leave(id);
                    return Poll::Ready(Err(error));
                }
                state.dispatch();
                if state.to_bind > 0 {
                    // They were told in the same breath: what they bind leaves in one write with this.
                    state.sleep(id, cx, waker);
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
            }
            if let Some(answer) = state.answer(id) {
                this.id = None;
                state.hand_over(id);
                return Poll::Ready(answer);
            }
            if state.drive(cx).is_pending() {
                // Everything that was dispatched meanwhile may have been ours.
                if state.waiter(id).described || state.core.is_finished(id) {
                    continue;
                }
                state.sleep(id, cx, waker);
                state.driver = Some(id.index());
                return Poll::Pending;
            }
        }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id.take() {
            let mut state = self.driver.lock();
            state.core.forget(id);
            state.take_described(id);
            *state.waiter(id) = Waiter::default();
            state.leave(id);
        }
    }
}
