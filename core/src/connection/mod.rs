//! The connection: wires its parts together and passes results along.

mod batch;
mod cancel;
mod commands;
mod copy;
mod deadlines;
mod describe;
mod drift;
mod ending;
mod event;
mod learn;
mod many;
mod portal;
mod prologue;
mod query;
mod receive;
mod records;
mod script;
mod send;
mod simple;
mod startup;
mod transaction;
mod wire;
mod write;

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

pub use batch::Batch;
pub use event::Event;
pub use startup::{Channel, StartupStage};

use crate::auth::OAuthDiscovery;
use crate::config::{Config, StatementMode};
use crate::error::{CloseReason, Error, ServerError, TlsError};
use crate::flow::Flow;
use crate::message::backend::TransactionStatus;
use crate::operation::{Learning, OperationId, Operations, Outcome};
use crate::row::{Columns, RowBatch};
use crate::session::{Notification, ServerVersion, Session};
use crate::statement::{Cache, Statement};
use crate::time::Instant;
use crate::trace::Trace;
use crate::types::Registry;
use crate::wire::Outbox;
use cancel::Cancels;
use deadlines::Deadlines;
use portal::Portals;
use prologue::Prologue;
use startup::Startup;
use wire::Wire;

/// One connection to one server, as a state machine.
///
/// Four kinds of method: **commands** encode at once into the outbox and answer with an [`OperationId`];
/// **inputs** (`handle_*`) take what came; **outputs** (`outbox`, `wants_read`, `poll_*`, `take_*`) give what
/// there is to send, to wait for and to deliver; the rest are getters. Commands may follow each other freely,
/// without waiting for any output in between.
///
/// A closed connection keeps its error, and gives it to every later command.
#[derive(Debug)]
pub struct Connection {
    wire: Wire,
    session: Session,
    flow: Flow,
    operations: Operations,
    /// Operations that have an outcome and wait for the ReadyForQuery that ends their flight.
    ending: VecDeque<OperationId>,
    statements: Cache,
    registry: Registry,
    learning: Learning,
    events: VecDeque<Event>,
    deadlines: Deadlines,
    prologue: Prologue,
    cancels: Cancels,
    portals: Portals,
    startup: Option<Startup>,
    startup_stage: StartupStage,
    closed: Option<CloseReason>,
    discovery: Option<Box<OAuthDiscovery>>,
    trace: Trace,
    mode: StatementMode,
    command_timeout: Option<Duration>,
    max_message_len: usize,
}

impl Connection {
    /// Begins a session: the StartupMessage is in the outbox.
    ///
    /// `nonce` is fresh randomness for SCRAM; `channel` says what protects the bytes. The whole start-up must
    /// end within the configuration's `connect_timeout` from `now`.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] when a setting cannot be sent, such as a user name with a NUL in it.
    pub fn new(config: &Config, channel: Channel, now: Instant, nonce: [u8; 24]) -> Result<Self, Error> {
        let limits = &config.limits;
        let mut wire = Wire::new(config);
        let startup = Startup::begin(config, channel, now, nonce, wire.outbox.tail())?;
        Ok(Self {
            wire,
            session: Session::new(),
            flow: Flow::new(limits),
            operations: Operations::default(),
            ending: VecDeque::new(),
            statements: Cache::new(limits.statement_cache_size, limits.statement_cache_bytes),
            registry: Registry::default(),
            learning: Learning::default(),
            events: VecDeque::new(),
            deadlines: Deadlines::default(),
            prologue: Prologue::default(),
            cancels: Cancels::default(),
            portals: Portals::default(),
            startup: Some(startup),
            startup_stage: StartupStage::default(),
            closed: None,
            discovery: None,
            trace: Trace::default(),
            mode: config.statement_mode,
            command_timeout: limits.command_timeout,
            max_message_len: limits.max_message_len,
        })
    }

    // Inputs. `handle_input` is in receive.rs.

