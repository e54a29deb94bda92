use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use trunkline::pool::{CloseCause, PoolBuilder, Reset};
use trunkline::{Config, Connection, Error, Pool, PoolError, TransactionOptions};
use trunkline_tests::live::{Watch, Watched, connect, message, on_every_version, on_version, sqlstate};
use trunkline_tests::server::Server;

pub(crate) async fn pool(server: &Server, builder: PoolBuilder) -> Pool {
    builder.connect(&server.url()).await.unwrap()
}

fn of(max_size: usize) -> PoolBuilder {
    Pool::builder().max_size(max_size)
}

/// Waits for something that happens in the background.
pub(crate) async fn until(what: &str, mut happened: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !happened() {
        assert!(Instant::now() < deadline, "{what} does not happen");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[test]
fn promise_05_acquire_has_a_deadline_and_its_error_tells_who_has_the_connections() {
    on_every_version(async |server| {
        let pool = pool(server, of(2).acquire_timeout(Duration::from_millis(100))).await;
        let patience = Duration::from_secs(20);
        let first = pool.acquire_within(patience).await.unwrap();
        let second = pool.acquire_within(patience).await.unwrap();
        let line = line!() - 1;
        let (one, other) = tokio::join!(pool.acquire(), pool.fetch("select 1", ()));
        let (one, other) = (one.unwrap_err(), other.unwrap_err());
        let text = one.to_string();
        assert!(text.starts_with("no connection within "), "{text}");
        let told = "of at most 2 the pool has 2 (2 in use, 0 idle, 0 being opened), and";
        assert!(text.contains(told) && text.contains("raise max_size"), "{text}");
        for line in [line - 1, line] {
            assert!(text.contains(&format!("live_native/pools.rs:{line}:")), "{text}");
        }
        for error in [one, other] {
            assert!(error.safe_to_retry());
            assert!(
                matches!(&error, Error::Pool(why) if matches!(&**why, PoolError::Timeout(how) if how.in_use == 2))
            );
        }
        let stats = pool.stats();
        assert_eq!((stats.timed_out, stats.acquired, stats.in_use), (2, 2, 2));
        drop((first, second));
        drop(pool.acquire_within(patience).await.unwrap());
    });
}

#[test]
fn promise_06_a_connection_that_is_not_given_back_is_told_of_and_one_dropped_is_given_back() {
    on_every_version(async |server| {
        let told = Arc::new(Mutex::new(Vec::new()));
        let builder = of(1).leak_after(Duration::from_millis(20)).on_leak({
            let told = Arc::clone(&told);
            move |leak| told.lock().unwrap().push(leak.to_string())
        });
        let pool = pool(server, builder).await;
        let held = pool.acquire().await.unwrap();
        let line = line!() - 1;
        let pid = held.server_pid();
        until("the report", || !told.lock().unwrap().is_empty()).await;
        let report = told.lock().unwrap()[0].clone();
        assert!(report.contains(&format!("live_native/pools.rs:{line}:")), "{report}");
        assert!(report.contains(&format!("server process {pid}")), "{report}");
        assert_eq!(pool.stats().leaks, 1);
        let task = tokio::spawn(async move {
            let mut held = held;
            let transaction = held.begin().await.unwrap();
            transaction.execute("create temp table t (i int)", ()).await.unwrap();
            panic!("in the middle of a transaction");
        });
        assert!(task.await.unwrap_err().is_panic());
        let again = pool.acquire().await.unwrap();
        assert_eq!(again.server_pid(), pid, "the same one");
        assert_eq!(sqlstate(again.fetch("select * from t", ()).await), "42P01");
    });
}

#[test]
fn the_pool_runs_whatever_a_connection_does() {
    on_every_version(async |server| {
        let pool = pool(server, of(3)).await;
        assert_eq!(pool.fetch_val::<i32, _>("select $1::int4", (7,)).await.unwrap(), Some(7));
        assert_eq!(
            pool.fetch_as::<(i32,), _>("select 1 union select 2 order by 1", ()).await.unwrap(),
            [(1,), (2,)]
        );
        assert_eq!(pool.fetch("select 1", ()).await.unwrap().len(), 1);
        assert_eq!(pool.fetch_one("select 'a'", ()).await.unwrap().get::<&str>(0).unwrap(), "a");
        assert!(pool.fetch_row("select 1 where false", ()).await.unwrap().is_none());
        assert_eq!(pool.execute("select 1", ()).await.unwrap().as_str(), "SELECT 1");
        assert_eq!(pool.execute_script("select 1; select 2").await.unwrap().len(), 2);
        let statement = pool.prepare("select $1::int4 + 1").await.unwrap();
        assert_eq!(pool.fetch_val::<i32, _>(&statement, (1,)).await.unwrap(), Some(2));
        let results = pool.batch().query("select 1", ()).query("select $1::int4", (2,)).run().await.unwrap();
        assert!(results.iter().all(Result::is_ok));
        let options = TransactionOptions::new();
        let value: Result<Option<i32>, Error> =
            pool.transaction(&options, async |tx| tx.fetch_val("select 5", ()).await).await;
        assert_eq!(value.unwrap(), Some(5));
        assert_eq!(sqlstate(pool.execute("select 1/0", ()).await), "22012");
        until("all to settle", || pool.stats().idle == pool.stats().size).await;
        fn is_send<T: Send>(value: T) -> T {
            value
        }
        is_send(pool.fetch("select 1", ())).await.unwrap();
        drop(is_send(pool.acquire()).await.unwrap());
    });
}

#[test]
fn fifty_tasks_share_a_pool_in_the_order_in_which_they_came() {
    on_every_version(async |server| {
        let pool = pool(server, of(1)).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let held = pool.acquire().await.unwrap();
        let tasks: Vec<_> = (0..50)
            .map(|i| {
                let (pool, order) = (pool.clone(), Arc::clone(&order));
                tokio::spawn(async move {
                    let connection = pool.acquire().await.unwrap();
                    order.lock().unwrap().push(i);
                    assert_eq!(
                        connection.fetch_val::<i32, _>("select $1::int4", (i,)).await.unwrap(),
                        Some(i)
                    );
                })
            })
            .collect();
        until("all to wait", || pool.stats().waiting == 50).await;
        assert!(pool.try_acquire().is_none());
        drop(held);
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), (0..50).collect::<Vec<_>>());
        assert!(pool.try_acquire().is_some());
        let stats = pool.stats();
        assert!(stats.wait_max > Duration::ZERO && stats.waits.percentile(99) > Duration::ZERO, "{stats:?}");
        assert_eq!((stats.size, stats.opened, stats.acquired), (1, 1, 52));
    });
}

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
fn a_reset_and_a_ping_cost_no_round_trip() {
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
fn nothing_of_a_session_reaches_its_next_user() {
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
fn a_reset_that_fails_lets_nothing_through() {
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
fn hooks_run_in_their_order() {
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
fn a_hook_that_fails_says_so() {
    on_version(18, async |server| {
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
fn what_cannot_be_is_said_at_once() {
    on_every_version(async |server| {
        let url = server.url();
        let error = message(of(3).min_size(4).connect(&url).await);
        assert_eq!(
            error,
            "the pool's min_size (4) is greater than its max_size (3): lower min_size or raise max_size"
        );
        let start = Instant::now();
        let stranger = Config::parse(&url).unwrap().user("scram_user").password("wrong");
        let error = Pool::builder().connect_with(&stranger).await.unwrap_err();
        assert_eq!(error.sqlstate().unwrap().as_str(), "28P01", "{error}");
        assert!(
            error.to_string().starts_with("the pool has no connection: cannot connect to PostgreSQL"),
            "{error}"
        );
        // One that opens when it is asked says so to each who asks.
        let lazy = Pool::builder().build(&stranger).unwrap();
        let (one, other) = tokio::join!(lazy.acquire(), lazy.execute("select 1", ()));
        for error in [one.map(drop).unwrap_err(), other.map(drop).unwrap_err()] {
            assert_eq!(error.sqlstate().unwrap().as_str(), "28P01", "{error}");
        }
        let nowhere = Config::parse(&url).unwrap().dbname("nowhere");
        let error = Pool::builder().build(&nowhere).unwrap().acquire().await.unwrap_err();
        assert_eq!(error.sqlstate().unwrap().as_str(), "3D000");
        assert!(start.elapsed() < Duration::from_secs(10), "not at the deadline");
    });
}

#[test]
fn a_pool_without_a_runtime_says_so() {
    let error = message(Pool::builder().build(&Config::new()));
    assert_eq!(error, "a pool lives on a tokio runtime: build it within one");
}

#[test]
fn what_is_still_under_way_when_a_connection_is_given_back_is_ended_first() {
    on_every_version(async |server| {
        let pool = pool(server, of(1).settle_timeout(Duration::from_millis(300))).await;
        for _ in 0..3 {
            let mut connection = pool.acquire().await.unwrap();
            let transaction = connection.begin().await.unwrap();
            transaction.execute("create temp table t (i int)", ()).await.unwrap();
            let slow =
                tokio::time::timeout(Duration::from_millis(20), transaction.fetch("select pg_sleep(60)", ()));
            slow.await.unwrap_err();
            drop(transaction);
            drop(connection);
            let start = Instant::now();
            let there =
                pool.fetch_val::<i64, _>("select count(*) from pg_class where relname = 't'", ()).await;
            assert_eq!(there.unwrap(), Some(0));
            assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
        }
    });
}

#[test]
fn connections_are_replaced_after_their_queries_when_they_are_told_and_when_they_lie_idle() {
    on_every_version(async |server| {
        let pid = async |pool: &Pool| {
            pool.fetch_val::<i32, _>("select pg_backend_pid()", ()).await.unwrap().unwrap()
        };
        let worn = pool(server, of(1).max_queries(2)).await;
        let pids = [pid(&worn).await, pid(&worn).await, pid(&worn).await];
        assert!(pids[0] == pids[1] && pids[1] != pids[2], "{pids:?}");
        assert_eq!(worn.stats().closed.because(CloseCause::Queries), 1);
        worn.expire_connections();
        assert_ne!(pid(&worn).await, pids[2]);

        let short = pool(server, of(3).max_inactive_lifetime(Duration::from_millis(30))).await;
        let held = [short.acquire().await.unwrap(), short.acquire().await.unwrap()];
        drop(held);
        until("idle connections to go", || short.stats().size == 0).await;
        assert_eq!(short.stats().closed.because(CloseCause::Inactive), 2);

        let old = pool(server, of(1).min_size(1).max_lifetime(Duration::from_millis(50))).await;
        let first = pid(&old).await;
        until("the old one to be replaced", || old.stats().opened >= 2).await;
        assert_ne!(pid(&old).await, first);
    });
}

#[test]
fn a_pool_can_be_made_larger_and_smaller_while_it_runs() {
    on_every_version(async |server| {
        let pool = pool(server, of(1)).await;
        let first = pool.acquire().await.unwrap();
        let waiting = tokio::spawn({
            let pool = pool.clone();
            async move { pool.acquire().await.unwrap() }
        });
        until("one to wait", || pool.stats().waiting == 1).await;
        pool.resize(0, 3).unwrap();
        let second = waiting.await.unwrap();
        let third = pool.acquire().await.unwrap();
        drop(third);
        assert_eq!((pool.stats().size, pool.stats().idle), (3, 1));

        pool.resize(0, 1).unwrap();
        until("the idle one to be closed", || pool.stats().size == 2).await;
        assert_eq!(second.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1), "not disturbed");
        drop(second);
        until("the second one to be closed", || pool.stats().size == 1).await;
        let pid = first.server_pid();
        drop(first);
        assert_eq!(pool.acquire().await.unwrap().server_pid(), pid, "as many as there may be stay");
        let stats = pool.stats();
        assert_eq!((stats.size, stats.closed.because(CloseCause::Surplus)), (1, 2));

        pool.resize(2, 2).unwrap();
        until("another one to be opened", || pool.stats().idle == 2).await;
        let error = message(pool.resize(3, 2));
        assert_eq!(
            error,
            "the pool's min_size (3) is greater than its max_size (2): lower min_size or raise max_size"
        );
        assert!(message(pool.resize(0, 0)).contains("set it to 1 or more"));
    });
}

#[test]
fn a_pool_closes_when_its_connections_are_back_or_its_patience_is_over() {
    on_every_version(async |server| {
        let pool = pool(server, of(2)).await;
        let (back, kept) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
        let waiting = tokio::spawn({
            let pool = pool.clone();
            async move { pool.acquire().await.map(drop) }
        });
        until("one to wait", || pool.stats().waiting == 1).await;
        let slow = tokio::spawn(async move {
            let outcome = kept.fetch("select pg_sleep(60)", ()).await.map(drop);
            (kept, outcome)
        });
        let start = Instant::now();
        let closing = tokio::spawn({
            let pool = pool.clone();
            async move { pool.close_within(Duration::from_millis(200)).await }
        });
        assert_eq!(message(waiting.await.unwrap()), "the pool is closed");
        assert!(pool.is_closing());
        back.fetch("select 1", ()).await.unwrap();
        drop(back);
        closing.await.unwrap();
        assert!(start.elapsed() >= Duration::from_millis(200));
        let (kept, outcome) = slow.await.unwrap();
        assert!(matches!(outcome, Err(Error::Closed(_))), "{outcome:?}");
        drop(kept);
        assert_eq!(message(pool.execute("select 1", ()).await), "the pool is closed");
        let stats = pool.stats();
        assert_eq!((stats.size, stats.closed.because(CloseCause::PoolClosed)), (0, 2));
    });
}

#[test]
fn a_detached_connection_is_its_owners() {
    on_every_version(async |server| {
        let pool = pool(server, of(1)).await;
        let connection = pool.acquire().await.unwrap();
        connection.execute("set work_mem = '1MB'", ()).await.unwrap();
        let own = connection.detach();
        drop(pool.acquire().await.unwrap());
        pool.close().await;
        assert_eq!(own.fetch_val::<String, _>("show work_mem", ()).await.unwrap().unwrap(), "1MB");
    });
}

#[test]
fn types_are_learned_once_for_all_connections() {
    on_every_version(async |server| {
        connect(server)
            .await
            .execute_script(
                "drop type if exists pooled_mood; create type pooled_mood as enum ('happy', 'sad')",
            )
            .await
            .unwrap();
        let pool = pool(server, of(2)).await;
        let (one, other) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
        one.fetch("select 'happy'::pooled_mood", ()).await.unwrap();
        assert!(other.types().registry().find(None, "pooled_mood").is_some());
        pool.reload_types();
        assert!(one.types().registry().find(None, "pooled_mood").is_none());
    });
}
