use trunkline::blocking::Connection;
use trunkline::{Config, Error, Phase};
use trunkline_tests::live::{VERSIONS, message, shared, sqlstate};

use crate::connecting::Nobody;

#[test]
fn it_does_what_the_other_does() {
    for version in VERSIONS {
        let url = shared(version).url();
        let mut c = Connection::connect(&url).unwrap();
        for i in 0..4 {
            assert_eq!(c.fetch_val::<i32>("select $1::int4 + 1", (i,)).unwrap(), Some(i + 1));
            assert_eq!(c.fetch_val::<String>("select 'é'::text", ()).unwrap().as_deref(), Some("é"));
            assert_eq!(c.fetch("select i from generate_series(1, 5000) i", ()).unwrap().len(), 5000);
            assert_eq!(sqlstate(c.fetch("select 1/0", ())), "22012");
            assert!(matches!(c.fetch("select $1::int4", ("x",)), Err(Error::Usage(_))));
        }
        let tags = c.execute_script("create temp table t (i int4); insert into t values (1), (2)").unwrap();
        assert_eq!(tags[1].as_str(), "INSERT 0 2");
        assert_eq!(c.execute("delete from t where i = $1", (1,)).unwrap().rows(), 1);
        let large = "x".repeat(20 << 20);
        assert_eq!(c.fetch_val::<i32>("select length($1::text)", (&large,)).unwrap(), Some(20 << 20));
        let notice = "do $$ begin raise notice 'look'; end $$";
        assert_eq!(c.execute(notice, ()).unwrap().as_str(), "DO");
        c.close().unwrap();
    }
}

#[test]
fn its_deadlines_hold() {
    let url = shared(18).url();
    let mut c = Connection::connect(&format!("{url}?command_timeout=200ms")).unwrap();
    let late = message(c.fetch("select pg_sleep(30)", ()));
    assert_eq!(late, "no answer within 200ms while waiting for the end of a query");

    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let begun = std::time::Instant::now();
    let late =
        message(Connection::connect(&format!("postgres://u:secret@127.0.0.1:{port}/d?connect_timeout=2")));
    assert!(begun.elapsed() < std::time::Duration::from_secs(20));
    assert!(late.contains("no answer in time") && !late.contains("secret"), "{late}");
}

#[test]
fn it_looks_for_the_server_that_was_asked_for() {
    for version in VERSIONS {
        let port = shared(version).port();
        let nobody = Nobody::new();
        let url = |attrs: &str| {
            format!(
                "postgres://trust_user@127.0.0.1:{},127.0.0.1:{port}/postgres?target_session_attrs={attrs}",
                nobody.port
            )
        };
        for attrs in ["any", "read-write", "primary", "prefer-standby"] {
            let mut c = Connection::connect(&url(attrs)).unwrap();
            assert_eq!(c.fetch_val::<i32>("select 1", ()).unwrap(), Some(1), "{attrs}");
        }
        let error = Connection::connect(&url("standby")).unwrap_err();
        let phases: Vec<Phase> = error.attempts.iter().map(|attempt| attempt.phase).collect();
        assert_eq!(phases, [Phase::Tcp, Phase::Role], "{error}");
    }
}

#[test]
fn it_refuses_hooks_that_nobody_would_wait_for() {
    let config = Config::new().host("127.0.0.1").user("ada").password_provider(|_| async { Ok("x") });
    let refused = message(Connection::connect_with(&config));
    assert!(refused.contains("password_provider is for connections under tokio"), "{refused}");
}
