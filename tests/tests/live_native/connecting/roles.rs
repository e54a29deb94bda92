use std::time::Duration;

use trunkline::config::TargetSessionAttrs::{
    self, Any, PreferStandby, Primary, ReadOnly, ReadWrite, Standby,
};
use trunkline::{Error, Phase, Pool};
use trunkline_tests::live::{VERSIONS, block_on};
use trunkline_tests::server::Server;

use super::{Nobody, at, port_of, refused};

/// Which server each setting leads to when the hosts are given in this order; 0 when to none.
async fn led_to(ports: &[u16]) -> [u16; 6] {
    let mut reached = [0; 6];
    for (attrs, reached) in
        [Any, ReadWrite, ReadOnly, Primary, Standby, PreferStandby].into_iter().zip(&mut reached)
    {
        match at(ports).user("trust_user").target_session_attrs(attrs).connect().await {
            Ok(connection) => *reached = port_of(&connection).await,
            Err(error) => {
                // Others may have been down.
                let told = error.attempts.iter().find(|attempt| attempt.phase == Phase::Role);
                assert!(matches!(told.unwrap().error, Error::ServerRole { .. }), "{error}");
            }
        }
    }
    reached
}

async fn led_to_one(ports: &[u16], attrs: TargetSessionAttrs) -> u16 {
    port_of(&at(ports).target_session_attrs(attrs).connect().await.unwrap()).await
}

#[test]
fn promise_20_each_role_is_found_and_a_failover_is_followed() {
    for version in VERSIONS {
        let (primary, standby) = Server::builder(version).start_with_standby().unwrap();
        let (p, s) = (primary.port(), standby.port());
        let nobody = Nobody::new();
        let n = nobody.port;
        block_on(async {
            // any, read-write, read-only, primary, standby, prefer-standby
            for (hosts, expected) in [
                (&[p, s][..], [p, p, s, p, s, s]),
                (&[s, p], [s, p, s, p, s, s]),
                (&[n, s, p], [s, p, s, p, s, s]),
                (&[p], [p, p, 0, p, 0, p]),
                (&[s], [s, 0, s, 0, s, s]),
                (&[n, p, n], [p, p, 0, p, 0, p]),
            ] {
                let reached = led_to(hosts).await;
                assert_eq!(reached, expected, "PostgreSQL {version}, {hosts:?} of {p} and {s}");
            }
            follows_a_failover(primary, &standby).await;
        });
    }
}

/// The primary goes, the standby takes its place.
async fn follows_a_failover(primary: Server, standby: &Server) {
    let ports = [primary.port(), standby.port()];
    assert_eq!(led_to_one(&ports, ReadWrite).await, primary.port());
    drop(primary);
    let error = refused(&at(&ports).target_session_attrs(ReadWrite)).await;
    let phases: Vec<Phase> = error.attempts.iter().map(|attempt| attempt.phase).collect();
    assert_eq!(phases, [Phase::Tcp, Phase::Role], "{error}");
    assert!(error.to_string().contains("target_session_attrs=read-write asks for"), "{error}");

    let promoting = at(&[standby.port()]).connect().await.unwrap();
    let promoted: Option<bool> = promoting.fetch_val("select pg_promote(true, 30)", ()).await.unwrap();
    assert_eq!(promoted, Some(true));
    for attrs in [ReadWrite, Primary, PreferStandby] {
        assert_eq!(led_to_one(&ports, attrs).await, standby.port(), "{attrs}");
    }
}

#[test]
fn promise_20_a_pool_follows_a_failover_by_itself() {
    for version in VERSIONS {
        let (primary, standby) = Server::builder(version).start_with_standby().unwrap();
        let config = at(&[primary.port(), standby.port()]).target_session_attrs(ReadWrite);
        block_on(async {
            let patience = Duration::from_secs(30);
            let builder = Pool::builder().max_size(3).acquire_timeout(patience);
            let pool = builder.connect_with(&config).await.unwrap();
            let where_to = "select inet_server_port()";
            let write = "create table if not exists written (i int4)";
            pool.execute(write, ()).await.unwrap();
            assert_eq!(pool.fetch_val(where_to, ()).await.unwrap(), Some(i32::from(primary.port())));
            let held = pool.acquire().await.unwrap();
            let (slow, _) = tokio::join!(held.execute("select pg_sleep(60)", ()), async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                drop(primary);
            });
            let lost = slow.unwrap_err();
            assert!(!lost.safe_to_retry(), "it may have run: {lost}");
            drop(held);
            let waiting = tokio::spawn({
                let pool = pool.clone();
                async move { pool.execute(write, ()).await }
            });
            let promoting = at(&[standby.port()]).connect().await.unwrap();
            let promoted: Option<bool> =
                promoting.fetch_val("select pg_promote(true, 30)", ()).await.unwrap();
            assert_eq!(promoted, Some(true));
            // Whoever waits is served, by what is the primary now.
            waiting.await.unwrap().unwrap();
            assert_eq!(pool.fetch_val(where_to, ()).await.unwrap(), Some(i32::from(standby.port())));
        });
    }
}

#[test]
fn a_server_that_is_read_only_by_default_is_no_place_to_write() {
    for version in VERSIONS {
        let server = Server::builder(version).setting("default_transaction_read_only", "on").start().unwrap();
        block_on(async {
            let port = server.port();
            assert_eq!(led_to(&[port]).await, [port, 0, port, port, 0, port], "PostgreSQL {version}");
            // What the session itself asks for counts.
            let writing = at(&[port]).target_session_attrs(ReadWrite);
            let connection = writing.options("-cdefault_transaction_read_only=off").connect().await.unwrap();
            connection.execute_script("create temporary table t (a int)").await.unwrap();
        });
    }
}

#[test]
fn a_server_that_will_not_do_is_told_good_bye() {
    for version in [13, 18] {
        let server = Server::start(version).unwrap();
        block_on(async {
            for _ in 0..3 {
                let error = refused(&at(&[server.port()]).target_session_attrs(Standby)).await;
                assert_eq!(error.attempts.len(), 1);
            }
            let connection = at(&[server.port()]).connect().await.unwrap();
            let others = "select count(*) from pg_stat_activity where backend_type = 'client backend' \
                          and pid <> pg_backend_pid()";
            while connection.fetch_val::<i64, _>(others, ()).await.unwrap() != Some(0) {}
        });
    }
}
