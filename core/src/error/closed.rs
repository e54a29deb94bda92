use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;
use core::time::Duration;

use super::{ProtocolError, ServerError, Shown, TlsError};

/// A connection is closed, and this operation with it.
///
/// ```
/// use trunkline_core::Error;
///
/// /// Whether an order may have been placed by a call that failed.
/// fn is_in_doubt(error: &Error) -> bool {
///     matches!(error, Error::Closed(closed) if closed.may_have_run)
/// }
/// assert!(!is_in_doubt(&Error::RolledBack));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Closed {
    /// What closed it.
    pub reason: CloseReason,
    /// Whether the server may have run the statement: it was sent, and its outcome is not known.
    pub may_have_run: bool,
}

/// What closed a connection.
///
/// ```
/// use trunkline_core::error::{CloseReason, Closed};
///
/// let closed = Closed::new(CloseReason::Eof, false);
/// assert!(matches!(closed.reason, CloseReason::Eof));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum CloseReason {
    /// The caller closed it.
    Caller,
    /// The server ended the session and said why.
    Server(Arc<ServerError>),
    /// The peer broke the protocol.
    Protocol(Arc<ProtocolError>),
    /// The peer closed the stream without a word.
    Eof,
    /// The transport failed; what the operating system (or the runtime) said.
    Transport(Box<str>),
    /// Encryption failed.
    Tls(Arc<TlsError>),
    /// Authentication failed on our side.
    Auth(Arc<str>),
    /// A deadline passed while waiting for the named thing.
    Timeout(&'static str),
    /// The ping ahead of a command was not answered within this time: the server or the network is gone.
    Unanswered(Duration),
    /// The session could not be reset for its next user.
    Reset(Arc<ServerError>),
    /// The session's `client_encoding` was set to this one: texts would have been taken for what they are not.
    Encoding(Box<str>),
}

impl Closed {
    /// The same end of the connection, for an operation that may (or cannot) have run.
    ///
    /// ```
    /// use trunkline_core::error::{CloseReason, Closed};
    ///
    /// let closed = Closed::new(CloseReason::Caller, true);
    /// assert!(closed.to_string().ends_with("(the statement may or may not have been run)"));
    /// ```
    pub fn new(reason: CloseReason, may_have_run: bool) -> Self {
        Self { reason, may_have_run }
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the connection is closed: {}", self.reason)?;
        if self.may_have_run {
            f.write_str(" (the statement may or may not have been run)")?;
        }
        Ok(())
    }
}

impl core::error::Error for Closed {}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Caller => f.write_str("it was closed by this program"),
            Self::Server(error) => write!(f, "the server ended it: {error}"),
            Self::Protocol(error) => error.fmt(f),
            Self::Eof => f.write_str("the server (or something between) closed the stream without a word"),
            Self::Transport(error) => write!(f, "the network failed: {error}"),
            Self::Tls(error) => write!(f, "encryption failed: {error}"),
            Self::Auth(message) => write!(f, "authentication failed: {message}"),
            Self::Unanswered(limit) => {
                let limit = Shown(*limit);
                write!(f, "no answer to a ping within {limit}: the server or the network is gone")
            }
            Self::Reset(error) => write!(f, "the session could not be reset for its next user: {error}"),
            Self::Encoding(encoding) => write!(
                f,
                "client_encoding was set to {encoding}, and the texts of this driver are UTF8: leave it as it is (COPY has an \
                 option for data in others)"
            ),
            Self::Timeout(what) => write!(f, "no answer in time (connect_timeout) while waiting for {what}"),
        }
    }
}
