use std::time::Duration;

use bytes::{Buf, BytesMut};
use trunkline_core::error::UsageError;
use trunkline_core::{BatchMode, Connection, Error, Event, Instant, OperationId, Outcome, QueryOptions};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::events::Events;
use super::header::{Header, flags};
use super::operations::{Operations, Wants};
use super::script::script;
use super::shared_types::{SharedTypes, Sharing};
use super::statements::Statements;
use crate::config::Configuration;
use crate::description::{prepared_statement, shape};
use crate::error;
use crate::parameters::{Scratch, hints};
use crate::rows::{RowOutput, address, length};

/// What is returned in place of an operation's number when there is none: the error is the last one.
const FAILED: u32 = u32::MAX;

/// One connection, driven by JavaScript.
///
/// A query costs four calls: `exec`, with the parameters written into the scratch area; `outgoing`, whose bytes
/// are sent; `reserve`, whose area the chunk that came is copied into; `recv`, which leaves the events. What the
/// header points to is dead at the next call of `reserve`, the outgoing bytes at the next call of any.
///
/// `now` is in milliseconds since an origin that stays the same.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    connection: Connection,
    input: BytesMut,
    pending: usize,
    rows: RowOutput,
    events: Events,
    header: Header,
    scratch: Scratch,
    statements: Statements,
    operations: Operations,
    types: Sharing,
    batch: Option<PendingBatch>,
    commands: Vec<Box<str>>,
    /// What cannot be told in numbers, in JSON: errors, notices and descriptions, until the next chunk.
    objects: Vec<String>,
}

/// A batch whose statements are being added.
#[derive(Debug)]
struct PendingBatch {
    mode: BatchMode,
    queries: Vec<(u32, Scratch, Wants)>,
}

