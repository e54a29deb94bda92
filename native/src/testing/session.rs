//! The server's side of a session with a [`Backend`].

use std::collections::HashMap;

use bytes::{Buf, BytesMut};
use trunkline_core::error::Severity;
use trunkline_core::message::backend::{
    Authentication, BackendKeyData, BackendMessage, CommandComplete, EmptyQueryResponse, ErrorResponse,
    ParameterStatus, ReadyForQuery, TransactionStatus,
};
use trunkline_core::message::frontend::{FrontendMessage, StartupPacket};
use trunkline_core::sql::split_script;
use trunkline_core::wire::{Format, Frame, Malformed};
use trunkline_core::{ServerError, SqlState};

use super::Backend;
use super::command::Command;
use super::extended::{Portal, Prepared};
use super::script::{self, Logged, Reply};

/// A statement that failed; the rest of its flight is skipped.
pub(super) type Failure = Box<ServerError>;

#[derive(Debug)]
pub(super) struct Session {
    /// What there is for the client to read.
    pub(super) out: BytesMut,
    pub(super) backend: Backend,
    pub(super) statements: HashMap<String, Prepared>,
    pub(super) portals: HashMap<String, Portal>,
    phase: Phase,
    status: TransactionStatus,
    /// It failed, and skips everything up to Sync.
    skipping: bool,
}

#[derive(Debug, PartialEq)]
enum Phase {
    Startup,
    Open,
    Over,
}

impl Session {
    pub(super) fn new(backend: Backend) -> Self {
        Self {
            out: BytesMut::new(),
            backend,
            statements: HashMap::new(),
            portals: HashMap::new(),
            phase: Phase::Startup,
            status: TransactionStatus::Idle,
            skipping: false,
        }
    }

    /// Takes all whole messages and answers them. A client that sends what cannot be is hung up on.
    pub(super) fn handle(&mut self, input: &mut BytesMut) {
        while self.phase != Phase::Over {
            let taken = match self.phase {
                Phase::Startup => self.handle_startup(input),
                _ => self.handle_message(input),
            };
            match taken {
                Ok(0) => return,
                Ok(length) => input.advance(length),
                Err(_) => self.end(),
            }
        }
    }

    pub(super) fn end(&mut self) {
        self.phase = Phase::Over;
    }

    pub(super) fn is_over(&self) -> bool {
        self.phase == Phase::Over
    }

    pub(super) fn say(&mut self, message: &BackendMessage<'_>) {
        // What a test tells may be more than a message can hold.
        if message.encode(&mut self.out).is_err() {
            self.end();
        }
    }

    pub(super) fn complete(&mut self, tag: &str) {
        self.say(&BackendMessage::CommandComplete(CommandComplete { tag }));
    }

