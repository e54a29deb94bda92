use std::collections::HashMap;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::Waker;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use trunkline_core::error::{ConnectFailure, Exhausted, Holder, PoolError, UsageError};
use trunkline_core::pool::{
    Action, CloseCause, ConnectionId, Grant, Pool as Policy, Refusal, Returned, WaiterId,
};
use trunkline_core::{Error, Instant};

use super::builder::PoolBuilder;
use super::hooks::{Hooks, LeakReport};
use super::tasks;
use crate::Config;
use crate::clock;
use crate::connection::Connection;
use crate::shared_types::Types;

/// What all handles of a pool, and all connections that it has given out, share.
pub(crate) struct Shared {
    state: Mutex<State>,
    /// The next timeout has come nearer, or the pool is gone.
    pub(super) alarm: Arc<Notify>,
    /// A connection of a pool that closes is gone.
    pub(super) drained: Notify,
    /// The pool's own clock is tokio's, which a test may stop.
    origin: tokio::time::Instant,
    pub(super) runtime: Handle,
    /// What looks after what gets late; it ends before the pool only with the runtime.
    maintenance: OnceLock<AbortHandle>,
    pub(super) config: Arc<Config>,
    pub(super) hooks: Hooks,
    pub(super) types: Types,
    pub(super) open_timeout: Duration,
    ping_timeout: Duration,
    reset: Option<Arc<str>>,
    ping: Arc<str>,
}

/// The policy, and what it decides about.
pub(super) struct State {
    pub(super) policy: Policy,
    /// Each in the place that its id tells.
    members: Vec<Option<Member>>,
    pub(super) waiting: HashMap<WaiterId, Waiting>,
    /// When the maintenance will look next, at the latest.
    pub(super) alarm_at: Option<Instant>,
    /// Why the last attempt to open a connection failed, if it did.
    pub(super) failure: Option<ConnectFailure>,
    /// Leaks that nobody was told of yet.
    pub(super) leaks: Vec<LeakReport>,
}

/// A connection of the pool. Whoever it is given to has another handle of the same.
struct Member {
    id: ConnectionId,
    connection: Connection,
    lease: Option<Lease>,
}

/// Who has it.
#[derive(Clone, Copy)]
struct Lease {
    place: &'static Location<'static>,
    since: Instant,
}

/// Somebody who waits, and the answer once it is there.
#[derive(Default)]
pub(super) struct Waiting {
    pub(super) waker: Option<Waker>,
    pub(super) answer: Option<Result<(Grant, Connection), Error>>,
}

impl Shared {
    pub(super) fn new(
        builder: PoolBuilder,
        config: Arc<Config>,
        runtime: Handle,
    ) -> Result<Arc<Self>, Error> {
        let PoolBuilder { mut policy, reset, ping_timeout, open_timeout, hooks } = builder;
        let reset = reset.script();
        policy.reset = reset.is_some();
        let seed = (u64::from(clock::random()) << 32) | u64::from(clock::random());
        let state = State {
            policy: Policy::new(policy, seed, Instant::default())?,
            members: Vec::new(),
            waiting: HashMap::new(),
            alarm_at: None,
            failure: None,
            leaks: Vec::new(),
        };
        Ok(Arc::new(Self {
            state: Mutex::new(state),
            alarm: Arc::new(Notify::new()),
            drained: Notify::new(),
            origin: tokio::time::Instant::now(),
            runtime,
            maintenance: OnceLock::new(),
            config,
            hooks,
            types: Types::default(),
            open_timeout,
            ping_timeout,
            reset,
            ping: "".into(),
        }))
    }

    /// Lets things happen by themselves: the first connections are opened.
    pub(super) fn start(self: &Arc<Self>) {
        let maintenance = self.runtime.spawn(tasks::maintain(Arc::downgrade(self), Arc::clone(&self.alarm)));
        let _ = self.maintenance.set(maintenance.abort_handle());
    }

    /// Nothing is opened, and no wait ends at its deadline, when the runtime is gone that this is done on.
    pub(super) fn check_runtime(&self) -> Result<(), Error> {
        match self.maintenance.get() {
            Some(maintenance) if maintenance.is_finished() => Err(UsageError::call(
                "the tokio runtime that this pool was built on has ended: build it on one that lasts as long as the pool",
            )
            .into()),
            _ => Ok(()),
        }
    }

    /// Tells the policy something, and does what it says to that.
    pub(super) fn with<T>(self: &Arc<Self>, tell: impl FnOnce(&mut State, Instant) -> T) -> T {
        let mut state = self.lock();
        let now = self.now();
        let told = tell(&mut state, now);
        self.obey(&mut state, now);
        told
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // A poisoned lock would mean a panic in core or here, which have none; the state is still whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Instant {
        Instant::default() + self.origin.elapsed()
    }

    /// The moment that the policy means, on tokio's clock; none for one that never comes.
    pub(super) fn at(&self, instant: Instant) -> Option<tokio::time::Instant> {
        self.origin.checked_add(Duration::from_nanos(instant.0))
    }

    /// What goes ahead of the first query on a connection that is given out.
    pub(super) fn prologue(&self, grant: Grant) -> Option<(Arc<str>, Duration)> {
        let script = match (&self.reset, grant.reset, grant.ping) {
            (Some(reset), true, _) => reset,
            (_, _, true) => &self.ping,
            _ => return None,
        };
        Some((Arc::clone(script), self.ping_timeout))
    }

