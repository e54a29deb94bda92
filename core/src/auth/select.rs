use super::AuthError;
use crate::config::ChannelBinding;

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
}

impl Mechanism {
    /// Its name in the protocol.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ScramSha256 { .. } => "SCRAM-SHA-256",
            Self::ScramSha256Plus => "SCRAM-SHA-256-PLUS",
        }
    }
}

/// The best of the mechanisms that the server offers.
///
/// `encrypted` is whether the connection is; `can_bind` whether the hash of the server's certificate is known.
///
/// # Errors
///
/// Nothing offered is spoken here, `channel_binding=require` cannot be kept, or binding is offered where there is
/// nothing to bind to.
pub fn select(
    mechanisms: &[&str],
    encrypted: bool,
    can_bind: bool,
    setting: ChannelBinding,
) -> Result<Mechanism, AuthError> {
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
    let can_bind = can_bind && encrypted && setting != ChannelBinding::Disable;
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
    if plain {
        // Having seen the offer, "we could have" would be a lie.
        return Ok(Mechanism::ScramSha256 { binding_supported: can_bind && !plus });
    }
    Err(AuthError::Unsupported(match (plus, oauth) {
        (true, _) => "SCRAM-SHA-256-PLUS (and nothing else: the certificate cannot be bound to)".into(),
        (_, true) => "OAuth (OAUTHBEARER)".into(),
        _ => "an unknown kind of SASL".into(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &[&str] = &["SCRAM-SHA-256"];
    const BOTH: &[&str] = &["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"];
    const PLUS: &[&str] = &["SCRAM-SHA-256-PLUS"];

    fn choose(
        offered: &[&str],
        encrypted: bool,
        can_bind: bool,
        setting: ChannelBinding,
    ) -> Option<Mechanism> {
        select(offered, encrypted, can_bind, setting).ok()
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
}
