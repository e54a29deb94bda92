use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use base64ct::{Base64, Encoding as _};
use proptest::prelude::*;

use super::*;
use crate::auth::AuthError;

const SEED: &[u8; 24] = b"abcdefghijklmnopqrstuvwx";
const LIMIT: u32 = 100_000;

/// The example of RFC 7677, section 3.
mod rfc7677 {
    pub(super) const CLIENT_NONCE: &str = "rOprNGfwEbeRWgbNEkqO";
    pub(super) const CLIENT_FIRST: &str = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    pub(super) const SERVER_FIRST: &str =
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    pub(super) const CLIENT_FINAL: &str = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
        p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    pub(super) const SERVER_FINAL: &str = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
}

fn rfc_exchange() -> ServerFinalExpected {
    let (state, first) = ClientFirst::with_nonce("user", rfc7677::CLIENT_NONCE.into(), ChannelBinding::None);
    assert_eq!(first, rfc7677::CLIENT_FIRST.as_bytes());
    let (state, reply) =
        state.continue_as("user", rfc7677::SERVER_FIRST.as_bytes(), b"pencil", LIMIT).unwrap();
    assert_eq!(String::from_utf8(reply).unwrap(), rfc7677::CLIENT_FINAL);
    state
}

/// The nonce that the seed makes, and a server's first message with these ends.
fn server_first(nonce_end: &str, rest: &str) -> String {
    format!("r={}{nonce_end},{rest}", Base64::encode_string(SEED))
}

fn answer(message: &[u8]) -> Result<Vec<u8>, AuthError> {
    let (state, _) = ClientFirst::new(SEED, ChannelBinding::None);
    state.handle_server_first(message, b"pencil", LIMIT).map(|(_, reply)| reply)
}

#[test]
fn the_example_of_the_rfc_comes_out() {
    assert!(rfc_exchange().handle_server_final(rfc7677::SERVER_FINAL.as_bytes()).is_ok());
}

#[test]
fn a_wrong_signature_is_refused() {
    for message in [
        "v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4",
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,x=1",
        "v=6rri",
        "v=",
        "",
        "x=1",
    ] {
        let error = rfc_exchange().handle_server_final(message.as_bytes()).unwrap_err();
        assert!(matches!(error, AuthError::Server(_)), "{message}: {error}");
    }
}

#[test]
fn the_servers_errors_are_readable() {
    let error = rfc_exchange().handle_server_final(b"e=invalid-proof").unwrap_err();
    assert!(error.to_string().contains("the password is wrong"), "{error}");
    let error = rfc_exchange().handle_server_final(b"e=other-error").unwrap_err();
    assert!(error.to_string().contains("other-error"), "{error}");
    let error = rfc_exchange().handle_server_final("e=\u{1b}[31m".as_bytes()).unwrap_err();
    assert!(!error.to_string().contains('\u{1b}'), "{error}");
}

#[test]
fn the_first_message_says_how_it_is_bound() {
    let nonce = Base64::encode_string(SEED);
    for (binding, header) in [
        (ChannelBinding::None, "n,,"),
        (ChannelBinding::SupportedNotOffered, "y,,"),
        (ChannelBinding::TlsServerEndPoint(b"hash".to_vec()), "p=tls-server-end-point,,"),
    ] {
        let (_, message) = ClientFirst::new(SEED, binding);
        assert_eq!(String::from_utf8(message).unwrap(), format!("{header}n=,r={nonce}"));
    }
}

#[test]
fn the_final_message_repeats_the_binding() {
    let first = server_first("x", "s=YQ==,i=1");
    let (state, _) = ClientFirst::new(SEED, ChannelBinding::TlsServerEndPoint(b"hash".to_vec()));
    let (_, reply) = state.handle_server_first(first.as_bytes(), b"pencil", LIMIT).unwrap();
    let expected = Base64::encode_string(b"p=tls-server-end-point,,hash");
    assert!(String::from_utf8(reply).unwrap().starts_with(&format!("c={expected},r=")));
}

#[test]
fn a_good_first_message_is_answered() {
    assert!(answer(server_first("x", "s=YQ==,i=1").as_bytes()).is_ok());
    assert!(answer(server_first("x", "s=YQ==,i=4096").as_bytes()).is_ok());
}

#[test]
fn bad_first_messages_are_refused() {
    for message in [
        String::new(),
        server_first("", "s=YQ==,i=4096"),
        server_first("x", "s=,i=4096"),
        server_first("x", "s=YQ,i=4096"),
        server_first("x", "s=Y Q=,i=4096"),
        server_first("x", "s=YQ==,i=0"),
        server_first("x", "s=YQ==,i=-1"),
        server_first("x", "s=YQ==,i=+1"),
        server_first("x", "s=YQ==,i="),
        server_first("x", "s=YQ==,i=4096,x=y"),
        server_first("x", "s=YQ=="),
        server_first("x", "i=4096,s=YQ=="),
        server_first("é", "s=YQ==,i=4096"),
        server_first("\u{7}", "s=YQ==,i=4096"),
        format!("m=ext,{}", server_first("x", "s=YQ==,i=4096")),
        "r=other,s=YQ==,i=4096".into(),
        "e=invalid-encoding".into(),
        server_first(&"x".repeat(MAX_MESSAGE), "s=YQ==,i=4096"),
    ] {
        let error = answer(message.as_bytes()).unwrap_err();
        assert!(matches!(error, AuthError::Server(_)), "{message}: {error}");
    }
    assert!(answer(b"r=\xff").is_err());
}

#[test]
fn too_many_iterations_name_the_setting() {
    for (asked, shown) in
        [("100001", 100_001), ("4294967296", 1 << 32), ("99999999999999999999999", u64::MAX)]
    {
        let error = answer(server_first("x", &format!("s=YQ==,i={asked}")).as_bytes()).unwrap_err();
        assert_eq!(error, AuthError::Iterations { asked: shown, limit: LIMIT });
        assert!(error.to_string().contains("max_scram_iterations"), "{error}");
    }
}

#[test]
fn debug_shows_no_secret() {
    let shown = format!("{:?}", rfc_exchange());
    assert_eq!(shown, "ServerFinalExpected { .. }");
}

proptest! {
    #[test]
    fn arbitrary_messages_never_panic(message in any::<Vec<u8>>(), text in r"[rsiem=,0-9a-zA-Z+/]{0,60}") {
        let _ = answer(&message);
        let _ = answer(text.as_bytes());
        let _ = answer(server_first("x", &text).as_bytes());
    }

    #[test]
    fn arbitrary_finals_never_verify(message in any::<Vec<u8>>(), text in r"[ve]=[0-9a-zA-Z+/=]{0,44}") {
        let state = || {
            let (state, _) = ClientFirst::new(SEED, ChannelBinding::None);
            state.handle_server_first(server_first("x", "s=YQ==,i=1").as_bytes(), b"pencil", LIMIT).unwrap().0
        };
        prop_assert!(state().handle_server_final(&message).is_err());
        prop_assert!(state().handle_server_final(text.as_bytes()).is_err());
    }
}
