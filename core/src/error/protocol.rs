use alloc::boxed::Box;
use core::fmt;

use crate::wire::Malformed;

/// The longest message, in bytes, before the session is open. libpq allows 2,000 for authentication and 30,000 for
/// errors.
pub(crate) const PRE_AUTH_LIMIT: usize = 64 * 1024;

/// How the peer broke the protocol.
///
/// ```
/// use trunkline_core::error::{Error, ProtocolError};
///
/// let error = Error::from(ProtocolError::TooLong { tag: b'D', length: 2_000_000_000, limit: 0x3fff_ffff });
/// assert!(matches!(error, Error::Protocol(_)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProtocolError {
    /// A message that cannot come here: its tag, and what was expected instead.
    Unexpected {
        /// The message's type byte.
        tag: u8,
        /// What the conversation was waiting for.
        step: &'static str,
    },
    /// A message whose body is not what its tag says.
    Malformed {
        /// The message's type byte, or 0 for bytes that are not even a message.
        tag: u8,
        /// What is wrong.
        problem: Malformed,
    },
    /// A message longer than `max_message_len` (or than a message of its kind before authentication can be).
    TooLong {
        /// The message's type byte.
        tag: u8,
        /// Its length in bytes.
        length: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// A row with another number of fields than its description.
    FieldCount {
        /// Fields in the row.
        row: usize,
        /// Columns in the description.
        described: usize,
    },
    /// The first bytes are not PostgreSQL's: what they look like, and their beginning.
    NotPostgres(Box<str>),
    /// A rule of the protocol that is not about one message's form.
    Violation(Box<str>),
}

impl ProtocolError {
    /// A body that is not what its tag says.
    ///
    /// ```
    /// use trunkline_core::error::ProtocolError;
    /// use trunkline_core::wire::Malformed;
    ///
    /// let error = ProtocolError::malformed(b'Z', Malformed::Truncated);
    /// assert!(matches!(error, ProtocolError::Malformed { tag: b'Z', .. }));
    /// ```
    pub const fn malformed(tag: u8, problem: Malformed) -> Self {
        Self::Malformed { tag, problem }
    }

    /// What the first bytes of a peer look like when they are not PostgreSQL's.
    ///
    /// ```
    /// use trunkline_core::error::ProtocolError;
    ///
    /// assert!(ProtocolError::of_first_bytes(b"HTTP/1.1 400 Bad Request").is_some());
    /// assert!(ProtocolError::of_first_bytes(b"R\0\0\0\x08\0\0\0\0").is_none());
    /// ```
    pub fn of_first_bytes(input: &[u8]) -> Option<Self> {
        not_postgres(input).map(|what| Self::NotPostgres(what.into()))
    }

    /// A broken rule, in words.
    ///
    /// ```
    /// use trunkline_core::error::ProtocolError;
    ///
    /// let error = ProtocolError::violation("two answers to one question");
    /// assert!(error.to_string().contains("two answers to one question"));
    /// ```
    #[cold]
    #[inline(never)]
    pub fn violation(rule: impl Into<Box<str>>) -> Self {
        Self::Violation(rule.into())
    }
}

/// Looked at before a "length" among them is believed.
fn not_postgres(input: &[u8]) -> Option<&'static str> {
    match input {
        [b'H', b'T', b'T', b'P', ..] => Some("it answers in HTTP"),
        [b'S', b'S', b'H', b'-', ..] => Some("it is an SSH server"),
        [0x15 | 0x16, 0x03, ..] => Some("it speaks TLS from the start (sslnegotiation=direct)"),
        [b'2' | b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..] => Some("it is a mail or FTP server"),
        [b'-' | b'+', b'E' | b'O', ..] => Some("it answers like Redis"),
        [_, _, _, _, 0x0a, ..] => Some("it is a MySQL server"),
        [b'R' | b'E' | b'v' | b'N' | b'S' | b'K' | b'Z' | b'A', ..] | [] => None,
        [_, ..] => Some("its first bytes are no PostgreSQL message"),
    }
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::NotPostgres(what) = self {
            return write!(f, "this is not a PostgreSQL server: {what}");
        }
        f.write_str("the server broke the protocol: ")?;
        match self {
            Self::Unexpected { tag, step } => {
                write!(f, "message '{}' came while waiting for {step}", tag.escape_ascii())
            }
            Self::Malformed { tag: 0, problem } => write!(f, "{problem}"),
            Self::Malformed { tag, problem } => write!(f, "in message '{}': {problem}", tag.escape_ascii()),
            Self::TooLong { tag, length, limit: limit @ PRE_AUTH_LIMIT } => write!(
                f,
                "message '{}' of {length} bytes came before the session was open, where {limit} bytes are the most",
                tag.escape_ascii()
            ),
            Self::TooLong { tag, length, limit } => write!(
                f,
                "message '{}' of {length} bytes is longer than the limit of {limit} (max_message_len)",
                tag.escape_ascii()
            ),
            Self::FieldCount { row, described } => {
                write!(f, "a row has {row} fields where {described} were described")
            }
            Self::NotPostgres(rule) | Self::Violation(rule) => f.write_str(rule),
        }
    }
}

impl core::error::Error for ProtocolError {}
