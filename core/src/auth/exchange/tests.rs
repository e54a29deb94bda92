use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::auth::testing::credentials;
use crate::config::{Password, RequireAuth};

const SEED: [u8; 24] = *b"abcdefghijklmnopqrstuvwx";
const SCRAM: &str = "SCRAM-SHA-256";
const PLUS: &str = "SCRAM-SHA-256-PLUS";

fn exchange(change: impl FnOnce(&mut Credentials)) -> Exchange {
    let mut credentials = credentials();
    change(&mut credentials);
    Exchange::new(credentials, SEED)
}

fn sasl<'a>(mechanisms: &[&'a str]) -> Challenge<'a> {
    Challenge::Sasl(mechanisms.to_vec())
}

/// A SCRAM server with the password `pencil`, made of RFC 5802's formulas and of none of the client's code but
/// the HMAC crate.
mod server {
    use base64ct::{Base64, Encoding as _};
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use sha2::{Digest as _, Sha256};

    use super::*;

    fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
        Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().into()
    }

    pub(super) struct Server {
        bare: String,
        header: String,
        first: String,
    }

    impl Server {
        pub(super) fn first(initial: &[u8]) -> Self {
            let text = core::str::from_utf8(initial).unwrap();
            let at = text.find("n=").unwrap();
            let (header, bare) = text.split_at(if text.starts_with("n,,") { 3 } else { at });
            let nonce = bare.split_once("r=").unwrap().1;
            let first = format!("r={nonce}server,s={},i=2", Base64::encode_string(b"salt"));
            Self { bare: bare.into(), header: header.into(), first }
        }

        pub(super) fn message(&self) -> Vec<u8> {
            self.first.clone().into_bytes()
        }

        /// Checks the client's proof and gives the final message.
        pub(super) fn finish(&self, reply: &[u8], binding: &[u8]) -> Vec<u8> {
            let reply = core::str::from_utf8(reply).unwrap();
            let (without_proof, proof) = reply.split_once(",p=").unwrap();
            let expected = Base64::encode_string(&[self.header.as_bytes(), binding].concat());
            assert!(without_proof.starts_with(&format!("c={expected},")), "{without_proof}");
            let one = hmac(b"pencil", b"salt\0\0\0\x01");
            let two = hmac(b"pencil", &one);
            let salted: Vec<u8> = one.iter().zip(two).map(|(one, two)| one ^ two).collect();
            let authenticated = format!("{},{},{without_proof}", self.bare, self.first);
            let stored = Sha256::digest(hmac(&salted, b"Client Key"));
            let signature = hmac(&stored, authenticated.as_bytes());
            let client_key: Vec<u8> = Base64::decode_vec(proof)
                .unwrap()
                .iter()
                .zip(signature)
                .map(|(one, two)| one ^ two)
                .collect();
            assert_eq!(Sha256::digest(client_key), stored);
            let server_key = hmac(&salted, b"Server Key");
            format!("v={}", Base64::encode_string(&hmac(&server_key, authenticated.as_bytes()))).into_bytes()
        }
    }
}

/// Runs SCRAM up to AuthenticationSASLFinal, and checks which mechanism was chosen.
fn run_scram(exchange: &mut Exchange, offered: &[&str], chosen: &str, binding: &[u8]) {
    let Some(Response::SaslInitial(mechanism, data)) = exchange.handle(&sasl(offered)).unwrap() else {
        panic!("no initial response");
    };
    assert_eq!(mechanism, chosen);
    let server = server::Server::first(&data);
    let Some(Response::Sasl(reply)) = exchange.handle(&Challenge::SaslContinue(&server.message())).unwrap()
    else {
        panic!("no response");
    };
    let last = server.finish(&reply, binding);
    assert_eq!(exchange.handle(&Challenge::SaslFinal(&last)).unwrap(), None);
}

#[test]
fn trust_needs_nothing() {
    let mut exchange = exchange(|credentials| credentials.password = None);
    assert_eq!(exchange.handle(&Challenge::Ok), Ok(None));
    assert!(exchange.is_over());
    assert!(exchange.handle(&Challenge::Ok).is_err());
}