    /// The peer closed the stream.
    pub fn handle_eof(&mut self) {
        self.close_because(CloseReason::Eof);
    }

    /// The transport failed; `message` is what it said.
    pub fn handle_transport_error(&mut self, message: &str) {
        self.close_because(CloseReason::Transport(message.into()));
    }

    /// TLS failed in the middle of the session.
    pub fn handle_tls_error(&mut self, error: TlsError) {
        self.close_because(CloseReason::Tls(Arc::new(error)));
    }

    /// Time has passed: ends what [`Connection::poll_timeout`] said would end by `now`. Harmless when early.
    pub fn handle_timeout(&mut self, now: Instant) {
        if let Some((deadline, _)) = self.startup.as_ref().and_then(|startup| startup.deadline)
            && deadline <= now
        {
            let awaited = self.startup.as_ref().map_or("the server", Startup::awaited);
            return self.close_because(CloseReason::Timeout(awaited));
        }
        while let Some(id) = self.deadlines.take_passed(now) {
            self.expire(now, id);
        }
        self.time_cancels(now);
    }

    // Outputs.

    /// What is to be sent; [`advance`](bytes::Buf::advance) it by what was.
    pub fn outbox(&mut self) -> &mut Outbox {
        &mut self.wire.outbox
    }

    /// Whether something is to be sent.
    pub fn wants_write(&self) -> bool {
        !self.wire.outbox.is_empty()
    }

    /// Whether the shell should read: not while enough rows wait to be taken, except that it must go on reading
    /// while there is something to send, or two full sockets would wait for each other.
    pub fn wants_read(&self) -> bool {
        self.closed.is_none() && self.flow.wants_read(self.wire.outbox.is_empty())
    }

    /// Whether more commands are welcome. Commands given all the same are taken; this is the place to wait.
    pub fn can_accept(&self) -> bool {
        self.flow.can_accept(self.unsent(), self.wire.pipeline.len().saturating_add(self.wire.hold.len()))
    }

