use core::fmt;

/// A five-character error code. See PostgreSQL's appendix A, ["PostgreSQL Error Codes"].
///
/// Constants for every code PostgreSQL knows are generated from its `errcodes.txt`
/// (`SqlState::UNIQUE_VIOLATION` …).
///
/// ```
/// use trunkline_core::SqlState;
///
/// assert_eq!(SqlState::UNIQUE_VIOLATION.as_str(), "23505");
/// assert_eq!(SqlState::UNIQUE_VIOLATION.class(), SqlState::FOREIGN_KEY_VIOLATION.class());
/// ```
///
/// ["PostgreSQL Error Codes"]: https://www.postgresql.org/docs/18/errcodes-appendix.html
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SqlState([u8; 5]);

impl SqlState {
    /// The code made of five ASCII letters or digits.
    ///
    /// ```
    /// use trunkline_core::SqlState;
    ///
    /// // A code of the application's own: raise exception using errcode = 'SHOP1'.
    /// const OUT_OF_STOCK: SqlState = SqlState::from_bytes(*b"SHOP1").unwrap();
    /// assert_eq!(OUT_OF_STOCK.to_string(), "SHOP1");
    /// assert_eq!(SqlState::from_bytes(*b"a b c"), None);
    /// ```
    pub const fn from_bytes(code: [u8; 5]) -> Option<Self> {
        let mut at = 0;
        while at < 5 {
            #[expect(clippy::indexing_slicing, reason = "bounded by the loop; get() is not const")]
            if !code[at].is_ascii_alphanumeric() {
                return None;
            }
            at += 1;
        }
        Some(Self(code))
    }

    /// A code of the generated table.
    pub(crate) const fn known(code: &[u8; 5]) -> Self {
        Self(*code)
    }

    /// The code as text.
    ///
    /// ```
    /// assert_eq!(trunkline_core::SqlState::DEADLOCK_DETECTED.as_str(), "40P01");
    /// ```
    pub fn as_str(&self) -> &str {
        // Alphanumeric ASCII by construction.
        core::str::from_utf8(&self.0).unwrap_or("XX000")
    }

    /// The first two characters: the class of errors it belongs to, such as `23` for integrity violations.
    ///
    /// ```
    /// use trunkline_core::SqlState;
    ///
    /// let is_integrity = |code: SqlState| code.class() == "23";
    /// assert!(is_integrity(SqlState::CHECK_VIOLATION) && !is_integrity(SqlState::SYNTAX_ERROR));
    /// ```
    pub fn class(&self) -> &str {
        self.as_str().get(..2).unwrap_or_default()
    }

    /// Whether running the same transaction again may well succeed: a serialization failure or a deadlock.
    ///
    /// ```
    /// use trunkline_core::SqlState;
    ///
    /// assert!(SqlState::SERIALIZATION_FAILURE.is_retryable());
    /// assert!(!SqlState::UNIQUE_VIOLATION.is_retryable());
    /// ```
    pub fn is_retryable(&self) -> bool {
        matches!(&self.0, b"40001" | b"40P01")
    }
}

impl fmt::Display for SqlState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SqlState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SqlState({})", self.as_str())
    }
}
