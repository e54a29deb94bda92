use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use trunkline::pool::{CloseCause, PoolBuilder};
use trunkline::{Config, Error, Pool, PoolError, TransactionOptions};
use trunkline_tests::live::{block_on, connect, message, on_every_version, shared, sqlstate};
use trunkline_tests::server::Server;

pub(crate) async fn pool(server: &Server, builder: PoolBuilder) -> Pool {
    builder.connect(&server.url()).await.unwrap()
}

pub(crate) fn of(max_size: usize) -> PoolBuilder {
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
        let patient = tokio::spawn({
            let pool = pool.clone();
            async move { pool.acquire_within(patience).await.map(drop) }
        });
        until("somebody else to wait", || pool.stats().waiting == 1).await;
        let (one, other) = tokio::join!(pool.acquire(), pool.fetch("select 1", ()));
        let (one, other) = (one.unwrap_err(), other.unwrap_err());
        let text = one.to_string();
        assert!(text.starts_with("no connection within "), "{text}");
        let told = "of at most 2 the pool has 2 (2 in use, 0 idle, 0 being opened), and 1 other waits; give \
                    connections back sooner, raise max_size, or wait longer (acquire_timeout)";
        assert!(text.contains(told), "{text}");
        for line in [line - 1, line] {
            assert!(text.contains(&format!("live_native/pools.rs:{line}:")), "{text}");
        }
        for error in [one, other] {
            assert!(error.safe_to_retry());
            let Error::Pool(why) = &error else { panic!("{error}") };
            let PoolError::Timeout(how) = &**why else { panic!("{error}") };
            assert_eq!((how.size, how.max_size, how.in_use, how.idle, how.opening), (2, 2, 2, 0, 0));
            assert!(how.waiting >= 1, "{how:?}");
            assert!(how.waited >= Duration::from_millis(100) && how.waited < Duration::from_secs(20));
            assert_eq!(how.holders.len(), 2);
            assert!(how.holders[0].held >= how.holders[1].held && how.holders[1].held >= how.waited);
            let waited = how.waited.as_millis();
            assert!(error.to_string().starts_with(&format!("no connection within {waited}ms: of at most 2")));
        }
        let stats = pool.stats();
        assert_eq!((stats.timed_out, stats.acquired, stats.in_use), (2, 2, 2));
        drop((first, second));
        patient.await.unwrap().unwrap();
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
fn pool_runs_whatever_a_connection_does() {
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
fn pool_acquire_serves_fifty_tasks_in_the_order_in_which_they_came() {
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
fn a_pool_whose_runtime_has_ended_says_so() {
    // As in tests that share a pool and have a runtime each.
    let url = shared(18).url();
    let pool = block_on(async { of(2).connect(&url).await.unwrap() });
    let start = Instant::now();
    for _ in 0..3 {
        let error = block_on(async { pool.fetch("select 1", ()).await.unwrap_err() });
        assert_eq!(
            error.to_string(),
            "the tokio runtime that this pool was built on has ended: build it on one that lasts as long as the pool"
        );
        assert!(matches!(error, Error::Usage(_)) && error.safe_to_retry());
    }
    block_on(pool.close_within(Duration::from_millis(100)));
    drop(pool);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_pool_without_a_runtime_says_so() {
    let error = message(Pool::builder().build(&Config::new()));
    assert_eq!(error, "a pool lives on a tokio runtime: build it within one");
}

#[test]
fn pool_settle_ends_what_is_under_way_when_a_connection_comes_back() {
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
fn pool_resize_makes_it_larger_and_smaller_while_it_runs() {
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
fn pool_close_waits_for_connections_until_its_patience_is_over() {
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
fn pool_detach_makes_a_connection_its_owners() {
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
fn pool_reload_types_forgets_what_was_learned_once_for_all_connections() {
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