    /// When to call [`Connection::handle_timeout`], if nothing else happens before. Every input and command may
    /// change the answer.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let startup =
            self.startup.as_ref().and_then(|startup| startup.deadline).map(|(deadline, _)| deadline);
        startup.into_iter().chain(self.deadlines.first()).chain(self.cancels.timeout()).min()
    }

    /// The next thing that happened.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// The next rows of an operation, if any wait. Taking them is what reopens reading.
    pub fn take_rows(&mut self, id: OperationId) -> Option<RowBatch> {
        let operation = self.operations.get_mut(id).filter(|operation| !operation.withholds())?;
        let rows = operation.rows.pop_front();
        match &rows {
            Some(rows) if !operation.is_whole() => self.flow.taken(rows.byte_len()),
            Some(_) => {}
            None => operation.announced = false,
        }
        rows
    }

    /// Whether [`Connection::take_rows`] would give some.
    pub fn has_rows(&self, id: OperationId) -> bool {
        self.operations.get(id).is_some_and(|operation| !operation.withholds() && !operation.rows.is_empty())
    }

    /// All rows of an operation that wait, at once: for one whose rows are wanted whole, when it has ended.
    pub fn take_all_rows(&mut self, id: OperationId) -> Vec<RowBatch> {
        let Some(operation) = self.operations.get_mut(id) else { return Vec::new() };
        operation.announced = false;
        let rows = Vec::from(core::mem::take(&mut operation.rows));
        if !operation.is_whole() {
            self.flow.taken(rows.iter().map(RowBatch::byte_len).sum());
        }
        rows
    }

    /// The outcome of an operation that has ended; its id is dead after that, and rows not taken are dropped.
    pub fn take_outcome(&mut self, id: OperationId) -> Option<Result<Outcome, Error>> {
        let operation = self.operations.get_mut(id)?;
        if let Some(expired) = operation.expired.take() {
            self.forget(id);
            return Some(Err(expired));
        }
        if !operation.is_finished() {
            return None;
        }
        self.remove(id)
    }

    /// Whether an operation's outcome can be taken.
    pub fn is_finished(&self, id: OperationId) -> bool {
        self.operations
            .get(id)
            .is_some_and(|operation| operation.is_finished() || operation.expired.is_some())
    }

    /// The columns of an operation's rows, as soon as they are known; none when it returns no rows.
    pub fn columns(&self, id: OperationId) -> Option<&Arc<Columns>> {
        self.operations.get(id).filter(|operation| !operation.withholds())?.columns.as_ref()
    }

    /// The statement that an operation runs, once it is described.
    pub fn statement(&self, id: OperationId) -> Option<&Statement> {
        self.operations.get(id)?.statement()
    }

    /// The next NOTIFY that came.
    pub fn take_notification(&mut self) -> Option<Notification> {
        self.session.notifications.pop_front()
    }

    /// The next notice that came.
    pub fn take_notice(&mut self) -> Option<ServerError> {
        self.session.notices.pop_front()
    }

    // Getters.

    /// A parameter that the server reported, such as `TimeZone`. See "Asynchronous Operations" in the protocol
    /// chapter for which ones it reports.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.session.parameter(name)
    }

    /// All parameters that the server reported.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.session.parameters()
    }

    /// The server's version; none before the session is open.
    pub fn server_version(&self) -> Option<ServerVersion> {
        ServerVersion::parse(self.session.parameter("server_version")?)
    }

    /// The process id of the server's side of the session, as in `pg_stat_activity.pid`; 0 when it has none.
    pub fn process_id(&self) -> u32 {
        self.session.process_id
    }

    /// The secret with which this session's queries can be cancelled: 4 to 256 bytes.
    pub fn cancel_key(&self) -> &[u8] {
        self.session.cancel_key()
    }

    /// Whether a transaction block is open, as of the last ReadyForQuery.
    pub fn transaction_status(&self) -> TransactionStatus {
        self.session.status
    }

    /// How far the start-up came, or had come when the connection was closed.
    pub fn startup_stage(&self) -> StartupStage {
        self.startup_stage
    }

    /// Whether the session is open.
    pub fn is_ready(&self) -> bool {
        self.startup.is_none() && self.closed.is_none()
    }

    /// Whether the connection is closed.
    pub fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// Whether nothing is under way.
    pub fn is_idle(&self) -> bool {
        self.is_ready() && self.wire.pipeline.is_empty() && !self.wire.hold.is_held()
    }

    /// Why the connection is closed.
    pub fn error(&self) -> Option<Error> {
        self.closed.as_ref().map(|reason| reason.to_error(false))
    }

    /// Where the server wants an OAuth token from, when it ended the start-up because the token that it got, or none,
    /// was not good enough.
    pub fn oauth_discovery(&self) -> Option<&OAuthDiscovery> {
        self.discovery.as_deref()
    }

    /// How many bytes of rows wait to be taken.
    pub fn unread(&self) -> usize {
        self.flow.unread()
    }

    /// The last messages that came, without their contents, for error reports.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    fn check_open(&self) -> Result<(), Error> {
        match &self.closed {
            Some(reason) => Err(reason.to_error(false)),
            None if self.startup.is_some() => {
                Err(crate::error::UsageError::call("the session is not open yet: wait for Event::Ready")
                    .into())
            }
            None => Ok(()),
        }
    }

    /// Whether another command can be taken at all.
    fn check_room(&self) -> Result<(), Error> {
        self.check_open()?;
        if self.flow.is_full(self.unsent()) {
            let why = "more bytes than outbox_limit wait to be sent: wait until can_accept()";
            return Err(crate::error::UsageError::call(why).into());
        }
        Ok(())
    }

    /// How many bytes wait to be sent, those that wait for the wire included.
    fn unsent(&self) -> usize {
        self.wire.outbox.len().saturating_add(self.wire.hold.bytes())
    }
}
