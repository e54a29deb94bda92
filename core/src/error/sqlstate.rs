use core::fmt;

/// A five-character error code. See PostgreSQL's appendix A, "PostgreSQL Error Codes".
///
/// Constants for every code PostgreSQL knows are generated from its `errcodes.txt`
/// (`SqlState::UNIQUE_VIOLATION` …).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SqlState([u8; 5]);

impl SqlState {
    /// The code made of five ASCII letters or digits.
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
    pub fn as_str(&self) -> &str {
        // Alphanumeric ASCII by construction.
        core::str::from_utf8(&self.0).unwrap_or("XX000")
    }

    /// The first two characters: the class of errors it belongs to, such as `23` for integrity violations.
    pub fn class(&self) -> &str {
        self.as_str().get(..2).unwrap_or_default()
    }

    /// Whether running the same transaction again may well succeed: a serialization failure or a deadlock.
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
