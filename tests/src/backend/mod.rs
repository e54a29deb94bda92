//! A PostgreSQL server in memory, made of core's own messages read and written the other way round.
//!
//! It keeps statements, a portal, the transaction's status and what was committed, and skips up to Sync after an
//! error, as the real one does. What SQL it knows is in [`sql`].

pub mod catalog;
mod copy;
mod extended;
mod opening;
mod simple;
pub mod sql;

use std::collections::HashMap;

use bytes::{Buf, BytesMut};
use trunkline_core::message::backend::TransactionStatus;
use trunkline_core::message::frontend::FrontendMessage;
use trunkline_core::wire::{Format, Frame};

pub use opening::{Auth, Opening};

use crate::frontend;
use crate::messages as m;
use catalog::Catalog;
use copy::Copying;
use sql::{Command, Failure};

/// A server with one session.
#[derive(Debug)]
pub struct Backend {
    /// How it lets clients in.
    pub opening: Opening,
    /// The messages it has read, in the words of [`frontend`]; those it skipped are in parentheses.
    pub heard: Vec<String>,
    /// The effects that were committed.
    pub committed: Vec<String>,
    /// The types of its database.
    pub catalog: Catalog,
    /// What it has to send.
    pub out: BytesMut,
    phase: Phase,
    statements: HashMap<String, Prepared>,
    portals: HashMap<String, Portal>,
    status: TransactionStatus,
    /// The effects of the open transaction.
    pending: Vec<String>,
    /// The effects of the open transaction when its savepoint was made.
    savepoint: Option<Vec<String>>,
    /// It failed, and skips everything up to Sync.
    skipping: bool,
    copying: Option<Copying>,
    /// A constraint that fails at the end of the transaction.
    deferred: bool,
    /// Counts the changes of the schema.
    schema: u32,
}

#[derive(Debug)]
enum Phase {
    Opening(opening::State),
    Open,
    Over,
}

#[derive(Debug, Clone)]
struct Prepared {
    command: Command,
    types: Vec<u32>,
    schema: u32,
}

#[derive(Debug)]
struct Portal {
    command: Command,
    parameters: Vec<Option<Vec<u8>>>,
    formats: Vec<Format>,
    types: Vec<u32>,
    schema: u32,
    /// How many of its rows were sent.
    sent: usize,
}

impl Default for Backend {
    fn default() -> Self {
        Self::new(Opening::default())
    }
}

impl Backend {
    /// A server that waits for a StartupMessage.
    pub fn new(opening: Opening) -> Self {
        Self {
            opening,
            heard: Vec::new(),
            committed: Vec::new(),
            catalog: Catalog::default(),
            out: BytesMut::new(),
            phase: Phase::Opening(opening::State::Startup),
            statements: HashMap::new(),
            portals: HashMap::new(),
            status: TransactionStatus::Idle,
            pending: Vec::new(),
            savepoint: None,
            skipping: false,
            copying: None,
            deferred: false,
            schema: 0,
        }
    }