#[wasm_bindgen]
impl Engine {
    /// Begins a session with the host of that index: the first message waits to be sent. `nonce` is 24 bytes of
    /// fresh randomness.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &Configuration, host: u32, now: f64, nonce: &[u8]) -> Result<Self, JsValue> {
        let nonce = nonce.try_into().map_err(|_| JsValue::from(error::usage("the nonce has 24 bytes")))?;
        let connection = config
            .begin(size(host), instant(now), nonce)
            .map_err(|error| JsValue::from(error::failure(&error)))?;
        let mut engine = Self {
            connection,
            input: BytesMut::new(),
            pending: 0,
            rows: RowOutput::default(),
            events: Events::default(),
            header: Header::new(),
            scratch: Scratch::default(),
            statements: Statements::new(config.codecs()),
            operations: Operations::default(),
            types: Sharing::default(),
            batch: None,
            commands: Vec::new(),
            objects: Vec::new(),
        };
        engine.refresh();
        Ok(engine)
    }

    /// The address of the header.
    pub fn header(&self) -> u32 {
        self.header.address()
    }

    /// Makes room for `bytes` of parameters and gives their address; what was written stays.
    pub fn scratch(&mut self, bytes: u32) -> u32 {
        address(self.scratch.reserve(size(bytes)))
    }

    /// The number of a statement to run; JavaScript remembers it by its text.
    pub fn statement(&mut self, sql: &str) -> u32 {
        self.statements.add(sql)
    }

    /// Forgets a statement's number; false while operations of it are under way.
    pub fn release(&mut self, statement: u32) -> bool {
        self.statements.release(statement).is_some()
    }

    /// Runs a statement with the parameters in the scratch area; `timeout` in milliseconds, 0 for the default.
    /// The flag 1 says that its rows are not wanted; from bit 8 on the flags say what values become.
    pub fn exec(&mut self, statement: u32, parameters: u32, flags: u32, timeout: f64, now: f64) -> u32 {
        let started = self.start(statement, parameters, timeout, now);
        self.refresh();
        self.number(started, Some(statement), Wants::new(flags))
    }

    /// Begins a batch: `batch_add` its statements, then `end_batch`.
    #[wasm_bindgen(js_name = beginBatch)]
    pub fn begin_batch(&mut self, continue_on_error: bool) {
        let mode = if continue_on_error { BatchMode::ContinueOnError } else { BatchMode::FailFast };
        self.batch = Some(PendingBatch { mode, queries: Vec::new() });
    }

    /// Adds a statement, with the parameters in the scratch area.
    #[wasm_bindgen(js_name = batchAdd)]
    pub fn batch_add(&mut self, statement: u32, parameters: u32, flags: u32) {
        let loaded = self.load(parameters).is_ok();
        if let (Some(batch), true) = (&mut self.batch, loaded) {
            batch.queries.push((statement, self.scratch.clone(), Wants::new(flags)));
        }
    }

    /// Writes the batch and tells the numbers of its operations; nothing when it failed with the last error.
    #[wasm_bindgen(js_name = endBatch)]
    pub fn end_batch(&mut self, timeout: f64, now: f64) -> Option<Vec<u32>> {
        let batch = self.batch.take()?;
        let written = self.write_batch(&batch, timeout, now);
        self.refresh();
        match written {
            Ok(ids) => {
                let statements = batch.queries.iter().map(|(statement, _, wants)| (*statement, *wants));
                Some(
                    ids.into_iter()
                        .zip(statements)
                        .map(|(id, (statement, wants))| self.number(Ok(id), Some(statement), wants))
                        .collect(),
                )
            }
            Err(error) => {
                self.fail(&error);
                None
            }
        }
    }

    /// Whether the types of a statement's parameters are known.
    #[wasm_bindgen(js_name = isDescribed)]
    pub fn is_described(&mut self, statement: u32) -> bool {
        self.types.follow(&mut self.connection);
        self.statements.get(statement).is_some_and(|entry| {
            let options = QueryOptions { statement: entry.prepared.as_ref(), ..QueryOptions::default() };
            self.connection.is_described(&entry.sql, &options)
        })
    }

    /// How the parameters of a statement are written, as JSON; nothing while their types are not known.
    pub fn hints(&self, statement: u32) -> Option<String> {
        let entry = self.statements.get(statement)?;
        let options = QueryOptions { statement: entry.prepared.as_ref(), ..QueryOptions::default() };
        let statement = self.connection.described_statement(&entry.sql, &options)?;
        Some(hints(statement.parameters(), self.statements.codecs()))
    }

    /// The same of an operation that is described now.
    #[wasm_bindgen(js_name = operationHints)]
    pub fn operation_hints(&self, operation: u32) -> Option<String> {
        let statement = self.connection.statement(self.operations.get(operation)?.id)?;
        Some(hints(statement.parameters(), self.statements.codecs()))
    }

    /// Shares what is known of the database's own types with other connections to it.
    #[wasm_bindgen(js_name = shareTypes)]
    pub fn share_types(&mut self, types: &SharedTypes) {
        self.types.share(types, &mut self.connection);
    }

    /// Forgets the types of the database's own, and what is known of statements by them; so do all who share them.
    #[wasm_bindgen(js_name = reloadTypes)]
    pub fn reload_types(&mut self) {
        self.types.forget_all(&mut self.connection);
    }

    /// Answers the event that an operation's parameters are known; false when that ended it with the last error.
    pub fn bind(&mut self, operation: u32, parameters: u32) -> bool {
        let bound = self.load(parameters).and_then(|()| match self.operations.get(operation) {
            Some(known) => self.connection.bind(known.id, &self.scratch),
            None => Ok(()),
        });
        self.refresh();
        match bound {
            Ok(()) => true,
            Err(error) => {
                self.end(operation);
                self.fail(&error);
                false
            }
        }
    }

    /// Runs a script of statements, without parameters.
    pub fn simple(&mut self, sql: &str, now: f64) -> u32 {
        let started = self.connection.simple_query(instant(now), sql);
        self.refresh();
        self.number(started, None, Wants::default())
    }

    /// Describes a statement, which `exec` then runs in one flight.
    pub fn prepare(&mut self, statement: u32, now: f64) -> u32 {
        let Some(entry) = self.statements.get(statement) else {
            return self.number(Err(no_statement()), None, Wants::default());
        };
        self.types.follow(&mut self.connection);
        let started = self.connection.prepare(instant(now), &entry.sql, &[]);
        self.refresh();
        self.number(started, Some(statement), Wants::default())
    }

    /// Closes a prepared statement on the server.
    #[wasm_bindgen(js_name = closeStatement)]
    pub fn close_statement(&mut self, statement: u32, now: f64) -> u32 {
        let prepared = self.statements.get_mut(statement).and_then(|entry| entry.prepared.take());
        let Some(prepared) = prepared else {
            return self.number(Err(no_statement()), None, Wants::default());
        };
        let started = self.connection.close_statement(instant(now), &prepared);
        self.refresh();
        self.number(started, Some(statement), Wants::default())
    }

    /// Nobody waits for an operation any more; there will be no event of it.
    pub fn forget(&mut self, operation: u32) {
        if let Some(known) = self.end(operation) {
            self.connection.forget(known);
        }
        self.refresh();
    }

    /// Says goodbye: the last bytes wait to be sent.
    pub fn terminate(&mut self) {
        self.connection.terminate();
        self.refresh();
    }

    /// Puts what waits to be sent in the header, the first run of it, and tells its length.
    pub fn outgoing(&mut self) -> u32 {
        let outbox = self.connection.outbox();
        let chunk = outbox.chunk();
        let (start, bytes) = (address(chunk.as_ptr()), length(chunk.len()));
        self.header.outgoing(start, bytes);
        bytes
    }

    /// So many bytes were taken.
    pub fn sent(&mut self, bytes: u32) {
        self.connection.outbox().advance(size(bytes));
        self.refresh();
    }

    /// Makes room for a chunk that came and gives the address to copy it to.
    pub fn reserve(&mut self, bytes: u32) -> u32 {
        self.events.clear();
        self.objects.clear();
        self.rows.clear();
        self.pending = self.input.len();
        self.input.resize(self.pending + size(bytes), 0);
        self.input.get(self.pending..).map_or(0, |area| address(area.as_ptr()))
    }

    /// A chunk of so many bytes came; afterwards the header points to what happened.
    pub fn recv(&mut self, bytes: u32, _now: f64) {
        self.input.truncate(self.pending + size(bytes));
        self.types.follow(&mut self.connection);
        self.connection.handle_input(&mut self.input);
        self.collect();
    }

    /// Collects what commands made happen; true when there are events to read.
    pub fn poll(&mut self) -> bool {
        self.happened();
        self.events.words() > 0
    }

    /// The peer closed the stream.
    pub fn eof(&mut self) {
        self.connection.handle_eof();
        self.happened();
    }

    /// The transport failed, and said this.
    #[wasm_bindgen(js_name = transportError)]
    pub fn transport_error(&mut self, message: &str) {
        self.connection.handle_transport_error(message);
        self.happened();
    }

    /// The deadline in the header may have passed.
    pub fn timeout(&mut self, now: f64) {
        self.connection.handle_timeout(instant(now));
        self.happened();
    }

    /// An event's object, or the last error: each once.
    pub fn object(&mut self, index: u32) -> Option<String> {
        self.objects.get_mut(size(index)).map(core::mem::take)
    }

    /// The error of the call that has just failed.
    #[wasm_bindgen(js_name = lastError)]
    pub fn last_error(&mut self) -> Option<String> {
        self.objects.pop()
    }

    /// The name of a command, by the index in an event: `SELECT`, `CREATE TABLE`.
    pub fn command(&self, index: u32) -> Option<String> {
        self.commands.get(size(index)).map(|name| name.to_string())
    }

    /// How the rows of a shape are laid out: names, kinds, slots, words of null bitmap, stride.
    pub fn shape(&self, shape_: u32) -> Option<String> {
        self.statements.plan(shape_).map(|plan| shape(&plan))
    }

    /// The name of the type of a shape's column.
    #[wasm_bindgen(js_name = typeName)]
    pub fn type_name(&self, shape: u32, column: u32) -> Option<String> {
        let plan = self.statements.plan(shape)?;
        Some(plan.row.fields.get(size(column))?.representation.type_.name().into())
    }

    /// A parameter that the server reported, such as `TimeZone`.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.connection.parameter(name).map(Into::into)
    }

    /// The process id of the server's side.
    #[wasm_bindgen(js_name = processId)]
    pub fn process_id(&self) -> u32 {
        self.connection.process_id()
    }

    /// The last messages both ways, without their contents.
    pub fn trace(&self) -> String {
        self.connection.trace().to_string()
    }
}

