//! Whoever waits, drives: there is no background task.
//!
//! A future that waits for a result locks the connection, writes what is to be written, reads what is there,
//! wakes the owners of whatever has ended, and sleeps only when its own result is not there yet. The socket
//! remembers the waker of whoever polled it last, the *driver*; when the driver has its result, or is dropped,
//! it wakes another waiter to drive on.
//!
//! What is dropped or runs out of time while the server is at it has nobody who waits: a task of its own, the
//! *reaper*, drives until it has ended there, or was cancelled.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::Sleep;
use trunkline_core::pool::Returned;
use trunkline_core::types::Parameters;
use trunkline_core::{
    CommandTag, Connection, Error, Event, OperationId, Outcome, QueryOptions, RowBatch, Statement,
    TransactionStatus,
};

use crate::Config;
use crate::cancel::{self, Reaper};
use crate::clock;
use crate::connect::Endpoint;
use crate::observe::{Guard, Told};
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
    /// What nobody waits for, and a hook may want to hear.
    pub(crate) told: Vec<Told>,
    /// Whoever has more to give to its operation when there is room.
    feeding: Option<OperationId>,
    /// Whose COPY waits for room among the bytes to be sent. One at most has the wire.
    wants_room: Option<OperationId>,
    /// How many have been told that they can bind and have not done so yet.
    to_bind: usize,
    pub(crate) types: Types,
    /// The generation of these types that core has.
    types_seen: u64,
    /// Others have these types too.
    is_sharing: bool,
    /// How many commands there were since it was handed out.
    commands: u64,
    sleep: Option<Pin<Box<Sleep>>>,
    /// Whether the stream took bytes and may still have some of them.
    unflushed: bool,
    /// Reads since the socket had nothing, or others had their turn.
    reads: u32,
    /// Counts the times that somebody read a stream or a cursor.
    taken: u64,
    /// The driver that this is the state of, for tasks of its own.
    this: Weak<Driver>,
    reaper: Option<JoinHandle<()>>,
    reaper_waker: Option<Waker>,
}

/// How many reads follow each other before other tasks have their turn: a server that sends without an end would keep
/// them from it, the one that is to cancel just that among them.
const READS: u32 = 8;

