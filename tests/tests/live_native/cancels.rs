//! Queries that are dropped, run out of time or are cancelled by a token.

use std::sync::Arc;
use std::time::{Duration, Instant};

use trunkline::{Connection, Error, TransactionStatus, query};
use trunkline_tests::live::{
    connect, connect_watched, connect_with, on_every_version, poll_then_drop, sqlstate,
};

/// Far less than what is cancelled would take, far more than a cancel takes on a busy machine.
const SOON: Duration = Duration::from_secs(15);
const SLEEP: &str = "select pg_sleep(60)";

/// Whether the server still runs something for a connection.
async fn is_running(observer: &Connection, c: &Connection) -> bool {
    let sql = "select exists (select from pg_stat_activity where pid = $1 and state = 'active')";
    observer.fetch_val::<bool, _>(sql, (i32::try_from(c.server_pid()).unwrap(),)).await.unwrap().unwrap()
}

async fn until_idle(observer: &Connection, c: &Connection) {
    let began = Instant::now();
    while is_running(observer, c).await {
        assert!(began.elapsed() < SOON, "it still runs");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn until_running(observer: &Connection, c: &Connection) {
    while !is_running(observer, c).await {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[test]
fn promise_12_a_dropped_query_is_cancelled_on_the_server_and_never_disturbs_the_next_one() {
    on_every_version(async |server| {
        let (observer, c) = (connect(server).await, connect(server).await);
        for answer in 0..5_i32 {
            poll_then_drop(c.execute(SLEEP, ()), 1).await;
            // Nobody uses the connection, and it ends all the same.
            until_idle(&observer, &c).await;
            assert_eq!(c.fetch_val::<i32, _>("select $1::int4", (answer,)).await.unwrap(), Some(answer));
        }
    });
}

#[test]
fn promise_12_a_timed_out_query_is_cancelled_on_the_server_and_never_disturbs_the_next_one() {
    on_every_version(async |server| {
        let observer = connect(server).await;
        let c = connect_with(server, "command_timeout=100ms").await;
        for answer in 0..3_i32 {
            let late = c.execute(SLEEP, ()).await.unwrap_err();
            assert!(matches!(late, Error::Timeout(..)), "{late}");
            until_idle(&observer, &c).await;
            assert_eq!(c.fetch_val::<i32, _>("select $1::int4", (answer,)).await.unwrap(), Some(answer));
        }
    });
}

#[test]
fn timeout_of_one_call_goes_before_the_connections() {
    on_every_version(async |server| {
        let c = connect_with(server, "command_timeout=100ms").await;
        let patient = query("select pg_sleep(0.3)").timeout(Duration::from_secs(20));
        c.execute(&patient, ()).await.unwrap();
        let hasty = query(SLEEP).timeout(Duration::from_millis(50));
        let late = c.execute(&hasty, ()).await.unwrap_err();
        assert_eq!(late.to_string(), "no answer within 50ms while waiting for the end of a query");
        let late = c.execute(SLEEP, ()).await.unwrap_err();
        assert_eq!(late.to_string(), "no answer within 100ms while waiting for the end of a query");
        // Every way to run it has it.
        let runs = query("select pg_sleep($1)").timeout(Duration::from_millis(50));
        let many = c.execute_many(&runs, [(60.0,), (60.0,)]).await.unwrap_err();
        let batch = c.batch().query(&hasty, ()).run().await.unwrap().remove(0).unwrap_err();
        let streamed = c.stream(&hasty, ()).await.unwrap_err();
        let portal = c.cursor(&hasty, ()).await.unwrap_err();
        for late in [many, batch, streamed, portal] {
            assert!(matches!(late, Error::Timeout(_, limit) if limit.as_millis() == 50), "{late}");
        }
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
    });
}

#[test]
fn dropped_fetches_of_ten_million_rows_free_the_connection() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for answer in 0..3_i32 {
            poll_then_drop(c.fetch("select generate_series(1, 10000000)", ()), 3).await;
            let began = Instant::now();
            assert_eq!(c.fetch_val::<i32, _>("select $1::int4", (answer,)).await.unwrap(), Some(answer));
            // Sending them all takes seconds.
            assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        }
    });
}

#[test]
fn what_follows_a_dropped_query_is_never_hit() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for round in 0..60_i32 {
            // About as long as a request takes, so that some come late.
            let sql = format!("select pg_sleep({})", 0.008 + f64::from(round % 20) * 0.000_5);
            poll_then_drop(c.execute(&sql, ()), 2).await;
            let sum = "select sum(i) from generate_series(1, 20000 + $1::int4) i";
            let next = c.fetch_val::<i64, _>(sum, (0,)).await;
            assert_eq!(next.unwrap(), Some(200_010_000), "round {round}");
        }
    });
}