impl Engine {
    fn start(
        &mut self,
        statement: u32,
        parameters: u32,
        timeout: f64,
        now: f64,
    ) -> Result<OperationId, Error> {
        self.load(parameters)?;
        self.types.follow(&mut self.connection);
        let entry = self.statements.get(statement).ok_or_else(no_statement)?;
        let options = QueryOptions {
            statement: entry.prepared.as_ref(),
            timeout: (timeout > 0.0).then(|| duration(timeout)),
            ..QueryOptions::default()
        };
        let started = self.connection.query(instant(now), &entry.sql, &options, &self.scratch);
        self.scratch.shrink();
        started
    }

    fn write_batch(
        &mut self,
        pending: &PendingBatch,
        timeout: f64,
        now: f64,
    ) -> Result<Vec<OperationId>, Error> {
        self.types.follow(&mut self.connection);
        let mut batch = self.connection.batch(instant(now), pending.mode)?;
        for (statement, parameters, _) in &pending.queries {
            let entry = self.statements.get(*statement).ok_or_else(no_statement)?;
            let options = QueryOptions {
                statement: entry.prepared.as_ref(),
                timeout: (timeout > 0.0).then(|| duration(timeout)),
                ..QueryOptions::default()
            };
            batch.query(&entry.sql, &options, parameters)?;
        }
        Ok(batch.finish())
    }

