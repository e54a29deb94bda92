use core::time::Duration;

/// How the operating system notices that a peer is gone. It matters for TCP alone; `None` leaves the system's
/// own value, which is hours on most.
///
/// ```
/// use std::time::Duration;
/// use trunkline_core::config::Config;
///
/// let config = Config::parse("host=db keepalives_idle=60 keepalives_interval=10 keepalives_count=3")?;
/// assert_eq!(config.keepalive.idle, Some(Duration::from_secs(60)));
/// # Ok::<(), trunkline_core::config::ConfigError>(())
/// ```
///
/// See ["Parameter Key Words"] in PostgreSQL's libpq chapter.
///
/// ["Parameter Key Words"]: https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-PARAMKEYWORDS
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Keepalive {
    /// Whether TCP keepalives are sent at all (`keepalives`; default yes).
    pub enabled: bool,
    /// Silence before the first one (`keepalives_idle`, in seconds; default 60).
    pub idle: Option<Duration>,
    /// Time between them (`keepalives_interval`, in seconds; default 15).
    pub interval: Option<Duration>,
    /// How many may go unanswered (`keepalives_count`; default 4).
    pub count: Option<u32>,
    /// How long sent bytes may go unacknowledged (`tcp_user_timeout`, in milliseconds; default two minutes).
    pub user_timeout: Option<Duration>,
}

impl Default for Keepalive {
    fn default() -> Self {
        // A peer that is gone is noticed within two minutes, whoever was to speak.
        Self {
            enabled: true,
            idle: Some(Duration::from_secs(60)),
            interval: Some(Duration::from_secs(15)),
            count: Some(4),
            user_timeout: Some(Duration::from_secs(120)),
        }
    }
}
