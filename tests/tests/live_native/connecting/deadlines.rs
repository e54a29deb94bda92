use std::time::Duration;

use tokio::net::TcpListener;
use trunkline::{Error, Phase};
use trunkline_tests::live::on_every_version;

use super::{at, port_of, refused, trusted};

/// A socket that is listened on, and never answers: the system takes connections before anybody accepts them.
async fn silent() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

#[test]
fn promise_11_a_host_that_never_answers_is_given_up_for_the_next() {
    on_every_version(async |server| {
        let (_listener, port) = silent().await;
        let config = at(&[port, server.port()]).connect_timeout(Duration::from_secs(1));
        assert_eq!(port_of(&config.connect().await.unwrap()).await, server.port());
    });
}

#[test]
fn promise_11_all_hosts_together_have_a_deadline_of_their_own() {
    on_every_version(async |server| {
        let (_listener, port) = silent().await;
        let limit = Duration::from_millis(300);
        let config = at(&[port, port, server.port()])
            .connect_timeout(Duration::from_secs(3600))
            .total_connect_timeout(limit);
        let error = refused(&config).await;
        let [attempt] = &error.attempts[..] else { panic!("nothing is tried when it has passed: {error}") };
        assert_eq!(attempt.phase, Phase::Tls);
        assert!(matches!(attempt.error, Error::Timeout(_, told) if told == limit), "{error}");
        assert_eq!(
            error.to_string(),
            format!(
                "cannot connect to PostgreSQL: 127.0.0.1:{port} (tls): no answer within 300ms while waiting for \
                 the server to agree on encryption (connect_timeout)"
            )
        );
    });
}

#[test]
fn a_hook_that_never_answers_is_given_up_too() {
    on_every_version(async |server| {
        let limit = Duration::from_millis(100);
        let waiting = trusted(server)
            .connect_timeout(limit)
            .password_provider(|_| std::future::pending::<Result<String, trunkline::BoxError>>());
        let error = refused(&waiting).await;
        assert_eq!(error.attempts[0].phase, Phase::Auth);
        assert!(matches!(error.attempts[0].error, Error::Timeout(_, told) if told == limit), "{error}");
    });
}
