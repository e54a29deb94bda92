//! How to reach a server and what to be for it: settings, and the texts that they come in.
//!
//! Nothing here reads a file, the environment or a clock. The shell does, and gives the text: see
//! [`Settings::from_environment`], [`Settings::from_service_file`] and [`Config::password_from_file`].

mod builder;
mod choice;
mod encryption;
mod environment;
mod error;
mod host_plan;
mod hosts;
mod keepalive;
mod keyword_value;
mod limits;
mod oauth;
mod option;
mod passfile;
mod password;
mod policy;
mod random;
mod require_auth;
mod server_role;
mod service;
mod settings;
mod startup;
mod suggest;
mod tls;
mod uri;
mod value;

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

pub use encryption::Encryption;
pub use error::ConfigError;
pub use host_plan::HostPlan;
pub use hosts::{DEFAULT_PORT, Host, HostAddress};
pub use keepalive::Keepalive;
pub use limits::Limits;
pub use oauth::OAuth;
pub use password::Password;
pub use policy::{LoadBalanceHosts, ProtocolVersion, Replication, StatementMode, TargetSessionAttrs};
pub(crate) use random::Random;
pub use require_auth::{AuthMethod, ChannelBinding, RequireAuth};
pub use server_role::{RoleQuestion, ServerRole, Verdict};
pub use settings::Settings;
pub(crate) use suggest::nearest;
pub use tls::{RootCert, SslCertMode, SslMode, SslNegotiation, Tls, TlsVersion};

/// Everything there is to say about a connection before it is made.
///
/// Made from a connection string, or step by step; the fields may also be set. `Debug` shows no password.
///
/// ```
/// use trunkline_core::config::{Config, SslMode};
///
/// let config = Config::parse("postgres://jane@db.example.com/shop?sslmode=verify-full")?;
/// let same = Config::new().host("db.example.com").user("jane").dbname("shop").sslmode(SslMode::VerifyFull);
/// assert_eq!(config, same);
/// # Ok::<(), trunkline_core::config::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// Where servers may be, in the order to try them. Empty: look at [`Host::defaults`].
    pub hosts: Vec<Host>,
    /// The port of hosts that are not given one of their own.
    pub default_port: u16,
    /// The role to be. Without one the shell takes the operating system's user.
    pub user: Option<String>,
    /// The database; without one the server takes the one that is called like the user.
    pub dbname: Option<String>,
    /// The password, if the server asks for one.
    pub password: Option<Password>,
    /// What SASLprep (RFC 4013) makes of the password, where that differs from it. The shell sets it, since the
    /// tables that it takes are large.
    pub scram_password: Option<Password>,
    /// The file to look for passwords in, in place of the usual one.
    pub passfile: Option<String>,
    /// The name of the service whose settings the shell adds from a service file.
    pub service: Option<String>,
    /// The service file, in place of the usual one.
    pub service_file: Option<String>,
    /// How the connection is called in the server's views and logs.
    pub application_name: Option<String>,
    /// The same, for when `application_name` is not set: for programs rather than their users.
    pub fallback_application_name: Option<String>,
    /// Command-line options for the server, such as `-csearch_path=app`.
    pub options: Option<String>,
    /// More settings of the server for the StartupMessage, by name. Poolers refuse those they do not know.
    pub parameters: Vec<(String, String)>,
    /// Whether it is a replication connection.
    pub replication: Replication,
    /// How long the shell tries each address of each host. Default 30 seconds; `None` (0 in connection strings)
    /// is for ever.
    pub connect_timeout: Option<Duration>,
    /// How long it tries all of them together. Default: as long as it takes.
    pub total_connect_timeout: Option<Duration>,
    /// Encryption.
    pub tls: Tls,
    /// Whether SCRAM is bound to TLS.
    pub channel_binding: ChannelBinding,
    /// Which ways of authentication are acceptable.
    pub require_auth: RequireAuth,
    /// What to do when the server asks for an OAuth bearer token. It is no option of connection strings.
    pub oauth: OAuth,
    /// Whether the password may be sent in clear over an unencrypted connection to another machine.
    pub allow_cleartext: bool,
    /// Which servers are good enough.
    pub target_session_attrs: TargetSessionAttrs,
    /// In which order they are tried.
    pub load_balance_hosts: LoadBalanceHosts,
    /// The oldest protocol to accept. Default 3.0.
    pub min_protocol_version: ProtocolVersion,
    /// The protocol to ask for. Default 3.0, as libpq: some poolers hang up on what they do not know.
    pub max_protocol_version: ProtocolVersion,
    /// How a dead peer is noticed.
    pub keepalive: Keepalive,
    /// Caps on memory and time.
    pub limits: Limits,
    /// How statements are run when the call does not say.
    pub statement_mode: StatementMode,
    /// Whether commands are sent before earlier ones are answered. Default yes.
    pub pipeline: bool,
}

