//! Bearer tokens: to PostgreSQL 18 with a validator of ours, and to the server in memory.

use std::sync::{Arc, LazyLock, Mutex};

use trunkline::config::{OAuth, OAuthRequest};
use trunkline::{Config, Connection};
use trunkline_tests::backend::{Auth, Opening};
use trunkline_tests::certificates::Wanted;
use trunkline_tests::live::block_on;
use trunkline_tests::server::{Server, TOKEN};
use trunkline_tests::tls::{TlsServer, listen_in_clear};

use super::{HOST, attempts, authority, builder, config};

fn opening() -> Opening {
    Opening { auth: Auth::OAuth, password: TOKEN.into(), ..Opening::default() }
}

async fn server() -> u16 {
    let certificate = authority().sign(&Wanted { hosts: &[HOST], ..Wanted::default() });
    TlsServer { opening: opening(), ..TlsServer::new(&certificate) }.listen().await
}

/// A configuration whose callback gives this token, and what the callback was asked.
fn asking(port: u16, token: &'static str) -> (Config, Arc<Mutex<Vec<OAuthRequest>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let requests = Arc::clone(&asked);
    let config = config(HOST, port, "sslmode=require").oauth_token(move |request| {
        requests.lock().unwrap().push(request);
        async move { Ok(token) }
    });
    (config, asked)
}

/// PostgreSQL 18, which lets `ada` in with a token.
static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let certificate = authority().sign(&Wanted { hosts: &[HOST], ..Wanted::default() });
    let builder = builder(18, &certificate).oauth_user("ada", "https://id.test", "openid db").unwrap();
    builder.start().unwrap()
});

#[test]
fn a_real_server_lets_in_whom_its_validator_knows() {
    block_on(async {
        let (config, asked) = asking(SERVER.port(), TOKEN);
        let ada = config.user("ada").connect().await.unwrap();
        let user: Option<String> = ada.fetch_val("select system_user", ()).await.unwrap();
        assert_eq!(user.as_deref(), Some("oauth:ada"));
        let asked = asked.lock().unwrap();
        assert_eq!((asked.len(), asked[0].user.as_str()), (1, "ada"));
        let url = "https://id.test/.well-known/openid-configuration";
        assert_eq!(asked[0].discovery_url.as_deref(), Some(url));
        assert_eq!(asked[0].scope.as_deref(), Some("openid db"));
    });
}

#[test]
fn a_real_server_refuses_a_token_that_its_validator_does_not_know() {
    block_on(async {
        let (config, asked) = asking(SERVER.port(), "stale");
        let failed = attempts(config.user("ada").connect().await);
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].error.sqlstate().unwrap().as_str(), "28000");
        assert!(!format!("{failed:?}").contains("stale"));
        assert_eq!(asked.lock().unwrap().len(), 1, "it is not tried again");
    });
}

#[test]
fn the_server_tells_what_it_wants_a_token_for_once() {
    block_on(async {
        let (config, asked) = asking(server().await, TOKEN);
        config.connect().await.unwrap();
        config.clone().connect().await.unwrap();
        let asked = asked.lock().unwrap();
        assert_eq!(asked.len(), 2);
        for request in asked.iter() {
            assert_eq!(request.user, "postgres");
            let url = "https://id.test/.well-known/openid-configuration";
            assert_eq!(request.discovery_url.as_deref(), Some(url));
            assert_eq!(request.scope.as_deref(), Some("db"));
        }
    });
}

#[test]
fn a_token_that_is_refused_is_not_tried_again() {
    block_on(async {
        let (config, asked) = asking(server().await, "stale");
        let failed = attempts(config.connect().await);
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].error.sqlstate().unwrap().as_str(), "28P01");
        assert!(!format!("{failed:?}").contains("stale"));
        assert_eq!(asked.lock().unwrap().len(), 1);
    });
}

#[test]
fn tokens_that_cannot_be_had_or_sent_are_told() {
    block_on(async {
        let port = server().await;
        let none = attempts(config(HOST, port, "sslmode=require").connect().await);
        assert!(none[0].to_string().contains("set a token callback"), "{none:?}");
        let fails = config(HOST, port, "sslmode=require")
            .oauth_token(|_| async { Err::<&str, _>("the authority is down".into()) });
        let fails = attempts(fails.connect().await);
        assert!(fails[0].to_string().contains("the authority is down"), "{fails:?}");
        let broken = attempts(asking(port, "Bearer t0ken\n").0.connect().await);
        assert!(broken[0].to_string().contains("characters that a bearer token cannot have"), "{broken:?}");
        let other = asking(port, TOKEN)
            .0
            .require_auth(trunkline::config::RequireAuth::parse("scram-sha-256").unwrap());
        let other = attempts(other.connect().await);
        assert!(other[0].to_string().contains("oauth authentication, which require_auth"), "{other:?}");
    });
}

#[test]
fn a_token_may_be_given_without_a_callback() {
    block_on(async {
        let config = config(HOST, server().await, "sslmode=require").oauth(OAuth::Token(TOKEN.into()));
        config.connect().await.unwrap();
    });
}

#[test]
fn a_given_stream_takes_a_token_at_once() {
    block_on(async {
        let port = listen_in_clear(opening()).await;
        let (config, asked) = asking(port, TOKEN);
        let mut config = config.allow_cleartext(true);
        config.tls.mode = trunkline::config::SslMode::Disable;
        let stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        Connection::connect_over(&config, stream).await.unwrap();
        assert_eq!(asked.lock().unwrap()[0].discovery_url, None);
    });
}
