use super::choice::choice;

choice! {
    /// Whether SCRAM must be bound to the TLS connection it runs in (`channel_binding`).
    ///
    /// ```
    /// use trunkline_core::config::{ChannelBinding, Config};
    ///
    /// let config = Config::parse("host=db sslmode=require channel_binding=require")?;
    /// assert_eq!(config.channel_binding, ChannelBinding::Require);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub enum ChannelBinding {
        /// Never bound.
        Disable = "disable",
        /// Bound where the server offers it and the certificate can be read.
        #[default]
        Prefer = "prefer",
        /// Bound, or the connection fails: whoever stands between cannot have the server's proof.
        Require = "require",
    }
}

choice! {
    /// A way of authentication, as `require_auth` names it.
    ///
    /// ```
    /// use trunkline_core::config::{AuthMethod, RequireAuth};
    ///
    /// let modern = RequireAuth::only(&[AuthMethod::ScramSha256, AuthMethod::OAuth]);
    /// assert!(!modern.allows(AuthMethod::Md5));
    /// ```
    pub enum AuthMethod {
        /// None at all: the server trusts (or has a client certificate).
        #[default]
        None = "none",
        /// The password in clear.
        Password = "password",
        /// A salted MD5 of it.
        Md5 = "md5",
        /// GSSAPI.
        Gss = "gss",
        /// Windows' SSPI.
        Sspi = "sspi",
        /// SCRAM-SHA-256, with or without channel binding.
        ScramSha256 = "scram-sha-256",
        /// OAuth bearer tokens.
        OAuth = "oauth",
    }
}

impl AuthMethod {
    const fn bit(self) -> u8 {
        match self {
            Self::None => 1,
            Self::Password => 2,
            Self::Md5 => 4,
            Self::Gss => 8,
            Self::Sspi => 16,
            Self::ScramSha256 => 32,
            Self::OAuth => 64,
        }
    }
}

/// Which ways of authentication are acceptable (`require_auth`). By default all are.
///
/// A list such as `scram-sha-256,md5` allows what it names and nothing else; `none` in it allows a server that
/// asks for nothing. With `!` before every name the list forbids instead.
///
/// ```
/// use trunkline_core::config::{AuthMethod, Config};
///
/// let config = Config::parse("host=db require_auth=!password,!md5")?;
/// assert!(config.require_auth.allows(AuthMethod::ScramSha256));
/// assert!(!config.require_auth.allows(AuthMethod::Password));
/// # Ok::<(), trunkline_core::config::ConfigError>(())
/// ```
///
/// See ["Parameter Key Words"] in PostgreSQL's libpq chapter.
///
/// ["Parameter Key Words"]: https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-PARAMKEYWORDS
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequireAuth {
    allowed: u8,
}

impl Default for RequireAuth {
    fn default() -> Self {
        Self::ANY
    }
}

impl RequireAuth {
    /// Every method, and none.
    pub const ANY: Self = Self { allowed: 0x7f };

    /// Only these.
    ///
    /// ```
    /// use trunkline_core::config::{AuthMethod, RequireAuth};
    ///
    /// let scram = RequireAuth::only(&[AuthMethod::ScramSha256]);
    /// assert!(!scram.allows(AuthMethod::None));
    /// ```
    pub fn only(methods: &[AuthMethod]) -> Self {
        Self { allowed: methods.iter().fold(0, |bits, method| bits | method.bit()) }
    }

    /// All but these.
    ///
    /// ```
    /// use trunkline_core::config::{AuthMethod, RequireAuth};
    ///
    /// let careful = RequireAuth::except(&[AuthMethod::Password]);
    /// assert!(careful.allows(AuthMethod::Md5) && !careful.allows(AuthMethod::Password));
    /// ```
    pub fn except(methods: &[AuthMethod]) -> Self {
        Self { allowed: Self::ANY.allowed & !Self::only(methods).allowed }
    }

    /// Whether a server may authenticate so.
    ///
    /// ```
    /// use trunkline_core::config::{AuthMethod, RequireAuth};
    ///
    /// assert!(RequireAuth::ANY.allows(AuthMethod::None));
    /// ```
    pub const fn allows(self, method: AuthMethod) -> bool {
        self.allowed & method.bit() != 0
    }

    /// A comma-separated list by libpq's rules; the error says what is wrong with it.
    ///
    /// ```
    /// use trunkline_core::config::{AuthMethod, RequireAuth};
    ///
    /// assert_eq!(RequireAuth::parse("scram-sha-256")?, RequireAuth::only(&[AuthMethod::ScramSha256]));
    /// assert!(RequireAuth::parse("md5,!password").is_err());
    /// # Ok::<(), &str>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A word that is no method, a method named twice, and methods with and without `!` in one list.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Ok(Self::ANY);
        }
        let mut named = 0;
        let mut negated = None;
        for item in text.split(',') {
            let item = item.trim_matches(' ');
            let (negative, word) = match item.strip_prefix('!') {
                Some(word) => (true, word),
                None => (false, item),
            };
            if *negated.get_or_insert(negative) != negative {
                return Err("methods with and without ! cannot be mixed: allow some, or forbid some");
            }
            let method = AuthMethod::from_word(word).ok_or(
                "it is a comma-separated list of password, md5, scram-sha-256, gss, sspi, oauth and none, each \
                 with ! before it to forbid those instead",
            )?;
            if named & method.bit() != 0 {
                return Err("it names a method twice");
            }
            named |= method.bit();
        }
        let allowed = if negated == Some(true) { Self::ANY.allowed & !named } else { named };
        Ok(Self { allowed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_allows_what_it_names_and_nothing_else() {
        let list = RequireAuth::parse("scram-sha-256, md5").unwrap();
        assert!(list.allows(AuthMethod::ScramSha256) && list.allows(AuthMethod::Md5));
        assert!(!list.allows(AuthMethod::Password) && !list.allows(AuthMethod::None));
        assert_eq!(list, RequireAuth::only(&[AuthMethod::Md5, AuthMethod::ScramSha256]));
    }

    #[test]
    fn a_negated_list_forbids_what_it_names() {
        let list = RequireAuth::parse("!password,!none").unwrap();
        assert!(list.allows(AuthMethod::ScramSha256) && list.allows(AuthMethod::Gss));
        assert!(!list.allows(AuthMethod::Password) && !list.allows(AuthMethod::None));
        assert_eq!(list, RequireAuth::except(&[AuthMethod::Password, AuthMethod::None]));
    }

    #[test]
    fn nothing_means_everything() {
        assert_eq!(RequireAuth::parse("").unwrap(), RequireAuth::ANY);
        assert!(RequireAuth::ANY.allows(AuthMethod::None));
    }

    #[test]
    fn bad_lists_are_refused() {
        for text in ["password,!md5", "!password,md5", "md5,md5", "scram", ",", "md5,", "!", "!!md5"] {
            assert!(RequireAuth::parse(text).is_err(), "{text}");
        }
    }
}
