use alloc::string::String;

use super::choice::choice;
use super::{ConfigError, Password};

/// How the connection is encrypted and the server's certificate checked.
///
/// Core only carries these settings: the shell does TLS. See PostgreSQL's ["SSL Support"] in the libpq chapter.
/// None of them matters on a Unix socket.
///
/// ```
/// use trunkline_core::config::{Config, TlsVersion};
///
/// let mut config = Config::parse("host=db sslmode=verify-full sslcert=ada.crt sslkey=ada.key")?;
/// config.tls.min_version = TlsVersion::V1_3;
/// assert_eq!(config.tls.cert.as_deref(), Some("ada.crt"));
/// # Ok::<(), trunkline_core::config::ConfigError>(())
/// ```
///
/// ["SSL Support"]: https://www.postgresql.org/docs/18/libpq-ssl.html
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tls {
    /// Whether to encrypt, and what to check (`sslmode`).
    pub mode: SslMode,
    /// How TLS begins (`sslnegotiation`).
    pub negotiation: SslNegotiation,
    /// Where the certificates of trusted authorities are (`sslrootcert`).
    pub root_cert: Option<RootCert>,
    /// The file of the client's certificate (`sslcert`).
    pub cert: Option<String>,
    /// The file of the client's private key (`sslkey`).
    pub key: Option<String>,
    /// The passphrase of that key (`sslpassword`).
    pub key_password: Option<Password>,
    /// Whether the client's certificate is sent (`sslcertmode`).
    pub cert_mode: SslCertMode,
    /// The file of revoked certificates (`sslcrl`).
    pub crl: Option<String>,
    /// The directory of revoked certificates (`sslcrldir`).
    pub crl_dir: Option<String>,
    /// Whether to send the host's name before encryption begins (`sslsni`; default yes).
    pub sni: bool,
    /// The lowest TLS version to accept (`ssl_min_protocol_version`); nothing below 1.2 is ever spoken.
    pub min_version: TlsVersion,
    /// The highest TLS version to accept (`ssl_max_protocol_version`).
    pub max_version: Option<TlsVersion>,
    /// A file to write session keys to, for debugging with a network analyser (`sslkeylogfile`).
    pub key_log_file: Option<String>,
}

choice! {
    /// Whether to encrypt, and what to check of the server.
    ///
    /// ```
    /// use trunkline_core::config::{Config, SslMode};
    ///
    /// assert_eq!(Config::parse("host=db")?.tls.mode, SslMode::Prefer);
    /// assert_eq!(Config::parse("host=db sslmode=verify-full")?.tls.mode, SslMode::VerifyFull);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub enum SslMode {
        /// Never encrypt.
        Disable = "disable",
        /// Encrypt only when the server refuses to talk otherwise.
        Allow = "allow",
        /// Encrypt when the server can. An attacker in the middle can make it seem that it cannot.
        #[default]
        Prefer = "prefer",
        /// Encrypt or fail; the certificate is checked only when root certificates were given.
        Require = "require",
        /// Encrypt, and check that a trusted authority signed the certificate.
        VerifyCa = "verify-ca",
        /// Encrypt, and check the certificate and that it names the host.
        VerifyFull = "verify-full",
    }
}

impl SslMode {
    /// Whether an unencrypted connection is out of the question.
    ///
    /// ```
    /// use trunkline_core::config::SslMode;
    ///
    /// assert!(SslMode::Require.requires_tls());
    /// assert!(!SslMode::Prefer.requires_tls());
    /// ```
    pub const fn requires_tls(self) -> bool {
        matches!(self, Self::Require | Self::VerifyCa | Self::VerifyFull)
    }
}

choice! {
    /// How TLS begins.
    ///
    /// ```
    /// use trunkline_core::config::{Config, SslNegotiation};
    ///
    /// let config = Config::parse("host=db sslmode=require sslnegotiation=direct")?;
    /// assert_eq!(config.tls.negotiation, SslNegotiation::Direct);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub enum SslNegotiation {
        /// PostgreSQL's SSLRequest is sent first, and the server answers whether it can.
        #[default]
        Postgres = "postgres",
        /// TLS begins at once, which saves a round trip: PostgreSQL 17 and later.
        Direct = "direct",
    }
}

choice! {
    /// Whether the client's certificate is sent.
    ///
    /// ```
    /// use trunkline_core::config::{Config, SslCertMode};
    ///
    /// let config = Config::parse("host=db sslcertmode=disable")?;
    /// assert_eq!(config.tls.cert_mode, SslCertMode::Disable);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub enum SslCertMode {
        /// Never, even if there is one.
        Disable = "disable",
        /// When the server asks and there is one.
        #[default]
        Allow = "allow",
        /// The server has to ask for it.
        Require = "require",
    }
}

choice! {
    /// A version of TLS that this driver speaks.
    ///
    /// ```
    /// use trunkline_core::config::{Config, TlsVersion};
    ///
    /// let config = Config::parse("host=db ssl_min_protocol_version=TLSv1.3")?;
    /// assert_eq!(config.tls.min_version, TlsVersion::V1_3);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    #[derive(PartialOrd, Ord)]
    pub enum TlsVersion {
        /// TLS 1.2.
        #[default]
        V1_2 = "TLSv1.2",
        /// TLS 1.3.
        V1_3 = "TLSv1.3",
    }
}

/// Where the certificates of trusted authorities are.
///
/// ```
/// use trunkline_core::config::{Config, RootCert};
///
/// let config = Config::parse("host=db sslmode=verify-full sslrootcert=system")?;
/// assert_eq!(config.tls.root_cert, Some(RootCert::System));
/// # Ok::<(), trunkline_core::config::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RootCert {
    /// A file of them.
    File(String),
    /// The system's own store (`sslrootcert=system`), which makes `verify-full` the only mode.
    System,
}

impl RootCert {
    pub(super) fn parse(text: &str) -> Self {
        if text == "system" { Self::System } else { Self::File(text.into()) }
    }
}

impl Default for Tls {
    fn default() -> Self {
        Self {
            mode: SslMode::default(),
            negotiation: SslNegotiation::default(),
            root_cert: None,
            cert: None,
            key: None,
            key_password: None,
            cert_mode: SslCertMode::default(),
            crl: None,
            crl_dir: None,
            sni: true,
            min_version: TlsVersion::default(),
            max_version: None,
            key_log_file: None,
        }
    }
}

impl Tls {
    /// What these settings cannot be together, by libpq's rules.
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if self.negotiation == SslNegotiation::Direct && !self.mode.requires_tls() {
            return Err(ConfigError::option(
                "sslnegotiation",
                "direct needs sslmode require, verify-ca or verify-full: without SSLRequest there is no way back to \
                 an unencrypted connection",
            ));
        }
        if self.root_cert == Some(RootCert::System) && self.mode != SslMode::VerifyFull {
            return Err(ConfigError::option(
                "sslrootcert",
                "system needs sslmode=verify-full: anyone can get a certificate that the system's store trusts",
            ));
        }
        if self.max_version.is_some_and(|max| max < self.min_version) {
            return Err(ConfigError::option(
                "ssl_max_protocol_version",
                "it is lower than ssl_min_protocol_version",
            ));
        }
        Ok(())
    }
}
