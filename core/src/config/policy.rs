use super::choice::choice;

choice! {
    /// Which servers are good enough (`target_session_attrs`). The shell asks each host in turn.
    ///
    /// ```
    /// use trunkline_core::config::{Config, TargetSessionAttrs};
    ///
    /// let config = Config::parse("host=db1,db2 target_session_attrs=read-write")?;
    /// assert_eq!(config.target_session_attrs, TargetSessionAttrs::ReadWrite);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub enum TargetSessionAttrs {
        /// Every server.
        #[default]
        Any = "any",
        /// One whose sessions may write.
        ReadWrite = "read-write",
        /// One whose sessions may not write.
        ReadOnly = "read-only",
        /// One that is not in hot standby.
        Primary = "primary",
        /// One that is in hot standby.
        Standby = "standby",
        /// One in hot standby if there is any, else every server.
        PreferStandby = "prefer-standby",
    }
}

choice! {
    /// In which order hosts, and the addresses of each, are tried (`load_balance_hosts`).
    ///
    /// ```
    /// use trunkline_core::config::{Config, LoadBalanceHosts};
    ///
    /// let config = Config::parse("host=db1,db2 load_balance_hosts=random")?;
    /// assert_eq!(config.load_balance_hosts, LoadBalanceHosts::Random);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub enum LoadBalanceHosts {
        /// As they were given.
        #[default]
        Disable = "disable",
        /// In random order.
        Random = "random",
    }
}

choice! {
    /// The protocol's version. See ["Protocol Versions"] in PostgreSQL's protocol chapter.
    ///
    /// ```
    /// use trunkline_core::config::{Config, ProtocolVersion};
    ///
    /// let config = Config::parse("host=db max_protocol_version=latest")?;
    /// assert_eq!(config.max_protocol_version, ProtocolVersion::LATEST);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    ///
    /// ["Protocol Versions"]: https://www.postgresql.org/docs/18/protocol-overview.html#PROTOCOL-VERSIONS
    #[derive(PartialOrd, Ord)]
    pub enum ProtocolVersion {
        /// 3.0, which every server since 7.4 speaks, and every pooler.
        #[default]
        V3_0 = "3.0",
        /// 3.2, PostgreSQL 18 and later: cancel keys of more than four bytes.
        V3_2 = "3.2",
    }
}

impl ProtocolVersion {
    /// The newest version that this driver speaks (`latest` in connection strings).
    pub const LATEST: Self = Self::V3_2;

    /// The number that StartupMessage carries.
    ///
    /// ```
    /// use trunkline_core::config::ProtocolVersion;
    ///
    /// assert_eq!(ProtocolVersion::V3_2.code(), 3 << 16 | 2);
    /// ```
    pub const fn code(self) -> i32 {
        match self {
            Self::V3_0 => 0x0003_0000,
            Self::V3_2 => 0x0003_0002,
        }
    }

    /// The version of a number that the protocol knows.
    ///
    /// ```
    /// use trunkline_core::config::ProtocolVersion;
    ///
    /// assert_eq!(ProtocolVersion::from_code(3 << 16), Some(ProtocolVersion::V3_0));
    /// assert_eq!(ProtocolVersion::from_code(2 << 16), None);
    /// ```
    pub const fn from_code(code: i32) -> Option<Self> {
        match code {
            0x0003_0000 => Some(Self::V3_0),
            0x0003_0002 => Some(Self::V3_2),
            _ => None,
        }
    }
}

choice! {
    /// The kind of a replication connection (`replication`). See ["Streaming Replication Protocol"].
    ///
    /// ```
    /// use trunkline_core::config::{Config, Replication};
    ///
    /// let config = Config::parse("host=db dbname=shop replication=database")?;
    /// assert_eq!(config.replication, Replication::Database);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    ///
    /// ["Streaming Replication Protocol"]: https://www.postgresql.org/docs/18/protocol-replication.html
    pub enum Replication {
        /// An ordinary connection.
        #[default]
        Off = "false",
        /// Physical replication: no database, and only replication commands.
        Physical = "true",
        /// Logical replication: connected to a database.
        Database = "database",
    }
}

impl Replication {
    /// libpq hands the word to the server, which reads it as any boolean, or `database`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "database" => Some(Self::Database),
            _ => super::value::boolean(text).map(|on| if on { Self::Physical } else { Self::Off }),
        }
    }
}

choice! {
    /// How statements are run when the call does not say.
    ///
    /// ```
    /// use trunkline_core::config::{Config, StatementMode};
    ///
    /// let config = Config::parse("host=pgbouncer statement_mode=unnamed")?;
    /// assert_eq!(config.statement_mode, StatementMode::Unnamed);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub enum StatementMode {
        /// Prepared under a name and kept: one flight when seen before.
        #[default]
        Named = "named",
        /// Prepared without a name for each run: safe behind every pooler, still one flight, but the server
        /// parses and plans anew each time.
        Unnamed = "unnamed",
        /// Not prepared at all, over the simple protocol: for servers and poolers that know no other. Parameters are
        /// written into the SQL as constants, and results come as text.
        Simple = "simple",
    }
}
