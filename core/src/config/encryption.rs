use super::{Config, SslMode};
use crate::error::{Error, TlsErrorKind};

/// Whether one attempt at one server is encrypted. [`SslMode`] says which attempts there are, and in which order.
///
/// ```
/// use trunkline_core::config::{Encryption, SslMode};
///
/// assert_eq!(SslMode::VerifyFull.first_attempt(), Encryption::Required);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encryption {
    /// It is not.
    Off,
    /// It is, if the server can.
    IfOffered,
    /// It is, or it fails.
    Required,
}

impl SslMode {
    /// How the first attempt is made.
    ///
    /// ```
    /// use trunkline_core::config::{Encryption, SslMode};
    ///
    /// assert_eq!(SslMode::Prefer.first_attempt(), Encryption::IfOffered);
    /// assert_eq!(SslMode::Allow.first_attempt(), Encryption::Off);
    /// ```
    pub const fn first_attempt(self) -> Encryption {
        match self {
            Self::Disable | Self::Allow => Encryption::Off,
            Self::Prefer => Encryption::IfOffered,
            Self::Require | Self::VerifyCa | Self::VerifyFull => Encryption::Required,
        }
    }
}

impl Config {
    /// How a second attempt at the same server is made after one failed; none when it would not help.
    ///
    /// `encrypted` is whether the failed attempt was, or was about to be. With `sslmode=prefer` a server that cannot
    /// encrypt after all, or whose pg_hba.conf has no line for it, is tried without; with `allow`, one whose
    /// pg_hba.conf wants it is tried with. Unlike libpq, nothing else is tried twice: a password that is wrong
    /// encrypted is no better in clear, and a certificate that does not verify is no reason to trust less.
    ///
    /// ```
    /// use trunkline_core::config::{Config, Encryption};
    /// use trunkline_core::error::{Error, ServerError, Severity, SqlState};
    ///
    /// let config = Config::parse("host=db sslmode=allow")?;
    /// let no_line = SqlState::INVALID_AUTHORIZATION_SPECIFICATION;
    /// let refused = Error::Server(ServerError::new(Severity::Fatal, no_line, "no pg_hba.conf entry").into());
    /// assert_eq!(config.second_attempt(false, &refused), Some(Encryption::Required));
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub fn second_attempt(&self, encrypted: bool, error: &Error) -> Option<Encryption> {
        let no_line = error.as_server().is_some_and(|error| error.code.as_str() == INVALID_AUTHORIZATION);
        match self.tls.mode {
            SslMode::Allow if !encrypted && no_line => Some(Encryption::Required),
            SslMode::Prefer if encrypted && (no_line || is_broken(error)) && !self.needs_encryption() => {
                Some(Encryption::Off)
            }
            _ => None,
        }
    }

    /// Whether an attempt without encryption would be refused by ourselves.
    fn needs_encryption(&self) -> bool {
        self.channel_binding == super::ChannelBinding::Require
    }
}

/// `invalid_authorization_specification`: no line of pg_hba.conf fits, or one rejects.
const INVALID_AUTHORIZATION: &str = "28000";

fn is_broken(error: &Error) -> bool {
    matches!(error, Error::Tls(error) if error.kind() == TlsErrorKind::Handshake)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ChannelBinding;
    use crate::error::{ServerError, Severity, SqlState, TlsError};

    fn server(code: &[u8; 5]) -> Error {
        ServerError::new(Severity::Fatal, SqlState::known(code), "no").into()
    }

    #[test]
    fn only_what_can_help_is_tried_again() {
        use Encryption::{Off, Required};
        let tls = |kind| Error::from(TlsError::new(kind, "no"));
        for (mode, encrypted, error, expected) in [
            (SslMode::Prefer, true, server(b"28000"), Some(Off)),
            (SslMode::Prefer, false, server(b"28000"), None),
            (SslMode::Prefer, true, server(b"28P01"), None),
            (SslMode::Prefer, true, tls(TlsErrorKind::Handshake), Some(Off)),
            (SslMode::Prefer, true, tls(TlsErrorKind::UnknownAuthority), None),
            (SslMode::Prefer, true, tls(TlsErrorKind::BadAnswer), None),
            (SslMode::Allow, false, server(b"28000"), Some(Required)),
            (SslMode::Allow, true, server(b"28000"), None),
            (SslMode::Allow, false, server(b"53300"), None),
            (SslMode::Disable, false, server(b"28000"), None),
            (SslMode::Require, true, server(b"28000"), None),
            (SslMode::VerifyFull, true, tls(TlsErrorKind::Handshake), None),
        ] {
            let config = Config::new().sslmode(mode);
            assert_eq!(config.second_attempt(encrypted, &error), expected, "{mode} {encrypted} {error}");
        }
        let bound = Config::new().channel_binding(ChannelBinding::Require);
        assert_eq!(bound.second_attempt(true, &server(b"28000")), None);
    }
}