impl Config {
    /// The defaults: no host, no user, `sslmode=prefer`.
    ///
    /// ```
    /// use trunkline_core::config::{Config, SslMode};
    ///
    /// let config = Config::new();
    /// assert!(config.hosts.is_empty() && config.user.is_none());
    /// assert_eq!(config.tls.mode, SslMode::Prefer);
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// The configuration of a connection string: a URI, or keywords and values.
    ///
    /// It reads nothing else. To add service file and environment beneath it, see [`Settings`].
    ///
    /// ```
    /// use trunkline_core::config::Config;
    ///
    /// let uri = Config::parse("postgres://ada@db.example.com:6432/shop?connect_timeout=5")?;
    /// let words = Config::parse("host=db.example.com port=6432 user=ada dbname=shop connect_timeout=5")?;
    /// assert_eq!(uri, words);
    ///
    /// let typo = Config::parse("host=db usr=ada").unwrap_err();
    /// assert!(typo.to_string().contains("user"), "{typo}");
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    ///
    /// See ["Connection Strings"] in PostgreSQL's libpq chapter.
    ///
    /// # Errors
    ///
    /// What is not a connection string by libpq's rules, options that do not exist, and values they cannot have.
    ///
    /// ["Connection Strings"]: https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        Settings::parse(text)?.into_config()
    }

    /// The hosts to try: those that were given, or the default ones.
    ///
    /// ```
    /// use trunkline_core::config::{Config, Host};
    ///
    /// assert_eq!(Config::new().host("db").hosts_or_default(), [Host::new("db", 5432)]);
    /// assert_eq!(Config::new().hosts_or_default(), Host::defaults(5432));
    /// ```
    pub fn hosts_or_default(&self) -> Vec<Host> {
        if self.hosts.is_empty() { Host::defaults(self.default_port) } else { self.hosts.clone() }
    }

    /// Checks that the settings can be together, and that the protocol can carry them. Parsing does so already;
    /// it is for what was set otherwise.
    ///
    /// ```
    /// use trunkline_core::config::{Config, RootCert, SslMode};
    ///
    /// let config = Config::new().sslrootcert(RootCert::System).sslmode(SslMode::Require);
    /// assert_eq!(config.validate().unwrap_err().option_name(), Some("sslrootcert"));
    /// ```
    ///
    /// # Errors
    ///
    /// The first contradiction found, by option.
    pub fn validate(&self) -> Result<(), ConfigError> {
        if self.min_protocol_version > self.max_protocol_version {
            return Err(ConfigError::option(
                "min_protocol_version",
                "it is higher than max_protocol_version",
            ));
        }
        self.tls.validate()?;
        self.validate_startup()
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            hosts: Vec::new(),
            default_port: DEFAULT_PORT,
            user: None,
            dbname: None,
            password: None,
            scram_password: None,
            passfile: None,
            service: None,
            service_file: None,
            application_name: None,
            fallback_application_name: None,
            options: None,
            parameters: Vec::new(),
            replication: Replication::default(),
            connect_timeout: Some(Duration::from_secs(30)),
            total_connect_timeout: None,
            tls: Tls::default(),
            channel_binding: ChannelBinding::default(),
            require_auth: RequireAuth::default(),
            oauth: OAuth::default(),
            allow_cleartext: false,
            target_session_attrs: TargetSessionAttrs::default(),
            load_balance_hosts: LoadBalanceHosts::default(),
            min_protocol_version: ProtocolVersion::V3_0,
            max_protocol_version: ProtocolVersion::V3_0,
            keepalive: Keepalive::default(),
            limits: Limits::default(),
            statement_mode: StatementMode::default(),
            pipeline: true,
        }
    }
}
