use std::error::Error as StdError;
use std::fmt;

use trunkline_core::error::CloseReason;
use trunkline_core::{Error, ServerError};

/// No connection could be made: every attempt, and where each failed.
///
/// ```
/// use std::time::Duration;
/// use trunkline::{Config, Phase};
///
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // Nobody listens there.
/// let config = Config::new().host("127.0.0.1").port(1).user("ada").connect_timeout(Duration::from_secs(5));
/// let error = config.connect().await.unwrap_err();
/// assert_eq!(error.attempts[0].phase, Phase::Tcp);
/// println!("{error}"); // cannot connect to PostgreSQL: 127.0.0.1 (tcp): …
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ConnectError {
    /// The attempts, in the order in which they were made; empty when the configuration itself is wrong.
    pub attempts: Vec<Attempt>,
}

/// One attempt to connect to one address.
///
/// ```no_run
/// # async fn run(config: trunkline::Config) -> Result<(), Box<dyn std::error::Error>> {
/// if let Err(failure) = config.connect().await {
///     for attempt in &failure.attempts {
///         eprintln!("{} failed while {}: {}", attempt.host, attempt.phase, attempt.error);
///     }
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Attempt {
    /// The host as it was configured; for a name with several addresses, the address too. Empty for the
    /// configuration itself.
    pub host: String,
    /// How far it came.
    pub phase: Phase,
    /// What went wrong.
    pub error: Error,
}

/// The parts of connecting, in order.
///
/// ```no_run
/// use trunkline::Phase;
///
/// # async fn run(config: trunkline::Config) -> Result<(), Box<dyn std::error::Error>> {
/// let failure = config.connect().await.unwrap_err();
/// if failure.attempts.iter().all(|attempt| matches!(attempt.phase, Phase::Dns | Phase::Tcp)) {
///     eprintln!("no server answers: is the network up?");
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Reading the connection string and the environment.
    Config,
    /// Asking for the addresses of a name.
    Dns,
    /// Opening the socket.
    Tcp,
    /// Encrypting it.
    Tls,
    /// Proving who we are.
    Auth,
    /// Opening the session otherwise.
    Startup,
    /// Finding out whether the server is one that `target_session_attrs` asks for.
    Role,
}

impl ConnectError {
    pub(crate) fn config(error: impl Into<Error>) -> Self {
        Self { attempts: vec![Attempt { host: String::new(), phase: Phase::Config, error: error.into() }] }
    }

    /// What the last server that answered said, if one did.
    ///
    /// ```no_run
    /// use trunkline::SqlState;
    ///
    /// # async fn run(config: trunkline::Config) -> Result<(), Box<dyn std::error::Error>> {
    /// let failure = config.connect().await.unwrap_err();
    /// let is_full = failure.as_server().is_some_and(|error| error.code == SqlState::TOO_MANY_CONNECTIONS);
    /// # Ok(()) }
    /// ```
    pub fn as_server(&self) -> Option<&ServerError> {
        self.attempts.iter().rev().find_map(|attempt| attempt.error.as_server())
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot connect to PostgreSQL")?;
        match &self.attempts[..] {
            [] => f.write_str(": there is no host to try"),
            [attempt] => write!(f, ": {attempt}"),
            attempts => attempts.iter().try_for_each(|attempt| write!(f, "\n  {attempt}")),
        }
    }
}

impl StdError for ConnectError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.attempts.last().map(|attempt| &attempt.error as _)
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.host.is_empty() {
            write!(f, "{} ({}): ", self.host, self.phase)?;
        }
        // The session that never was is no news by itself: what ended it is.
        match &self.error {
            Error::Closed(closed) => match &closed.reason {
                CloseReason::Server(refusal) => refusal.fmt(f),
                CloseReason::Transport(problem) => f.write_str(problem),
                reason => reason.fmt(f),
            },
            Error::Timeout(..) => write!(f, "{} (connect_timeout)", self.error),
            error => error.fmt(f),
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Config => "configuration",
            Self::Dns => "dns",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Auth => "auth",
            Self::Startup => "startup",
            Self::Role => "role",
        })
    }
}
