//! OAUTHBEARER (RFC 7628), as PostgreSQL 18 has it. See "OAuth Authorization/Authentication" in its chapter on client
//! authentication, and "SASL Authentication" in the protocol chapter.
//!
//! ```text
//! n,,^Aauth=Bearer token^A^A ──► AuthenticationOk
//!                            └─► {"status": …, "scope": …, "openid-configuration": …}  ──► ^A  ──► ErrorResponse
//! ```

mod json;

use alloc::string::String;
use alloc::vec::Vec;

use super::AuthError;

/// Where a server that refused an OAuth token wants one from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct OAuthDiscovery {
    /// The URL of the authority's discovery document. The server says so: before a secret goes there, see that it is
    /// an authority to be trusted.
    pub openid_configuration: Option<String>,
    /// What the token has to be good for: words separated by spaces.
    pub scope: Option<String>,
}

impl OAuthDiscovery {
    /// The JSON object of a refusal.
    pub(super) fn parse(message: &[u8]) -> Result<Self, AuthError> {
        let mut discovery = Self::default();
        let mut status = false;
        json::strings(message, |name, value| match name {
            b"status" => status = true,
            b"scope" => discovery.scope = Some(value),
            b"openid-configuration" => discovery.openid_configuration = Some(value),
            _ => {}
        })
        .filter(|()| status)
        .ok_or(AuthError::Server("its refusal of the OAuth token is not of RFC 7628's form"))?;
        Ok(discovery)
    }
}

/// The first message: the token, or none to be told where to get one.
pub(super) fn client_first(token: Option<&str>) -> Result<Vec<u8>, AuthError> {
    let Some(token) = token else { return Ok(b"n,,\x01auth=\x01\x01".to_vec()) };
    if !is_bearer(token.as_bytes()) {
        return Err(AuthError::TokenMalformed);
    }
    Ok([b"n,,\x01auth=Bearer ", token.as_bytes(), b"\x01\x01"].concat())
}

/// The answer to a refusal, which the server waits for before it says its last word.
pub(super) const AFTER_REFUSAL: &[u8] = b"\x01";

/// `b64token` of RFC 6750: nothing in it can end the message early, or say more than a token does.
fn is_bearer(token: &[u8]) -> bool {
    let end = token.iter().rposition(|&byte| byte != b'=').map_or(0, |last| last + 1);
    let (body, _padding) = token.split_at(end);
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(byte);
    !body.is_empty() && body.iter().all(allowed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_is_sent_as_it_is() {
        assert_eq!(client_first(Some("ab.c-d_~+/==")).unwrap(), b"n,,\x01auth=Bearer ab.c-d_~+/==\x01\x01");
        assert_eq!(client_first(None).unwrap(), b"n,,\x01auth=\x01\x01");
    }

    #[test]
    fn what_is_no_token_is_not_sent() {
        for token in ["", "=", "a=b", "a b", "a\u{1}host=x", "a\0", "ä", "Bearer x"] {
            assert_eq!(client_first(Some(token)), Err(AuthError::TokenMalformed), "{token}");
        }
    }

    #[test]
    fn a_refusal_tells_where_tokens_come_from() {
        let message =
            br#" {"status": "invalid_token", "more": [1, {"scope": "}"}], "scope": "openid \u0064b",
            "openid-configuration": "https://id.example.com\/.well-known\/openid-configuration"} "#;
        let discovery = OAuthDiscovery::parse(message).unwrap();
        assert_eq!(discovery.scope.as_deref(), Some("openid db"));
        let url = "https://id.example.com/.well-known/openid-configuration";
        assert_eq!(discovery.openid_configuration.as_deref(), Some(url));
        let least = OAuthDiscovery::parse(br#"{"status":"invalid_token"}"#).unwrap();
        assert_eq!(least, OAuthDiscovery::default());
    }

    #[test]
    fn what_is_no_refusal_is_refused() {
        for message in [
            "",
            "{}",
            "null",
            "[]",
            r#"{"scope": "x"}"#,
            r#"{"status": "x""#,
            r#"{"status": "x"} x"#,
            r#"{"status": "x", "status": "y"}"#,
            r#"{"status": 1}"#,
            r#"{"status": "x", "scope": [}"#,
            r#"{"status": "\ud800"}"#,
            r#"{"status": "\x"}"#,
            r#"{status: "x"}"#,
            "{\"status\": \"\n\"}",
        ] {
            let refused = OAuthDiscovery::parse(message.as_bytes());
            assert!(matches!(refused, Err(AuthError::Server(_))), "{message}: {refused:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>, text in r#"[{}\[\]":,\\u0-9a-f ]{0,60}"#) {
            let _ = OAuthDiscovery::parse(&bytes);
            let _ = OAuthDiscovery::parse(text.as_bytes());
        }

        #[test]
        fn any_text_survives(text: String) {
            let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
            prop_assume!(quoted.bytes().all(|byte| byte >= 0x20));
            let message = alloc::format!("{{\"status\":\"x\",\"scope\":\"{quoted}\"}}");
            prop_assert_eq!(OAuthDiscovery::parse(message.as_bytes()).unwrap().scope, Some(text));
        }
    }
}
