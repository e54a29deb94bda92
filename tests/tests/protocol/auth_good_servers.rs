use trunkline_core::Channel;
use trunkline_core::config::{AuthMethod, Config, RequireAuth};
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
    Channel { encrypted: false, local: true }
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
    let remote = Channel { encrypted: false, local: false };
    let encrypted = Channel { encrypted: true, local: false };
    let config = config().password("s3cret");
    let exposed = meet(Auth::Password, &config, remote, usize::MAX);
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