#[test]
fn cancel_token_cancels_what_runs_and_nothing_else() {
    on_every_version(async |server| {
        let (observer, c) = (connect(server).await, connect(server).await);
        let token = c.cancel_token();
        token.cancel().await.unwrap();
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1), "nothing ran");
        for _ in 0..5 {
            let began = Instant::now();
            let (slept, (cancelled, next)) = tokio::join!(c.execute(SLEEP, ()), async {
                until_running(&observer, &c).await;
                tokio::join!(token.cancel(), c.fetch_val::<i32, _>("select 2", ()))
            });
            cancelled.unwrap();
            assert_eq!(sqlstate(slept), "57014");
            assert!(began.elapsed() < SOON);
            // It was sent before the request, which can hit it in place of the other.
            let next = sqlstate(next);
            assert!(next == "Ok(Some(2))" || next == "57014", "{next}");
            assert_eq!(c.fetch_val::<i32, _>("select 3", ()).await.unwrap(), Some(3));
        }
    });
}

#[test]
fn cancel_token_of_a_connection_that_is_gone_does_nothing() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let token = c.cancel_token();
        assert_eq!(format!("{token:?}"), "CancelToken { .. }");
        c.terminate();
        token.clone().cancel().await.unwrap();
    });
}

#[test]
fn a_statement_that_is_cancelled_fails_its_transaction() {
    on_every_version(async |server| {
        let (observer, c) = (connect(server).await, connect(server).await);
        // In a block it is described before it runs, unless it was before.
        c.prepare(SLEEP).await.unwrap();
        c.execute("begin", ()).await.unwrap();
        poll_then_drop(c.execute(SLEEP, ()), 1).await;
        until_idle(&observer, &c).await;
        assert_eq!(sqlstate(c.execute("select 1", ()).await), "25P02");
        assert_eq!(c.transaction_status(), TransactionStatus::Failed);
        c.execute("rollback", ()).await.unwrap();
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
    });
}

#[test]
fn a_stream_that_was_given_cannot_cancel_and_goes_on() {
    on_every_version(async |server| {
        let (c, _) = connect_watched(server, "").await;
        poll_then_drop(c.execute("select pg_sleep(0.2)", ()), 3).await;
        assert_eq!(c.fetch_val::<i32, _>("select 7", ()).await.unwrap(), Some(7));
        let slept = c.execute("select pg_sleep(0.2)", ());
        let token = c.cancel_token();
        let (slept, cancelled) = tokio::join!(slept, token.cancel());
        slept.unwrap();
        let refused = cancelled.unwrap_err().to_string();
        assert!(refused.contains("stream"), "{refused}");
    });
}

#[test]
fn others_on_the_connection_go_on_while_one_is_cancelled() {
    on_every_version(async |server| {
        let c = Arc::new(connect(server).await);
        for round in 0..10_i32 {
            let dropped = {
                let c = Arc::clone(&c);
                tokio::spawn(async move { poll_then_drop(c.execute(SLEEP, ()), 1).await })
            };
            dropped.await.unwrap();
            let tasks: Vec<_> = (0..5_i32)
                .map(|i| {
                    let c = Arc::clone(&c);
                    tokio::spawn(async move { c.fetch_val::<i32, _>("select $1::int4", (i + round,)).await })
                })
                .collect();
            for (task, i) in tasks.into_iter().zip(0..) {
                assert_eq!(task.await.unwrap().unwrap(), Some(i + round));
            }
        }
    });
}

#[test]
fn a_transaction_dropped_with_its_first_statement_is_rolled_back_after_the_cancel() {
    on_every_version(async |server| {
        let (observer, mut c) = (connect(server).await, connect(server).await);
        for _ in 0..3 {
            {
                let transaction = c.begin().await.unwrap();
                poll_then_drop(transaction.execute(SLEEP, ()), 1).await;
            }
            until_idle(&observer, &c).await;
            assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
            assert_eq!(c.transaction_status(), TransactionStatus::Idle);
        }
    });
}