    fn load(&mut self, parameters: u32) -> Result<(), Error> {
        self.scratch.load(size(parameters)).map_err(|_| crate::parameters::Malformed::error().into())
    }

    fn number(&mut self, started: Result<OperationId, Error>, statement: Option<u32>, wants: Wants) -> u32 {
        match started {
            Ok(id) => {
                if let Some(entry) = statement.and_then(|statement| self.statements.get_mut(statement)) {
                    entry.in_flight += 1;
                }
                self.operations.add(id, statement, wants)
            }
            Err(error) => {
                self.fail(&error);
                FAILED
            }
        }
    }

    fn fail(&mut self, error: &Error) {
        self.objects.push(error::failure(error));
    }

    /// Forgets an operation's number.
    fn end(&mut self, operation: u32) -> Option<OperationId> {
        let known = self.operations.remove(operation)?;
        if let Some(entry) = known.statement.and_then(|statement| self.statements.get_mut(statement)) {
            entry.in_flight = entry.in_flight.saturating_sub(1);
        }
        Some(known.id)
    }

    /// Something else than a chunk made things happen.
    fn happened(&mut self) {
        self.events.clear();
        self.objects.clear();
        self.rows.clear();
        self.collect();
    }

    /// Turns what core tells into words.
    fn collect(&mut self) {
        while let Some(event) = self.connection.poll_event() {
            match event {
                Event::Ready => self.events.ready(),
                Event::Described(id) if self.operations.find(id).is_some() => {
                    self.events.described(id.index());
                }
                Event::Rows(id) => self.collect_rows(id),
                Event::TypesLearned => self.types.tell(&self.connection),
                Event::Finished(id) => self.collect_outcome(id),
                Event::Notice => {
                    while let Some(notice) = self.connection.take_notice() {
                        let object = self.keep(error::notice(&notice));
                        self.events.notice(object);
                    }
                }
                Event::Notification => {
                    while let Some(notification) = self.connection.take_notification() {
                        let object = self.keep(crate::description::notification(&notification));
                        self.events.notification(object);
                    }
                }
                Event::Closed => {
                    let error = self.connection.error();
                    let object = error.as_ref().map_or_else(String::new, error::failure);
                    let object = self.keep(object);
                    self.events.closed(object);
                }
                _ => {}
            }
        }
        self.header.events(self.events.address(), self.events.words());
        self.header.rows(self.rows.addresses());
        self.refresh();
    }

