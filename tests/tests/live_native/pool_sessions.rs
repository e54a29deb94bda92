//! What a connection of a pool is when somebody gets it: alive, clean, and as the program's hooks made it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use trunkline::pool::{CloseCause, PoolBuilder, Reset};
use trunkline::{Connection, Error, Pool};
use trunkline_tests::live::{Watch, Watched, connect, on_every_version, sqlstate};
use trunkline_tests::server::Server;

use crate::pools::{of, pool, until};
use crate::promises::{at, half_open};

/// A pool of one connection whose stream is watched.
pub(crate) async fn watched(server: &'static Server, builder: PoolBuilder) -> (Pool, Watch) {
    let seen = Arc::new(Mutex::new(Watch::default()));
    let builder = builder.max_size(1).connector({
        let seen = Arc::clone(&seen);
        move |config| {
            let seen = Arc::clone(&seen);
            async move {
                let stream = TcpStream::connect(("127.0.0.1", server.port())).await?;
                stream.set_nodelay(true)?;
                let (stream, watch) = Watched::new(stream);
                *seen.lock().unwrap() = watch;
                let connection = Connection::connect_over(&config, stream).await?;
                Ok::<_, Box<dyn std::error::Error + Send + Sync>>(connection)
            }
        }
    });
    let pool = pool(server, builder).await;
    let watch = seen.lock().unwrap().clone();
    (pool, watch)
}

#[test]
fn pool_reset_and_ping_after_cost_no_round_trip() {
    on_every_version(async |server| {
        let (pool, watch) = watched(server, Pool::builder()).await;
        for round in 0..4 {
            pool.fetch("select 1", ()).await.unwrap();
            let seen = watch.take();
            if round == 0 {
                continue;
            }
            assert_eq!(seen.writes, 1, "round {round}");
            let text = String::from_utf8_lossy(&seen.written);
            assert_eq!(text.matches("DISCARD TEMP").count(), 1);
        }
        let mut connection = pool.acquire().await.unwrap();
        connection.begin().await.unwrap().commit().await.unwrap();
        let seen = watch.take();
        assert!(String::from_utf8_lossy(&seen.written).starts_with('Q'));
        drop(connection);
        drop(pool.acquire().await.unwrap());
        assert_eq!(watch.take().written.len(), 0, "nobody used it");

        let plain = Pool::builder().reset(Reset::TransactionOnly).ping_after(Duration::ZERO);
        let (pool, watch) = watched(server, plain).await;
        for _ in 0..3 {
            watch.take();
            pool.fetch("select 1", ()).await.unwrap();
            let seen = watch.take();
            assert_eq!(
                (seen.writes, &seen.written[..6]),
                (1, &b"Q\0\0\0\x05\0"[..]),
                "an empty Query goes ahead"
            );
        }
    });
}

#[test]
fn pool_reset_lets_nothing_of_a_session_reach_its_next_user() {
    on_every_version(async |server| {
        let url = server.url();
        let dirty = "set work_mem = '1MB'; set search_path = nowhere; set role pg_monitor; create temp table left_over (i int); \
            listen gossip; select pg_advisory_lock(4711); declare c cursor with hold for select 1; \
            create temp sequence s; select nextval('s'); set statement_timeout = '1h'";
        let look = "select current_setting('work_mem'), current_setting('search_path'), current_user::text, \
            (select count(*)::int4 from pg_class where relname = 'left_over'), \
            (select count(*)::int4 from pg_listening_channels()), \
            (select count(*)::int4 from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()), \
            (select count(*)::int4 from pg_cursors), current_setting('exit_on_error')";
        let fresh = Connection::connect(&url).await.unwrap();
        let expected = format!("{:?}", fresh.fetch(look, ()).await.unwrap());
        let pool = pool(server, of(1)).await;
        for round in 0..2 {
            let connection = pool.acquire().await.unwrap();
            connection.execute_script(dirty).await.unwrap();
            drop(connection);
            let mut connection = pool.acquire().await.unwrap();
            let found = connection.fetch(look, ()).await.unwrap();
            assert_eq!(format!("{found:?}"), expected, "round {round}");
            assert_eq!(sqlstate(connection.execute("select lastval()", ()).await), "55000");
            let transaction = connection.begin().await.unwrap();
            transaction.execute_script(dirty).await.unwrap();
            assert_eq!(sqlstate(transaction.execute("select 1/0", ()).await), "22012");
            std::mem::forget(transaction);
        }
        assert_eq!(pool.stats().opened, 1, "all on one connection");

        let kept = of(1).reset(Reset::TransactionOnly).connect(&url).await.unwrap();
        kept.execute("set work_mem = '2MB'", ()).await.unwrap();
        assert_eq!(kept.fetch_val::<String, _>("show work_mem", ()).await.unwrap().unwrap(), "2MB");
    });
}

