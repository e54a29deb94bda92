use trunkline_core::SqlState;
use trunkline_core::message::backend::TransactionStatus;
use trunkline_core::sql::{Lexer, TokenKind};

use super::session::{Failure, failure};

/// What a statement does to the session, as far as a backend plays it by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Begin,
    Commit,
    Rollback,
    Savepoint,
    RollbackTo,
    Release,
    /// It sets something, or lets go of something, and nothing comes of it.
    Set,
    Other,
}

impl Command {
    pub(super) fn of(sql: &str) -> Self {
        let words = words(sql);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words[..] {
            ["BEGIN" | "START", ..] => Self::Begin,
            ["COMMIT" | "END", ..] => Self::Commit,
            ["ROLLBACK", "TO", ..] | ["ROLLBACK", "WORK" | "TRANSACTION", "TO", ..] => Self::RollbackTo,
            ["ROLLBACK" | "ABORT", ..] => Self::Rollback,
            ["SAVEPOINT", ..] => Self::Savepoint,
            ["RELEASE", ..] => Self::Release,
            ["SET" | "RESET" | "DISCARD" | "DEALLOCATE", ..] => Self::Set,
            _ => Self::Other,
        }
    }

    /// Whether it needs no line in the script.
    pub(super) fn is_played(self) -> bool {
        self != Self::Other
    }

    /// Whether it can run in a transaction that has failed.
    pub(super) const fn ends_failure(self) -> bool {
        matches!(self, Self::Commit | Self::Rollback | Self::RollbackTo)
    }

    /// The transaction's status once it has run.
    pub(super) fn status_after(self, status: TransactionStatus) -> Result<TransactionStatus, Failure> {
        let in_block = matches!(self, Self::Savepoint | Self::RollbackTo | Self::Release);
        if in_block && status == TransactionStatus::Idle {
            let message = "savepoints can only be used in transaction blocks";
            return Err(failure(SqlState::NO_ACTIVE_SQL_TRANSACTION, message));
        }
        Ok(match self {
            Self::Begin | Self::RollbackTo => TransactionStatus::InBlock,
            Self::Commit | Self::Rollback => TransactionStatus::Idle,
            Self::Savepoint | Self::Release | Self::Set | Self::Other => status,
        })
    }
}

/// The CommandComplete of a statement.
pub(super) fn tag(sql: &str, rows: u64) -> String {
    let words = words(sql);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["INSERT", ..] => format!("INSERT 0 {rows}"),
        [what @ ("UPDATE" | "DELETE" | "MERGE"), ..] => format!("{what} {rows}"),
        [what @ ("CREATE" | "ALTER" | "DROP" | "START"), of, ..] => format!("{what} {of}"),
        ["END", ..] => "COMMIT".into(),
        [what, ..] if Command::of(sql).is_played() => what.into(),
        _ => format!("SELECT {rows}"),
    }
}

/// The first words of a statement, in capitals.
fn words(sql: &str) -> Vec<String> {
    let words = Lexer::new(sql).filter(|token| token.kind == TokenKind::Word);
    words.take(3).map(|token| token.text.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_touches_the_transaction_is_known() {
        for (sql, command, says) in [
            ("/* go */ begin isolation level serializable", Command::Begin, "BEGIN"),
            ("START TRANSACTION", Command::Begin, "START TRANSACTION"),
            ("end", Command::Commit, "COMMIT"),
            ("rollback", Command::Rollback, "ROLLBACK"),
            ("rollback work to savepoint a", Command::RollbackTo, "ROLLBACK"),
            ("release savepoint a", Command::Release, "RELEASE"),
            ("set local role none", Command::Set, "SET"),
            ("insert into t values (1)", Command::Other, "INSERT 0 3"),
            ("create table t ()", Command::Other, "CREATE TABLE"),
            ("with a as (select 1) table a", Command::Other, "SELECT 3"),
        ] {
            assert_eq!((Command::of(sql), &*tag(sql, 3)), (command, says), "{sql}");
        }
    }
}
