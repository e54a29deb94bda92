use std::sync::Arc;

use futures_util::future::LocalBoxFuture;
use futures_util::{StreamExt, TryStreamExt};
use trunkline::pool::Reset;
use trunkline::{Connection, CopyOptions, CopySource, Error, Pool, TransactionOptions, TransactionStatus};
use trunkline_tests::live::{connect, connect_watched, on_every_version, on_version, poll_then_drop};

use crate::pools::watched;

/// Something that is begun and dropped: the connection is then as good as before, and in no transaction.
struct Method<C> {
    name: &'static str,
    begin: for<'a> fn(&'a mut C, usize) -> LocalBoxFuture<'a, Result<(), Error>>,
}

/// The methods, one in a line: what they are given, and what round it is. A statement of `new` differs from round to
/// round, and so is new to the connection. Those that fail do so on purpose.
macro_rules! methods {
    ($($name:literal: |$c:ident, $round:ident| $body:expr;)*) => {
        &[$(Method {
            name: $name,
            begin: |$c, $round| {
                let _ = $round;
                Box::pin(async move {
                    $body;
                    Ok(())
                })
            },
        }),*]
    };
}

fn new(sql: &str, round: usize) -> String {
    format!("{sql} /* {round} */")
}

const ROWS: &str = "select i from generate_series(1, 20) i";
const INSERT: &str = "insert into t values ($1)";

const METHODS: &[Method<Connection>] = methods! {
    "fetch": |c, round| c.fetch("select $1::int4, 'kept'", (1,)).await?;
    "fetch new": |c, round| c.fetch(&new("select $1::int4, 'new'", round), (1,)).await?;
    "fetch many rows": |c, round| c.fetch(&new(ROWS, round), ()).await?;
    "fetch what fails": |c, round| c.fetch(&new("select $1::int4 from no_such_table", round), (1,)).await?;
    "execute_script": |c, round| c.execute_script(&new("select 1; select 2; select 3", round)).await?;
    "batch": |c, round| {
        c.batch().query("select $1::int8", (1_i64,)).query("select 1/0", ()).query("select 2", ()).run().await?
    };
    "prepare": |c, round| c.prepare(&new("select $1::text", round)).await?;
    "copy out by the wrong door": |c, round| c.execute("copy pg_namespace to stdout", ()).await?;
    "copy in by the wrong door": |c, round| c.execute_script("copy pg_temp.t from stdin").await?;
    "fetch what has no binary form": |c, round| {
        c.fetch(&new("select 'postgres=r/postgres'::aclitem", round), ()).await?
    };
    "execute": |c, round| c.execute(INSERT, (1,)).await?;
    "fetch_row": |c, round| c.fetch_row(ROWS, ()).await?;
    "fetch_one": |c, round| c.fetch_one("select 1", ()).await?;
    "fetch_val": |c, round| c.fetch_val::<i32, _>("select $1::int4", (1,)).await?;
    "fetch_as": |c, round| c.fetch_as::<(i32,), _>(ROWS, ()).await?;
    "execute_many": |c, round| c.execute_many(INSERT, (0..10).map(|i| (i,))).await?;
    "fetch_many": |c, round| c.fetch_many(&new("select $1::int4", round), (0..10).map(|i| (i,))).await?;
    "explain": |c, round| c.explain("select 1", (), "costs off").await?;
    "close_statement": |c, round| {
        let statement = c.prepare(&new("select 5", round)).await?;
        c.close_statement(&statement).await?;
    };
    "stream": |c, round| drop(c.stream(&new(ROWS, round), ()).await?);
    "stream, row by row": |c, round| {
        let mut rows = c.stream(ROWS, ()).await?;
        while rows.next_row().await?.is_some() {}
    };
    "stream, by the batch": |c, round| {
        let mut rows = c.stream(ROWS, ()).await?;
        while rows.next_batch().await?.is_some() {}
    };
    "stream_as": |c, round| c.stream_as::<(i32,), _>(ROWS, ()).await?.try_collect::<Vec<_>>().await?;
    "cursor": |c, round| drop(c.cursor(&new(ROWS, round), ()).await?);
    "cursor, outside of a transaction": |c, round| {
        let mut cursor = c.cursor("select generate_series(1, 70)", ()).await?.prefetch(5);
        cursor.forward(52).await?;
        cursor.fetch(3).await?;
        while let Some(row) = cursor.next().await {
            row?;
        }
    };
    "cursor, in a transaction": |c, round| {
        let transaction = c.begin().await?;
        let mut cursor = transaction.cursor("select generate_series(1, 70)", ()).await?;
        cursor.forward(52).await?;
        transaction.fetch("select 1", ()).await?;
        cursor.fetch(3).await?;
        cursor.fetch_row().await?;
        cursor.close().await?;
        transaction.rollback().await?;
    };
    "a transaction with a savepoint": |c, round| {
        let mut transaction = c.begin().await?;
        transaction.execute(INSERT, (1,)).await?;
        let savepoint = transaction.begin().await?;
        savepoint.execute(INSERT, (2,)).await?;
        savepoint.commit().await?;
        transaction.commit().await?;
    };
    "transaction": |c, round| {
        let options = TransactionOptions::new();
        c.transaction(&options, async |tx| tx.execute(INSERT, (1,)).await).await?
    };
};