    fn collect_rows(&mut self, id: OperationId) {
        while let Some(batch) = self.connection.take_rows(id) {
            let Some(operation) = self.operations.find(id).filter(|operation| !operation.wants.no_rows())
            else {
                continue;
            };
            let Some(shape) =
                operation.shape.or_else(|| self.find_shape(id, operation.statement, operation.wants))
            else {
                continue;
            };
            let Some(plan) = self.statements.plan(shape) else { continue };
            match self.rows.push(batch, &plan) {
                Ok(rows) => self.events.rows(id.index(), shape, rows),
                Err(error) => {
                    let object = self.keep(error::conversion(&error));
                    self.events.failed(id.index(), object);
                    self.end(id.index());
                    self.connection.forget(id);
                    return;
                }
            }
        }
    }

    fn find_shape(&mut self, id: OperationId, statement: Option<u32>, wants: Wants) -> Option<u32> {
        let columns = self.connection.columns(id)?.clone();
        let shape = self.statements.shape(statement?, &columns, wants.choices());
        self.operations.set_shape(id, shape);
        Some(shape)
    }

    fn collect_outcome(&mut self, id: OperationId) {
        self.collect_rows(id);
        let Some(operation) = self.operations.find(id) else { return };
        let Some(outcome) = self.connection.take_outcome(id) else { return };
        self.end(id.index());
        match outcome {
            Ok(Outcome::Executed(tag)) => {
                let command = self.command_index(tag.command());
                self.events.finished(id.index(), command, tag.rows());
            }
            Ok(Outcome::Script(results)) => {
                let object = self.keep(script(&results));
                self.events.script(id.index(), object);
            }
            Ok(Outcome::Prepared(prepared)) => {
                let object = self.keep(prepared_statement(&prepared));
                if let Some(entry) = operation.statement.and_then(|number| self.statements.get_mut(number)) {
                    entry.prepared = Some(prepared);
                }
                self.events.prepared(id.index(), object);
            }
            Ok(_) => {
                let command = self.command_index("");
                self.events.finished(id.index(), command, 0);
            }
            Err(error) => {
                let object = self.keep(error::failure(&error));
                self.events.failed(id.index(), object);
            }
        }
    }

    fn keep(&mut self, object: String) -> u32 {
        self.objects.push(object);
        length(self.objects.len() - 1)
    }

    /// The index of a command's name; there are some two hundred in PostgreSQL.
    fn command_index(&mut self, name: &str) -> u32 {
        const MOST: usize = 1024;
        let known = self.commands.iter().position(|known| **known == *name);
        let index = known.unwrap_or_else(|| {
            if self.commands.len() < MOST {
                self.commands.push(name.into());
            }
            self.commands.len() - 1
        });
        length(index)
    }

    fn refresh(&mut self) {
        let connection = &self.connection;
        let bit = |is: bool, flag: u32| if is { flag } else { 0 };
        let flags = bit(connection.wants_read(), flags::WANTS_READ)
            | bit(connection.can_accept(), flags::CAN_ACCEPT)
            | bit(connection.is_ready(), flags::READY)
            | bit(connection.is_closed(), flags::CLOSED);
        self.header.state(flags, connection.transaction_status().byte());
        self.header.deadline(connection.poll_timeout().map_or(f64::INFINITY, milliseconds));
    }
}

fn no_statement() -> Error {
    UsageError::call("this statement is closed").into()
}

fn size(bytes: u32) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates, and NaN is 0: as meant"
)]
fn instant(milliseconds: f64) -> Instant {
    Instant((milliseconds * 1e6) as u64)
}

/// Rounded up, so that a timer set for it does not come too early.
#[expect(clippy::cast_precision_loss, reason = "a double holds a hundred days of nanoseconds")]
fn milliseconds(instant: Instant) -> f64 {
    (instant.0 as f64 / 1e6).ceil()
}

fn duration(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64(milliseconds / 1e3).unwrap_or(Duration::MAX)
}
