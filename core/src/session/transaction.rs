use alloc::string::String;
use core::time::Duration;

use crate::error::SqlState;
use crate::time::backoff;

/// How a transaction is to be. The default is what the session's own settings say, and no second try.
///
/// ```
/// use trunkline_core::{IsolationLevel, TransactionOptions};
///
/// let report = TransactionOptions::new().isolation(IsolationLevel::Serializable).read_only(true).deferrable(true);
/// assert_eq!(report.begin(), "BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE");
/// ```
///
/// See ["SET TRANSACTION"] in PostgreSQL's reference.
///
/// ["SET TRANSACTION"]: https://www.postgresql.org/docs/18/sql-set-transaction.html
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
pub struct TransactionOptions {
    isolation: Option<IsolationLevel>,
    read_only: Option<bool>,
    deferrable: Option<bool>,
    retries: u32,
}

/// What a transaction sees of others. See ["Transaction Isolation"] in PostgreSQL's manual.
///
/// ```
/// use trunkline_core::{IsolationLevel, TransactionOptions};
///
/// let options = TransactionOptions::new().isolation(IsolationLevel::RepeatableRead);
/// assert_eq!(options.begin(), "BEGIN ISOLATION LEVEL REPEATABLE READ");
/// ```
///
/// ["Transaction Isolation"]: https://www.postgresql.org/docs/18/transaction-iso.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IsolationLevel {
    /// What was committed before it began, and no other transaction's order can be told from its results.
    Serializable,
    /// What was committed before its first statement.
    RepeatableRead,
    /// What was committed before each statement.
    ReadCommitted,
    /// In PostgreSQL the same as [`ReadCommitted`](Self::ReadCommitted).
    ReadUncommitted,
}

impl TransactionOptions {
    /// What the session's settings say.
    ///
    /// ```
    /// assert_eq!(trunkline_core::TransactionOptions::new().begin(), "BEGIN");
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// What it sees of others.
    ///
    /// ```
    /// use trunkline_core::{IsolationLevel, TransactionOptions};
    ///
    /// let transfer = TransactionOptions::new().isolation(IsolationLevel::Serializable).retries(3);
    /// assert_eq!(transfer.begin(), "BEGIN ISOLATION LEVEL SERIALIZABLE");
    /// ```
    pub fn isolation(mut self, level: IsolationLevel) -> Self {
        self.isolation = Some(level);
        self
    }