/// The place of the reaper among those who drive.
const REAPER: u32 = u32::MAX;

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
            told: Vec::new(),
            feeding: None,
            wants_room: None,
            to_bind: 0,
            types: Types::default(),
            types_seen: 0,
            is_sharing: false,
            commands: 0,
            sleep: None,
            unflushed: false,
            reads: 0,
            taken: 0,
            this: Weak::new(),
            reaper: None,
            reaper_waker: None,
        };
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
        *state.waiter(id) = Waiter::default();
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
        Wait { driver: self, id: Some(started.id), alone: started.alone, give, stall: None }
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
        if self.reads == READS {
            self.reads = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.reads += 1;
        match self.stream.poll_read(cx, &mut self.input) {
            Poll::Pending => {
                self.reads = 0;
                return Poll::Pending;
            }
            Poll::Ready(Ok(0)) => self.core.handle_eof(),
            Poll::Ready(Ok(_)) => self.core.handle_input(clock::now(), &mut self.input),
            Poll::Ready(Err(error)) => self.stream_failed(&error),
        }
        self.dispatch();
        if let Some(id) = self.feeding.filter(|id| self.core.can_push(*id)) {
            self.waiter(id).wake();
        }
        Poll::Ready(())
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.core.wants_write() {
            let written = match self.stream.poll_write(cx, self.core.outbox().chunks()) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(0)) => Err(io::Error::other("the stream takes no more bytes")),
                Poll::Ready(written) => written,
            };
            match written {
                Ok(count) => {
                    self.core.outbox().advance(count);
                    self.tell_of_room();
                    self.unflushed = true;
                }
                Err(error) => self.write_failed(cx, &error),
            }
        }
        if self.unflushed {
            match self.stream.poll_flush(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(flushed) => {
                    self.unflushed = false;
                    if let Err(error) = flushed {
                        self.write_failed(cx, &error);
                    }
                }
            }
        }
        Poll::Ready(())
    }

    fn write_failed(&mut self, cx: &mut Context<'_>, error: &io::Error) {
        self.read_last_words(cx);
        self.stream_failed(error);
        self.core.outbox().clear();
    }

    fn stream_failed(&mut self, error: &io::Error) {
        #[cfg(feature = "tls")]
        if let Some(error) = crate::transport::tls::error_of(error) {
            return self.core.handle_tls_error(error);
        }
        self.core.handle_transport_error(&error.to_string());
    }

    /// A stream that takes no more bytes may still give what the server said before it closed it.
    fn read_last_words(&mut self, cx: &mut Context<'_>) {
        while !self.core.is_closed() {
            match self.stream.poll_read(cx, &mut self.input) {
                Poll::Ready(Ok(1..)) => self.core.handle_input(clock::now(), &mut self.input),
                Poll::Ready(Err(error)) => return self.stream_failed(&error),
                _ => return,
            }
        }
    }

    /// Reads what is there, without waiting: what a server says to nobody in particular, its last words among it.
    fn look(&mut self, cx: &mut Context<'_>) {
        while !self.core.is_closed() {
            match self.stream.poll_read(cx, &mut self.input) {
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
                Event::Finished(id)
                | Event::Rows(id)
                | Event::Suspended(id)
                | Event::CopyBegun(id)
                | Event::CopyData(id) => self.waiter(id).wake(),
                Event::TypesLearned => self.adopt_types(),
                Event::CancelWanted => self.send_cancel(),
                Event::Notification => while self.core.take_notification().is_some() {},
                Event::Notice => {
                    while let Some(notice) = self.core.take_notice() {
                        self.told.push(Told::Notice(Box::new(notice)));
                    }
                }
                Event::Closed => self.told.extend(self.core.error().map(Told::Closed)),
                _ => {}
            }
        }
    }

    fn send_cancel(&mut self) {
        if !cancel::send_unwanted(self.this.clone()) {
            self.core.cancel_failed(clock::now());
        }
    }

    /// Has somebody drive until what is being cancelled has ended. Without a runtime, whoever waits next does.
    fn reap(&mut self) {
        if !self.core.is_cancelling() || self.reaper.as_ref().is_some_and(|reaper| !reaper.is_finished()) {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            self.reaper = Some(runtime.spawn(Reaper(self.this.clone())));
        }
    }

    /// The reaper's turn.
    pub(crate) fn poll_reap(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.core.is_cancelling() {
            if self.drive(cx).is_pending() && self.core.is_cancelling() {
                self.reaper_waker = Some(cx.waker().clone());
                self.driver = Some(REAPER);
                return Poll::Pending;
            }
        }
        // Whatever waited for it.
        let _ = self.poll_write(cx);
        self.reaper = None;
        self.reaper_waker = None;
        self.pass_on(REAPER);
        Poll::Ready(())
    }

    /// Shares what core knows of types with others, from now on.
    pub(crate) fn share_types(&mut self, types: &Types) {
        self.types = types.clone();
        self.is_sharing = true;
        self.adopt_types();
    }

    /// Whether this would be a statement's first use here, while others share what they know of it; and what they know.
    pub(crate) fn first_use(&self, sql: &str, options: &QueryOptions<'_>) -> (bool, Option<Statement>) {
        if !self.is_sharing || self.core.is_described(sql, options) {
            return (false, None);
        }
        (true, self.types.described_elsewhere(sql, options))
    }

    /// Tells the others what is known of a statement after its first use; when that failed, nothing.
    pub(crate) fn share_description(&self, sql: &str, succeeded: bool) {
        let options = QueryOptions::default();
        let statement = self.core.described_statement(sql, &options).filter(|_| succeeded);
        self.types.described(sql, statement);
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

    /// Drives until that gives something for the owner of an operation, who sleeps meanwhile. It must give something
    /// once the operation has ended.
    pub(crate) fn poll_for<T>(
        &mut self,
        id: OperationId,
        cx: &mut Context<'_>,
        mut take: impl FnMut(&mut Connection) -> Option<T>,
    ) -> Poll<T> {
        let waker = self.waiter(id).waker.take();
        let mut is_idle = false;
        loop {
            let stopped = !self.core.wants_read();
            if let Some(taken) = take(&mut self.core) {
                self.taken = self.taken.wrapping_add(1);
                self.hand_over(id);
                if stopped {
                    self.wake_driver();
                }
                return Poll::Ready(taken);
            }
            if is_idle {
                self.sleep(id, cx, waker);
                return Poll::Pending;
            }
            is_idle = self.drive(cx).is_pending();
            if is_idle {
                // The socket would wake this one now.
                self.driver = Some(id.index());
            }
        }
    }

    /// The same for the owner of a COPY, which what is sent can make room for.
    pub(crate) fn poll_room<T>(
        &mut self,
        id: OperationId,
        cx: &mut Context<'_>,
        ready: impl FnMut(&mut Connection) -> Option<T>,
    ) -> Poll<T> {
        let polled = self.poll_for(id, cx, ready);
        self.wants_room = polled.is_pending().then_some(id);
        polled
    }

    /// Writes what can be written now, for an operation that needs not wait for it.
    pub(crate) fn push(&mut self, id: OperationId, cx: &mut Context<'_>) {
        // It is awake, and need not be told of the room that it makes itself.
        self.waiter(id).waker = None;
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
        self.nudge();
    }

    /// There may be something to write, to read again, or another moment to wake at.
    fn nudge(&mut self) {
        if !self.wake_driver() && self.core.wants_write() {
            let _ = self.poll_write(&mut Context::from_waker(Waker::noop()));
        }
    }

    /// Wakes whoever is woken by the socket otherwise; told whether there is one.
    fn wake_driver(&mut self) -> bool {
        if self.driver == Some(REAPER) {
            return self.wake_reaper();
        }
        let driver = self.driver.and_then(|index| usize::try_from(index).ok());
        match driver.and_then(|index| self.waiters.get_mut(index)) {
            Some(waiter) => {
                waiter.wake();
                true
            }
            None => false,
        }
    }

    fn wake_reaper(&mut self) -> bool {
        let reaper = self.reaper_waker.take();
        reaper.map(Waker::wake).is_some()
    }

    /// Somebody who waits, and is not driven by the socket, takes over.
    fn hand_over(&mut self, from: OperationId) {
        self.feeding.take_if(|feeding| *feeding == from);
        self.pass_on(from.index());
        self.reap();
    }

    fn pass_on(&mut self, from: u32) {
        if self.driver != Some(from) {
            return;
        }
        self.driver = None;
        // Told, it is the driver: should it be dropped before it can be, it hands over in its turn.
        let mut places = (0..).zip(&mut self.waiters);
        if let Some((place, waiter)) = places.find(|(_, waiter)| waiter.waker.is_some()) {
            self.driver = Some(place);
            waiter.wake();
        } else if self.reaper_waker.is_some() {
            self.driver = Some(REAPER);
            self.wake_reaper();
        }
    }
}

