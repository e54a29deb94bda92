//! Pools whose connections, or whose server, go away.

use std::time::{Duration, Instant};

use trunkline::pool::CloseCause;
use trunkline::{Error, Pool, PoolError};
use trunkline_tests::live::{VERSIONS, block_on, connect, message, on_every_version, sqlstate};
use trunkline_tests::server::Server;

use crate::pools::{pool, until};

/// Ends sessions, and waits until they are gone.
async fn kill(server: &Server, pids: &[u32]) {
    let killer = connect(server).await;
    let pids: Vec<i32> = pids.iter().map(|pid| i32::try_from(*pid).unwrap()).collect();
    killer.fetch("select pg_terminate_backend(pid) from unnest($1::int4[]) pid", (&pids,)).await.unwrap();
    let left = "select count(*) from pg_stat_activity where pid = any($1::int4[])";
    while killer.fetch_val::<i64, _>(left, (&pids,)).await.unwrap() != Some(0) {
        tokio::task::yield_now().await;
    }
}

#[test]
fn promise_20_connections_killed_while_idle_are_replaced_without_anybody_noticing() {
    on_every_version(async |server| {
        let pool = pool(server, Pool::builder().max_size(5)).await;
        for round in 1..=3 {
            let mut held = Vec::new();
            for _ in 0..5 {
                held.push(pool.acquire().await.unwrap());
            }
            let pids: Vec<u32> = held.iter().map(|connection| connection.server_pid()).collect();
            drop(held);
            kill(server, &pids).await;
            for i in 0..20 {
                assert_eq!(pool.fetch_val::<i32, _>("select $1::int4", (i,)).await.unwrap(), Some(i));
            }
            assert!(pool.stats().closed.because(CloseCause::Broken) >= round, "{:?}", pool.stats());
        }
    });
}

#[test]
fn promise_20_a_connection_killed_in_use_says_so_and_the_next_works() {
    on_every_version(async |server| {
        let pool = pool(server, Pool::builder().max_size(1)).await;
        let connection = pool.acquire().await.unwrap();
        let pid = connection.server_pid();
        let (killed, ()) = tokio::join!(connection.fetch("select pg_sleep(60)", ()), async {
            kill(server, &[pid]).await;
        });
        let error = killed.unwrap_err();
        assert!(!error.safe_to_retry(), "it may have run");
        assert_eq!(sqlstate::<()>(Err(error)), "57P01");
        drop(connection);
        pool.execute("select 1", ()).await.unwrap();
    });
}

#[test]
fn promise_20_a_pool_comes_back_by_itself_after_a_restart_of_the_server() {
    for version in VERSIONS {
        let mut server = Server::start(version).unwrap();
        block_on(async {
            let builder = Pool::builder().max_size(5).min_size(2).acquire_timeout(Duration::from_secs(20));
            // Without SCRAM, which in a debug build would be all that a new connection costs.
            let pool = builder.connect(&server.url_for("trust_user").unwrap()).await.unwrap();
            until("two connections", || pool.stats().idle >= 2).await;
            server.stop().unwrap();
            let hasty = pool.acquire_within(Duration::from_millis(300)).await.unwrap_err();
            let text = hasty.to_string();
            assert!(
                text.contains("the last attempt to open one failed: cannot connect to PostgreSQL"),
                "{text}"
            );
            assert!(matches!(&hasty, Error::Pool(why) if matches!(**why, PoolError::Timeout(_))));
            let waiting: Vec<_> = (0..20)
                .map(|i| {
                    let pool = pool.clone();
                    tokio::spawn(async move { pool.fetch_val::<i32, _>("select $1::int4", (i,)).await })
                })
                .collect();
            until("all to wait", || pool.stats().waiting >= 20).await;
            server.start_again().unwrap();
            let start = Instant::now();
            for (task, i) in waiting.into_iter().zip(0..20) {
                assert_eq!(task.await.unwrap().unwrap(), Some(i));
            }
            // Half a second at most where nothing else runs.
            assert!(start.elapsed() < Duration::from_secs(2), "back after {:?}", start.elapsed());
            pool.close().await;
            assert_eq!(message(pool.acquire().await.map(drop)), "the pool is closed");
        });
    }
}

#[test]
fn a_server_that_is_not_there_is_told_of_at_the_deadline() {
    block_on(async {
        let config = trunkline::Config::new().host_port("127.0.0.1", 1).user("ada").dbname("app");
        let error = Pool::builder().connect_with(&config).await.unwrap_err();
        assert!(error.to_string().contains("does a server run there"), "at once: {error}");
        let pool = Pool::builder().acquire_timeout(Duration::from_millis(200)).build(&config).unwrap();
        let start = Instant::now();
        let error = pool.acquire().await.unwrap_err();
        assert!(start.elapsed() >= Duration::from_millis(200));
        assert!(error.to_string().contains("does a server run there"), "{error}");
        let attempts = pool.stats().open_failures;
        assert!((2..8).contains(&attempts), "with pauses that grow: {attempts}");
    });
}
