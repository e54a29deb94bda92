//! The SQL that the server in memory knows.

use trunkline_core::error::Severity;
use trunkline_core::types::{Type, oid};
use trunkline_core::wire::Format;

use super::catalog::{MOOD, PAIR, named};
use crate::messages as m;

/// One statement. Each is told by its text, exactly as it stands here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the SQL is the documentation")]
pub enum Command {
    /// The empty query.
    Empty,
    /// `select 7`: an int4.
    Number(i32),
    /// `select $1::int4` and other types: the parameter again.
    Echo(u32),
    /// `select generate_series(1, 1000)`: so many rows of int4.
    Series(i32),
    /// `select 1/0`: fails when it is planned, at Bind.
    FailEarly,
    /// `do fail`: fails when it runs, at Execute.
    FailLate,
    /// `insert x`: its effect is kept when it is committed.
    Insert(String),
    /// `insert deferred`: fails when it is committed.
    Deferred,
    /// `select mood`, `select pair times 3`: so many rows of a type of the [catalog](super::catalog).
    Custom(u32, usize),
    /// The query for types that are not built in.
    Introspect,
    /// `select acl`: an aclitem, which has no binary form.
    Acl,
    /// `select * from t`: one int4 column, two after `alter table t`.
    Table,
    Alter,
    /// `alter type pair`
    AlterType,
    Begin,
    Commit,
    Rollback,
    Savepoint,
    RollbackTo,
    Release,
    /// `copy t from stdin`
    CopyIn,
    /// `copy t to stdout`, and `copy 20 to stdout` for that many rows
    CopyOut(usize),
    /// `set timezone utc`
    Set(String, String),
    /// `notify jobs`
    Notify(String),
    /// `do raise hello`
    Raise(String),
    /// `deallocate all`
    Deallocate,
    /// `select pg_terminate_backend()`
    Terminate,
}

/// Why a statement fails.
#[derive(Debug, Clone)]
pub struct Failure {
    severity: Severity,
    code: String,
    message: String,
    routine: Option<&'static str>,
    position: Option<u32>,
}

impl Failure {
    /// An error.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code: code.into(),
            message: message.into(),
            routine: None,
            position: None,
        }
    }

    /// The end of the session.
    pub fn fatal(code: &str, message: &str) -> Self {
        Self { severity: Severity::Fatal, ..Self::new(code, message) }
    }

    /// The server's routine that raised it.
    #[must_use]
    pub fn routine(mut self, routine: &'static str) -> Self {
        self.routine = Some(routine);
        self
    }

    /// As ErrorResponse.
    pub fn message(&self) -> Vec<u8> {
        let mut error = m::server_error(self.severity, &self.code, &self.message);
        error.routine = self.routine.map(Into::into);
        error.position = self.position;
        m::error_of(error)
    }
}

impl Command {
    /// Parses one statement.
    pub fn parse(sql: &str) -> Result<Self, Failure> {
        let sql = sql.trim();
        let words: Vec<&str> = sql.split_whitespace().collect();
        Ok(match words[..] {
            [] => Self::Empty,
            ["select", "1/0"] => Self::FailEarly,
            ["with", "recursive", "level(oids)", ..] => Self::Introspect,
            ["select", name] if named(name).is_some() => Self::Custom(named(name).unwrap_or_default(), 1),
            ["select", name, "times", count] => {
                let oid = named(name).ok_or_else(syntax)?;
                Self::Custom(oid, count.parse().map_err(|_| syntax())?)
            }
            ["select", "$1::mood"] => Self::Echo(MOOD),
            ["select", "$1::pair"] => Self::Echo(PAIR),
            ["select", "acl"] => Self::Acl,
            ["select", "*", "from", "t"] => Self::Table,
            ["select", "pg_terminate_backend()"] => Self::Terminate,
            ["select", "$1::int4"] => Self::Echo(oid::INT4),
            ["select", "$1::text"] => Self::Echo(oid::TEXT),
            ["select", "$1::bytea"] => Self::Echo(oid::BYTEA),
            ["select", "generate_series(1,", end] => {
                Self::Series(end.trim_end_matches(')').parse().map_err(|_| syntax())?)
            }
            ["select", number, ..] => Self::Number(number.parse().map_err(|_| syntax())?),
            ["do", "fail"] => Self::FailLate,
            ["do", "raise", what] => Self::Raise(what.into()),
            ["insert", "deferred"] => Self::Deferred,
            ["insert", what] => Self::Insert(what.into()),
            ["alter", "table", "t"] => Self::Alter,
            ["alter", "type", "pair"] => Self::AlterType,
            ["savepoint", _] => Self::Savepoint,
            ["rollback", "to", "savepoint", _] => Self::RollbackTo,
            ["release", "savepoint", _] => Self::Release,
            ["begin"] => Self::Begin,
            ["commit"] => Self::Commit,
            ["rollback"] => Self::Rollback,
            ["copy", "t", "from", "stdin"] => Self::CopyIn,
            ["copy", "t", "to", "stdout"] => Self::CopyOut(1),
            ["copy", count, "to", "stdout"] => Self::CopyOut(count.parse().map_err(|_| syntax())?),
            ["set", name, value] => Self::Set(name.into(), value.into()),
            ["notify", channel] => Self::Notify(channel.into()),
            ["deallocate", "all"] => Self::Deallocate,
            _ => return Err(syntax()),
        })
    }

    /// The types of its parameters.
    pub fn parameters(&self) -> Vec<u32> {
        match self {
            Self::Echo(oid) => vec![*oid],
            Self::Introspect => vec![oid::OID_ARRAY],
            _ => Vec::new(),
        }
    }

    /// Its columns; `None` when it returns no rows. `schema` is odd when the table has two columns.
    pub fn columns(&self, schema: u32) -> Option<Vec<(&'static str, Type)>> {
        Some(match self {
            Self::Number(_) | Self::Series(_) | Self::FailEarly => vec![("n", Type::INT4)],
            Self::Echo(oid) => vec![("echo", Type::from_oid(*oid))],
            Self::Custom(oid, _) => vec![("custom", Type::from_oid(*oid))],
            Self::Acl => vec![("acl", Type::ACLITEM)],
            Self::Table if schema == 0 => vec![("a", Type::INT4)],
            Self::Table => vec![("a", Type::INT4), ("b", Type::INT4)],
            _ => return None,
        })
    }

    /// Its rows in one format.
    pub fn rows(&self, schema: u32, parameter: Option<&[u8]>, format: Format) -> Vec<Vec<Option<Vec<u8>>>> {
        let number = |n: i32| {
            Some(match format {
                Format::Binary => n.to_be_bytes().to_vec(),
                Format::Text => n.to_string().into_bytes(),
            })
        };
        match self {
            Self::Number(n) => vec![vec![number(*n)]],
            Self::Series(end) => (1..=*end).map(|n| vec![number(n)]).collect(),
            Self::Echo(_) => vec![vec![parameter.map(<[u8]>::to_vec)]],
            Self::Acl => vec![vec![Some(b"ada=r/ada".to_vec())]],
            Self::Table if schema == 0 => vec![vec![number(1)]],
            Self::Table => vec![vec![number(1), number(2)]],
            _ => Vec::new(),
        }
    }
}

fn syntax() -> Failure {
    Failure { position: Some(1), ..Failure::new("42601", "syntax error") }
}
