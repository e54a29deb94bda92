//! What users get wrong: for each one error of a kind that programs can tell, and words that say what to do.

use trunkline::config::TargetSessionAttrs::Standby;
use trunkline::{Connection, CopyOptions, Error, Phase, Pool, TlsErrorKind, UsageError, named};
use trunkline_core::error::CloseReason;
use trunkline_tests::certificates::{Authority, Wanted};
use trunkline_tests::live::{VERSIONS, block_on, connect, on_every_version, sqlstate};
use trunkline_tests::server::PASSWORD;
use trunkline_tests::tls::TlsServer;

use crate::connecting::files::{File, config_error};
use crate::connecting::{Nobody, at, refused, trusted};
use crate::tls::{Files, HOST, authority, refusal, secured};

/// What comes of an encrypted connection to a server of that version which speaks TLS as [`HOST`].
async fn encrypted(version: u16, host: &str, options: &str) -> (TlsErrorKind, String) {
    refusal(crate::tls::connect(host, secured(version).port(), options).await)
}

#[test]
fn a_certificate_that_does_not_verify_is_told() {
    let files = Files::new();
    let others = files.write("other.crt", &Authority::new("another").pem());
    for version in VERSIONS {
        block_on(async {
            for mode in ["verify-ca", "verify-full"] {
                let (kind, told) =
                    encrypted(version, HOST, &format!("sslmode={mode} sslrootcert={others}")).await;
                let expected = format!(
                    "{HOST}:{} (tls): the server's certificate was signed by no authority that sslrootcert has: add its \
                     authority's certificate there (sslrootcert), unless this is not the server that it seems to be",
                    secured(version).port()
                );
                assert_eq!((kind, told), (TlsErrorKind::UnknownAuthority, expected));
            }
        });
    }
}

#[test]
fn a_host_name_mismatch_is_told() {
    let files = Files::new();
    let roots = files.write("root.crt", &authority().pem());
    for version in VERSIONS {
        block_on(async {
            let options = format!("sslmode=verify-full sslrootcert={roots}");
            let (kind, told) = encrypted(version, "wrong.test", &options).await;
            let expected = format!(
                "wrong.test:{} (tls): the server's certificate is for db.test, *.wild.test, 127.0.0.1, and not for \
                 wrong.test: connect by a name that it has, or give the server a certificate for this one \
                 (sslmode=verify-ca would not look at names)",
                secured(version).port()
            );
            assert_eq!((kind, told), (TlsErrorKind::WrongHost, expected));
        });
    }
}

#[test]
fn an_expired_certificate_is_told() {
    let files = Files::new();
    let roots = files.write("root.crt", &authority().pem());
    let old = authority().sign(&Wanted { hosts: &[HOST], years: (2001, 2002), ..Wanted::default() });
    block_on(async {
        // PostgreSQL itself would not start with it.
        let port = TlsServer::new(&old).listen().await;
        let options = format!("sslmode=verify-full sslrootcert={roots}");
        let (kind, told) = refusal(crate::tls::connect(HOST, port, &options).await);
        let (before, after) = told.split_once(" (it is ").unwrap();
        let expected = format!(
            "{HOST}:{port} (tls): the server's certificate, or one that signed it, expired on 2002-01-01T00:00:00Z"
        );
        assert_eq!((kind, before), (TlsErrorKind::Expired, &*expected));
        assert_eq!(after.split_once(" here").unwrap().1, "): renew it, or set this machine's clock right");
    });
}

