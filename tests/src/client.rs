//! A caller of core's connection: binds what is described, takes what there is, and remembers all of it.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::{Buf, BytesMut};
use trunkline_core::config::Config;
use trunkline_core::error::Error;
use trunkline_core::types::Parameters;
use trunkline_core::{
    Channel, Column, Columns, CommandTag, Connection, Event, Instant, Notification, OperationId, Outcome,
    QueryOptions, RowBatch, ServerError, StatementResult,
};

/// A row as bytes; `None` is NULL.
pub type Row = Vec<Option<Vec<u8>>>;

/// A connection and what became of everything it was asked.
#[derive(Debug)]
pub struct Client {
    /// The connection itself.
    pub connection: Connection,
    /// The time, which passes when a test says so.
    pub now: Instant,
    /// Every event but those of rows, which depend on how the bytes were cut.
    pub events: Vec<Event>,
    /// How often types were learned.
    pub learned: usize,
    /// The notices that came.
    pub notices: Vec<ServerError>,
    /// The notifications that came.
    pub notifications: Vec<Notification>,
    /// Whether rows and outcomes are taken as they come.
    pub takes: bool,
    /// Whether [`Event::Described`] is answered.
    pub binds: bool,
    input: BytesMut,
    records: HashMap<OperationId, Record>,
    order: Vec<OperationId>,
}

#[derive(Default)]
struct Record {
    parameters: Option<Box<dyn Parameters>>,
    columns: Option<Arc<Columns>>,
    rows: Vec<Row>,
    copied: Vec<u8>,
    outcome: Option<Result<Outcome, Error>>,
}

/// All that a caller can tell of a conversation, however its bytes were cut.
#[derive(Debug, PartialEq, Eq)]
pub struct Summary {
    /// Every event but those of rows.
    pub events: Vec<Event>,
    /// Rows, outcome and the columns' types of each operation, in the order in which they were asked.
    pub operations: Vec<(Vec<Row>, String, Vec<String>)>,
    /// The notices' messages.
    pub notices: Vec<String>,
    /// The notifications.
    pub notifications: Vec<Notification>,
    /// Why the connection is closed.
    pub error: Option<String>,
}

impl Client {
    /// A client of `config` over an unencrypted, local channel at time zero.
    pub fn new(config: &Config) -> Self {
        Self::over(config, Channel { encrypted: false, local: true, ..Channel::default() })
    }

    /// A client over any channel.
    pub fn over(config: &Config, channel: Channel) -> Self {
        let now = Instant::default();
        let connection = Connection::new(config, channel, now, [7; 24]).expect("the test's configuration");
        Self {
            connection,
            now,
            events: Vec::new(),
            learned: 0,
            notices: Vec::new(),
            notifications: Vec::new(),
            takes: true,
            binds: true,
            input: BytesMut::new(),
            records: HashMap::new(),
            order: Vec::new(),
        }
    }

    /// A client whose session is open, with nothing to send.
    pub fn open() -> Self {
        Self::open_with(&config())
    }

    /// The same with settings.
    pub fn open_with(config: &Config) -> Self {
        let mut client = Self::new(config);
        client.take_sent();
        client.feed(&crate::messages::welcome());
        assert!(client.connection.is_ready(), "{:?}", client.connection.error());
        client.events.clear();
        client
    }

    /// Runs a query.
    pub fn query(&mut self, sql: &str, parameters: impl Parameters + 'static) -> OperationId {
        self.query_with(sql, &QueryOptions::default(), parameters).expect("the query can be sent")
    }

    /// Runs a query, some way or other.
    pub fn query_with(
        &mut self,
        sql: &str,
        options: &QueryOptions<'_>,
        parameters: impl Parameters + 'static,
    ) -> Result<OperationId, Error> {
        let id = self.connection.query(self.now, sql, options, &parameters)?;
        self.remember(id, Some(Box::new(parameters)));
        self.poll();
        Ok(id)
    }

    /// Runs a simple query.
    pub fn simple(&mut self, sql: &str) -> OperationId {
        let id = self.connection.simple_query(self.now, sql).expect("the query can be sent");
        self.remember(id, None);
        id
    }

