//! What can go wrong, and whose fault it was.

mod closed;
mod escaped;
mod pool;
mod protocol;
mod server;
mod sqlstate;
mod tls;
mod usage;

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;
use core::time::Duration;

pub use closed::{CloseReason, Closed};
pub(crate) use escaped::Escaped;
pub use pool::{ConnectFailure, Exhausted, Holder, PoolError};
pub(crate) use protocol::PRE_AUTH_LIMIT;
pub use protocol::ProtocolError;
pub use server::{ServerError, Severity};
pub use sqlstate::SqlState;
pub use tls::{TlsError, TlsErrorKind};
pub use usage::{ConversionError, UsageError};

/// What [`Error`] is made of besides its own variants: a result of core.
///
/// ```
/// use trunkline_core::{Result, Row};
///
/// fn full_name(row: Row<'_>) -> Result<String> {
///     Ok(format!("{} {}", row.get::<&str>("first")?, row.get::<&str>("last")?))
/// }
/// ```
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// Why something failed. The variant tells whose fault it was.
///
/// Cheap to clone: a connection that is closed gives the same error to every later call.
///
/// ```
/// use trunkline_core::{Error, SqlState};
///
/// fn status(error: &Error) -> u16 {
///     match error {
///         Error::Server(error) if error.code == SqlState::UNIQUE_VIOLATION => 409,
///         Error::Pool(_) | Error::Timeout(..) => 503,
///         _ => 500,
///     }
/// }
/// assert_eq!(status(&Error::RolledBack), 500);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Error {
    /// The server refused, and says why. The connection goes on, unless the severity is FATAL or PANIC.
    Server(Arc<ServerError>),
    /// The peer broke the protocol, or is not PostgreSQL. The connection is closed.
    Protocol(Arc<ProtocolError>),
    /// The caller asked for something that cannot be; nothing of it was sent, or it was undone. Only a result of another
    /// shape than was asked for ([`UsageError::Shape`]) is of a statement that has run.
    Usage(Arc<UsageError>),
    /// A value of a result does not fit the type it was asked for as, or its bytes are not what its type says.
    Conversion(Arc<ConversionError>),
    /// Authentication failed on our side: the server's proof is wrong, or what it asks for is not allowed.
    Auth(Arc<str>),
    /// Encryption failed, or could not be had.
    Tls(Arc<TlsError>),
    /// A deadline passed: what was waited for, and how long.
    Timeout(&'static str, Duration),
    /// The connection is closed; what closed it, and whether the operation may have run.
    Closed(Arc<Closed>),
    /// COMMIT was answered by ROLLBACK: a statement of the transaction had failed, and nothing of it was kept.
    RolledBack,
    /// More bytes of rows came than `learning_limit` allows to keep while the types of their columns are learned. The
    /// statement ran. Prepare it first, and its types are known before its rows come.
    LearningLimit(usize),
    /// An earlier statement of the same batch failed, so this one was not run.
    Skipped,
    /// A pool gave no connection.
    Pool(Arc<PoolError>),
    /// A server was reached, and is not one that `target_session_attrs` asks for.
    ServerRole {
        /// The setting.
        wanted: &'static str,
        /// What the server is, in words.
        found: &'static str,
    },
}

impl Error {
    /// The SQLSTATE, when the server sent one.
    ///
    /// ```
    /// use trunkline_core::{Error, ServerError, SqlState, error::Severity};
    ///
    /// let error = Error::from(ServerError::new(Severity::Error, SqlState::UNDEFINED_TABLE, "no such table"));
    /// assert_eq!(error.sqlstate(), Some(&SqlState::UNDEFINED_TABLE));
    /// assert_eq!(Error::RolledBack.sqlstate(), None);
    /// ```
    pub fn sqlstate(&self) -> Option<&SqlState> {
        self.as_server().map(ServerError::sqlstate)
    }

    /// The server's error: this one, or the one that closed the connection.
    ///
    /// ```
    /// use trunkline_core::{Error, ServerError, SqlState, error::Severity};
    ///
    /// let mut violation = ServerError::new(Severity::Error, SqlState::UNIQUE_VIOLATION, "duplicate key");
    /// violation.constraint = Some("users_email_key".into());
    /// let error = Error::from(violation);
    /// let constraint = error.as_server().and_then(|error| error.constraint.as_deref());
    /// assert_eq!(constraint, Some("users_email_key"));
    /// ```
    pub fn as_server(&self) -> Option<&ServerError> {
        match self {
            Self::Server(error) => Some(error),
            Self::Closed(closed) => match &closed.reason {
                CloseReason::Server(error) => Some(error),
                CloseReason::Reset(error) => Some(error),
                _ => None,
            },
            Self::Pool(error) => error.cause()?.as_server(),
            _ => None,
        }
    }

    /// Whether running the same transaction again, as a whole, may well succeed: a serialization failure or a deadlock.
    ///
    /// ```
    /// use trunkline_core::{Error, ServerError, SqlState, error::Severity};
    ///
    /// let deadlock = Error::from(ServerError::new(Severity::Error, SqlState::DEADLOCK_DETECTED, "deadlock"));
    /// assert!(deadlock.is_retryable());
    /// assert!(!Error::RolledBack.is_retryable());
    /// ```
    pub fn is_retryable(&self) -> bool {
        self.sqlstate().is_some_and(SqlState::is_retryable)
    }

