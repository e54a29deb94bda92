use trunkline_core::config::{ChannelBinding, Config, OAuth};
use trunkline_core::message::backend::Authentication::{
    CleartextPassword, Gss, KerberosV5, Md5Password, Ok as AuthOk, Other, Sasl, SaslContinue, SaslFinal, Sspi,
};
use trunkline_tests::chunking;
use trunkline_tests::client::{Client, config};
use trunkline_tests::frontend;
use trunkline_tests::messages as m;
use trunkline_tests::scram;

fn with_password() -> Config {
    config().password("s3cret")
}

/// What the client makes of what a server says, however it is cut: it must be refused.
#[track_caller]
fn refused(config: &Config, messages: &[Vec<u8>]) -> String {
    let summary = chunking::every(|size| {
        let mut client = Client::new(config);
        client.feed_in(&messages.concat(), size);
        assert!(!client.connection.is_ready());
        client.summary()
    });
    let error = summary.error.expect("it is refused");
    assert!(!error.contains("s3cret"), "{error}");
    error
}

/// A client that has begun SCRAM, and what it sent.
fn begun() -> (Client, Vec<u8>) {
    let mut client = Client::new(&with_password());
    client.take_sent();
    client.feed(&m::authentication(Sasl(vec!["SCRAM-SHA-256"])));
    let sent = client.take_sent();
    assert_eq!(frontend::in_words(&sent), ["Password"]);
    let first = &sent[5 + "SCRAM-SHA-256\0".len() + 4..];
    (client, first.to_vec())
}

#[track_caller]
fn answer(client: &mut Client, message: &str) -> String {
    client.feed(&m::authentication(SaslContinue(message.as_bytes())));
    client.connection.error().expect("it is refused").to_string()
}

#[test]
fn letting_us_in_before_the_proof() {
    let sasl = m::authentication(Sasl(vec!["SCRAM-SHA-256"]));
    let error = refused(&with_password(), &[sasl, m::authentication(AuthOk)]);
    assert!(error.contains("before it has proved"), "{error}");

    let (mut client, first) = begun();
    let server = scram::Server::new("s3cret", 1, &first).unwrap();
    client.feed(&m::authentication(SaslContinue(server.first().as_bytes())));
    client.feed(&m::authentication(AuthOk));
    assert!(client.connection.error().unwrap().to_string().contains("before it has proved"));
}

#[test]
fn a_nonce_that_is_not_ours_and_more() {
    let (mut client, first) = begun();
    let nonce = std::str::from_utf8(&first).unwrap().strip_prefix("n,,n=,r=").unwrap().to_string();
    assert!(answer(&mut client, "r=other,s=AAAA,i=1").contains("nonce"));
    let (mut client, _) = begun();
    assert!(answer(&mut client, &format!("r={nonce},s=AAAA,i=1")).contains("nonce"));
    for (rest, word) in [
        ("s=,i=1", "salt"),
        ("s=!!,i=1", "salt"),
        ("s=AAAA,i=0", "iteration"),
        ("s=AAAA,i=-1", "iteration"),
        ("s=AAAA,i=100001", "scram_iterations"),
        ("s=AAAA,i=4294967296", "iteration"),
        ("s=AAAA", "malformed"),
        ("", "malformed"),
    ] {
        let (mut client, _) = begun();
        let error = answer(&mut client, &format!("r={nonce}X,{rest}"));
        assert!(error.contains(word), "{rest}: {error}");
    }
}

#[test]
fn a_server_that_does_not_know_the_password() {
    for last in ["v=AAAA", "v=", "e=other-error", "", "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="] {
        let (mut client, first) = begun();
        let server = scram::Server::new("s3cret", 1, &first).unwrap();
        client.feed(&m::authentication(SaslContinue(server.first().as_bytes())));
        client.feed(&m::authentication(SaslFinal(last.as_bytes())));
        client.feed(&m::authentication(AuthOk));
        assert!(client.connection.is_closed() && !client.connection.is_ready(), "{last}");
    }
}

#[test]
fn messages_out_of_order() {
    let sasl = || m::authentication(Sasl(vec!["SCRAM-SHA-256"]));
    for messages in [
        vec![sasl(), sasl()],
        vec![sasl(), m::authentication(SaslFinal(b"v=x"))],
        vec![sasl(), m::authentication(CleartextPassword)],
        vec![m::authentication(CleartextPassword), m::authentication(CleartextPassword)],
        vec![m::authentication(Md5Password { salt: [0; 4] }), sasl()],
        vec![m::authentication(SaslContinue(b"r=x"))],
        vec![m::authentication(SaslFinal(b"v=x"))],
    ] {
        let error = refused(&with_password(), &messages);
        assert!(error.contains("the server's side of the authentication is wrong"), "{error}");
    }
}

#[test]
fn methods_that_we_do_not_speak() {
    for (message, word) in [
        (Gss, "GSSAPI"),
        (Sspi, "SSPI"),
        (KerberosV5, "Kerberos"),
        (Other(99), "an unknown kind of authentication"),
        (Sasl(vec!["OAUTHBEARER"]), "OAuth"),
        (Sasl(vec![]), "SASL"),
    ] {
        let error = refused(&with_password(), &[m::authentication(message)]);
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn everything_without_channel_binding_when_that_is_required() {
    let config = with_password().channel_binding(ChannelBinding::Require);
    for message in [AuthOk, CleartextPassword, Md5Password { salt: [0; 4] }, Sasl(vec!["SCRAM-SHA-256"])] {
        let error = refused(&config, &[m::authentication(message)]);
        assert!(error.contains("channel_binding"), "{error}");
    }
}

#[test]
fn a_session_that_opens_before_anybody_was_let_in() {
    for message in [m::ready(), m::key(1, &[0; 4]), m::complete("SELECT 1"), m::parsed()] {
        let error = refused(&with_password(), &[m::notice("hello"), message]);
        assert!(error.contains("broke the protocol"), "{error}");
    }
}

#[test]
fn letting_us_in_twice() {
    let ok = || m::authentication(AuthOk);
    assert!(refused(&with_password(), &[ok(), ok()]).contains("'R'"));
}

#[test]
fn servers_that_cheat_about_an_oauth_token() {
    let sasl = || m::authentication(Sasl(vec!["OAUTHBEARER"]));
    let refusal = || m::authentication(SaslContinue(br#"{"status":"invalid_token"}"#));
    let token = config().oauth(OAuth::Token("t0ken".into()));
    for (config, messages, word) in [
        (config().oauth(OAuth::Discover), vec![sasl(), m::authentication(AuthOk)], "without the OAuth token"),
        (token.clone(), vec![sasl(), refusal(), m::authentication(AuthOk)], "without the OAuth token"),
        (token.clone(), vec![sasl(), refusal(), refusal()], "after the OAuth token"),
        (token.clone(), vec![sasl(), m::authentication(CleartextPassword)], "after the OAuth token"),
        (token.clone(), vec![sasl(), m::authentication(SaslContinue(b"{"))], "RFC 7628"),
    ] {
        let error = refused(&config, &messages);
        assert!(error.contains(word) && !error.contains("t0ken"), "{error}");
    }
}

#[test]
fn binding_offered_where_nothing_is_encrypted() {
    let both = m::authentication(Sasl(vec!["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]));
    assert!(refused(&with_password(), &[both]).contains("over an unencrypted connection"));
}
