use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use super::{CommandTag, Copy, Direction, Outcome, Portal, Stage, StatementResult};
use crate::config::StatementMode;
use crate::error::Error;
use crate::row::{Columns, RowBatch};
use crate::statement::{Class, Key, Statement};
use crate::time::Instant;
use crate::types::Type;

/// How a query is to be run; the default is what a connection's configuration says.
#[derive(Debug, Clone, Default)]
pub struct QueryOptions<'a> {
    /// The statement, when the caller has it: its types are known, so it goes in one flight everywhere.
    pub statement: Option<&'a Statement>,
    /// The types of the parameters, when the caller knows them: one flight at the first use too.
    pub types: &'a [Type],
    /// How the statement is kept on the server.
    pub mode: Option<StatementMode>,
    /// Whether all rows are wanted at once, at the end. They then count for nothing in the flow control, since
    /// the caller has asked for the memory.
    pub whole: bool,
    /// How long the query may take from now; `None` for the connection's `command_timeout`.
    pub timeout: Option<Duration>,
}

/// What follows a statement of a batch that fails.
///
/// ```
/// use trunkline_core::BatchMode;
///
/// assert_eq!(BatchMode::default(), BatchMode::FailFast);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BatchMode {
    /// Nothing: the batch is one implicit transaction, undone as a whole; what follows is skipped. When the commit
    /// itself fails (a deferred constraint), that is the error of the last statement.
    #[default]
    FailFast,
    /// The next statement: each is a transaction of its own.
    ContinueOnError,
}

/// An operation, from its command until its outcome is taken.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) kind: Kind,
    pub(crate) columns: Option<Arc<Columns>>,
    pub(crate) rows: VecDeque<RowBatch>,
    /// Whether an event told of the rows that wait.
    pub(crate) announced: bool,
    pub(crate) outcome: Option<Result<Outcome, Error>>,
    /// Its deadline passed: what the caller gets, while its replies are still on their way.
    pub(crate) expired: Option<Error>,
    /// It turned out to be a COPY that nobody has data for, or gave too many rows too early: what the caller gets
    /// instead of what the server says.
    pub(crate) refused: Option<Error>,
    /// The types that it waits for: nothing of it is shown before they were asked for.
    pub(crate) awaited: Option<Box<Awaited>>,
    /// It waited for types, and does not again.
    pub(crate) waited: bool,
    /// The columns whose values are still to be compared with their type's description; not told before the first
    /// row.
    pub(crate) unchecked: Option<Vec<usize>>,
    /// The types that its values named and that were asked for.
    pub(crate) named: Vec<u32>,
    /// It may open a transaction block.
    pub(crate) opens_block: bool,
    pub(crate) phase: Phase,
    /// Nobody wants it any more: its replies are parsed past.
    pub(crate) forgotten: bool,
    pub(crate) deadline: Option<(Instant, Duration)>,
    /// How many bytes had been given to the outbox before its first.
    pub(crate) written_at: u64,
}

/// What was asked for.
#[derive(Debug)]
pub(crate) enum Kind {
    Query(Query),
    Prepare(Query),
    Simple(Vec<StatementResult>, Box<str>),
    Close,
    Copy(Copy),
    /// A command of our own about transactions, of which no caller hears.
    Control {
        /// Whether it opens one, or a savepoint.
        opens: bool,
    },
    /// Asks the catalog for types: an operation of our own, of which no caller hears.
    Introspect {
        /// Whether its answer was taken.
        learned: bool,
    },
}

/// Types that an operation waits for.
#[derive(Debug)]
pub(crate) struct Awaited {
    pub(crate) oids: Vec<u32>,
    /// The statement that was described with them.
    pub(crate) statement: Option<Statement>,
    /// They are types of what is in some values: these can be shown without.
    pub(crate) is_optional: bool,
}

/// A query's statement and how it is run.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) sql: Text,
    pub(crate) mode: StatementMode,
    pub(crate) whole: bool,
    pub(crate) parameter_count: usize,
    /// The parameters' types, once the server has told them.
    pub(crate) parameters: Option<Vec<Type>>,
    /// It was parsed and described as the unnamed statement in a flight of its own, and holds the wire.
    pub(crate) parsed: bool,
    /// A Parse with the statement's name was sent and has not been answered.
    pub(crate) naming: bool,
    /// Rows were delivered, or it was tried twice: never again.
    pub(crate) retried: bool,
    /// It failed while the server made out what it means: nothing of it was run.
    pub(crate) not_understood: bool,
    /// Part of a flight with one Sync for several.
    pub(crate) batched: bool,
    /// It is run many times.
    pub(crate) many: Option<Box<Many>>,
    /// Its rows come in portions.
    pub(crate) portal: Option<Box<Portal>>,
}