    /// Prepares a statement.
    pub fn prepare(&mut self, sql: &str) -> OperationId {
        let id = self.connection.prepare(self.now, sql, &[]).expect("the statement can be sent");
        self.remember(id, None);
        id
    }

    /// Follows an operation that a test started by itself.
    pub fn remember(&mut self, id: OperationId, parameters: Option<Box<dyn Parameters>>) {
        self.records.insert(id, Record { parameters, ..Record::default() });
        self.order.push(id);
    }

    /// Forgets an operation.
    pub fn forget(&mut self, id: OperationId) {
        self.connection.forget(id);
        self.records.remove(&id);
        self.order.retain(|other| *other != id);
    }

    /// Forgets an operation, and has it cancelled.
    pub fn abandon(&mut self, id: OperationId) {
        self.connection.abandon(self.now, id);
        self.records.remove(&id);
        self.order.retain(|other| *other != id);
        self.poll();
    }

    /// How often the shell was asked to cancel since this was last asked.
    pub fn cancels_wanted(&mut self) -> usize {
        let before = self.events.len();
        self.events.retain(|event| *event != Event::CancelWanted);
        before - self.events.len()
    }

    /// Bytes came.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
        self.connection.handle_input(&mut self.input);
        self.poll();
    }

    /// Bytes came, in pieces of `size`.
    pub fn feed_in(&mut self, bytes: &[u8], size: usize) {
        bytes.chunks(size).for_each(|piece| self.feed(piece));
    }

    /// The stream ended.
    pub fn eof(&mut self) {
        self.connection.handle_eof();
        self.poll();
    }

    /// Time passes.
    pub fn pass(&mut self, duration: std::time::Duration) {
        self.now = self.now + duration;
        self.connection.handle_timeout(self.now);
        self.poll();
    }

    /// Handles every event there is.
    pub fn poll(&mut self) {
        while let Some(event) = self.connection.poll_event() {
            match event {
                Event::Rows(id) | Event::CopyData(id) if self.takes => self.take_rows(id),
                Event::Rows(_) | Event::CopyData(_) => continue,
                Event::Described(id) if self.binds => self.bind(id),
                Event::Finished(id) if self.takes => self.take_outcome(id),
                Event::Notification => self.notifications.extend(self.connection.take_notification()),
                Event::TypesLearned => self.learned += 1,
                Event::Notice => self.notices.extend(self.connection.take_notice()),
                _ => {}
            }
            if !matches!(event, Event::Rows(_) | Event::CopyData(_)) {
                self.events.push(event);
            }
        }
    }

    /// Answers [`Event::Described`].
    pub fn bind(&mut self, id: OperationId) {
        let record = self.records.get_mut(&id).expect("what is described was asked for");
        let parameters = record.parameters.as_ref().expect("only what has parameters is described");
        match self.connection.bind(id, &**parameters) {
            // The event that tells of its end is on its way.
            Ok(()) | Err(Error::Closed(_)) => {}
            Err(error) => record.outcome = Some(Err(error)),
        }
    }

    /// Begins a COPY FROM STDIN.
    pub fn copy_in(&mut self, sql: &str) -> OperationId {
        let id = self.connection.copy_in(self.now, sql, None).expect("the COPY can be sent");
        self.remember(id, None);
        id
    }

    /// Begins a COPY TO STDOUT.
    pub fn copy_out(&mut self, sql: &str) -> OperationId {
        let id = self.connection.copy_out(self.now, sql, None).expect("the COPY can be sent");
        self.remember(id, None);
        id
    }

    /// The COPY data of an operation.
    pub fn copied(&self, id: OperationId) -> &[u8] {
        self.records.get(&id).map_or(&[], |record| &record.copied)
    }

    /// Takes the rows and the COPY data that wait.
    pub fn take_rows(&mut self, id: OperationId) {
        let columns = self.connection.columns(id).cloned();
        let record = self.records.entry(id).or_default();
        record.columns = columns.or(record.columns.take());
        while let Some(batch) = self.connection.take_rows(id) {
            let rows = (0..batch.len()).map(|row| copy_row(&batch, row));
            self.records.entry(id).or_default().rows.extend(rows);
        }
        while let Some(data) = self.connection.take_copy_data(id) {
            self.records.entry(id).or_default().copied.extend_from_slice(&data);
        }
    }

    /// Takes an outcome, and the rows before it.
    pub fn take_outcome(&mut self, id: OperationId) {
        self.take_rows(id);
        let outcome = self.connection.take_outcome(id).expect("what is finished has an outcome");
        let before = self.records.entry(id).or_default().outcome.replace(outcome);
        assert!(before.is_none(), "two outcomes of one operation");
    }

    /// What is to be sent, as bytes; it counts as sent.
    pub fn take_sent(&mut self) -> Vec<u8> {
        let outbox = self.connection.outbox();
        outbox.copy_to_bytes(outbox.remaining()).to_vec()
    }

    /// What is to be sent, in words; it counts as sent.
    pub fn sent(&mut self) -> Vec<String> {
        crate::frontend::in_words(&self.take_sent())
    }

    /// An operation's outcome, if it has ended.
    pub fn outcome(&self, id: OperationId) -> Option<&Result<Outcome, Error>> {
        self.records.get(&id)?.outcome.as_ref()
    }

    /// The tag of a query that succeeded.
    pub fn tag(&self, id: OperationId) -> CommandTag {
        match self.outcome(id) {
            Some(Ok(Outcome::Executed(tag))) => *tag,
            other => panic!("not executed: {other:?}"),
        }
    }

    /// The error of an operation that failed.
    pub fn error(&self, id: OperationId) -> &Error {
        match self.outcome(id) {
            Some(Err(error)) => error,
            other => panic!("not failed: {other:?}"),
        }
    }

    /// The SQLSTATE of an operation that failed.
    pub fn code(&self, id: OperationId) -> String {
        let error = self.error(id);
        error.sqlstate().unwrap_or_else(|| panic!("no error of the server: {error}")).to_string()
    }

    /// The rows of an operation.
    pub fn rows(&self, id: OperationId) -> &[Row] {
        self.records.get(&id).map_or(&[], |record| &record.rows)
    }

    /// The columns of an operation's rows, as they were when rows were taken last.
    pub fn columns(&self, id: OperationId) -> impl Iterator<Item = &Column> {
        self.records.get(&id).and_then(|record| record.columns.as_deref()).into_iter().flat_map(Columns::iter)
    }

    /// The types of an operation's columns.
    pub fn types(&self, id: OperationId) -> Vec<String> {
        self.columns(id).map(|column| column.type_.to_string()).collect()
    }

    /// All there is to tell.
    pub fn summary(&self) -> Summary {
        let operation = |id: &OperationId| {
            let record = &self.records[id];
            (record.rows.clone(), in_words(record.outcome.as_ref()), self.types(*id))
        };
        Summary {
            events: self.events.clone(),
            operations: self.order.iter().map(operation).collect(),
            notices: self.notices.iter().map(|notice| notice.message.to_string()).collect(),
            notifications: self.notifications.clone(),
            error: self.connection.error().map(|error| error.to_string()),
        }
    }
}

/// The configuration of most tests.
pub fn config() -> Config {
    Config::new().user("ada").dbname("shop")
}

/// An outcome, however its rows were cut into batches.
fn in_words(outcome: Option<&Result<Outcome, Error>>) -> String {
    let Some(Ok(Outcome::Script(results))) = outcome else { return format!("{outcome:?}") };
    let result = |result: &StatementResult| {
        let rows = result.rows.iter().flat_map(|batch| (0..batch.len()).map(|row| copy_row(batch, row)));
        format!("{:?} {:?} {}", result.columns, rows.collect::<Vec<_>>(), result.tag)
    };
    format!("Some(Script {:?})", results.iter().map(result).collect::<Vec<_>>())
}

fn copy_row(batch: &RowBatch, row: usize) -> Row {
    (0..batch.width()).map(|column| batch.field(row, column).map(<[u8]>::to_vec)).collect()
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record").field("rows", &self.rows.len()).field("outcome", &self.outcome).finish()
    }
}
