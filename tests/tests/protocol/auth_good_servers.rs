use trunkline_core::Channel;
use trunkline_core::config::{AuthMethod, ChannelBinding, Config, OAuth, RequireAuth};
use trunkline_tests::backend::{Auth, Backend, Opening};
use trunkline_tests::chunking;
use trunkline_tests::client::{Client, config};
use trunkline_tests::pair::Pair;

const ALL: [Auth; 4] = [Auth::Trust, Auth::Password, Auth::Md5, Auth::ScramSha256];

fn meet(auth: Auth, config: &Config, channel: Channel, chunk: usize) -> Pair {
    let backend = Backend::new(Opening { auth, ..Opening::default() });
    let mut pair = Pair::of(Client::over(config, channel), backend);
    pair.chunk = chunk;
    pair.run();
    pair
}

fn local() -> Channel {
    Channel { encrypted: false, local: true, ..Channel::default() }
}

#[test]
fn the_right_password_opens_by_every_method_however_the_bytes_are_cut() {
    for auth in ALL {
        chunking::every(|size| {
            let pair = meet(auth, &config().password("s3cret"), local(), size);
            assert!(pair.client.connection.is_ready(), "{auth:?}: {:?}", pair.client.connection.error());
            pair.client.summary()
        });
    }
}

#[test]
fn a_wrong_password_is_the_servers_error_and_shown_nowhere() {
    for auth in [Auth::Password, Auth::Md5, Auth::ScramSha256] {
        let pair = meet(auth, &config().password("hunter2"), local(), usize::MAX);
        let error = pair.client.connection.error().unwrap();
        assert_eq!(error.sqlstate().unwrap().as_str(), "28P01");
        let shown = format!("{error} {error:?} {:?}", pair.client.connection);
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn no_password_says_where_to_set_one() {
    for auth in [Auth::Password, Auth::Md5, Auth::ScramSha256] {
        for config in [config(), config().password("")] {
            let pair = meet(auth, &config, local(), usize::MAX);
            let error = pair.client.connection.error().unwrap().to_string();
            assert!(error.contains("PGPASSWORD") && error.contains("\"ada\""), "{error}");
        }
    }
}

#[test]
fn a_password_goes_in_clear_only_where_that_is_safe_or_allowed() {
    let remote = Channel { encrypted: false, local: false, ..Channel::default() };
    let encrypted = Channel { encrypted: true, local: false, ..Channel::default() };
    let config = config().password("s3cret");
    let exposed = meet(Auth::Password, &config, remote.clone(), usize::MAX);
    assert!(exposed.client.connection.error().unwrap().to_string().contains("allow_cleartext"));
    assert!(exposed.backend.heard.iter().all(|heard| heard != "Password"));
    assert!(meet(Auth::Password, &config, encrypted, usize::MAX).client.connection.is_ready());
    let allowed = config.allow_cleartext(true);
    assert!(meet(Auth::Password, &allowed, remote, usize::MAX).client.connection.is_ready());
}

#[test]
fn only_the_methods_that_are_required_will_do() {
    let methods = [AuthMethod::None, AuthMethod::Password, AuthMethod::Md5, AuthMethod::ScramSha256];
    for (auth, method) in ALL.into_iter().zip(methods) {
        let only = config().password("s3cret").require_auth(RequireAuth::only(&[method]));
        assert!(meet(auth, &only, local(), usize::MAX).client.connection.is_ready(), "{auth:?}");
        let except = config().password("s3cret").require_auth(RequireAuth::except(&[method]));
        let error = meet(auth, &except, local(), usize::MAX).client.connection.error().unwrap().to_string();
        assert!(error.contains("require_auth"), "{error}");
    }
}

/// A channel of TLS whose server's end is this.
fn tls(end_point: Option<&str>) -> Channel {
    Channel { encrypted: true, local: false, server_end_point: end_point.map(Into::into) }
}

/// Logs in to a server that thinks that its end of the channel is `theirs`.
fn bound(auth: Auth, theirs: Option<&str>, ours: Option<&str>, binding: ChannelBinding) -> Pair {
    let opening = Opening { auth, end_point: theirs.map(Into::into), ..Opening::default() };
    let config = config().password("s3cret").channel_binding(binding);
    let mut pair = Pair::of(Client::over(&config, tls(ours)), Backend::new(opening));
    pair.run();
    pair
}

#[test]
fn scram_is_bound_to_the_channel_where_both_can() {
    use ChannelBinding::{Disable, Prefer, Require};
    let cert = Some("certificate");
    for (auth, theirs, ours, binding, opens) in [
        (Auth::ScramSha256Plus, cert, cert, Prefer, true),
        (Auth::ScramSha256Plus, cert, cert, Require, true),
        (Auth::ScramSha256Plus, cert, cert, Disable, true),
        (Auth::ScramSha256Plus, cert, None, Prefer, true),
        (Auth::ScramSha256Plus, cert, None, Require, false),
        // Somebody between has a certificate of their own.
        (Auth::ScramSha256Plus, cert, Some("another's"), Prefer, false),
        (Auth::ScramSha256Plus, cert, Some("another's"), Require, false),
        // Somebody between took the offer away: the server is told that we could have been bound.
        (Auth::ScramSha256, cert, cert, Prefer, false),
        (Auth::ScramSha256, cert, cert, Require, false),
        // A server that cannot.
        (Auth::ScramSha256, None, cert, Prefer, true),
        (Auth::ScramSha256, None, cert, Disable, true),
        (Auth::ScramSha256, None, cert, Require, false),
    ] {
        let pair = bound(auth, theirs, ours, binding);
        let error = pair.client.connection.error();
        assert_eq!(
            pair.client.connection.is_ready(),
            opens,
            "{auth:?} {theirs:?} {ours:?} {binding}: {error:?}"
        );
    }
}

fn with_oauth(oauth: OAuth) -> Pair {
    let backend = Backend::new(Opening { auth: Auth::OAuth, password: "t0ken".into(), ..Opening::default() });
    let mut pair = Pair::of(Client::over(&config().oauth(oauth), tls(None)), backend);
    pair.run();
    pair
}

#[test]
fn an_oauth_token_opens() {
    assert!(with_oauth(OAuth::Token("t0ken".into())).client.connection.is_ready());
}

#[test]
fn a_server_tells_where_it_wants_its_oauth_token_from() {
    for oauth in [OAuth::Discover, OAuth::Token("stale".into())] {
        let pair = with_oauth(oauth);
        assert_eq!(pair.client.connection.error().unwrap().sqlstate().unwrap().as_str(), "28P01");
        let discovery = pair.client.connection.oauth_discovery().unwrap();
        assert_eq!(discovery.scope.as_deref(), Some("db"));
        let url = "https://id.test/.well-known/openid-configuration";
        assert_eq!(discovery.openid_configuration.as_deref(), Some(url));
    }
    let error = with_oauth(OAuth::None).client.connection.error().unwrap().to_string();
    assert!(error.contains("token callback"), "{error}");
}