    /// Whether it may not write.
    ///
    /// ```
    /// use trunkline_core::TransactionOptions;
    ///
    /// assert_eq!(TransactionOptions::new().read_only(true).begin(), "BEGIN READ ONLY");
    /// ```
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.read_only = Some(read_only);
        self
    }

    /// Whether a serializable transaction that only reads waits, at its beginning, until it cannot fail.
    ///
    /// ```
    /// use trunkline_core::{IsolationLevel, TransactionOptions};
    ///
    /// let backup =
    ///     TransactionOptions::new().isolation(IsolationLevel::Serializable).read_only(true).deferrable(true);
    /// ```
    pub fn deferrable(mut self, deferrable: bool) -> Self {
        self.deferrable = Some(deferrable);
        self
    }

    /// How often it is run again, as a whole, when the server says that it would succeed then: after a
    /// serialization failure (40001) or a deadlock (40P01). Only for transactions that are run as a closure.
    ///
    /// ```
    /// use trunkline_core::{SqlState, TransactionOptions};
    ///
    /// let options = TransactionOptions::new().retries(1);
    /// assert!(options.retry_after(Some(&SqlState::DEADLOCK_DETECTED), 1, 0).is_some());
    /// assert!(options.retry_after(Some(&SqlState::DEADLOCK_DETECTED), 2, 0).is_none());
    /// ```
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// The command that begins it.
    ///
    /// ```
    /// use trunkline_core::TransactionOptions;
    ///
    /// assert_eq!(TransactionOptions::new().read_only(false).begin(), "BEGIN READ WRITE");
    /// ```
    pub fn begin(&self) -> String {
        let mut sql = String::from("BEGIN");
        let mut separator = " ";
        let mut push = |mode: &str| {
            sql.push_str(separator);
            sql.push_str(mode);
            separator = ", ";
        };
        if let Some(level) = self.isolation {
            push(level.mode());
        }
        if let Some(read_only) = self.read_only {
            push(if read_only { "READ ONLY" } else { "READ WRITE" });
        }
        if let Some(deferrable) = self.deferrable {
            push(if deferrable { "DEFERRABLE" } else { "NOT DEFERRABLE" });
        }
        sql
    }

    /// How long to wait before the next try, when there is one: `failure` is what the server said of the last,
    /// `tries` counts those made, and `seed` is any random number. A moment, twice as long each time, of which a
    /// random half is left out, so that two that met do not meet again.
    ///
    /// ```
    /// use std::time::Duration;
    /// use trunkline_core::{SqlState, TransactionOptions};
    ///
    /// let options = TransactionOptions::new().retries(5);
    /// let pause = options.retry_after(Some(&SqlState::SERIALIZATION_FAILURE), 1, 42).unwrap();
    /// assert!(pause <= Duration::from_millis(10));
    /// // It would fail of the same again.
    /// assert_eq!(options.retry_after(Some(&SqlState::UNIQUE_VIOLATION), 1, 42), None);
    /// ```
    pub fn retry_after(&self, failure: Option<&SqlState>, tries: u32, seed: u32) -> Option<Duration> {
        const FIRST: Duration = Duration::from_millis(10);
        const LONGEST: Duration = Duration::from_secs(1);
        if tries > self.retries || !failure.is_some_and(SqlState::is_retryable) {
            return None;
        }
        Some(backoff(FIRST, LONGEST, tries.saturating_sub(1), seed))
    }
}

impl IsolationLevel {
    const fn mode(self) -> &'static str {
        match self {
            Self::Serializable => "ISOLATION LEVEL SERIALIZABLE",
            Self::RepeatableRead => "ISOLATION LEVEL REPEATABLE READ",
            Self::ReadCommitted => "ISOLATION LEVEL READ COMMITTED",
            Self::ReadUncommitted => "ISOLATION LEVEL READ UNCOMMITTED",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_listed() {
        assert_eq!(TransactionOptions::new().begin(), "BEGIN");
        let all = TransactionOptions::new()
            .isolation(IsolationLevel::RepeatableRead)
            .read_only(false)
            .deferrable(false);
        assert_eq!(all.begin(), "BEGIN ISOLATION LEVEL REPEATABLE READ, READ WRITE, NOT DEFERRABLE");
    }

    #[test]
    fn only_what_can_succeed_is_tried_again_and_only_so_often() {
        let (deadlock, unique) = (SqlState::from_bytes(*b"40P01"), SqlState::from_bytes(*b"23505"));
        let options = TransactionOptions::new().retries(2);
        let after = |failure: &Option<SqlState>, tries| options.retry_after(failure.as_ref(), tries, 0);
        assert_eq!(after(&deadlock, 1), Some(Duration::from_millis(10)));
        assert_eq!(after(&deadlock, 2), Some(Duration::from_millis(20)));
        assert_eq!(after(&deadlock, 3), None);
        assert_eq!(after(&unique, 1), None);
        assert_eq!(after(&None, 1), None);
        assert_eq!(TransactionOptions::new().retry_after(deadlock.as_ref(), 1, 0), None);
        let patient = TransactionOptions::new().retries(u32::MAX);
        assert_eq!(patient.retry_after(deadlock.as_ref(), 1_000, 0), Some(Duration::from_secs(1)));
        assert_eq!(patient.retry_after(deadlock.as_ref(), 1_000, u32::MAX), Some(Duration::from_millis(500)));
    }
}