/// The runs of a statement that is run many times.
#[derive(Debug, Default)]
pub(crate) struct Many {
    pub(crate) pushed: usize,
    pub(crate) tags: Vec<CommandTag>,
    /// Nothing more is to come.
    pub(crate) finished: bool,
}

/// The SQL of a query: with its description when that is known, so that the hot path copies nothing.
#[derive(Debug)]
pub(crate) enum Text {
    Described(Statement),
    Undescribed { sql: Box<str>, types: Box<[Type]> },
}

/// How far an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It waits for the wire, nothing was sent.
    Waiting,
    /// Its description was asked for.
    Describing,
    /// The parameters' types are known; the caller is to bind.
    Described,
    /// It is on its way.
    Running,
    /// It is a portal of which a portion has come; it waits for the caller.
    Suspended,
    /// It has an outcome and waits for the end of its flight.
    Ending,
    /// Its flight has ended; it waits for the types of its result.
    Learning,
    /// The caller can take the outcome.
    Finished,
}

impl Operation {
    pub(crate) fn new(kind: Kind, phase: Phase) -> Self {
        let opens_block = match &kind {
            Kind::Query(query) => query.mode == StatementMode::Simple || query.sql.class() == Class::Begin,
            Kind::Simple(..) => true,
            Kind::Control { opens } => *opens,
            Kind::Prepare(_) | Kind::Close | Kind::Copy(_) | Kind::Introspect { .. } => false,
        };
        Self {
            kind,
            columns: None,
            rows: VecDeque::new(),
            announced: false,
            outcome: None,
            expired: None,
            refused: None,
            awaited: None,
            waited: false,
            unchecked: None,
            named: Vec::new(),
            opens_block,
            phase,
            forgotten: false,
            deadline: None,
            written_at: 0,
        }
    }

    /// The statement that it runs, once that is described.
    pub(crate) fn statement(&self) -> Option<&Statement> {
        match &self.kind {
            Kind::Query(Query { sql: Text::Described(statement), .. }) => Some(statement),
            _ => None,
        }
    }

    /// Whether it waits for the description of this statement.
    pub(crate) fn waits_for(&self, statement: &Statement) -> bool {
        let Kind::Query(query) = &self.kind else { return false };
        let types = query.sql.types().iter().map(Type::oid);
        query.sql.sql() == statement.sql() && types.eq(statement.given_types().iter().map(Type::oid))
    }

    /// Whether the server may have run it, when the outbox has sent so many bytes.
    pub(crate) fn may_have_run(&self, sent: u64) -> bool {
        if let Kind::Copy(Copy { direction: Direction::In, stage, .. }) = &self.kind {
            // Without its end the server keeps nothing of it.
            return matches!(stage, Stage::Ended(at) if *at < sent);
        }
        self.written_at < sent && !matches!(self.phase, Phase::Waiting | Phase::Describing | Phase::Described)
    }

    /// Whether nobody waits for it any more, while its replies are still on their way.
    pub(crate) fn is_unwanted(&self) -> bool {
        self.forgotten || self.expired.is_some()
    }

    /// Whether a transaction, or a part of one, begins or ends by it.
    pub(crate) fn controls_transaction(&self) -> bool {
        self.sql().is_some_and(Class::controls_transaction)
    }

