//! What the tests of several files share.

use super::Credentials;
use crate::config::{ChannelBinding, OAuth, Password, RequireAuth};

/// Jane, whose password is `pencil`, over an encrypted connection.
pub(super) fn credentials() -> Credentials {
    Credentials {
        user: "jane".into(),
        password: Some(Password::new("pencil")),
        scram_password: None,
        oauth: OAuth::None,
        require_auth: RequireAuth::ANY,
        channel_binding: ChannelBinding::Prefer,
        server_end_point: None,
        max_iterations: 100_000,
        encrypted: true,
        cleartext_is_safe: true,
    }
}
