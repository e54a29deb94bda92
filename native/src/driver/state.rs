use std::pin::Pin;
use std::sync::Weak;

use bytes::BytesMut;
use tokio::task::JoinHandle;
use tokio::time::Sleep;
use trunkline_core::{Connection, Error, Event, OperationId, QueryOptions, Statement};

use super::seats::{Seat, Seats};
use super::{Answer, Driver, Started};
use crate::cancel;
use crate::clock;
use crate::listen::Subscriptions;
use crate::observe::Told;
use crate::shared_types::Types;
use crate::transport::Stream;

/// What a connection is made of, for whoever has it to themselves for a moment.
pub(crate) struct State {
    pub(crate) core: Connection,
    pub(super) stream: Stream,
    pub(super) input: BytesMut,
    pub(super) seats: Seats,
    /// Who listens to channels, and what they have not taken yet.
    pub(crate) subscriptions: Subscriptions,
    /// What nobody waits for, and a hook may want to hear.
    pub(crate) told: Vec<Told>,
    /// Whether the program has the connection: the end of one that it never had is told by the error it got instead.
    pub(crate) is_given: bool,
    /// Whoever has more to give to its operation when there is room.
    pub(super) feeding: Option<OperationId>,
    /// Whose COPY waits for room among the bytes to be sent. One at most has the wire.
    pub(super) wants_room: Option<OperationId>,
    /// Whose parameters are wanted, and who does not know it yet.
    pub(super) described: Vec<OperationId>,
    pub(crate) types: Types,
    /// The generation of these types that core has.
    pub(super) types_seen: u64,
    /// Others have these types too.
    pub(super) is_sharing: bool,
    /// How many commands there were since it was handed out.
    pub(super) commands: u64,
    pub(super) sleep: Option<Pin<Box<Sleep>>>,
    /// Whether the stream took bytes and may still have some of them.
    pub(super) unflushed: bool,
    /// Reads since the socket had nothing, or others had their turn.
    pub(super) reads: u32,
    /// Counts the times that somebody read a stream or a cursor.
    pub(super) taken: u64,
    /// The driver that this is the state of, for tasks of its own.
    pub(super) this: Weak<Driver>,
    pub(super) reaper: Option<JoinHandle<()>>,
}

impl State {
    pub(super) fn new(core: Connection, stream: Stream) -> Self {
        Self {
            core,
            stream,
            input: BytesMut::new(),
            seats: Seats::default(),
            subscriptions: Subscriptions::default(),
            told: Vec::new(),
            is_given: false,
            feeding: None,
            wants_room: None,
            described: Vec::new(),
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
        }
    }

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

    /// Tells whoever waits for it what happened.
    pub(super) fn dispatch(&mut self) {
        while let Some(event) = self.core.poll_event() {
            match event {
                Event::Described(id) => {
                    if !self.described.contains(&id) {
                        self.described.push(id);
                    }
                    self.seats.wake(Seat::of(id));
                }
                Event::Finished(id)
                | Event::Rows(id)
                | Event::Suspended(id)
                | Event::CopyBegun(id)
                | Event::CopyData(id) => {
                    self.seats.wake(Seat::of(id));
                }
                Event::TypesLearned => self.adopt_types(),
                Event::CancelWanted => self.send_cancel(),
                Event::Notification => {
                    while let Some(notification) = self.core.take_notification() {
                        let seats = &mut self.seats;
                        self.subscriptions.deliver(&notification, |number| {
                            seats.wake(Seat::Subscription(number));
                        });
                    }
                }
                Event::Notice => {
                    while let Some(notice) = self.core.take_notice() {
                        self.told.push(Told::Notice(Box::new(notice)));
                    }
                }
                Event::Closed => {
                    let end = self.core.error().filter(|_| self.is_given);
                    self.told.extend(end.map(Told::Closed));
                    for number in self.subscriptions.numbers() {
                        self.seats.wake(Seat::Subscription(number));
                    }
                }
                _ => {}
            }
        }
    }

    fn send_cancel(&mut self) {
        if !cancel::send_unwanted(self.this.clone()) {
            self.core.cancel_failed(clock::now());
        }
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
    pub(super) fn adopt_types(&mut self) {
        let registry = self.types.merge(self.core.registry());
        self.types_seen = registry.generation();
        self.core.set_registry(registry);
    }

    /// What an operation came to, when it has ended. Its rows are wanted all at once, so none were taken before.
    pub(super) fn answer(&mut self, id: OperationId) -> Option<Result<Answer, Error>> {
        if !self.core.is_finished(id) {
            return None;
        }
        let columns = self.core.columns(id).cloned();
        let rows = self.core.take_all_rows(id);
        let outcome = self.core.take_outcome(id)?;
        Some(outcome.map(|outcome| Answer { columns, rows, outcome }))
    }

    /// Whether the operation's owner is to bind; it is told once.
    pub(super) fn take_described(&mut self, id: OperationId) -> bool {
        let at = self.described.iter().position(|described| *described == id);
        at.map(|at| self.described.swap_remove(at)).is_some()
    }

    /// Ends what has waited too long, without waiting itself.
    pub(crate) fn check_time(&mut self) {
        if self.core.poll_timeout().is_some() {
            self.core.handle_timeout(clock::now());
            self.dispatch();
        }
    }
}

/// A reaper ends with the connection.
impl Drop for State {
    fn drop(&mut self) {
        self.seats.wake(Seat::Reaper);
    }
}