#[test]
fn a_cleartext_password_goes_over_an_encrypted_connection() {
    let mut exchange = exchange(|_| {});
    let response = exchange.handle(&Challenge::CleartextPassword).unwrap();
    assert_eq!(response, Some(Response::Password(Zeroizing::new(b"pencil".to_vec()))));
    assert_eq!(exchange.handle(&Challenge::Ok), Ok(None));
}

#[test]
fn a_cleartext_password_crosses_no_network_unless_allowed() {
    let mut exchange = exchange(|credentials| credentials.cleartext_is_safe = false);
    assert_eq!(exchange.handle(&Challenge::CleartextPassword), Err(AuthError::Cleartext));
}

#[test]
fn md5_is_answered() {
    let mut exchange = exchange(|_| {});
    let response = exchange.handle(&Challenge::Md5([1, 2, 3, 4])).unwrap();
    assert_eq!(response, Some(Response::Password(md5_response("jane", b"pencil", [1, 2, 3, 4]))));
    assert_eq!(exchange.handle(&Challenge::Ok), Ok(None));
}

#[test]
fn scram_proves_both_sides() {
    let mut exchange = exchange(|_| {});
    run_scram(&mut exchange, &[SCRAM], SCRAM, b"");
    assert_eq!(exchange.handle(&Challenge::Ok), Ok(None));
}

#[test]
fn scram_hashes_the_prepared_password() {
    let mut exchange = exchange(|credentials| {
        credentials.password = Some(Password::new("pen\u{ad}cil"));
        credentials.scram_password = Some(Password::new("pencil"));
    });
    run_scram(&mut exchange, &[SCRAM], SCRAM, b"");
    assert_eq!(exchange.handle(&Challenge::Ok), Ok(None));
}

#[test]
fn scram_plus_is_bound_to_the_certificate() {
    let mut exchange = exchange(|credentials| {
        credentials.server_end_point = Some(b"certificate".to_vec());
        credentials.channel_binding = ChannelBinding::Require;
    });
    run_scram(&mut exchange, &[PLUS, SCRAM], PLUS, b"certificate");
    assert_eq!(exchange.handle(&Challenge::Ok), Ok(None));
}

#[test]
fn ok_before_the_servers_proof_is_refused() {
    let mut early = exchange(|_| {});
    early.handle(&sasl(&[SCRAM])).unwrap();
    assert!(matches!(early.handle(&Challenge::Ok), Err(AuthError::Server(_))));

    let mut unproved = exchange(|_| {});
    let Some(Response::SaslInitial(_, data)) = unproved.handle(&sasl(&[SCRAM])).unwrap() else {
        panic!("no initial response");
    };
    let first = server::Server::first(&data).message();
    unproved.handle(&Challenge::SaslContinue(&first)).unwrap();
    assert!(matches!(unproved.handle(&Challenge::Ok), Err(AuthError::Server(_))));
}

#[test]
fn a_missing_password_says_where_to_put_it() {
    for password in [None, Some(Password::new(""))] {
        for challenge in [Challenge::CleartextPassword, Challenge::Md5([0; 4]), sasl(&[SCRAM])] {
            let mut exchange = exchange(|credentials| credentials.password = password.clone());
            let error = exchange.handle(&challenge).unwrap_err();
            assert!(matches!(error, AuthError::PasswordMissing { .. }), "{error}");
            assert!(
                error.to_string().contains("\"jane\"") && error.to_string().contains("PGPASSWORD"),
                "{error}"
            );
        }
    }
}