    /// Whether it has hung up.
    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over)
    }

    /// Forgets every statement: another server behind a pooler.
    pub fn forget_statements(&mut self) {
        self.statements.clear();
    }

    /// The names of the statements it keeps.
    pub fn statements(&self) -> Vec<&str> {
        self.statements.keys().map(String::as_str).filter(|name| !name.is_empty()).collect()
    }

    /// Whether another message is at the start of `input`; if so, it is taken and answered.
    pub fn handle(&mut self, input: &mut BytesMut) -> bool {
        match self.phase {
            Phase::Over => {
                input.clear();
                false
            }
            Phase::Opening(opening::State::Startup) => self.handle_startup(input),
            _ => {
                let Some(frame) = Frame::read(input).expect("the client's header") else { return false };
                let message = FrontendMessage::decode(frame).expect("the client's message");
                let length = frame.frame_len();
                let words = frontend::word(&message);
                let skipped = self.skipping && !matches!(message, FrontendMessage::Sync(_));
                self.heard.push(if skipped { format!("({words})") } else { words });
                if matches!(self.phase, Phase::Open) {
                    self.handle_message(&message);
                } else {
                    self.handle_answer(&message);
                }
                input.advance(length);
                true
            }
        }
    }

    /// Sends something that nobody asked for.
    pub fn say(&mut self, message: &[u8]) {
        self.out.extend_from_slice(message);
    }

    /// Ends the session with a last word.
    pub fn kill(&mut self) {
        self.say(&m::fatal("57P01", "terminating connection due to administrator command"));
        self.phase = Phase::Over;
    }

    fn handle_message(&mut self, message: &FrontendMessage<'_>) {
        if let Some(copying) = self.copying.take() {
            return self.handle_copy(copying, message);
        }
        match message {
            FrontendMessage::Terminate(_) => self.phase = Phase::Over,
            FrontendMessage::Sync(_) => self.sync(),
            _ if self.skipping => {}
            FrontendMessage::Query(query) => self.query(query.sql),
            other => {
                if let Err(failure) = self.extended(other) {
                    self.fail(&failure);
                    self.skipping = true;
                }
            }
        }
    }

    fn sync(&mut self) {
        self.skipping = false;
        if self.status != TransactionStatus::InBlock {
            self.portals.clear();
        }
        if self.status == TransactionStatus::Idle
            && let Err(failure) = self.commit()
        {
            self.fail(&failure);
        }
        self.ready();
    }

    /// The implicit transaction, or the block, ends well: unless a deferred constraint says otherwise.
    fn commit(&mut self) -> Result<(), Failure> {
        if std::mem::take(&mut self.deferred) {
            return Err(Failure::new("23503", "violates a deferred constraint"));
        }
        self.committed.append(&mut self.pending);
        Ok(())
    }

    fn fail(&mut self, failure: &Failure) {
        self.pending.clear();
        self.deferred = false;
        if self.status == TransactionStatus::InBlock {
            self.status = TransactionStatus::Failed;
        }
        self.say(&failure.message());
    }

    fn ready(&mut self) {
        let status = self.status;
        self.say(&m::ready_in(status));
    }

    /// What every statement does before it runs.
    fn check_status(&self, command: &Command) -> Result<(), Failure> {
        let ends = matches!(command, Command::Commit | Command::Rollback | Command::RollbackTo);
        if self.status == TransactionStatus::Failed && !ends {
            return Err(Failure::new("25P02", "current transaction is aborted"));
        }
        Ok(())
    }

    fn check_block(&self) -> Result<(), Failure> {
        if self.status == TransactionStatus::Idle {
            return Err(Failure::new("25P01", "SAVEPOINT can only be used in transaction blocks"));
        }
        Ok(())
    }

    /// The rows of a statement that returns some.
    fn rows(
        &self,
        command: &Command,
        schema: u32,
        parameter: Option<&[u8]>,
        format: Format,
    ) -> Vec<Vec<Option<Vec<u8>>>> {
        match command {
            Command::Custom(oid, count) => vec![vec![Some(self.catalog.value(*oid, format))]; *count],
            command => command.rows(schema, parameter, format),
        }
    }

    /// Runs a statement that returns no rows; gives its tag.
    fn run(&mut self, command: &Command) -> Result<String, Failure> {
        Ok(match command {
            Command::Begin => {
                self.status = TransactionStatus::InBlock;
                "BEGIN".into()
            }
            Command::Commit => {
                let failed = std::mem::take(&mut self.status) == TransactionStatus::Failed;
                if failed {
                    self.pending.clear();
                    return Ok("ROLLBACK".into());
                }
                self.commit()?;
                "COMMIT".into()
            }
            Command::Rollback => {
                self.status = TransactionStatus::Idle;
                self.pending.clear();
                "ROLLBACK".into()
            }
            Command::Savepoint => {
                self.check_block()?;
                self.savepoint = Some(self.pending.clone());
                "SAVEPOINT".into()
            }
            Command::RollbackTo => {
                self.check_block()?;
                let missing = || Failure::new("3B001", "savepoint does not exist");
                self.pending = self.savepoint.clone().ok_or_else(missing)?;
                self.status = TransactionStatus::InBlock;
                "ROLLBACK".into()
            }
            Command::Release => {
                self.check_block()?;
                self.savepoint = None;
                "RELEASE".into()
            }
            Command::AlterType => {
                self.catalog.is_altered = true;
                "ALTER TYPE".into()
            }
            Command::Insert(what) => {
                self.pending.push(what.clone());
                "INSERT 0 1".into()
            }
            Command::Deferred => {
                self.deferred = true;
                "INSERT 0 1".into()
            }
            Command::Set(name, value) => {
                self.say(&m::parameter(name, value));
                "SET".into()
            }
            Command::Notify(channel) => {
                self.say(&m::notification(channel, "hello"));
                "NOTIFY".into()
            }
            Command::Raise(message) => {
                self.say(&m::notice(message));
                "DO".into()
            }
            Command::Alter => {
                self.schema += 1;
                "ALTER TABLE".into()
            }
            Command::Deallocate => {
                self.statements.clear();
                "DEALLOCATE ALL".into()
            }
            Command::FailLate => return Err(Failure::new("22012", "division by zero")),
            Command::Terminate => {
                self.phase = Phase::Over;
                return Err(Failure::fatal("57P01", "terminating connection due to administrator command"));
            }
            other => unreachable!("{other:?} returns rows, or is none of a server's"),
        })
    }
}
