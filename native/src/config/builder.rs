use std::time::Duration;

use super::{
    ChannelBinding, Config, Keepalive, LoadBalanceHosts, OAuth, Password, ProtocolVersion, Replication,
    RequireAuth, RootCert, SslMode, SslNegotiation, StatementMode, TargetSessionAttrs,
};

/// Core's methods of the same names, on what has hooks besides.
macro_rules! forward {
    ($($(#[$meta:meta])* $name:ident($($argument:ident: $type:ty),+);)+) => {
        /// Step by step. What these take is checked when connecting.
        impl Config {
            $($(#[$meta])*
            #[must_use]
            pub fn $name(mut self, $($argument: $type),+) -> Self {
                let settings = std::mem::take(&mut self.settings);
                self.settings = settings.$name($($argument),+);
                self
            })+
        }
    };
}

forward! {
    /// Adds a host: a name, an IP address, or the directory of a Unix socket. Its port is [`port`](Self::port)'s.
    ///
    /// ```
    /// use trunkline::Config;
    ///
    /// let config = Config::new().host("db1.example.com").host("10.0.0.7").host("/run/postgresql");
    /// assert_eq!(config.hosts.len(), 3);
    /// ```
    host(address: impl Into<String>);
    /// Adds a host with a port of its own.
    ///
    /// ```
    /// use trunkline::Config;
    ///
    /// let config = Config::new().host_port("db1", 5433).host_port("db2", 5434);
    /// assert_eq!(config.hosts[1].port, 5434);
    /// ```
    host_port(address: impl Into<String>, port: u16);
    /// Sets the port of every host, of those already there and those to come.
    ///
    /// ```
    /// let config = trunkline::Config::new().host("db1").host("db2").port(6432);
    /// assert!(config.hosts.iter().all(|host| host.port == 6432));
    /// ```
    port(port: u16);
    /// Sets the role to be.
    ///
    /// Without one it is the operating system's user.
    ///
    /// ```
    /// let config = trunkline::Config::new().host("db").user("ada");
    /// assert_eq!(config.user.as_deref(), Some("ada"));
    /// ```
    user(user: impl Into<String>);
    /// Sets the database.
    ///
    /// Without one the server takes the one that is called like the user.
    ///
    /// ```
    /// let config = trunkline::Config::new().host("db").user("ada").dbname("shop");
    /// assert_eq!(config.dbname.as_deref(), Some("shop"));
    /// ```
    dbname(dbname: impl Into<String>);
    /// Sets the password.
    ///
    /// ```
    /// let config = trunkline::Config::new().host("db").user("ada").password("correct horse");
    /// // It is shown nowhere.
    /// assert!(!format!("{config:?}").contains("horse"));
    /// ```
    password(password: impl Into<Password>);
    /// Sets the file in which passwords are looked for. None is, unless it is set here or by [`Config::parse`].
    ///
    /// ```
    /// let config = trunkline::Config::new().host("db").passfile("/etc/shop/pgpass");
    /// assert_eq!(config.passfile.as_deref(), Some("/etc/shop/pgpass"));
    /// ```
    ///
    /// See ["The Password File"] in PostgreSQL's libpq chapter.
    ///
    /// ["The Password File"]: https://www.postgresql.org/docs/18/libpq-pgpass.html
    passfile(path: impl Into<String>);
    /// Sets how the connection is called in the server's views and logs.
    ///
    /// ```
    /// let config = trunkline::Config::new().host("db").application_name("invoices");
    /// assert_eq!(config.application_name.as_deref(), Some("invoices"));
    /// ```
    application_name(name: impl Into<String>);
    /// Sets how it is called unless the user of the program says otherwise.
    ///
    /// ```
    /// // PGAPPNAME, and application_name of the connection string, go before it.
    /// let config = trunkline::Config::from_env()?.fallback_application_name("shopctl");
    /// # Ok::<(), trunkline::Error>(())
    /// ```
    fallback_application_name(name: impl Into<String>);
    /// Sets command-line options for the server, such as `-csearch_path=app`.
    ///
    /// ```
    /// let config = trunkline::Config::new().host("db").options("-csearch_path=app -cwork_mem=64MB");
    /// assert!(config.options.is_some());
    /// ```
    options(options: impl Into<String>);
    /// Adds a setting of the server to the StartupMessage, in place of one of that name.
    ///
    /// ```
    /// use trunkline::Config;
    ///
    /// let config = Config::new().host("db").parameter("search_path", "app").parameter("TimeZone", "UTC");
    /// assert_eq!(config.parameters.len(), 2);
    /// ```
    parameter(name: impl Into<String>, value: impl Into<String>);
    /// Makes it a replication connection.
    ///
    /// ```
    /// use trunkline::Config;
    /// use trunkline::config::Replication;
    ///
    /// let config = Config::new().host("db").user("backup").replication(Replication::Database);
    /// ```
    replication(replication: Replication);
    /// Sets how long each address of each host is tried; `None` is for ever.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let config = trunkline::Config::new().host("db").connect_timeout(Duration::from_secs(5));
    /// assert_eq!(config.connect_timeout, Some(Duration::from_secs(5)));
    /// ```
    connect_timeout(timeout: impl Into<Option<Duration>>);
    /// Sets how long all of them are tried together; `None` is as long as it takes.
    ///
    /// ```
    /// use std::time::Duration;
    /// use trunkline::Config;
    ///
    /// let config = Config::new()
    ///     .host("db1")
    ///     .host("db2")
    ///     .connect_timeout(Duration::from_secs(5))
    ///     .total_connect_timeout(Duration::from_secs(8));
    /// ```
    total_connect_timeout(timeout: impl Into<Option<Duration>>);
    /// Sets whether to encrypt, and what to check.
    ///
    /// ```
    /// use trunkline::Config;
    /// use trunkline::config::SslMode;
    ///
    /// let config = Config::new().host("db.example.com").sslmode(SslMode::VerifyFull);
    /// assert!(config.tls.mode.requires_tls());
    /// ```
    ///
    /// See ["SSL Support"] in PostgreSQL's libpq chapter.
    ///
    /// ["SSL Support"]: https://www.postgresql.org/docs/18/libpq-ssl.html
    sslmode(mode: SslMode);
    /// Sets how TLS begins.
    ///
    /// ```
    /// use trunkline::Config;
    /// use trunkline::config::{SslMode, SslNegotiation};
    ///
    /// // PostgreSQL 17 and later; it saves a round trip.
    /// let config = Config::new()
    ///     .host("db.example.com")
    ///     .sslmode(SslMode::VerifyFull)
    ///     .sslnegotiation(SslNegotiation::Direct);
    /// config.validate()?;
    /// # Ok::<(), trunkline::config::ConfigError>(())
    /// ```
    sslnegotiation(negotiation: SslNegotiation);
    /// Sets where the certificates of trusted authorities are.
    ///
    /// ```
    /// use trunkline::Config;
    /// use trunkline::config::{RootCert, SslMode};
    ///
    /// let config = Config::new()
    ///     .host("db.example.com")
    ///     .sslmode(SslMode::VerifyFull)
    ///     .sslrootcert(RootCert::File("/etc/shop/ca.pem".into()));
    /// ```
    sslrootcert(root_cert: RootCert);
    /// Sets whether SCRAM is bound to TLS.
    ///
    /// ```
    /// use trunkline::Config;
    /// use trunkline::config::{ChannelBinding, SslMode};
    ///
    /// let config =
    ///     Config::new().host("db").sslmode(SslMode::Require).channel_binding(ChannelBinding::Require);
    /// ```
    channel_binding(channel_binding: ChannelBinding);
    /// Sets which ways of authentication are acceptable.
    ///
    /// ```
    /// use trunkline::Config;
    /// use trunkline::config::{AuthMethod, RequireAuth};
    ///
    /// let config = Config::new().host("db").require_auth(RequireAuth::only(&[AuthMethod::ScramSha256]));
    /// assert!(!config.require_auth.allows(AuthMethod::Password));
    /// ```
    require_auth(require_auth: RequireAuth);
    /// Sets what to do when the server asks for an OAuth bearer token and no callback gives one.
    ///
    /// ```
    /// use trunkline::Config;
    /// use trunkline::config::{OAuth, Password};
    ///
    /// // For a token that lives longer than the connection is needed.
    /// let config = Config::new().host("db").oauth(OAuth::Token(Password::new("ya29.a0Af")));
    /// ```
    oauth(oauth: OAuth);
    /// Sets whether the password may cross a network in clear.
    ///
    /// ```
    /// // A tunnel that encrypts by itself leads there.
    /// let config = trunkline::Config::new().host("db.internal").user("ada").allow_cleartext(true);
    /// assert!(config.allow_cleartext);
    /// ```
    allow_cleartext(allow: bool);
    /// Sets which servers are good enough.
    ///
    /// ```
    /// use trunkline::Config;
    /// use trunkline::config::TargetSessionAttrs;
    ///
    /// let reader =
    ///     Config::new().host("db1").host("db2").target_session_attrs(TargetSessionAttrs::PreferStandby);
    /// ```
    ///
    /// See ["Parameter Key Words"] in PostgreSQL's libpq chapter.
    ///
    /// ["Parameter Key Words"]: https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-PARAMKEYWORDS
    target_session_attrs(attrs: TargetSessionAttrs);
    /// Sets in which order hosts are tried.
    ///
    /// ```
    /// use trunkline::Config;
    /// use trunkline::config::LoadBalanceHosts;
    ///
    /// let config =
    ///     Config::new().host("replica1").host("replica2").load_balance_hosts(LoadBalanceHosts::Random);
    /// ```
    load_balance_hosts(order: LoadBalanceHosts);
    /// Sets the oldest protocol to accept and the one to ask for.
    ///
    /// ```
    /// use trunkline::Config;
    /// use trunkline::config::ProtocolVersion;
    ///
    /// // PostgreSQL 18 knows 3.2, with longer keys for cancel requests; older servers answer in 3.0.
    /// let config = Config::new().host("db").protocol_versions(ProtocolVersion::V3_0, ProtocolVersion::V3_2);
    /// ```
    ///
    /// See ["Protocol Versions"] in PostgreSQL's protocol chapter.
    ///
    /// ["Protocol Versions"]: https://www.postgresql.org/docs/18/protocol-overview.html#PROTOCOL-VERSIONS
    protocol_versions(min: ProtocolVersion, max: ProtocolVersion);
    /// Sets how long a command may take when the call does not say; `None` is as long as it takes.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let config = trunkline::Config::new().host("db").command_timeout(Duration::from_secs(10));
    /// assert_eq!(config.limits.command_timeout, Some(Duration::from_secs(10)));
    /// ```
    command_timeout(timeout: impl Into<Option<Duration>>);
    /// Sets how many prepared statements to keep on the server; 0 keeps none.
    ///
    /// ```
    /// // Behind a pooler that does not know prepared statements.
    /// let config = trunkline::Config::new().host("pgbouncer").port(6432).statement_cache_size(0);
    /// assert_eq!(config.limits.statement_cache_size, 0);
    /// ```
    statement_cache_size(statements: usize);
    /// Sets the longest message to accept, in bytes.
    ///
    /// ```
    /// // A row of this table has no business being larger than that.
    /// let config = trunkline::Config::new().host("db").max_message_len(16 * 1024 * 1024);
    /// ```
    max_message_len(bytes: usize);
    /// Sets how the operating system notices that a peer is gone.
    ///
    /// ```
    /// use std::time::Duration;
    /// use trunkline::Config;
    /// use trunkline::config::Keepalive;
    ///
    /// let mut keepalive = Keepalive::default();
    /// keepalive.idle = Some(Duration::from_secs(60));
    /// let config = Config::new().host("db").keepalive(keepalive);
    /// ```
    keepalive(keepalive: Keepalive);
    /// Sets how statements are run when the call does not say.
    ///
    /// ```
    /// use trunkline::{Config, StatementMode};
    ///
    /// let config = Config::new().host("pgbouncer").statement_mode(StatementMode::Unnamed);
    /// assert_eq!(config.statement_mode, StatementMode::Unnamed);
    /// ```
    statement_mode(mode: StatementMode);
    /// Sets whether commands are sent before earlier ones are answered.
    ///
    /// ```
    /// // One query at a time, for a proxy that loses its way otherwise.
    /// let config = trunkline::Config::new().host("proxy").pipeline(false);
    /// assert!(!config.pipeline);
    /// ```
    pipeline(pipeline: bool);
}