const METHODS_OF_POOLS: &[Method<Pool>] = methods! {
    "acquire": |pool, round| drop(pool.acquire().await?);
    "fetch": |pool, round| pool.fetch(&new("select $1::int4", round), (1,)).await?;
    "execute_many": |pool, round| pool.execute_many(INSERT_DROPPED, (0..10).map(|i| (i,))).await?;
    "fetch_many": |pool, round| pool.fetch_many("select $1::int4", (0..10).map(|i| (i,))).await?;
    "explain": |pool, round| pool.explain("select 1", (), "costs off").await?;
    "prepare": |pool, round| pool.prepare(&new("select $1::text", round)).await?;
    "notify": |pool, round| pool.notify("nobody", "").await?;
    "batch": |pool, round| pool.batch().query("select 1", ()).query("select 2", ()).run().await?;
    "stream": |pool, round| {
        let mut rows = pool.stream(ROWS, ()).await?;
        while rows.next_row().await?.is_some() {}
    };
    "a transaction with a savepoint": |pool, round| {
        let mut transaction = pool.begin().await?;
        transaction.execute(INSERT_DROPPED, (1,)).await?;
        let savepoint = transaction.begin().await?;
        savepoint.execute(INSERT_DROPPED, (2,)).await?;
        savepoint.rollback().await?;
        transaction.rollback().await?;
    };
    "transaction": |pool, round| {
        let options = TransactionOptions::new();
        pool.transaction(&options, async |tx| tx.execute("select 1", ()).await).await?
    };
    "copy_in": |pool, round| {
        let mut copy = pool.copy_in("dropped", CopyOptions::text()).await?;
        copy.send("1\n2\n").await?;
        copy.flush().await?;
        copy.abort("enough").await?;
    };
    "copy_in_rows": |pool, round| {
        pool.copy_in_rows("dropped", ["i"], [("no number",)]).await.unwrap_err()
    };
    "copy_out": |pool, round| {
        let source = CopySource::query(ROWS, ());
        pool.copy_out(source, CopyOptions::text()).await?.try_collect::<Vec<_>>().await?
    };
    "copy_out_rows": |pool, round| {
        pool.copy_out_rows(CopySource::query(ROWS, ())).await?.try_collect::<Vec<_>>().await?
    };
};

const INSERT_DROPPED: &str = "insert into dropped select i from (select $1::int4) as t (i) where false";

#[test]
fn promise_21_what_is_begun_on_a_pool_and_dropped_at_any_point_gives_the_connection_back() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute_script("drop table if exists dropped; create table dropped (i int4)").await.unwrap();
        for method in METHODS_OF_POOLS {
            let (mut pool, watch) = watched(server, Pool::builder().reset(Reset::TransactionOnly)).await;
            watch.trickle(11);
            for polls in 0.. {
                let ended = poll_then_drop((method.begin)(&mut pool, polls), polls).await;
                let answer = i64::try_from(polls).unwrap();
                let got =
                    pool.fetch_val::<i64, _>("select $1::int8 + count(*) from dropped", (answer,)).await;
                assert_eq!(got.unwrap(), Some(answer), "{}, dropped after {polls} polls", method.name);
                assert_eq!(pool.stats().idle, 1, "{}, dropped after {polls} polls", method.name);
                if ended {
                    break;
                }
            }
            assert_eq!(pool.stats().opened, 1, "{}: {:?}", method.name, pool.stats());
        }
    });
}

#[test]
fn promise_21_a_query_dropped_at_any_point_leaves_the_connection_right() {
    on_every_version(async |server| {
        for method in METHODS {
            let (mut c, watch) = connect_watched(server, "").await;
            c.execute("create temp table t (i int4)", ()).await.unwrap();
            // Few bytes at a time make many points.
            watch.trickle(11);
            for polls in 0.. {
                let ended = poll_then_drop((method.begin)(&mut c, polls), polls).await;
                let answer = i64::try_from(polls).unwrap();
                let got = c.fetch_val::<i64, _>("select $1::int8", (answer,)).await;
                assert_eq!(got.unwrap(), Some(answer), "{}, dropped after {polls} polls", method.name);
                assert_eq!(c.transaction_status(), TransactionStatus::Idle, "{}", method.name);
                if ended {
                    assert!(polls > 5, "{} ended within {polls} polls", method.name);
                    break;
                }
            }
        }
    });
}

#[test]
fn two_dropped_one_after_the_other_leave_it_right() {
    on_version(18, async |server| {
        let (mut c, watch) = connect_watched(server, "").await;
        c.execute("create temp table t (i int4)", ()).await.unwrap();
        watch.trickle(23);
        let mut round = 1000;
        for first in METHODS {
            for second in METHODS {
                for polls in [1, 3, 8, 20] {
                    round += 1;
                    poll_then_drop((first.begin)(&mut c, round), polls).await;
                    poll_then_drop((second.begin)(&mut c, round), 22 - polls).await;
                    let answer = i32::try_from(round).unwrap();
                    let got = c.fetch_val::<i32, _>("select $1::int4", (answer,)).await;
                    let which = (first.name, second.name);
                    assert_eq!(got.unwrap(), Some(answer), "{which:?}, {polls} polls");
                    assert_eq!(c.transaction_status(), TransactionStatus::Idle, "{which:?}, {polls} polls");
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