    /// Whether all its rows are wanted at once, so that they do not count as unread.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(&self.kind, Kind::Query(query) if query.whole)
    }

    /// Whether its rows are kept back, for as long as their types are not known or for good.
    pub(crate) fn withholds(&self) -> bool {
        self.awaited.is_some() || matches!(self.kind, Kind::Introspect { .. })
    }

    pub(crate) fn awaited(&mut self) -> Option<&mut Awaited> {
        self.awaited.as_deref_mut()
    }

    /// Whether it cannot end before types are known. A failure without rows needs none.
    pub(crate) fn waits_for_types(&self) -> bool {
        self.awaited.is_some() && !(matches!(self.outcome, Some(Err(_))) && self.rows.is_empty())
    }

    /// How many bytes of rows, or of COPY data, it has that were not taken.
    pub(crate) fn untaken(&self) -> usize {
        let copied = if let Kind::Copy(copy) = &self.kind { copy.untaken() } else { 0 };
        self.rows.iter().map(RowBatch::byte_len).sum::<usize>() + copied
    }

    /// Drops them.
    pub(crate) fn drop_untaken(&mut self) {
        self.rows.clear();
        if let Kind::Copy(copy) = &mut self.kind {
            copy.received.clear();
        }
    }

    /// Its COPY, if it is one.
    pub(crate) fn copy(&mut self) -> Option<&mut Copy> {
        match &mut self.kind {
            Kind::Copy(copy) => Some(copy),
            _ => None,
        }
    }

    /// Whether no caller hears of it.
    pub(crate) fn is_ours(&self) -> bool {
        matches!(self.kind, Kind::Control { .. } | Kind::Introspect { .. })
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.phase == Phase::Finished
    }

    pub(crate) fn query(&mut self) -> Option<&mut Query> {
        match &mut self.kind {
            Kind::Query(query) | Kind::Prepare(query) => Some(query),
            Kind::Simple(..)
            | Kind::Close
            | Kind::Copy(_)
            | Kind::Control { .. }
            | Kind::Introspect { .. } => None,
        }
    }

    /// Its portal, when its rows come in portions.
    pub(crate) fn portal(&self) -> Option<&Portal> {
        match &self.kind {
            Kind::Query(query) => query.portal.as_deref(),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn portal_mut(&mut self) -> Option<&mut Portal> {
        self.query()?.portal.as_deref_mut()
    }

    /// Its runs, when it is run many times.
    pub(crate) fn many(&mut self) -> Option<&mut Many> {
        self.query()?.many.as_deref_mut()
    }

    /// Its SQL, if it has any.
    pub(crate) fn sql(&self) -> Option<&str> {
        match &self.kind {
            Kind::Query(query) | Kind::Prepare(query) => Some(query.sql.sql()),
            Kind::Simple(_, sql) => Some(sql),
            Kind::Copy(copy) => Some(&copy.sql),
            Kind::Close | Kind::Control { .. } | Kind::Introspect { .. } => None,
        }
    }
}

impl Query {
    pub(crate) fn new(
        sql: Text,
        parameter_count: usize,
        options: &QueryOptions<'_>,
        mode: StatementMode,
    ) -> Self {
        Self {
            sql,
            mode: options.mode.unwrap_or(mode),
            whole: options.whole,
            parameter_count,
            parameters: None,
            parsed: false,
            naming: false,
            retried: false,
            not_understood: false,
            batched: false,
            many: None,
            portal: None,
        }
    }
}

impl Query {
    /// Whether the server was told types for its parameters that it said itself before.
    pub(crate) fn has_described_parameters(&self) -> bool {
        matches!(&self.sql, Text::Described(statement) if !statement.parameters().is_empty())
    }

    /// What was described is no longer true.
    pub(crate) fn forget_description(&mut self) {
        let (sql, types) = (self.sql.sql().into(), self.sql.types().into());
        self.sql = Text::Undescribed { sql, types };
    }
}

impl Text {
    pub(crate) fn class(&self) -> Class {
        match self {
            Self::Described(statement) => statement.class(),
            Self::Undescribed { sql, .. } => Class::of(sql),
        }
    }

    pub(crate) fn sql(&self) -> &str {
        match self {
            Self::Described(statement) => statement.sql(),
            Self::Undescribed { sql, .. } => sql,
        }
    }

    pub(crate) fn types(&self) -> &[Type] {
        match self {
            Self::Described(statement) => statement.given_types(),
            Self::Undescribed { types, .. } => types,
        }
    }

    /// The types of its parameters, as far as they are known.
    pub(crate) fn parameters(&self) -> &[Type] {
        match self {
            Self::Described(statement) => statement.parameters(),
            Self::Undescribed { types, .. } => types,
        }
    }

    pub(crate) fn key(&self) -> Key<'_> {
        Key { sql: self.sql(), types: self.types() }
    }
}