    /// Whether nothing of the operation was done by the server, so that sending it again cannot do it twice.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use trunkline_core::Error;
    /// use trunkline_core::error::{CloseReason, Closed};
    ///
    /// let before_it_was_sent = Error::Closed(Arc::new(Closed::new(CloseReason::Eof, false)));
    /// let after = Error::Closed(Arc::new(Closed::new(CloseReason::Eof, true)));
    /// assert!(before_it_was_sent.safe_to_retry() && !after.safe_to_retry());
    /// ```
    pub fn safe_to_retry(&self) -> bool {
        match self {
            // It ran; only what it gave was not what was asked for.
            Self::Usage(error) => !matches!(**error, UsageError::Shape(_)),
            Self::Skipped | Self::ServerRole { .. } | Self::Pool(_) => true,
            Self::Closed(closed) => !closed.may_have_run,
            _ => false,
        }
    }

    /// The same failure, of one run of a statement that is run many times.
    pub(crate) fn of_run(self, run: usize) -> Self {
        match self {
            Self::Usage(error) => Self::usage(UsageError::Run { run, error }),
            error => error,
        }
    }

    /// A caller's mistake that has a text of its own.
    ///
    /// ```
    /// use trunkline_core::Error;
    /// use trunkline_core::error::UsageError;
    ///
    /// let error = Error::usage(UsageError::shape("an account has exactly one owner"));
    /// assert_eq!(error.to_string(), "an account has exactly one owner");
    /// ```
    #[cold]
    #[inline(never)]
    pub fn usage(error: UsageError) -> Self {
        Self::Usage(Arc::new(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(error) => error.fmt(f),
            Self::Protocol(error) => error.fmt(f),
            Self::Usage(error) => error.fmt(f),
            Self::Conversion(error) => error.fmt(f),
            Self::Auth(message) => write!(f, "authentication failed: {message}"),
            Self::Tls(error) => error.fmt(f),
            Self::Timeout(what, limit) => write!(f, "no answer within {} while waiting for {what}", Shown(*limit)),
            Self::Closed(closed) => closed.fmt(f),
            Self::RolledBack => f.write_str(
                "COMMIT was answered by ROLLBACK: a statement of the transaction had failed, so nothing of it was kept",
            ),
            Self::LearningLimit(limit) => write!(
                f,
                "more than {limit} bytes of rows came before the types of their columns were known: prepare the statement \
                 first, or raise learning_limit"
            ),
            Self::Skipped => f.write_str("not run: an earlier statement of the same batch failed"),
            Self::Pool(error) => error.fmt(f),
            Self::ServerRole { wanted, found } => write!(
                f,
                "the server is not what target_session_attrs={wanted} asks for: {found}; add the host of one that is, \
                 or ask for less"
            ),
        }
    }
}

/// A time as people write it: `30s`, `1.5s`, `250ms`.
struct Shown(Duration);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, mut fraction, unit) = match (self.0.as_secs(), self.0.subsec_nanos()) {
            (0, nanos) => (u64::from(nanos / 1_000_000), nanos % 1_000_000 * 1000, "ms"),
            (seconds, nanos) => (seconds, nanos, "s"),
        };
        write!(f, "{whole}")?;
        if fraction > 0 {
            f.write_str(".")?;
        }
        while fraction > 0 {
            write!(f, "{}", fraction / 100_000_000)?;
            fraction = fraction % 100_000_000 * 10;
        }
        f.write_str(unit)
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Conversion(error) => error.source(),
            Self::Pool(error) => error.source(),
            _ => None,
        }
    }
}

impl From<ServerError> for Error {
    #[cold]
    #[inline(never)]
    fn from(error: ServerError) -> Self {
        Self::Server(Arc::new(error))
    }
}

impl From<ProtocolError> for Error {
    #[cold]
    #[inline(never)]
    fn from(error: ProtocolError) -> Self {
        Self::Protocol(Arc::new(error))
    }
}

impl From<UsageError> for Error {
    #[cold]
    #[inline(never)]
    fn from(error: UsageError) -> Self {
        Self::usage(error)
    }
}

impl From<TlsError> for Error {
    #[cold]
    #[inline(never)]
    fn from(error: TlsError) -> Self {
        Self::Tls(Arc::new(error))
    }
}

impl From<ConversionError> for Error {
    #[cold]
    #[inline(never)]
    fn from(error: ConversionError) -> Self {
        Self::Conversion(Arc::new(error))
    }
}

impl From<PoolError> for Error {
    #[cold]
    #[inline(never)]
    fn from(error: PoolError) -> Self {
        Self::Pool(Arc::new(error))
    }
}

impl From<crate::wire::Unencodable> for Error {
    #[cold]
    #[inline(never)]
    fn from(error: crate::wire::Unencodable) -> Self {
        UsageError::Unencodable(error).into()
    }
}

/// The error type that conversions of single values may fail with.
///
/// ```
/// use trunkline_core::error::BoxError;
///
/// fn parse_colour(text: &str) -> Result<u32, BoxError> {
///     let digits = text.strip_prefix('#').ok_or("a colour begins with #")?;
///     Ok(u32::from_str_radix(digits, 16)?)
/// }
/// assert_eq!(parse_colour("#ff8800").unwrap(), 0xff8800);
/// ```
pub type BoxError = Box<dyn core::error::Error + Send + Sync>;