#[test]
fn a_wrong_client_key_is_told() {
    let files = Files::new();
    let mine = Wanted { common_name: "by_certificate", ..Wanted::default() };
    let (one, two) = (authority().sign(&mine), authority().sign(&mine));
    let (certificate, key) = (files.write("one.crt", &one.certificate), files.write("two.key", &two.key));
    let stranger = files.identity("stranger", &Authority::new("another").sign(&mine));
    for version in VERSIONS {
        let port = secured(version).port();
        block_on(async {
            let user = "user=by_certificate sslmode=require";
            let options = format!("{user} sslcert={certificate} sslkey={key}");
            let expected = format!(
                "{HOST}:{port} (tls): {key} (sslkey): it is not the private key of the certificate in {certificate}: \
                 give the key that belongs to it (sslkey), or another certificate (sslcert)"
            );
            assert_eq!(encrypted(version, HOST, &options).await, (TlsErrorKind::File, expected));
            // A pair, but one that the server knows nothing of.
            let expected = format!(
                "{HOST}:{port} (tls): encryption failed: the server does not know the authority that signed our \
                 certificate: give one that it trusts (sslcert), or add the authority to the server's ssl_ca_file \
                 (UnknownCA); its log says more"
            );
            let told = encrypted(version, HOST, &format!("{user} {stranger}")).await;
            assert_eq!(told, (TlsErrorKind::ClientCertificate, expected));
        });
    }
}

#[test]
fn require_auth_that_is_not_met_is_told() {
    on_every_version(async |server| {
        for (user, wanted, does) in [
            ("password_user", "scram-sha-256", "asks for password authentication"),
            ("md5_user", "!md5", "asks for md5 authentication"),
            ("scram_user", "password,md5", "asks for scram-sha-256 authentication"),
            ("trust_user", "scram-sha-256", "let us in without authentication"),
        ] {
            let url = format!("{}?require_auth={wanted}", server.url_for(user).unwrap());
            let error = Connection::connect(&url).await.unwrap_err();
            let [attempt] = &error.attempts[..] else { panic!("{error}") };
            let method =
                user.trim_end_matches("_user").replace("trust", "none").replace("scram", "scram-sha-256");
            assert_eq!(
                attempt.to_string(),
                format!(
                    "127.0.0.1:{} (auth): authentication failed: the server {does}, which require_auth does not allow: \
                     change the server's pg_hba.conf, or have require_auth allow {method}",
                    server.port()
                )
            );
            let Error::Closed(closed) = &attempt.error else { panic!("{error:?}") };
            assert!(matches!(closed.reason, CloseReason::Auth(_)), "{error:?}");
            assert_eq!(attempt.phase, Phase::Auth);
            assert!(!format!("{error:?}").contains(PASSWORD));
        }
    });
}

#[test]
fn all_hosts_down_are_told_one_by_one() {
    on_every_version(async |_| {
        let (one, other) = (Nobody::new(), Nobody::new());
        let error = refused(&at(&[one.port, other.port])).await;
        assert_eq!(error.attempts.len(), 2);
        for (attempt, nobody) in error.attempts.iter().zip([&one, &other]) {
            assert_eq!(attempt.phase, Phase::Tcp);
            let Error::Closed(closed) = &attempt.error else { panic!("{error:?}") };
            assert!(matches!(closed.reason, CloseReason::Transport(_)), "{error:?}");
            let told = attempt.to_string();
            // The number is the operating system's own.
            let (before, after) = told.split_once(" (os error ").unwrap();
            assert_eq!(before, format!("127.0.0.1:{} (tcp): Connection refused", nobody.port));
            let advice = after.split_once(')').unwrap().1;
            assert_eq!(advice, "; does a server run there, and listen on this address and port?");
        }
        let lines: Vec<String> = error.attempts.iter().map(|attempt| format!("\n  {attempt}")).collect();
        assert_eq!(error.to_string(), format!("cannot connect to PostgreSQL{}", lines.concat()));
    });
}

