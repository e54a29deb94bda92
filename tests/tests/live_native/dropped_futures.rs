use std::sync::Arc;

use trunkline::{Connection, TransactionStatus};
use trunkline_tests::live::{connect_watched, on_every_version, on_version, poll_then_drop};

/// What is begun and dropped. Its SQL differs from round to round where it is to be new to the connection.
async fn begin(c: &Connection, kind: usize, round: usize) {
    let new = |sql: &str| format!("{sql} /* {round} */");
    let dropped = match kind {
        0 => c.fetch("select $1::int4, 'kept'", (1,)).await.map(drop),
        1 => c.fetch(&new("select $1::int4, 'new'"), (1,)).await.map(drop),
        2 => c.fetch(&new("select i from generate_series(1, 20) i"), ()).await.map(drop),
        3 => c.fetch(&new("select $1::int4 from no_such_table"), (1,)).await.map(drop),
        4 => c.execute_script(&new("select 1; select 2; select 3")).await.map(drop),
        5 => {
            let batch =
                c.batch().query("select $1::int8", (1_i64,)).query("select 1/0", ()).query("select 2", ());
            batch.run().await.map(drop)
        }
        6 => c.prepare(&new("select $1::text")).await.map(drop),
        7 => c.execute("copy pg_namespace to stdout", ()).await.map(drop),
        8 => c.execute_script("copy pg_temp.t from stdin").await.map(drop),
        _ => c.fetch(&new("select 'postgres=r/postgres'::aclitem"), ()).await.map(drop),
    };
    // Those that fail do so on purpose.
    let _ = dropped;
}

#[test]
fn a_query_dropped_at_any_point_leaves_the_connection_right() {
    on_every_version(async |server| {
        for kind in 0..10 {
            let (c, watch) = connect_watched(server, "").await;
            c.execute("create temp table t (i int4)", ()).await.unwrap();
            // Few bytes at a time make many points.
            watch.trickle(11);
            for polls in 0.. {
                let ended = poll_then_drop(begin(&c, kind, polls), polls).await;
                let answer = i64::try_from(polls).unwrap();
                let got = c.fetch_val::<i64, _>("select $1::int8", (answer,)).await;
                assert_eq!(got.unwrap(), Some(answer), "kind {kind}, dropped after {polls} polls");
                assert_eq!(c.transaction_status(), TransactionStatus::Idle);
                if ended {
                    assert!(polls > 5, "kind {kind} ended within {polls} polls");
                    break;
                }
            }
        }
    });
}

#[test]
fn two_dropped_one_after_the_other_leave_it_right() {
    on_version(18, async |server| {
        let (c, watch) = connect_watched(server, "").await;
        c.execute("create temp table t (i int4)", ()).await.unwrap();
        watch.trickle(23);
        for first in 0..10 {
            for second in 0..10 {
                for polls in [1, 2, 3, 5, 8, 13, 21] {
                    let round = first * 10_000 + second * 100 + polls;
                    poll_then_drop(begin(&c, first, round), polls).await;
                    poll_then_drop(begin(&c, second, round), 22 - polls).await;
                    let answer = i32::try_from(round).unwrap();
                    let got = c.fetch_val::<i32, _>("select $1::int4", (answer,)).await;
                    assert_eq!(got.unwrap(), Some(answer), "kinds {first} and {second}, {polls} polls");
                }
            }
        }
    });
}

#[test]
fn when_the_one_who_drives_is_dropped_another_goes_on() {
    on_every_version(async |server| {
        let (c, watch) = connect_watched(server, "").await;
        watch.trickle(17);
        let c = Arc::new(c);
        for polls in 1..60 {
            let driver = tokio::spawn({
                let c = Arc::clone(&c);
                async move { poll_then_drop(c.fetch("select i from generate_series(1, 30) i", ()), polls).await }
            });
            let others: Vec<_> = (0..5_i32)
                .map(|i| {
                    let c = Arc::clone(&c);
                    tokio::spawn(async move {
                        let sql = format!("select $1::int4 + {i} /* {polls} */");
                        // Every other one is dropped as well, early or late.
                        if i % 2 == 0 {
                            c.fetch_val::<i32, _>(&sql, (i,)).await.unwrap() == Some(2 * i)
                        } else {
                            poll_then_drop(c.fetch_val::<i32, _>(&sql, (i,)), polls / 2 + 1).await;
                            true
                        }
                    })
                })
                .collect();
            driver.await.unwrap();
            for other in others {
                assert!(other.await.unwrap(), "after {polls} polls");
            }
        }
    });
}

#[test]
fn an_aborted_task_leaves_the_rest_of_the_pipeline_going() {
    on_every_version(async |server| {
        let (c, _) = connect_watched(server, "").await;
        let c = Arc::new(c);
        for round in 0..50_u32 {
            let tasks: Vec<_> = (0..6_i32)
                .map(|i| {
                    let c = Arc::clone(&c);
                    tokio::spawn(async move { c.fetch_val::<i32, _>("select $1::int4", (i,)).await })
                })
                .collect();
            for _ in 0..round % 4 {
                tokio::task::yield_now().await;
            }
            for (task, i) in tasks.iter().zip(0..6) {
                if round >> i & 1 == 1 {
                    task.abort();
                }
            }
            for (task, i) in tasks.into_iter().zip(0..6) {
                match task.await {
                    Ok(answer) => assert_eq!(answer.unwrap(), Some(i)),
                    Err(error) => assert!(error.is_cancelled()),
                }
            }
        }
    });
}
