use trunkline::TlsErrorKind::{self, Expired, NotYetValid, Revoked, UnknownAuthority, WrongHost};
use trunkline_tests::certificates::{Authority, Certificate, Wanted};
use trunkline_tests::live::block_on;
use trunkline_tests::tls::TlsServer;

use super::{Files, HOST, authority, connect, refusal};

/// What comes of connecting to a server with this certificate; words of the error, if it is to be one.
async fn check(
    certificate: &Certificate,
    options: &str,
    host: &str,
    expected: Result<(), (TlsErrorKind, &str)>,
) {
    let port = TlsServer::new(certificate).listen().await;
    let connected = connect(host, port, options).await;
    match expected {
        Ok(()) => drop(connected.unwrap_or_else(|error| panic!("{host}, {options}: {error}"))),
        Err((kind, words)) => {
            let (found, error) = refusal(connected);
            assert_eq!(found, kind, "{host}, {options}: {error}");
            assert!(error.contains(words), "{error}");
        }
    }
}

#[test]
fn certificates_out_of_date_are_refused_with_the_date() {
    let files = Files::new();
    let roots = files.write("root.crt", &authority().pem());
    let full = format!("sslmode=verify-full sslrootcert={roots}");
    let sign = |years| authority().sign(&Wanted { hosts: &[HOST], years, ..Wanted::default() });
    let (old, new) = (sign((2001, 2002)), sign((3000, 3001)));
    block_on(async {
        check(&old, &full, HOST, Err((Expired, "expired on 2002-01-01T00:00:00Z"))).await;
        check(&new, &full, HOST, Err((NotYetValid, "not valid before 3000-01-01T00:00:00Z"))).await;
        // Encrypted at random is what these two promise, and no more.
        check(&old, "sslmode=require", HOST, Ok(())).await;
        check(&old, "sslmode=prefer", HOST, Ok(())).await;
    });
}

#[test]
fn a_certificate_for_others_is_refused_with_their_names() {
    let files = Files::new();
    let roots = files.write("root.crt", &authority().pem());
    let full = format!("sslmode=verify-full sslrootcert={roots}");
    let hosts = ["other.test", "10.1.2.3"];
    let certificate = authority().sign(&Wanted { hosts: &hosts, common_name: HOST, ..Wanted::default() });
    block_on(async {
        let words = "is for other.test, 10.1.2.3, and not for db.test";
        check(&certificate, &full, HOST, Err((WrongHost, words))).await;
        check(&certificate, &full, "127.0.0.1", Err((WrongHost, "not for 127.0.0.1"))).await;
        check(&certificate, &full, "other.test", Ok(())).await;
        let chain = format!("sslmode=verify-ca sslrootcert={roots}");
        check(&certificate, &chain, HOST, Ok(())).await;
    });
}

#[test]
fn the_common_name_counts_where_there_is_no_other() {
    let files = Files::new();
    let roots = files.write("root.crt", &authority().pem());
    let full = format!("sslmode=verify-full sslrootcert={roots}");
    let sign = |hosts, common_name| authority().sign(&Wanted { hosts, common_name, ..Wanted::default() });
    block_on(async {
        check(&sign(&[], HOST), &full, HOST, Ok(())).await;
        check(&sign(&[], "*.test"), &full, HOST, Ok(())).await;
        check(&sign(&[], "127.0.0.1"), &full, "127.0.0.1", Ok(())).await;
        // An address besides is no name of the host's kind.
        check(&sign(&["10.1.2.3"], HOST), &full, HOST, Ok(())).await;
        check(&sign(&[], "other.test"), &full, HOST, Err((WrongHost, "is for other.test"))).await;
        check(&sign(&["other.test"], HOST), &full, HOST, Err((WrongHost, "is for other.test"))).await;
    });
}

#[test]
fn a_certificate_that_signed_itself_can_be_trusted() {
    let files = Files::new();
    let certificate = Wanted { common_name: HOST, ..Wanted::default() }.self_signed();
    let roots = files.write("root.crt", &certificate.certificate);
    let full = format!("sslmode=verify-full sslrootcert={roots}");
    let renewed = Wanted { common_name: HOST, ..Wanted::default() }.self_signed();
    let stranger = Wanted { common_name: "stranger.test", ..Wanted::default() }.self_signed();
    let old = Wanted { common_name: HOST, years: (2001, 2002), ..Wanted::default() }.self_signed();
    let old_roots = files.write("old.crt", &old.certificate);
    let old_full = format!("sslmode=verify-full sslrootcert={old_roots}");
    block_on(async {
        check(&certificate, &full, HOST, Ok(())).await;
        check(&certificate, &full, "other.test", Err((WrongHost, "is for db.test"))).await;
        check(&old, &old_full, HOST, Err((Expired, "2002-01-01"))).await;
        check(&renewed, &full, HOST, Err((UnknownAuthority, "sslrootcert"))).await;
        check(&stranger, &full, HOST, Err((UnknownAuthority, "sslrootcert"))).await;
    });
}

#[test]
fn revoked_certificates_are_refused() {
    let files = Files::new();
    let sign = |serial| authority().sign(&Wanted { hosts: &[HOST], serial, ..Wanted::default() });
    let (good, bad) = (sign(5), sign(6));
    let roots = files.write("root.crt", &authority().pem());
    let list = files.write("root.crl", &authority().revoke(&[&bad]));
    let other = files.write("other.crl", &Authority::new("another").revoke(&[&bad]));
    let directory = Files::new();
    directory.write("one.crl", &authority().revoke(&[&bad]));
    let base = format!("sslmode=verify-full sslrootcert={roots}");
    block_on(async {
        let in_file = format!("{base} sslcrl={list}");
        check(&good, &in_file, HOST, Ok(())).await;
        check(&bad, &in_file, HOST, Err((Revoked, "was revoked by its authority"))).await;
        let in_directory = format!("{base} sslcrldir={}", directory.0.display());
        check(&bad, &in_directory, HOST, Err((Revoked, "was revoked"))).await;
        check(&good, &format!("{base} sslcrl={other}"), HOST, Err((Revoked, "is not known"))).await;
        check(&bad, &base, HOST, Ok(())).await;
    });
}
