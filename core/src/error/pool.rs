use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use super::{Error, Shown};

/// Why a pool gave no connection. Nothing was sent.
///
/// ```
/// use trunkline_core::error::{Error, PoolError};
///
/// fn is_overloaded(error: &Error) -> bool {
///     matches!(error, Error::Pool(error) if matches!(**error, PoolError::Timeout(_)))
/// }
/// assert!(!is_overloaded(&Error::from(PoolError::Closed)));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum PoolError {
    /// None became free, and none could be opened, before the deadline.
    Timeout(Box<Exhausted>),
    /// None can be opened, and trying again would not help.
    Connect(ConnectFailure),
    /// A hook of the pool failed.
    Hook {
        /// Which: `init`, `setup` or `connect`.
        hook: &'static str,
        /// What it failed with.
        source: Arc<dyn core::error::Error + Send + Sync>,
    },
    /// The pool is closed.
    Closed,
}

/// How a pool was when somebody's wait ended at its deadline.
///
/// ```
/// use trunkline_core::error::{Error, PoolError};
///
/// fn tell(error: &Error) {
///     if let Error::Pool(why) = error && let PoolError::Timeout(pool) = &**why {
///         eprintln!("{} of {} connections are in use, {} wait", pool.in_use, pool.max_size, pool.waiting);
///     }
/// }
/// ```
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Exhausted {
    /// How long was waited.
    pub waited: Duration,
    /// Connections that the pool had.
    pub size: usize,
    /// How many it may have.
    pub max_size: usize,
    /// Of those it had, the idle ones.
    pub idle: usize,
    /// Those given out.
    pub in_use: usize,
    /// Those being opened.
    pub opening: usize,
    /// How many others waited.
    pub waiting: usize,
    /// Why the last attempt to open one failed, if that is how it ended.
    pub failure: Option<ConnectFailure>,
    /// Who had the connections given out, the longest first.
    pub holders: Vec<Holder>,
}

/// Why no connection could be opened.
///
/// ```
/// use trunkline_core::error::{Error, PoolError};
///
/// fn is_wrong_password(error: &PoolError) -> bool {
///     let PoolError::Connect(failure) = error else { return false };
///     failure.last.as_ref().and_then(Error::sqlstate).is_some_and(|code| code.class() == "28")
/// }
/// assert!(!is_wrong_password(&PoolError::Closed));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ConnectFailure {
    /// The last attempt's error.
    pub last: Option<Error>,
    /// All that is known: the shell's own error.
    pub source: Arc<dyn core::error::Error + Send + Sync>,
}

/// Somebody who has a connection of the pool.
///
/// One is named in the text of [`Exhausted`]; see the example of [`Holder::new`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Holder {
    /// Where in the program it was taken.
    pub place: Box<str>,
    /// How long ago.
    pub held: Duration,
}

/// As many holders as a message names.
const NAMED: usize = 10;

impl PoolError {
    pub(super) fn cause(&self) -> Option<&Error> {
        match self {
            Self::Timeout(exhausted) => exhausted.failure.as_ref()?.last.as_ref(),
            Self::Connect(failure) => failure.last.as_ref(),
            Self::Hook { source, .. } => source.downcast_ref(),
            Self::Closed => None,
        }
    }
}

impl ConnectFailure {
    /// A failure with the error of the last attempt, if there was one.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use trunkline_core::error::{ConnectFailure, PoolError};
    ///
    /// let refused = std::io::Error::other("connection refused");
    /// let error = PoolError::Connect(ConnectFailure::new(None, Arc::new(refused)));
    /// assert_eq!(error.to_string(), "the pool has no connection: connection refused");
    /// ```
    pub fn new(last: Option<Error>, source: Arc<dyn core::error::Error + Send + Sync>) -> Self {
        Self { last, source }
    }
}

impl Holder {
    /// Somebody who took a connection there, so long ago.
    ///
    /// ```
    /// use std::time::Duration;
    /// use trunkline_core::error::Holder;
    ///
    /// let holder = Holder::new("src/report.rs:17:5", Duration::from_secs(40));
    /// assert_eq!(&*holder.place, "src/report.rs:17:5");
    /// ```
    pub fn new(place: impl Into<Box<str>>, held: Duration) -> Self {
        Self { place: place.into(), held }
    }
}

impl fmt::Display for PoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout(exhausted) => exhausted.fmt(f),
            Self::Connect(failure) => write!(f, "the pool has no connection: {}", failure.source),
            Self::Hook { hook, source } => write!(f, "the pool's hook {hook} failed: {source}"),
            Self::Closed => f.write_str("the pool is closed"),
        }
    }
}

impl fmt::Display for Exhausted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { size, max_size, idle, in_use, opening, waiting, .. } = self;
        let others = if *waiting == 1 { "other waits" } else { "others wait" };
        write!(
            f,
            "no connection within {}: of at most {max_size} the pool has {size} ({in_use} in use, {idle} idle, {opening} being \
             opened), and {waiting} {others}",
            Shown(in_millis(self.waited))
        )?;
        match &self.failure {
            Some(failure) => write!(f, "; the last attempt to open one failed: {}", failure.source)?,
            None if in_use >= max_size => {
                f.write_str(
                    "; give connections back sooner, raise max_size, or wait longer (acquire_timeout)",
                )?;
            }
            None => {}
        }
        for Holder { place, held } in self.holders.iter().take(NAMED) {
            write!(f, "\n  held for {} by {place}", Shown(in_millis(*held)))?;
        }
        match self.holders.len().saturating_sub(NAMED) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

/// As exact as anybody wants to read it.
fn in_millis(time: Duration) -> Duration {
    Duration::from_millis(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

impl core::error::Error for PoolError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Timeout(exhausted) => exhausted.failure.as_ref().map(|failure| &*failure.source as _),
            Self::Connect(failure) => Some(&*failure.source),
            Self::Hook { source, .. } => Some(&**source),
            Self::Closed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn a_timeout_tells_who_has_the_connections() {
        let holders =
            (1..=12).map(|at| Holder::new(std::format!("src/main.rs:{at}:9"), Duration::from_secs(40 - at)));
        let exhausted = Exhausted {
            waited: Duration::from_secs(30),
            size: 12,
            max_size: 12,
            in_use: 12,
            waiting: 3,
            holders: holders.collect(),
            ..Exhausted::default()
        };
        let text = PoolError::Timeout(Box::new(exhausted)).to_string();
        assert!(
            text.starts_with(
                "no connection within 30s: of at most 12 the pool has 12 (12 in use, 0 idle, 0 being opened), and 3 others \
                 wait; give connections back sooner, raise max_size, or wait longer (acquire_timeout)\n  held for 39s by \
                 src/main.rs:1:9\n"
            ),
            "{text}"
        );
        assert!(text.ends_with("\n  and 2 more"), "{text}");
    }

    #[test]
    fn the_servers_word_can_be_asked_for() {
        let refused = Error::Timeout("the server", Duration::from_secs(1));
        let failure =
            ConnectFailure::new(Some(refused), Arc::new(super::super::ProtocolError::violation("x")));
        let error =
            PoolError::Timeout(Box::new(Exhausted { failure: Some(failure), ..Exhausted::default() }));
        assert!(matches!(error.cause(), Some(Error::Timeout(..))));
        assert!(error.to_string().contains("the last attempt to open one failed: "));
    }
}