    fn handle_startup(&mut self, input: &[u8]) -> Result<usize, Malformed> {
        let Some(length) = input.first_chunk::<4>() else { return Ok(0) };
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Malformed::InvalidLength)?;
        let Some(packet) = input.get(..length) else { return Ok(0) };
        match StartupPacket::decode(packet.get(4..).ok_or(Malformed::InvalidLength)?)? {
            StartupPacket::Startup(_) => self.welcome(),
            // Not encrypted.
            StartupPacket::SslRequest(_) | StartupPacket::GssEncRequest(_) => {
                self.out.extend_from_slice(b"N");
            }
            // Nothing runs any more that could be cancelled.
            StartupPacket::Cancel(_) => self.end(),
        }
        Ok(length)
    }

    fn welcome(&mut self) {
        self.say(&BackendMessage::Authentication(Authentication::Ok));
        for (name, value) in PARAMETERS {
            self.say(&BackendMessage::ParameterStatus(ParameterStatus { name, value }));
        }
        self.say(&BackendMessage::BackendKeyData(BackendKeyData { process_id: 1, key: &[0; 4] }));
        self.ready();
        self.phase = Phase::Open;
    }

    fn handle_message(&mut self, input: &[u8]) -> Result<usize, Malformed> {
        let Some(frame) = Frame::read(input)? else { return Ok(0) };
        match FrontendMessage::decode(frame)? {
            FrontendMessage::Terminate(_) => self.end(),
            FrontendMessage::Sync(_) => {
                self.skipping = false;
                if self.status != TransactionStatus::InBlock {
                    self.portals.clear();
                }
                self.ready();
            }
            _ if self.skipping => {}
            FrontendMessage::Query(query) => {
                if let Err(failure) = self.query(query.sql) {
                    self.fail(failure);
                }
                self.ready();
            }
            message => {
                if let Err(failure) = self.extended(&message) {
                    self.fail(failure);
                    self.skipping = true;
                }
            }
        }
        Ok(frame.frame_len())
    }

    /// The simple query protocol.
    fn query(&mut self, sql: &str) -> Result<(), Failure> {
        // What a pool sends ahead of a connection's next use, which is none of the test's concern.
        if sql.starts_with("SET exit_on_error = on;") {
            self.complete("RESET");
            return Ok(());
        }
        let mut is_empty = true;
        for statement in split_script(sql) {
            is_empty = false;
            self.check(statement)?;
            let reply = self.run(statement, &[])?;
            self.answer(&reply, statement, &[Format::Text]);
        }
        if is_empty {
            self.say(&BackendMessage::EmptyQueryResponse(EmptyQueryResponse));
        }
        Ok(())
    }

    /// What can be said of a statement before it runs.
    pub(super) fn check(&mut self, sql: &str) -> Result<(), Failure> {
        let command = Command::of(sql);
        if self.status == TransactionStatus::Failed && !command.ends_failure() {
            let message = "current transaction is aborted, commands ignored until end of transaction block";
            return Err(failure(SqlState::IN_FAILED_SQL_TRANSACTION, message));
        }
        let script = self.backend.script();
        if command.is_played() || script.of(sql).next().is_some() {
            return Ok(());
        }
        let expected = script.contents();
        drop(script);
        self.log(sql, &[]);
        let message = format!("the scripted backend was not told of `{sql}`; it expects {expected}");
        Err(failure(SqlState::FEATURE_NOT_SUPPORTED, &message))
    }

    /// Runs a statement that was checked.
    pub(super) fn run(&mut self, sql: &str, parameters: &[Option<String>]) -> Result<Reply, Failure> {
        self.log(sql, parameters);
        let command = Command::of(sql);
        let reply = self.backend.script().answer(sql, parameters).cloned();
        let failed = match &reply {
            Some(Reply::Fails(error)) => Some(error.clone()),
            Some(Reply::Nonsense(why)) => Some(nonsense(sql, why)),
            _ => None,
        };
        if let Some(failure) = failed {
            // A COMMIT that fails ends the block as well.
            if matches!(command, Command::Commit) {
                self.status = TransactionStatus::Idle;
            }
            return Err(failure);
        }
        let was_failed = self.status == TransactionStatus::Failed;
        self.status = command.status_after(self.status)?;
        if was_failed && command == Command::Commit {
            return Ok(Reply::RolledBack);
        }
        match reply {
            Some(reply) => Ok(reply),
            None if command.is_played() => Ok(Reply::Affects(0)),
            None => {
                let script = self.backend.script();
                let expected: Vec<String> = script.of(sql).map(|line| format!("`{line}`")).collect();
                let message = format!(
                    "the scripted backend was not told of `{sql}` with {}; it expects {}",
                    script::list(parameters),
                    expected.join(", ")
                );
                Err(failure(SqlState::FEATURE_NOT_SUPPORTED, &message))
            }
        }
    }

    fn fail(&mut self, failure: Failure) {
        if self.status == TransactionStatus::InBlock {
            self.status = TransactionStatus::Failed;
        }
        let is_fatal = failure.is_fatal();
        self.say(&BackendMessage::ErrorResponse(Box::new(ErrorResponse(*failure))));
        if is_fatal {
            self.end();
        }
    }

    fn ready(&mut self) {
        if self.phase != Phase::Over {
            self.say(&BackendMessage::ReadyForQuery(ReadyForQuery { status: self.status }));
        }
    }

    fn log(&self, sql: &str, parameters: &[Option<String>]) {
        let logged = Logged { sql: sql.to_owned(), parameters: parameters.to_vec() };
        self.backend.script().log.push(logged);
    }
}

/// An error of the server's.
pub(super) fn failure(code: SqlState, message: &str) -> Failure {
    Box::new(ServerError::new(Severity::Error, code, message))
}

/// The test told of a statement what cannot be.
pub(super) fn nonsense(sql: &str, why: &str) -> Failure {
    let message = format!("what the scripted backend was told of `{sql}` makes no sense: {why}");
    failure(SqlState::FEATURE_NOT_SUPPORTED, &message)
}

/// What a server tells when it greets.
const PARAMETERS: [(&str, &str); 8] = [
    ("server_version", "18.0"),
    ("server_encoding", "UTF8"),
    ("client_encoding", "UTF8"),
    ("standard_conforming_strings", "on"),
    ("DateStyle", "ISO, MDY"),
    ("TimeZone", "UTC"),
    ("default_transaction_read_only", "off"),
    ("in_hot_standby", "off"),
];