#[test]
fn no_host_with_the_asked_role_is_told() {
    on_every_version(async |server| {
        let port = server.port();
        let error = refused(&at(&[port, port]).target_session_attrs(Standby)).await;
        let told = format!(
            "\n  127.0.0.1:{port} (role): the server is not what target_session_attrs=standby asks for: it is not a \
             standby; add the host of one that is, or ask for less"
        );
        assert_eq!(error.to_string(), format!("cannot connect to PostgreSQL{told}{told}"));
        for attempt in &error.attempts {
            assert_eq!(attempt.phase, Phase::Role);
            assert!(matches!(attempt.error, Error::ServerRole { wanted: "standby", .. }), "{attempt:?}");
        }
    });
}

#[test]
fn a_password_file_that_is_too_open_is_told() {
    on_every_version(async |server| {
        let file = File::new(&format!("*:*:*:*:{PASSWORD}\n"), 0o644);
        let error = refused(&trusted(server).user("scram_user").passfile(file.path())).await;
        let expected = format!(
            "the server asks for a password, and none was given; the password file {0} was not used: others than its \
             owner may use it (mode 0644); run chmod 0600 {0}",
            file.path()
        );
        assert_eq!(config_error(&error), (Phase::Auth, expected));
    });
}

#[test]
fn an_unknown_service_is_told() {
    on_every_version(async |_| {
        let file = File::new("[app]\nhost=127.0.0.1\n", 0o644);
        let error =
            Connection::connect(&format!("service=shop servicefile={}", file.path())).await.unwrap_err();
        let expected = format!(
            "there is no service \"shop\": looked in {}; add a section [shop] there, or say where it is with \
             PGSERVICEFILE",
            file.path()
        );
        assert_eq!(config_error(&error), (Phase::Config, expected));
        let error = Connection::connect("service=shop servicefile=/nonexistent/services").await.unwrap_err();
        let (phase, told) = config_error(&error);
        assert_eq!(phase, Phase::Config);
        assert!(
            told.starts_with("the service file /nonexistent/services cannot be read: No such file"),
            "{told}"
        );
        assert!(told.ends_with("; correct servicefile (PGSERVICEFILE), or leave it out"), "{told}");
    });
}

#[test]
fn a_pool_with_a_minimum_above_its_maximum_is_told() {
    on_every_version(async |server| {
        for (builder, expected) in [
            (
                Pool::builder().min_size(5).max_size(3),
                "the pool's min_size (5) is greater than its max_size (3): lower min_size or raise max_size",
            ),
            (
                Pool::builder().min_idle(11),
                "the pool's min_idle (11) is greater than its max_size (10): lower min_idle or raise max_size",
            ),
            (
                Pool::builder().max_size(0),
                "a pool with max_size 0 could never give out a connection: set it to 1 or more",
            ),
        ] {
            let error = builder.connect(&server.url()).await.unwrap_err();
            let Error::Usage(usage) = &error else { panic!("{error:?}") };
            assert!(matches!(**usage, UsageError::Config(_)), "{usage:?}");
            assert_eq!(error.to_string(), expected);
        }
    });
}

#[test]
fn a_copy_row_with_too_few_columns_is_told() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table t (id int4, n int4)", ()).await.unwrap();
        for (few, expected) in [
            (vec![vec![1, 2], vec![3]], (2, 2, 1, "row 2 has 1 value where 2 columns are copied")),
            (vec![vec![]], (1, 2, 0, "row 1 has 0 values where 2 columns are copied")),
            (
                vec![vec![1, 2], vec![3, 4], vec![5, 6, 7]],
                (3, 2, 3, "row 3 has 3 values where 2 columns are copied"),
            ),
        ] {
            for coerce in [false, true] {
                let copy = c.copy_in_rows("t", ["id", "n"], few.clone());
                let refused = if coerce { copy.coerce().await } else { copy.await }.unwrap_err();
                let Error::Usage(usage) = &refused else { panic!("{refused:?}") };
                let (row, columns, given, told) = expected;
                assert_eq!(**usage, UsageError::RowLength { row, expected: columns, given });
                let advice = "give one for each, or name the columns that there are values for";
                assert_eq!(refused.to_string(), format!("{told}: {advice}"));
            }
        }
        // In data of the program's own making it is the server that counts.
        let mut copy = c.copy_in("t", CopyOptions::csv()).await.unwrap();
        copy.send("1,2\n3\n").await.unwrap();
        let refused = copy.finish().await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "ERROR: missing data for column \"n\" (SQLSTATE 22P04)\n  context: COPY t, line 2: \"3\""
        );
        assert_eq!(c.fetch_val::<i64, _>("select count(*) from t", ()).await.unwrap(), Some(0));
    });
}

