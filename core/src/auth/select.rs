use super::{AuthError, Credentials};
use crate::config::{AuthMethod, ChannelBinding, OAuth};

/// A SASL mechanism that this driver speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mechanism {
    /// SCRAM-SHA-256 (RFC 7677). Whether we could have bound it to TLS, had the server offered that: the server
    /// then notices when somebody between took its offer away.
    ScramSha256 {
        /// Whether to say so.
        binding_supported: bool,
    },
    /// SCRAM-SHA-256-PLUS: bound to the TLS connection.
    ScramSha256Plus,
    /// OAUTHBEARER (RFC 7628).
    OAuthBearer,
}

impl Mechanism {
    /// Its name in the protocol.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ScramSha256 { .. } => "SCRAM-SHA-256",
            Self::ScramSha256Plus => "SCRAM-SHA-256-PLUS",
            Self::OAuthBearer => "OAUTHBEARER",
        }
    }

    /// What `require_auth` calls it.
    pub const fn method(self) -> AuthMethod {
        match self {
            Self::ScramSha256 { .. } | Self::ScramSha256Plus => AuthMethod::ScramSha256,
            Self::OAuthBearer => AuthMethod::OAuth,
        }
    }
}

/// The best of the mechanisms that the server offers.
///
/// A password, where there is one, is preferred to a token: SCRAM lets the server prove itself, too.
///
/// # Errors
///
/// Nothing offered is spoken here, `channel_binding=require` cannot be kept, or binding is offered where there is
/// nothing to bind to.
pub fn select(mechanisms: &[&str], credentials: &Credentials) -> Result<Mechanism, AuthError> {
    let Credentials { encrypted, channel_binding: setting, .. } = *credentials;
    let mut plain = false;
    let mut plus = false;
    let mut oauth = false;
    for mechanism in mechanisms {
        match *mechanism {
            "SCRAM-SHA-256" => plain = true,
            "SCRAM-SHA-256-PLUS" => plus = true,
            "OAUTHBEARER" => oauth = true,
            _ => {}
        }
    }
    if plus && !encrypted {
        // Only somebody between us and the server, who ends the encryption, makes this so.
        return Err(AuthError::Server("it offers SCRAM-SHA-256-PLUS over an unencrypted connection"));
    }
    let can_bind = credentials.server_end_point.is_some() && encrypted && setting != ChannelBinding::Disable;
    if plus && can_bind {
        return Ok(Mechanism::ScramSha256Plus);
    }
    if setting == ChannelBinding::Require {
        return Err(AuthError::ChannelBinding(if !encrypted {
            "the connection is not encrypted (sslmode)"
        } else if plus {
            "there is no hash of the server's certificate to bind to"
        } else {
            "the server does not offer SCRAM-SHA-256-PLUS"
        }));
    }
    let has_password = credentials.password.as_ref().is_some_and(|password| !password.is_empty());
    if oauth && credentials.oauth != OAuth::None && !(plain && has_password) {
        return Ok(Mechanism::OAuthBearer);
    }
    if plain {
        // Having seen the offer, "we could have" would be a lie.
        return Ok(Mechanism::ScramSha256 { binding_supported: can_bind && !plus });
    }
    if oauth {
        return Err(AuthError::TokenMissing);
    }
    Err(AuthError::Unsupported(match plus {
        true => "SCRAM-SHA-256-PLUS (and nothing else: the certificate cannot be bound to)".into(),
        false => "an unknown kind of SASL".into(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::testing::credentials;
    use crate::config::Password;

    const PLAIN: &[&str] = &["SCRAM-SHA-256"];
    const BOTH: &[&str] = &["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"];
    const PLUS: &[&str] = &["SCRAM-SHA-256-PLUS"];

    fn choose(
        offered: &[&str],
        encrypted: bool,
        can_bind: bool,
        setting: ChannelBinding,
    ) -> Option<Mechanism> {
        let mut credentials = credentials();
        credentials.encrypted = encrypted;
        credentials.server_end_point = can_bind.then(|| b"certificate".to_vec());
        credentials.channel_binding = setting;
        select(offered, &credentials).ok()
    }

    #[test]
    fn the_best_offer_is_taken() {
        use ChannelBinding::{Disable, Prefer, Require};
        let unsupporting = Some(Mechanism::ScramSha256 { binding_supported: false });
        let supporting = Some(Mechanism::ScramSha256 { binding_supported: true });
        let plus = Some(Mechanism::ScramSha256Plus);
        for (offered, encrypted, can_bind, setting, expected) in [
            (PLAIN, false, false, Prefer, unsupporting),
            (PLAIN, true, true, Prefer, supporting),
            (PLAIN, true, true, Disable, unsupporting),
            (PLAIN, true, false, Prefer, unsupporting),
            (PLAIN, true, true, Require, None),
            (PLAIN, false, true, Require, None),
            (BOTH, true, true, Prefer, plus),
            (BOTH, true, true, Require, plus),
            (BOTH, true, true, Disable, unsupporting),
            (BOTH, true, false, Prefer, unsupporting),
            (BOTH, true, false, Require, None),
            (BOTH, false, false, Prefer, None),
            (BOTH, false, true, Disable, None),
            (PLUS, true, false, Prefer, None),
            (PLUS, true, true, Disable, None),
            (&[], true, true, Prefer, None),
            (&["OAUTHBEARER", "SCRAM-SHA-1"], true, true, Prefer, None),
        ] {
            let chosen = choose(offered, encrypted, can_bind, setting);
            assert_eq!(chosen, expected, "{offered:?} {encrypted} {can_bind} {setting}");
        }
    }

    #[test]
    fn a_token_is_given_where_it_is_asked_for_and_no_password_would_do() {
        let choose = |offered: &[&str], oauth, password: Option<&str>, setting| {
            let mut credentials = credentials();
            credentials.oauth = oauth;
            credentials.password = password.map(Password::from);
            credentials.channel_binding = setting;
            select(offered, &credentials)
        };
        const OAUTH: &[&str] = &["OAUTHBEARER"];
        let either = &["SCRAM-SHA-256", "OAUTHBEARER"];
        let token = || OAuth::Token("token".into());
        let prefer = ChannelBinding::Prefer;
        let bearer = Ok(Mechanism::OAuthBearer);
        assert_eq!(choose(OAUTH, token(), None, prefer), bearer);
        assert_eq!(choose(OAUTH, OAuth::Discover, Some("pencil"), prefer), bearer);
        assert_eq!(choose(either, token(), None, prefer), bearer);
        let scram = Ok(Mechanism::ScramSha256 { binding_supported: false });
        assert_eq!(choose(either, token(), Some("pencil"), prefer), scram);
        assert_eq!(choose(OAUTH, OAuth::None, None, prefer), Err(AuthError::TokenMissing));
        let unbound = choose(OAUTH, token(), None, ChannelBinding::Require);
        assert!(matches!(unbound, Err(AuthError::ChannelBinding(_))), "{unbound:?}");
    }
}