#[test]
fn pool_reset_that_fails_lets_nothing_through() {
    on_every_version(async |server| {
        let pool = pool(server, of(1).reset(Reset::Script("select 1/0".into()))).await;
        connect(server)
            .await
            .execute_script("drop table if exists through; create table through (i int)")
            .await
            .unwrap();
        for i in 0..3 {
            let connection = pool.acquire().await.unwrap();
            connection.execute("insert into through values ($1)", (i,)).await.unwrap();
            drop(connection);
            let connection = pool.acquire().await.unwrap();
            let refused = connection.execute("insert into through values (100)", ()).await.unwrap_err();
            assert!(refused.safe_to_retry(), "{refused}");
            assert_eq!(sqlstate::<()>(Err(refused)), "22012");
            assert!(connection.is_closed());
        }
        // The pool itself tries again, on a new connection.
        pool.execute("insert into through values (3)", ()).await.unwrap();
        pool.execute("insert into through values (4)", ()).await.unwrap();
        let there: Vec<(i32,)> =
            connect(server).await.fetch_as("select i from through order by i", ()).await.unwrap();
        assert_eq!(there, [(0,), (1,), (2,), (3,), (4,)]);
        assert!(pool.stats().closed.because(CloseCause::Broken) >= 4);
    });
}

#[test]
fn pool_init_setup_and_on_release_run_in_their_order() {
    on_every_version(async |server| {
        let log = Arc::new(Mutex::new(Vec::new()));
        let write = |name: &'static str| {
            let log = Arc::clone(&log);
            move |connection: trunkline::pool::HookConnection| {
                let log = Arc::clone(&log);
                async move {
                    let sql = format!("select '{name}'");
                    let told = connection.fetch_val::<String, _>(&sql, ()).await?.unwrap();
                    log.lock().unwrap().push(told);
                    Ok::<_, Error>(())
                }
            }
        };
        let builder = of(1).init(write("init")).setup(write("setup")).on_release(write("release"));
        let pool = pool(server, builder).await;
        for _ in 0..2 {
            pool.execute("select 1", ()).await.unwrap();
            until("the release", || pool.stats().idle == 1).await;
        }
        assert_eq!(*log.lock().unwrap(), ["init", "setup", "release", "setup", "release"]);
        pool.expire_connections();
        pool.execute("select 1", ()).await.unwrap();
        until("the release", || pool.stats().idle == 1).await;
        assert_eq!(log.lock().unwrap()[5..], ["init", "setup", "release"]);
    });
}

#[test]
fn pool_init_and_setup_that_fail_say_so() {
    on_every_version(async |server| {
        let refused = of(1).init(|c| async move { c.execute("select 1/0", ()).await.map(drop) });
        let error = refused.connect(&server.url()).await.unwrap_err();
        assert!(
            error.to_string().contains("the pool's hook init failed: ERROR: division by zero"),
            "{error}"
        );
        let tries = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&tries);
        let setup = of(1).setup(move |c| {
            let first = counted.fetch_add(1, Ordering::Relaxed) == 0;
            async move { c.execute(if first { "selec" } else { "select 1" }, ()).await.map(drop) }
        });
        let pool = pool(server, setup).await;
        let error = pool.acquire().await.unwrap_err();
        assert!(
            error.to_string().starts_with("the pool's hook setup failed: ERROR: syntax error"),
            "{error}"
        );
        drop(pool.acquire().await.unwrap());
        assert_eq!(tries.load(Ordering::Relaxed), 2);
    });
}

#[test]
fn pool_ping_timeout_gives_up_a_connection_whose_network_is_gone() {
    on_every_version(async |server| {
        let (port, stop) = half_open(server).await;
        let builder = of(1)
            .reset(Reset::TransactionOnly)
            .ping_after(Some(Duration::ZERO))
            .ping_timeout(Duration::from_millis(100));
        let pool = builder.connect(&at(server, port)).await.unwrap();
        let connection = pool.acquire().await.unwrap();
        stop.send(true).unwrap();
        let start = Instant::now();
        // The query itself has no deadline.
        let gone = connection.fetch("select 1", ()).await.unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
        assert_eq!(
            gone.to_string(),
            "the connection is closed: no answer to a ping within 100ms: the server or the network is gone (the \
             statement may or may not have been run)"
        );
        assert!(connection.is_closed());
    });
}