#[test]
fn a_named_parameter_that_is_missing_is_told() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for (told, expected) in [
            (
                c.fetch("select :id, :name", named! { id: 1 }).await,
                "the SQL takes a parameter :name, which was not given; given were :id; nothing was sent",
            ),
            (
                c.fetch("select :idd", named! { id: 1, name: 2 }).await,
                "the SQL takes a parameter :idd, which was not given; given were :id, :name; did you mean :id?; \
                 nothing was sent",
            ),
        ] {
            let error = told.unwrap_err();
            let Error::Usage(usage) = &error else { panic!("{error:?}") };
            assert!(matches!(**usage, UsageError::Named(_)), "{usage:?}");
            assert_eq!(error.to_string(), expected);
            assert!(error.safe_to_retry());
        }
        // By number where names are wanted: the server's error, and what to do.
        let error = c.fetch("select 'é', :id", (1,)).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "ERROR: syntax error at or near \":\" (SQLSTATE 42601)\n  hint: parameters that have names, such as :id, \
             are given by their names\n  | select 'é', :id\n  |             ^"
        );
        assert_eq!(sqlstate::<()>(Err(error)), "42601");
    });
}

#[test]
fn a_named_parameter_that_is_unknown_is_told() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for (told, expected) in [
            (
                c.fetch("select :id", named! { id: 1, colour: 2 }).await,
                "the SQL does not take a parameter :colour, which was given; it takes :id; nothing was sent",
            ),
            (
                c.fetch("select :id, :name", named! { id: 1, name: 2, nmae: 3 }).await,
                "the SQL does not take a parameter :nmae, which was given; it takes :id, :name; did you mean :name?; \
                 nothing was sent",
            ),
            (
                c.fetch("select $1", named! { id: 1 }).await,
                "the SQL does not take a parameter :id, which was given; it takes none by name; nothing was sent",
            ),
        ] {
            let error = told.unwrap_err();
            let Error::Usage(usage) = &error else { panic!("{error:?}") };
            assert!(matches!(**usage, UsageError::Named(_)), "{usage:?}");
            assert_eq!(error.to_string(), expected);
            assert!(error.safe_to_retry());
        }
    });
}

#[test]
fn a_session_that_is_set_to_another_encoding_is_closed() {
    on_every_version(async |server| {
        for set in ["set client_encoding = 'LATIN1'", "select set_config('client_encoding', 'LATIN1', false)"]
        {
            let c = connect(server).await;
            let (told, after) = tokio::join!(c.execute(set, ()), c.fetch("select 'é'", ()));
            for error in [told.map(drop).unwrap_err(), after.map(drop).unwrap_err()] {
                let Error::Closed(closed) = &error else { panic!("{error:?}") };
                assert!(
                    matches!(&closed.reason, CloseReason::Encoding(name) if &**name == "LATIN1"),
                    "{error:?}"
                );
                assert_eq!(
                    closed.reason.to_string(),
                    "client_encoding was set to LATIN1, and the texts of this driver are UTF8: leave it as it is (COPY has \
                     an option for data in others)"
                );
            }
        }
        // What changes nothing is let be.
        let c = connect(server).await;
        c.execute_script("set client_encoding = 'UTF8'; set names 'unicode'").await.unwrap();
        assert_eq!(c.fetch_val::<String, _>("select 'é'", ()).await.unwrap().as_deref(), Some("é"));
    });
}