#[test]
fn require_auth_is_kept() {
    let ask = |list: &str, challenge| {
        let mut exchange =
            exchange(|credentials| credentials.require_auth = RequireAuth::parse(list).unwrap());
        exchange.handle(&challenge).err()
    };
    let not = |method| Some(AuthError::NotAllowed(method));
    assert_eq!(ask("scram-sha-256", Challenge::CleartextPassword), not(AuthMethod::Password));
    assert_eq!(ask("scram-sha-256", Challenge::Md5([0; 4])), not(AuthMethod::Md5));
    assert_eq!(ask("scram-sha-256", Challenge::Ok), not(AuthMethod::None));
    assert_eq!(ask("scram-sha-256", sasl(&[SCRAM])), None);
    assert_eq!(ask("md5", sasl(&[SCRAM])), not(AuthMethod::ScramSha256));
    assert_eq!(ask("!password", Challenge::CleartextPassword), not(AuthMethod::Password));
    assert_eq!(ask("!password", Challenge::Ok), None);
    assert_eq!(ask("!none", Challenge::Ok), not(AuthMethod::None));
    assert_eq!(ask("none", Challenge::Ok), None);
    assert_eq!(ask("none", Challenge::CleartextPassword), not(AuthMethod::Password));
}

#[test]
fn required_channel_binding_lets_nothing_else_pass() {
    let ask = |challenge| {
        let mut exchange = exchange(|credentials| {
            credentials.channel_binding = ChannelBinding::Require;
            credentials.server_end_point = Some(b"certificate".to_vec());
        });
        exchange.handle(&challenge)
    };
    for challenge in [Challenge::Ok, Challenge::CleartextPassword, Challenge::Md5([0; 4]), sasl(&[SCRAM])] {
        assert!(matches!(ask(challenge.clone()), Err(AuthError::ChannelBinding(_))), "{challenge:?}");
    }
    assert!(ask(sasl(&[PLUS])).is_ok());
}

#[test]
fn what_is_not_spoken_is_named() {
    let error = exchange(|_| {}).handle(&Challenge::Unsupported("GSSAPI")).unwrap_err();
    assert!(error.to_string().contains("GSSAPI"), "{error}");
    let error = exchange(|_| {}).handle(&sasl(&["SCRAM-SHA-1"])).unwrap_err();
    assert!(error.to_string().contains("SASL"), "{error}");
}

fn with_token() -> Exchange {
    exchange(|credentials| credentials.oauth = OAuth::Token("t0ken".into()))
}

fn initial(exchange: &mut Exchange) -> Vec<u8> {
    let Some(Response::SaslInitial("OAUTHBEARER", data)) = exchange.handle(&sasl(&["OAUTHBEARER"])).unwrap()
    else {
        panic!("no token");
    };
    data
}

const REFUSAL: Challenge<'_> = Challenge::SaslContinue(br#"{"status":"invalid_token","scope":"db"}"#);

#[test]
fn a_token_opens() {
    let mut exchange = with_token();
    assert_eq!(initial(&mut exchange), b"n,,\x01auth=Bearer t0ken\x01\x01");
    assert_eq!(exchange.handle(&Challenge::Ok), Ok(None));
    assert!(exchange.is_over());
    assert_eq!(exchange.into_oauth_discovery(), None);
}

#[test]
fn a_token_that_is_refused_is_answered_and_tells_where_to_get_one() {
    for oauth in [OAuth::Discover, OAuth::Token("t0ken".into())] {
        let mut exchange = exchange(|credentials| credentials.oauth = oauth);
        initial(&mut exchange);
        assert_eq!(exchange.handle(&REFUSAL), Ok(Some(Response::Sasl(vec![1]))));
        assert!(matches!(exchange.handle(&Challenge::Ok), Err(AuthError::Server(_))));
        assert_eq!(exchange.into_oauth_discovery().unwrap().scope.as_deref(), Some("db"));
    }
}

#[test]
fn an_empty_token_lets_nobody_in() {
    let mut exchange = exchange(|credentials| credentials.oauth = OAuth::Discover);
    assert_eq!(initial(&mut exchange), b"n,,\x01auth=\x01\x01");
    assert!(matches!(exchange.handle(&Challenge::Ok), Err(AuthError::Server(_))));
}

