//! What a pool's builder takes, one by one.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use trunkline::pool::{CloseCause, IdleOrder, PoolBuilder};
use trunkline::{Config, Connection, Error, Pool, PoolError};
use trunkline_tests::live::{connect, on_every_version};
use trunkline_tests::server::Server;

use crate::pool_sessions::watched;
use crate::pools::{of, pool, until};

/// A pool whose connections the server can tell from others, and how many of them it sees.
async fn named(server: &Server, name: &str, builder: PoolBuilder) -> (Pool, impl AsyncFn() -> i64) {
    let name = format!("{name} {} {}", std::process::id(), server.port());
    let config = Config::parse(&server.url()).unwrap().application_name(&name);
    let witness = connect(server).await;
    let seen = async move || {
        let sql = "select count(*) from pg_stat_activity where application_name = $1";
        witness.fetch_val::<i64, _>(sql, (&name,)).await.unwrap().unwrap()
    };
    (builder.build(&config).unwrap(), seen)
}

async fn pid(pool: &Pool) -> i32 {
    pool.fetch_val::<i32, _>("select pg_backend_pid()", ()).await.unwrap().unwrap()
}

/// Lets time pass on a clock that stands still otherwise, in steps; the runtime is never idle meanwhile, so that no
/// deadline but those asked about comes early.
async fn pass(time: Duration) {
    tokio::time::advance(time).await;
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

#[test]
fn pool_connect_opens_one_connection_and_build_opens_none() {
    on_every_version(async |server| {
        let pool = Pool::connect(&server.url()).await.unwrap();
        assert_eq!((pool.stats().size, pool.stats().idle), (1, 1));
        let (lazy, seen) = named(server, "lazy", of(2)).await;
        assert_eq!((lazy.stats().size, seen().await), (0, 0));
        lazy.execute("select 1", ()).await.unwrap();
        assert_eq!((lazy.stats().size, seen().await), (1, 1));
    });
}

#[test]
fn pool_min_size_is_opened_unasked_and_kept_up() {
    on_every_version(async |server| {
        let builder = of(5).min_size(3).max_inactive_lifetime(Duration::from_millis(20));
        let (pool, seen) = named(server, "min_size", builder).await;
        until("three connections", || pool.stats().idle == 3).await;
        assert_eq!(seen().await, 3);
        // What is beyond goes when it lies unused, and they stay.
        let mut held = Vec::new();
        for _ in 0..5 {
            held.push(pool.acquire().await.unwrap());
        }
        drop(held);
        until("two to go", || pool.stats().closed.because(CloseCause::Inactive) == 2).await;
        assert_eq!(pool.stats().size - pool.stats().closing, 3);
        // Those that are closed are made up for.
        pool.expire_connections();
        until("three others", || pool.stats().opened == 8 && pool.stats().idle == 3).await;
    });
}

#[test]
fn pool_max_size_is_never_exceeded() {
    on_every_version(async |server| {
        let (pool, seen) = named(server, "max_size", of(3).max_opening(10)).await;
        let tasks: Vec<_> = (0..30)
            .map(|_| {
                let pool = pool.clone();
                tokio::spawn(async move { pool.execute("select pg_sleep(0.01)", ()).await.map(drop) })
            })
            .collect();
        let mut most = 0;
        while !tasks.iter().all(tokio::task::JoinHandle::is_finished) {
            assert!(pool.stats().size <= 3, "{:?}", pool.stats());
            most = most.max(seen().await);
        }
        assert_eq!(most, 3);
        for task in tasks {
            task.await.unwrap().unwrap();
        }
    });
}

#[test]
fn pool_min_idle_keeps_as_many_ready_beyond_those_in_use() {
    on_every_version(async |server| {
        let pool = pool(server, of(4).min_idle(2)).await;
        until("two idle ones", || pool.stats().idle == 2).await;
        let one = pool.acquire().await.unwrap();
        until("two idle ones again", || pool.stats().idle == 2).await;
        let others = [pool.acquire().await.unwrap(), pool.acquire().await.unwrap()];
        until("as many as there may be", || pool.stats().size == 4 && pool.stats().idle == 1).await;
        drop((one, others));
    });
}

#[test]
fn pool_acquire_timeout_is_30_seconds_unless_set() {
    for limit in [None, Some(Some(7)), Some(None)] {
        on_every_version(async |server| {
            let builder = match limit {
                None => of(1),
                Some(limit) => of(1).acquire_timeout(limit.map(Duration::from_secs)),
            };
            let pool = pool(server, builder).await;
            let held = pool.acquire().await.unwrap();
            tokio::time::pause();
            let mut late = polled(pool.acquire());
            assert!(late.poll_once().await.is_none());
            // Within the test's own deadline.
            let expected = limit.unwrap_or(Some(30));
            pass(Duration::from_millis(expected.unwrap_or(50) * 1000 - 1)).await;
            assert!(late.poll_once().await.is_none(), "{limit:?}");
            pass(Duration::from_millis(2)).await;
            match (late.poll_once().await, expected) {
                (Some(Err(Error::Pool(why))), Some(limit)) => {
                    let PoolError::Timeout(why) = &*why else { panic!("{why}") };
                    assert_eq!(why.waited.as_secs(), limit);
                }
                (None, None) => {}
                (other, _) => panic!("{limit:?}: {other:?}"),
            }
            tokio::time::resume();
            drop(held);
        });
    }
}

/// A future that is polled when the test says so.
struct Polled<F>(std::pin::Pin<Box<F>>);

fn polled<F: Future>(future: F) -> Polled<F> {
    Polled(Box::pin(future))
}

impl<F: Future> Polled<F> {
    async fn poll_once(&mut self) -> Option<F::Output> {
        let mut out = None;
        std::future::poll_fn(|cx| {
            if let std::task::Poll::Ready(value) = self.0.as_mut().poll(cx) {
                out = Some(value);
            }
            std::task::Poll::Ready(())
        })
        .await;
        out
    }
}

#[test]
fn pool_max_lifetime_has_jitter() {
    on_every_version(async |server| {
        let start = Instant::now();
        let pool = pool(server, of(10).max_lifetime(Duration::from_secs(40))).await;
        let mut held = Vec::new();
        for _ in 0..10 {
            held.push(pool.acquire().await.unwrap());
        }
        drop(held);
        until("all to be idle", || pool.stats().idle == 10).await;
        tokio::time::pause();
        // None is replaced before nine tenths of its time, and none is left after it.
        pass(Duration::from_millis(35_900) - start.elapsed()).await;
        assert_eq!(pool.stats().closed.because(CloseCause::Lifetime), 0);
        let mut counts = BTreeSet::new();
        for _ in 0..60 {
            pass(Duration::from_millis(100)).await;
            counts.insert(pool.stats().closed.because(CloseCause::Lifetime));
        }
        tokio::time::resume();
        assert_eq!(counts.last(), Some(&10));
        assert!(counts.len() > 3, "not all together: {counts:?}");
    });
}

#[test]
fn pool_max_lifetime_replaces_those_that_are_to_stay() {
    on_every_version(async |server| {
        let old = pool(server, of(1).min_size(1).max_lifetime(Duration::from_millis(50))).await;
        let first = pid(&old).await;
        until("the old one to be replaced", || old.stats().opened >= 2).await;
        assert_ne!(pid(&old).await, first);
    });
}

#[test]
fn pool_max_inactive_lifetime_closes_what_lies_unused() {
    on_every_version(async |server| {
        let short = pool(server, of(3).max_inactive_lifetime(Duration::from_millis(30))).await;
        let held = [short.acquire().await.unwrap(), short.acquire().await.unwrap()];
        drop(held);
        until("idle connections to go", || short.stats().size == 0).await;
        assert_eq!(short.stats().closed.because(CloseCause::Inactive), 2);
    });
}

#[test]
fn pool_max_queries_replaces_a_connection_after_so_many() {
    on_every_version(async |server| {
        let worn = pool(server, of(1).max_queries(2)).await;
        let pids = [pid(&worn).await, pid(&worn).await, pid(&worn).await];
        assert!(pids[0] == pids[1] && pids[1] != pids[2], "{pids:?}");
        assert_eq!(worn.stats().closed.because(CloseCause::Queries), 1);
        worn.expire_connections();
        assert_ne!(pid(&worn).await, pids[2]);
    });
}

#[test]
fn pool_ping_after_is_a_second_unless_set() {
    on_every_version(async |server| {
        let patience = Duration::from_secs(3600);
        let plain = || Pool::builder().reset(trunkline::pool::Reset::TransactionOnly).ping_timeout(patience);
        for (after, builder) in [
            (Some(1000), plain()),
            (Some(5000), plain().ping_after(Duration::from_secs(5))),
            (None, plain().ping_after(None)),
        ] {
            let (pool, watch) = watched(server, builder).await;
            for (unused, pings) in
                [(after.unwrap_or(9000) - 1, false), (after.unwrap_or(9000), after.is_some())]
            {
                pool.execute("select 1", ()).await.unwrap();
                until("it to be back", || pool.stats().idle == 1).await;
                tokio::time::pause();
                tokio::time::advance(Duration::from_millis(unused)).await;
                let connection = pool.try_acquire().unwrap();
                tokio::time::resume();
                watch.take();
                connection.execute("select 1", ()).await.unwrap();
                let pinged = watch.take().written.starts_with(b"Q\0\0\0\x05\0");
                assert_eq!(pinged, pings, "{after:?}, after {unused} ms");
            }
        }
    });
}

#[test]
fn pool_idle_order_is_the_last_one_given_back_unless_set() {
    on_every_version(async |server| {
        for (builder, first) in [(of(2), 1), (of(2).idle_order(IdleOrder::Fifo), 0)] {
            let pool = pool(server, builder).await;
            let held = [pool.acquire().await.unwrap(), pool.acquire().await.unwrap()];
            let pids = [held[0].server_pid(), held[1].server_pid()];
            let [one, other] = held;
            drop(one);
            until("the first", || pool.stats().idle == 1).await;
            drop(other);
            until("the second", || pool.stats().idle == 2).await;
            assert_eq!(pool.acquire().await.unwrap().server_pid(), pids[first]);
        }
    });
}

#[test]
fn pool_connector_and_max_opening_say_how_connections_are_made_and_how_many_at_once() {
    on_every_version(async |server| {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let builder = of(8).max_opening(2).connector({
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            move |config| {
                let (now, most) = (Arc::clone(&now), Arc::clone(&most));
                async move {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    let connection = Connection::connect_with(&config).await;
                    now.fetch_sub(1, Ordering::SeqCst);
                    connection
                }
            }
        });
        let pool = pool(server, builder).await;
        let held = futures_util::future::join_all((0..8).map(|_| pool.acquire())).await;
        assert!(held.iter().all(Result::is_ok));
        assert_eq!(most.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn pool_open_timeout_ends_what_takes_too_long_to_open() {
    on_every_version(async |server| {
        let builder = of(1)
            .open_timeout(Duration::from_millis(50))
            .connector(|_| std::future::pending::<Result<Connection, Error>>());
        let start = Instant::now();
        let error = builder.clone().connect(&server.url()).await.unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(10));
        assert_eq!(
            error.to_string(),
            "the pool has no connection: no answer within 50ms while waiting for a new connection of the pool"
        );
        // The hook init is part of it.
        let builder = of(1)
            .open_timeout(Duration::from_millis(200))
            .init(|_| std::future::pending::<Result<(), Error>>());
        let error = builder.connect(&server.url()).await.unwrap_err();
        assert!(error.to_string().contains("within 200ms"), "{error}");
    });
}

#[test]
fn pool_settle_timeout_closes_what_does_not_end() {
    on_every_version(async |server| {
        // Over a stream that was given to it nothing can be cancelled.
        let builder = of(1).settle_timeout(Duration::from_millis(30)).connector(move |config| async move {
            let stream = TcpStream::connect(("127.0.0.1", server.port())).await?;
            let connection = Connection::connect_over(&config, stream).await?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(connection)
        });
        let pool = pool(server, builder).await;
        let connection = pool.acquire().await.unwrap();
        let first = connection.server_pid();
        let slow =
            tokio::time::timeout(Duration::from_millis(5), connection.fetch("select pg_sleep(60)", ()));
        slow.await.unwrap_err();
        drop(connection);
        assert_ne!(pool.acquire().await.unwrap().server_pid(), first);
        assert_eq!(pool.stats().closed.because(CloseCause::Unsettled), 1);
    });
}

#[test]
fn pool_leak_after_reports_each_use_once() {
    on_every_version(async |server| {
        let told = Arc::new(Mutex::new(Vec::new()));
        let builder = of(1).leak_after(Duration::from_millis(20)).on_leak({
            let told = Arc::clone(&told);
            move |leak| told.lock().unwrap().push((leak.server_pid, leak.held))
        });
        let pool = pool(server, builder).await;
        for uses in 1..=2 {
            let held = pool.acquire().await.unwrap();
            until("the report", || told.lock().unwrap().len() == uses).await;
            tokio::time::sleep(Duration::from_millis(60)).await;
            let (pid, after) = *told.lock().unwrap().last().unwrap();
            assert_eq!((pid, told.lock().unwrap().len()), (held.server_pid(), uses));
            assert!(after >= Duration::from_millis(20), "{after:?}");
        }
        // Not for one that is given back in time.
        let patient = of(1).leak_after(Duration::from_secs(600)).connect(&server.url()).await.unwrap();
        drop(patient.acquire().await.unwrap());
        assert_eq!((patient.stats().leaks, pool.stats().leaks), (0, 2));
    });
}

#[test]
fn stats_tells_of_every_state_and_of_how_long_was_waited() {
    on_every_version(async |server| {
        let pool = pool(server, of(2).min_size(2).acquire_timeout(Duration::from_millis(40))).await;
        until("two connections", || pool.stats().idle == 2).await;
        let (one, other) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
        let stats = pool.stats();
        assert_eq!((stats.size, stats.idle, stats.in_use, stats.waiting, stats.opening), (2, 0, 2, 0, 0));
        assert_eq!((stats.opened, stats.acquired, stats.timed_out, stats.abandoned), (2, 2, 0, 0));
        let quick = stats.wait_max;
        // One in vain, one that gives up, and one that waits and is served.
        pool.acquire().await.map(drop).unwrap_err();
        let mut gives_up = polled(pool.acquire());
        assert!(gives_up.poll_once().await.is_none());
        assert_eq!(pool.stats().waiting, 1);
        drop(gives_up);
        let mut served = polled(pool.acquire_within(Duration::from_secs(20)));
        assert!(served.poll_once().await.is_none());
        tokio::time::sleep(Duration::from_millis(30)).await;
        drop(one);
        let one = served.0.await.unwrap();
        let stats = pool.stats();
        assert_eq!((stats.waiting, stats.acquired, stats.timed_out, stats.abandoned), (0, 3, 1, 1));
        assert!(stats.wait_max >= Duration::from_millis(30) && stats.wait_max >= quick, "{stats:?}");
        assert!(stats.wait_total >= stats.wait_max, "{stats:?}");
        assert!(stats.waits.percentile(100) >= Duration::from_millis(30), "{stats:?}");
        assert_eq!(stats.waits.classes().map(|(_, count)| count).sum::<u64>(), 3);
        drop((one, other));
        pool.close().await;
        let stats = pool.stats();
        assert_eq!(
            (stats.size, stats.closed.total(), stats.closed.because(CloseCause::PoolClosed)),
            (0, 2, 2)
        );
    });
}
