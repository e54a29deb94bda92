use alloc::format;
use alloc::string::String;
use core::time::Duration;

use crate::error::UsageError;

/// What a pool may hold, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolConfig {
    /// Connections to keep open even when nobody wants them. Default 0.
    pub min_size: usize,
    /// Connections to have at most, those that are being opened or closed included. Default 10.
    pub max_size: usize,
    /// Connections to keep open beyond those in use, as far as `max_size` allows. Default 0.
    pub min_idle: usize,
    /// How long to wait for a connection when the call does not say. Default 30 seconds; `None` is for ever.
    pub acquire_timeout: Option<Duration>,
    /// How old a connection may get. Default one hour; each gets up to a tenth less, so that those opened together
    /// are not replaced together. One in use is replaced when it is given back.
    pub max_lifetime: Option<Duration>,
    /// How long a connection beyond `min_size` and `min_idle` may lie unused. Default five minutes.
    pub max_inactive_lifetime: Option<Duration>,
    /// After how many queries a connection is replaced. Default: never for that reason.
    pub max_queries: Option<u64>,
    /// After how long unused a connection is pinged ahead of its first query. Default one second; `None` is never.
    pub ping_after: Option<Duration>,
    /// Which idle connection to give out. Default [`IdleOrder::Lifo`].
    pub idle_order: IdleOrder,
    /// Whether a connection that was used is reset before its next user gets it. Default true.
    pub reset: bool,
    /// Connections that may be in the making at once. Default 4. One while attempts fail.
    pub max_opening: usize,
    /// How long after a failed attempt to connect the next one is made; doubled with each failure. Default 50 ms.
    pub retry_delay: Duration,
    /// What it is doubled up to while somebody waits. Default 500 ms.
    pub max_retry_delay: Duration,
    /// How long a connection that was given back may take to end what is under way and to roll back. Default 5
    /// seconds; one that takes longer is closed.
    pub settle_timeout: Duration,
    /// How long a connection may be in use before it is reported as a leak. Default: never.
    pub leak_after: Option<Duration>,
}

/// Which of the idle connections to give out.
///
/// ```
/// use trunkline_core::pool::{IdleOrder, PoolConfig};
///
/// let mut config = PoolConfig::default();
/// config.idle_order = IdleOrder::Fifo;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum IdleOrder {
    /// The one given back last: few connections stay warm, the others can time out.
    #[default]
    Lifo,
    /// The one idle the longest: all are used in turn.
    Fifo,
}

impl Default for PoolConfig {
    fn default() -> Self {
        Self {
            min_size: 0,
            max_size: 10,
            min_idle: 0,
            acquire_timeout: Some(Duration::from_secs(30)),
            max_lifetime: Some(Duration::from_secs(60 * 60)),
            max_inactive_lifetime: Some(Duration::from_secs(5 * 60)),
            max_queries: None,
            ping_after: Some(Duration::from_secs(1)),
            idle_order: IdleOrder::Lifo,
            reset: true,
            max_opening: 4,
            retry_delay: Duration::from_millis(50),
            max_retry_delay: Duration::from_millis(500),
            settle_timeout: Duration::from_secs(5),
            leak_after: None,
        }
    }
}

impl PoolConfig {
    /// Checks what no pool could live with.
    ///
    /// # Errors
    ///
    /// [`UsageError::Config`], which says what to change.
    pub fn validate(&self) -> Result<(), UsageError> {
        match self.problem() {
            Some(problem) => Err(UsageError::Config(problem.into())),
            None => Ok(()),
        }
    }

    fn problem(&self) -> Option<String> {
        let Self { min_size, max_size, min_idle, .. } = self;
        if *max_size == 0 {
            return Some(
                "a pool with max_size 0 could never give out a connection: set it to 1 or more".into(),
            );
        }
        for (name, least) in [("min_size", min_size), ("min_idle", min_idle)] {
            if least > max_size {
                return Some(format!(
                    "the pool's {name} ({least}) is greater than its max_size ({max_size}): lower {name} or raise max_size"
                ));
            }
        }
        if self.max_opening == 0 {
            return Some(
                "a pool with max_opening 0 could never open a connection: set it to 1 or more".into(),
            );
        }
        let lifetimes =
            [("max_lifetime", self.max_lifetime), ("max_inactive_lifetime", self.max_inactive_lifetime)];
        let (name, _) = lifetimes.into_iter().find(|(_, lifetime)| *lifetime == Some(Duration::ZERO))?;
        Some(format!(
            "a pool with {name} 0 would close every connection at once: set it to None for no limit"
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn what_cannot_be_says_what_to_do() {
        let of = |change: fn(&mut PoolConfig)| {
            let mut config = PoolConfig::default();
            change(&mut config);
            config.validate().map_err(|error| error.to_string())
        };
        assert_eq!(of(|_| {}), Ok(()));
        assert_eq!(
            of(|config| config.min_size = 11),
            Err("the pool's min_size (11) is greater than its max_size (10): lower min_size or raise max_size".into())
        );
        assert!(of(|config| config.min_idle = 11).unwrap_err().contains("min_idle (11)"));
        assert!(of(|config| config.max_size = 0).unwrap_err().contains("set it to 1 or more"));
        assert!(of(|config| config.max_opening = 0).unwrap_err().contains("max_opening"));
        assert!(
            of(|config| config.max_lifetime = Some(Duration::ZERO)).unwrap_err().contains("set it to None")
        );
    }
}