/// A reaper ends with the connection.
impl Drop for State {
    fn drop(&mut self) {
        self.wake_reaper();
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
/// Dropping it abandons the operation: its replies are parsed past, and when they do not end soon it is cancelled.
pub(crate) struct Wait<'a, G> {
    driver: &'a Driver,
    id: Option<OperationId>,
    alone: bool,
    give: G,
    stall: Option<Stall>,
}

/// What the owner of an operation gives while it waits.
pub(crate) trait Give: Unpin {
    /// Its parameters' types are known now.
    fn described(&mut self, core: &mut Connection, id: OperationId) -> Result<(), Error>;

    /// Gives more, as long as there is room; told whether there is nothing left.
    fn more(&mut self, _core: &mut Connection, _id: OperationId) -> bool {
        true
    }
}

impl Give for &(dyn Parameters + Sync) {
    fn described(&mut self, core: &mut Connection, id: OperationId) -> Result<(), Error> {
        core.bind(id, *self)
    }
}

/// A stream or a cursor stands before an answer, and nobody reads it.
struct Stall {
    /// How often something was read before.
    taken: u64,
    sleep: Pin<Box<Sleep>>,
}

/// How long an answer waits for somebody to read what stands before it. Most often it is the same task that holds the
/// stream or cursor, and would wait for itself for ever.
const STALL: Duration = Duration::from_secs(30);

/// What a query came to: its rows, the columns they have, and the outcome.
pub(crate) struct Answer {
    pub(crate) columns: Option<Arc<trunkline_core::Columns>>,
    pub(crate) rows: Vec<RowBatch>,
    pub(crate) outcome: Outcome,
}

impl Answer {
    /// What the query did, or the last run of it.
    pub(crate) fn tag(&self) -> CommandTag {
        match &self.outcome {
            Outcome::Executed(tag) => *tag,
            Outcome::Many(tags) => tags.last().copied().unwrap_or_default(),
            _ => CommandTag::default(),
        }
    }
}

impl<G: Give> Wait<'_, G> {
    /// Waits until that is true of the operation. On an error it is over.
    fn poll_until(
        &mut self,
        cx: &mut Context<'_>,
        arrived: fn(&Connection, OperationId) -> bool,
    ) -> Poll<Result<(OperationId, Guard<'_>), Error>> {
        let Some(id) = self.id else { return Poll::Pending };
        let mut guard = self.driver.lock();
        let state = &mut *guard;
        // It is awake: what it drives itself need not wake it once more.
        let waker = state.waiter(id).waker.take();
        if !std::mem::replace(&mut self.alone, true) {
            // Others are under way: let those who are about to join the flight do so, and write it once.
            state.sleep(id, cx, waker);
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        loop {
            if state.take_described(id) {
                if let Err(error) = self.give.described(&mut state.core, id) {
                    self.id = None;
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
            if arrived(&state.core, id) {
                state.hand_over(id);
                return Poll::Ready(Ok((id, guard)));
            }
            if !self.give.more(&mut state.core, id) {
                state.feeding = Some(id);
            }
            if state.drive(cx).is_pending() {
                // The socket would wake this one now.
                state.driver = Some(id.index());
                // Everything that was dispatched meanwhile may have been ours.
                if state.waiter(id).described || arrived(&state.core, id) {
                    continue;
                }
                if let Poll::Ready(awaited) = poll_stall(&mut self.stall, state, cx) {
                    self.id = None;
                    drop(guard);
                    self.driver.abandon(id);
                    return Poll::Ready(Err(Error::Timeout(awaited, STALL)));
                }
                state.sleep(id, cx, waker);
                return Poll::Pending;
            }
        }
    }

    /// Waits for the first rows, or the end: rows are then for the caller to take, and the operation its own.
    pub(crate) async fn begun(mut self) -> Result<OperationId, Error> {
        let begun =
            |core: &Connection, id| core.has_rows(id) || core.is_suspended(id) || core.is_finished(id);
        let id = poll_fn(|cx| self.poll_until(cx, begun).map_ok(|(id, _)| id)).await?;
        self.id = None;
        Ok(id)
    }
}

/// Ready when nobody has read for long what stands before an answer, with what that is.
fn poll_stall(stall: &mut Option<Stall>, state: &State, cx: &mut Context<'_>) -> Poll<&'static str> {
    let awaited = if state.core.is_held_by_portal() {
        "a cursor outside of a transaction to be closed"
    } else if state.core.is_held_by_copy() {
        "a COPY before it to be ended"
    } else if !state.core.wants_read() && !state.core.is_closed() {
        "the rows of a stream before it to be read"
    } else {
        *stall = None;
        return Poll::Pending;
    };
    if stall.as_ref().is_none_or(|stall| stall.taken != state.taken) {
        *stall = Some(Stall { taken: state.taken, sleep: Box::pin(tokio::time::sleep(STALL)) });
    }
    stall.as_mut().map_or(Poll::Pending, |stall| stall.sleep.as_mut().poll(cx).map(|()| awaited))
}

impl<G: Give> Future for Wait<'_, G> {
    type Output = Result<Answer, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let (id, mut state) = std::task::ready!(this.poll_until(cx, Connection::is_finished))?;
        let answer = state.answer(id);
        drop(state);
        this.id = None;
        // There always is one: it has ended.
        answer.map_or(Poll::Pending, Poll::Ready)
    }
}

impl<G> Drop for Wait<'_, G> {
    fn drop(&mut self) {
        if let Some(id) = self.id.take() {
            self.driver.abandon(id);
        }
    }
}
