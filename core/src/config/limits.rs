use core::time::Duration;

/// What a connection may take of memory and time. Everything that a peer could make grow has a cap here.
///
/// ```
/// use trunkline_core::config::Config;
///
/// let mut config = Config::parse("host=db high_water=1MB")?;
/// assert_eq!(config.limits.high_water, 1 << 20);
/// config.limits.pipeline_depth = 64;
/// # Ok::<(), trunkline_core::config::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The longest message to accept from the server, in bytes.
    ///
    /// Default 1 GiB - 1, PostgreSQL's own limit for one allocation and so for a row or value
    /// (`MaxAllocSize`). A longer one closes the connection.
    pub max_message_len: usize,
    /// Unread rows, in bytes, at which the socket is not read any more until some were taken. Default 8 MiB.
    ///
    /// It is a mark and not a cap: while bytes wait to be written the socket is read past it, since two sides
    /// that both only write would wait for each other for ever.
    pub high_water: usize,
    /// Bytes of rows that may be kept while the types of their columns are learned. Default 64 MiB.
    ///
    /// A query without parameters is sent with the hope that its types are known. When they are not, its rows
    /// cannot be given out before the catalog was asked for them, and its answer comes behind the rows. A query
    /// with more of them fails with [`Error::LearningLimit`](crate::Error::LearningLimit): prepare it first, and
    /// its types are known before its rows come. Results that are wanted whole are not limited.
    pub learning_limit: usize,
    /// Bytes waiting to be written at which new commands are asked to wait. Default 8 MiB.
    pub outbox_mark: usize,
    /// Bytes waiting to be written at which a command is refused. Default 2 GiB - 1: one message of the
    /// greatest length that the protocol knows always fits.
    pub outbox_limit: usize,
    /// Commands that may wait for their answers before new ones are asked to wait. Default 4096.
    pub pipeline_depth: usize,
    /// The highest SCRAM iteration count to accept from a server. Default 100,000.
    ///
    /// A hostile server can otherwise keep a processor busy for as long as it likes (CVE-2026-42198 of pgjdbc).
    /// 4,096 is PostgreSQL's default count; node-postgres, pgjdbc and rust-postgres have this same cap. Raise
    /// it for servers whose `scram_iterations` is higher.
    pub scram_iterations: u32,
    /// Prepared statements to keep on the server. Default 100; 0 keeps none.
    pub statement_cache_size: usize,
    /// Bytes of their SQL to keep in all. Default 4 MiB.
    pub statement_cache_bytes: usize,
    /// How long a command may take when the call does not say. Default: as long as it takes.
    pub command_timeout: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_message_len: 0x3fff_ffff,
            high_water: 8 << 20,
            learning_limit: 64 << 20,
            outbox_mark: 8 << 20,
            outbox_limit: 0x7fff_ffff,
            pipeline_depth: 4096,
            scram_iterations: 100_000,
            statement_cache_size: 100,
            statement_cache_bytes: 4 << 20,
            command_timeout: None,
        }
    }
}
