use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use trunkline::TlsErrorKind::{ClientCertificate, File};
use trunkline_tests::certificates::{Authority, Wanted};
use trunkline_tests::live::{VERSIONS, block_on};
use trunkline_tests::tls::TlsServer;

use super::{Files, HOST, attempts, authority, connect, refusal, secured};

const USER: &str = "user=by_certificate sslmode=require";

fn wanted() -> Wanted<'static> {
    Wanted { common_name: "by_certificate", ..Wanted::default() }
}

#[test]
fn a_certificate_is_who_we_are() {
    let files = Files::new();
    let good = files.identity("good", &authority().sign(&wanted()));
    let someone = Wanted { common_name: "someone", ..Wanted::default() };
    let someone = files.identity("someone", &authority().sign(&someone));
    for version in VERSIONS {
        let port = secured(version).port();
        block_on(async {
            connect(HOST, port, &format!("{USER} {good}")).await.unwrap();
            connect(HOST, port, &format!("{USER} {good} sslcertmode=require")).await.unwrap();
            connect(HOST, port, &format!("{USER} {good} ssl_max_protocol_version=TLSv1.2")).await.unwrap();
            for options in ["", &someone, &format!("{good} sslcertmode=disable")] {
                let failed = attempts(connect(HOST, port, &format!("{USER} {options}")).await);
                let code = failed[0].error.sqlstate().unwrap().as_str();
                assert_eq!(code, "28000", "{version}, {options}: {failed:?}");
            }
        });
    }
}

#[test]
fn a_certificate_that_the_server_does_not_trust_is_told() {
    let files = Files::new();
    let stranger = files.identity("stranger", &Authority::new("another").sign(&wanted()));
    let old = Wanted { years: (2001, 2002), ..wanted() };
    let old = files.identity("old", &authority().sign(&old));
    for version in VERSIONS {
        let port = secured(version).port();
        block_on(async {
            for (identity, word) in [(&stranger, "UnknownCA"), (&old, "CertificateExpired")] {
                for tls in ["TLSv1.2", "TLSv1.3"] {
                    let options = format!("{USER} {identity} ssl_max_protocol_version={tls}");
                    let (kind, error) = refusal(connect(HOST, port, &options).await);
                    assert_eq!(kind, ClientCertificate, "{version}, {tls}: {error}");
                    assert!(error.contains(word) && error.contains("sslcert"), "{version}, {tls}: {error}");
                }
            }
        });
    }
}

#[test]
fn a_server_that_asks_for_no_certificate_when_it_has_to() {
    let files = Files::new();
    let good = files.identity("good", &authority().sign(&wanted()));
    block_on(async {
        let port = TlsServer::new(&authority().sign(&Wanted::default())).listen().await;
        let (kind, error) = refusal(connect(HOST, port, &format!("{USER} {good} sslcertmode=require")).await);
        assert_eq!(kind, ClientCertificate);
        assert!(error.contains("did not ask for our certificate"), "{error}");
        connect(HOST, port, &format!("{USER} {good}")).await.unwrap();
    });
}

#[test]
fn files_that_are_wrong_are_told_before_the_server_is_reached() {
    let files = Files::new();
    let (one, two) = (authority().sign(&wanted()), authority().sign(&wanted()));
    let certificate = files.write("one.crt", &one.certificate);
    let other_key = files.write("two.key", &two.key);
    let open_key = files.write("open.key", &one.key);
    std::fs::set_permissions(&open_key, Permissions::from_mode(0o644)).unwrap();
    let garbage = files.write("garbage", "nonsense");
    let half = files.write("half.crt", &one.certificate[..200]);
    let key = files.write("one.key", &one.key);
    let port = secured(18).port();
    block_on(async {
        for (options, words) in [
            (format!("sslcert={certificate} sslkey={other_key}"), "give the key that belongs to it"),
            (format!("sslcert={certificate} sslkey={open_key}"), "chmod 600"),
            (format!("sslcert={certificate} sslkey={garbage}"), "no private key in PEM"),
            (
                format!("sslcert={certificate} sslkey=/nonexistent.key"),
                "/nonexistent.key (sslkey): it cannot be read",
            ),
            (format!("sslcert={garbage} sslkey={key}"), "no certificate in PEM"),
            (
                format!("sslcert=/nonexistent.crt sslkey={key}"),
                "/nonexistent.crt (sslcert): it cannot be read",
            ),
            (format!("sslmode=verify-ca sslrootcert={garbage}"), "no certificate in PEM"),
            (
                format!("sslmode=verify-ca sslrootcert={certificate} sslcrl=/nonexistent.crl"),
                "/nonexistent.crl",
            ),
            (format!("sslcert={half} sslkey={key}"), "a -----BEGIN has no -----END"),
            ("sslkeylogfile=/nonexistent/keys".to_owned(), "it cannot be written"),
        ] {
            let (kind, error) = refusal(connect(HOST, port, &format!("{USER} {options}")).await);
            assert_eq!(kind, File, "{options}: {error}");
            assert!(error.contains(words), "{options}: {error}");
        }
    });
}
