//! Whoever waits, drives: there is no background task.
//!
//! A future that waits for a result locks the connection, writes what is to be written, reads what is there,
//! wakes the owners of whatever has ended, and sleeps only when its own result is not there yet. The socket
//! remembers the waker of whoever polled it last, the *driver*; when the driver has its result, or is dropped,
//! it wakes another waiter to drive on.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::{Buf, BytesMut};
use tokio::time::Sleep;
use trunkline_core::types::Parameters;
use trunkline_core::{Connection, Error, Event, OperationId, Outcome, RowBatch};

use crate::clock;
use crate::shared_types::Types;
use crate::transport::Stream;

/// A connection's state machine, its stream, and those who wait.
pub(crate) struct Driver(Mutex<State>);

pub(crate) struct State {
    pub(crate) core: Connection,
    stream: Stream,
    input: BytesMut,
    waiters: Vec<Waiter>,
    /// The place of the waiter that polled the socket last, and so is woken by it; or of the one that was told to
    /// take over.
    driver: Option<u32>,
    /// Whose COPY waits for room among the bytes to be sent. One at most has the wire.
    wants_room: Option<OperationId>,
    /// How many have been told that they can bind and have not done so yet.
    to_bind: usize,
    pub(crate) types: Types,
    /// The generation of these types that core has.
    types_seen: u64,
    sleep: Option<Pin<Box<Sleep>>>,
}

/// Whoever waits for the operation at this place.
#[derive(Default)]
struct Waiter {
    waker: Option<Waker>,
    described: bool,
}

impl Driver {
    pub(crate) fn new(core: Connection, stream: Stream) -> Self {
        Self(Mutex::new(State {
            core,
            stream,
            input: BytesMut::new(),
            waiters: Vec::new(),
            driver: None,
            wants_room: None,
            to_bind: 0,
            types: Types::default(),
            types_seen: 0,
            sleep: None,
        }))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        // A poisoned lock would mean a panic in core, which has none; the state is still whole.
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
                Ok(count) => {
                    self.core.outbox().advance(count);
                    self.tell_of_room();
                }
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
                Event::Finished(id) | Event::Rows(id) | Event::CopyBegun(id) | Event::CopyData(id) => {
                    self.waiter(id).wake();
                }
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

    /// Drives until `ready` finds something for the owner of an operation, who sleeps meanwhile. It must find something
    /// once the operation has ended.
    pub(crate) fn poll_until<T>(
        &mut self,
        id: OperationId,
        cx: &mut Context<'_>,
        mut ready: impl FnMut(&mut Connection) -> Option<T>,
    ) -> Poll<T> {
        let waker = self.waiter(id).waker.take();
        loop {
            if let Some(found) = ready(&mut self.core) {
                self.hand_over(id);
                return Poll::Ready(found);
            }
            if self.drive(cx).is_ready() {
                continue;
            }
            // The socket would wake this one now.
            self.driver = Some(id.index());
            if let Some(found) = ready(&mut self.core) {
                self.hand_over(id);
                return Poll::Ready(found);
            }
            self.sleep(id, cx, waker);
            return Poll::Pending;
        }
    }

    /// The same for the owner of a COPY, which what is sent can make room for.
    pub(crate) fn poll_room<T>(
        &mut self,
        id: OperationId,
        cx: &mut Context<'_>,
        ready: impl FnMut(&mut Connection) -> Option<T>,
    ) -> Poll<T> {
        let polled = self.poll_until(id, cx, ready);
        self.wants_room = polled.is_pending().then_some(id);
        polled
    }

    /// Writes what can be written now, for an operation that needs not wait for it.
    pub(crate) fn push(&mut self, id: OperationId, cx: &mut Context<'_>) {
        if self.drive(cx).is_pending() {
            self.driver = Some(id.index());
            self.hand_over(id);
        }
    }

    /// Ends what has waited too long, without waiting itself.
    pub(crate) fn check_time(&mut self) {
        if self.core.poll_timeout().is_some() {
            self.core.handle_timeout(clock::now());
            self.dispatch();
        }
    }

    /// Bytes were sent: who waits for room may have some.
    fn tell_of_room(&mut self) {
        if let Some(id) = self.wants_room.take() {
            self.waiter(id).wake();
        }
    }

    /// The owner of an operation wants it no longer.
    pub(crate) fn abandon(&mut self, id: OperationId) {
        self.core.forget(id);
        self.take_described(id);
        *self.waiter(id) = Waiter::default();
        self.leave(id);
    }

    /// The same for a COPY: the server, which may hold locks for it, is told at once where that can be done without
    /// waiting. Else whoever uses the connection next tells it.
    pub(crate) fn abandon_copy(&mut self, id: OperationId) {
        self.abandon(id);
        if self.driver.is_none() && self.core.wants_write() {
            let _ = self.poll_write(&mut Context::from_waker(Waker::noop()));
            self.dispatch();
        }
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
        if self.core.wants_write()
            && let Some(driver) = self.driver.and_then(|index| usize::try_from(index).ok())
            && let Some(waiter) = self.waiters.get_mut(driver)
        {
            waiter.wake();
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
    pub(crate) columns: Option<std::sync::Arc<trunkline_core::Columns>>,
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
                // The socket would wake this one now.
                state.driver = Some(id.index());
                // Everything that was dispatched meanwhile may have been ours.
                if state.waiter(id).described || state.core.is_finished(id) {
                    continue;
                }
                state.sleep(id, cx, waker);
                return Poll::Pending;
            }
        }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id.take() {
            self.driver.lock().abandon(id);
        }
    }
}
