use trunkline::TlsErrorKind;
use trunkline_tests::certificates::Authority;
use trunkline_tests::live::{VERSIONS, block_on, shared};

use super::{Files, HOST, attempts, authority, connect, is_encrypted, refusal, secured};

#[test]
fn every_mode_with_a_server_that_encrypts() {
    let files = Files::new();
    let trusted = files.write("root.crt", &authority().pem());
    let other = files.write("other.crt", &Authority::new("another").pem());
    let (trusted, other) = (format!(" sslrootcert={trusted}"), format!(" sslrootcert={other}"));
    for version in VERSIONS {
        let port = secured(version).port();
        block_on(async {
            for (mode, roots, host, encrypted) in [
                ("", "", HOST, true),
                ("sslmode=disable", "", HOST, false),
                ("sslmode=allow", "", HOST, false),
                ("sslmode=prefer", "", "another.test", true),
                ("sslmode=require", "", "another.test", true),
                ("sslmode=require", &trusted, "another.test", true),
                ("sslmode=verify-ca", &trusted, "another.test", true),
                ("sslmode=verify-full", &trusted, HOST, true),
                ("sslmode=verify-full", &trusted, "127.0.0.1", true),
                ("sslmode=verify-full", &trusted, "some.wild.test", true),
            ] {
                let connection = connect(host, port, &format!("{mode}{roots}"))
                    .await
                    .unwrap_or_else(|error| panic!("{version}, {mode}{roots} {host}: {error}"));
                assert_eq!(is_encrypted(&connection).await, encrypted, "{version}, {mode} {host}");
            }
            for (mode, roots, host, kind) in [
                ("sslmode=prefer", &other, HOST, TlsErrorKind::UnknownAuthority),
                ("sslmode=require", &other, HOST, TlsErrorKind::UnknownAuthority),
                ("sslmode=verify-ca", &other, HOST, TlsErrorKind::UnknownAuthority),
                ("sslmode=verify-full", &other, HOST, TlsErrorKind::UnknownAuthority),
                ("sslmode=verify-full", &trusted, "another.test", TlsErrorKind::WrongHost),
                ("sslmode=verify-full", &trusted, "a.b.wild.test", TlsErrorKind::WrongHost),
            ] {
                let (found, error) = refusal(connect(host, port, &format!("{mode}{roots}")).await);
                assert_eq!(found, kind, "{version}, {mode} {host}: {error}");
            }
            let (kind, error) = refusal(connect(HOST, port, "sslmode=verify-full sslrootcert=system").await);
            assert_eq!(kind, TlsErrorKind::UnknownAuthority, "{error}");
            assert!(error.contains("the system trusts"), "{error}");
        });
    }
}

#[test]
fn every_mode_with_a_server_that_does_not() {
    let files = Files::new();
    let roots = format!("sslrootcert={}", files.write("root.crt", &authority().pem()));
    for version in VERSIONS {
        let port = shared(version).port();
        block_on(async {
            for mode in ["disable", "allow", "prefer"] {
                let connection = connect(HOST, port, &format!("sslmode={mode}")).await.unwrap();
                assert!(!is_encrypted(&connection).await, "{version}, {mode}");
            }
            for mode in ["require", "verify-ca", "verify-full"] {
                let (kind, error) = refusal(connect(HOST, port, &format!("sslmode={mode} {roots}")).await);
                assert_eq!(kind, TlsErrorKind::NotOffered, "{version}, {mode}: {error}");
                assert!(error.contains(&format!("sslmode={mode}")) && error.contains("ssl=on"), "{error}");
            }
        });
    }
}

#[test]
fn allow_and_prefer_try_the_other_way_where_access_is_denied() {
    for version in VERSIONS {
        let port = secured(version).port();
        block_on(async {
            for (user, mode, encrypted) in [
                ("only_encrypted", "allow", true),
                ("only_encrypted", "prefer", true),
                ("only_in_clear", "allow", false),
                ("only_in_clear", "prefer", false),
            ] {
                let options = format!("user={user} sslmode={mode}");
                let connection = connect(HOST, port, &options)
                    .await
                    .unwrap_or_else(|e| panic!("{version}, {options}: {e}"));
                assert_eq!(is_encrypted(&connection).await, encrypted, "{version}, {options}");
            }
            for (user, mode) in [("only_encrypted", "disable"), ("only_in_clear", "require")] {
                let failed = attempts(connect(HOST, port, &format!("user={user} sslmode={mode}")).await);
                assert_eq!(failed.len(), 1);
                assert_eq!(failed[0].error.sqlstate().unwrap().as_str(), "28000");
            }
        });
    }
}

#[test]
fn a_wrong_password_is_not_tried_in_clear() {
    let port = secured(18).port();
    block_on(async {
        for mode in ["allow", "prefer", "require"] {
            let failed = attempts(connect(HOST, port, &format!("sslmode={mode} password=wrong")).await);
            assert_eq!(failed.len(), 1, "{mode}");
            assert_eq!(failed[0].error.sqlstate().unwrap().as_str(), "28P01");
        }
    });
}

#[test]
fn a_mode_that_verifies_wants_authorities() {
    block_on(async {
        let missing = "sslmode=verify-full sslrootcert=/nonexistent/root.crt";
        let (kind, error) = refusal(connect(HOST, secured(18).port(), missing).await);
        assert_eq!(kind, TlsErrorKind::File, "{error}");
        assert!(error.contains("/nonexistent/root.crt (sslrootcert)"), "{error}");
    });
}