    fn obey(self: &Arc<Self>, state: &mut State, now: Instant) {
        while let Some(action) = state.policy.poll_action() {
            match action {
                Action::Open(id) => drop(self.runtime.spawn(tasks::open(Arc::clone(self), id))),
                Action::Give(waiter, grant) => state.give(waiter, grant, now),
                Action::Refuse(waiter, why) => {
                    let error = state.refusal(why, now);
                    state.answer(waiter, Err(error.into()));
                }
                Action::Settle(id) => match state.connection(id) {
                    Some(connection) => {
                        drop(self.runtime.spawn(tasks::settle(Arc::clone(self), id, connection)));
                    }
                    None => state.policy.broken(id, now),
                },
                Action::Close(id, cause) => match state.remove(id) {
                    // A dead one needs no good-bye.
                    Some(connection) if cause != CloseCause::Broken => {
                        drop(self.runtime.spawn(tasks::close(Arc::clone(self), id, connection)));
                    }
                    _ => state.policy.closed(id, now),
                },
                Action::Abort(id) => {
                    if let Some(connection) = state.remove(id) {
                        connection.driver().abort();
                    }
                }
                Action::ReportLeak(id, held) => state.report_leak(id, held),
                // What a later policy may say is nothing to this one.
                _ => {}
            }
        }
        if let Some(at) = state.policy.poll_timeout()
            && state.alarm_at.is_none_or(|alarm| at < alarm)
        {
            state.alarm_at = Some(at);
            self.alarm.notify_one();
        }
        if state.policy.is_drained() {
            self.drained.notify_waiters();
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // The maintenance finds nothing to maintain, and ends.
        self.alarm.notify_one();
    }
}

impl State {
    /// Adds a connection that the policy has a place for.
    pub(super) fn insert(&mut self, id: ConnectionId, connection: Connection) {
        if self.members.len() <= id.index() {
            self.members.resize_with(id.index() + 1, || None);
        }
        if let Some(place) = self.members.get_mut(id.index()) {
            *place = Some(Member { id, connection, lease: None });
        }
    }

    /// Another handle of a connection.
    pub(super) fn connection(&mut self, id: ConnectionId) -> Option<Connection> {
        self.member(id).map(|member| member.connection.handle())
    }

    /// Somebody has a connection from now on, or no longer.
    pub(super) fn lease(&mut self, id: ConnectionId, to: Option<(&'static Location<'static>, Instant)>) {
        if let Some(member) = self.member(id) {
            member.lease = to.map(|(place, since)| Lease { place, since });
        }
    }

    /// How a connection is when its user has gone. Asked of our handle: the user's may have been swapped for another.
    pub(super) fn take_back(&mut self, id: ConnectionId) -> Returned {
        self.lease(id, None);
        self.member(id).map_or_else(Returned::default, |member| member.connection.driver().take_back())
    }

    pub(super) fn remove(&mut self, id: ConnectionId) -> Option<Connection> {
        self.member(id)?;
        let member = self.members.get_mut(id.index())?.take()?;
        Some(member.connection)
    }

    fn member(&mut self, id: ConnectionId) -> Option<&mut Member> {
        self.members.get_mut(id.index())?.as_mut().filter(|member| member.id == id)
    }

    fn give(&mut self, waiter: WaiterId, grant: Grant, now: Instant) {
        match self.connection(grant.connection) {
            Some(connection) => self.answer(waiter, Ok((grant, connection))),
            None => self.policy.broken(grant.connection, now),
        }
    }

    fn answer(&mut self, waiter: WaiterId, answer: Result<(Grant, Connection), Error>) {
        if let Some(waiting) = self.waiting.get_mut(&waiter) {
            waiting.answer = Some(answer);
            if let Some(waker) = waiting.waker.take() {
                waker.wake();
            }
        }
    }

    fn refusal(&self, why: Refusal, now: Instant) -> PoolError {
        match (why, &self.failure) {
            (Refusal::Timeout(waited), _) => PoolError::Timeout(Box::new(self.exhausted(waited, now))),
            (Refusal::Failed, Some(failure)) => PoolError::Connect(failure.clone()),
            _ => PoolError::Closed,
        }
    }

    fn exhausted(&self, waited: Duration, now: Instant) -> Exhausted {
        let stats = self.policy.stats();
        let mut exhausted = Exhausted::default();
        exhausted.waited = waited;
        exhausted.size = stats.size;
        exhausted.max_size = self.policy.config().max_size;
        exhausted.idle = stats.idle;
        exhausted.in_use = stats.in_use;
        exhausted.opening = stats.opening;
        exhausted.waiting = stats.waiting;
        exhausted.failure = self.failure.clone();
        let leases = self.members.iter().flatten().filter_map(|member| member.lease);
        let mut holders: Vec<Holder> =
            leases.map(|lease| Holder::new(lease.place.to_string(), now - lease.since)).collect();
        holders.sort_by_key(|holder| std::cmp::Reverse(holder.held));
        exhausted.holders = holders;
        exhausted
    }

    fn report_leak(&mut self, id: ConnectionId, held: Duration) {
        if let Some(member) = self.member(id)
            && let Some(lease) = member.lease
        {
            let server_pid = member.connection.server_pid();
            self.leaks.push(LeakReport { place: lease.place, held, server_pid });
        }
    }
}