#[test]
fn a_token_crosses_no_network_in_clear_and_goes_only_where_it_may() {
    let oauth = OAuth::Token("t0ken".into());
    let ask = |change: fn(&mut Credentials)| {
        let mut exchange = exchange(|credentials| {
            credentials.oauth = oauth.clone();
            change(credentials);
        });
        exchange.handle(&sasl(&["OAUTHBEARER"])).unwrap_err()
    };
    assert_eq!(ask(|credentials| credentials.cleartext_is_safe = false), AuthError::CleartextToken);
    let scram = |credentials: &mut Credentials| {
        credentials.require_auth = RequireAuth::only(&[AuthMethod::ScramSha256]);
    };
    assert_eq!(ask(scram), AuthError::NotAllowed(AuthMethod::OAuth));
    let bound = ask(|credentials| credentials.channel_binding = ChannelBinding::Require);
    assert!(matches!(bound, AuthError::ChannelBinding(_)));
    assert_eq!(ask(|credentials| credentials.oauth = OAuth::None), AuthError::TokenMissing);
}

#[test]
fn a_server_that_turns_from_oauth_to_something_else_is_refused() {
    for challenge in [Challenge::CleartextPassword, sasl(&[SCRAM]), Challenge::SaslFinal(b"")] {
        let mut exchange = with_token();
        initial(&mut exchange);
        assert!(matches!(exchange.handle(&challenge), Err(AuthError::Server(_))), "{challenge:?}");
    }
}

#[test]
fn challenges_out_of_order_are_refused() {
    for (first, second) in [
        (None, Challenge::SaslContinue(b"")),
        (None, Challenge::SaslFinal(b"")),
        (Some(Challenge::CleartextPassword), Challenge::CleartextPassword),
        (Some(Challenge::CleartextPassword), sasl(&[SCRAM])),
        (Some(sasl(&[SCRAM])), sasl(&[SCRAM])),
        (Some(sasl(&[SCRAM])), Challenge::CleartextPassword),
        (Some(sasl(&[SCRAM])), Challenge::SaslFinal(b"v=")),
    ] {
        let mut exchange = exchange(|_| {});
        if let Some(first) = first {
            exchange.handle(&first).unwrap();
        }
        assert!(matches!(exchange.handle(&second), Err(AuthError::Server(_))));
        assert!(exchange.handle(&Challenge::Ok).is_err(), "it takes nothing after an error");
    }
}

#[test]
fn a_nul_in_the_password_is_not_sent() {
    let mut exchange = exchange(|credentials| credentials.password = Some(Password::new("a\0b")));
    assert_eq!(exchange.handle(&Challenge::CleartextPassword), Err(AuthError::PasswordNul));
}

#[test]
fn debug_shows_no_secret() {
    let mut exchange = exchange(|_| {});
    let response = exchange.handle(&Challenge::CleartextPassword).unwrap();
    let shown = format!("{exchange:?} {response:?} {:?}", credentials());
    assert!(!shown.contains("pencil") && !shown.contains("112"), "{shown}");
}

fn challenges() -> impl Strategy<Value = Vec<(u8, Vec<u8>)>> {
    proptest::collection::vec((0_u8..7, any::<Vec<u8>>()), 0..6)
}

proptest! {
    #[test]
    fn arbitrary_challenges_never_panic_and_never_pass_scram(steps in challenges()) {
        let mut exchange = exchange(|credentials| {
            credentials.require_auth = RequireAuth::only(&[AuthMethod::ScramSha256]);
        });
        for (kind, bytes) in steps {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let challenge = match kind {
                0 => Challenge::Ok,
                1 => Challenge::CleartextPassword,
                2 => Challenge::Md5([kind; 4]),
                3 => Challenge::Sasl(vec![SCRAM, &text]),
                4 => Challenge::SaslContinue(&bytes),
                5 => Challenge::SaslFinal(&bytes),
                _ => Challenge::Unsupported("GSSAPI"),
            };
            let is_ok = challenge == Challenge::Ok;
            prop_assert!(exchange.handle(&challenge).is_err() || !is_ok);
        }
    }
}
