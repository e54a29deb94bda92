//! Rows when they are asked for.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use trunkline::{Cursor, Error, TransactionStatus, query};
use trunkline_core::message::backend::DataRow;
use trunkline_core::wire::Frame;
use trunkline_tests::live::{
    Watch, connect, connect_watched, on_every_version, on_version, poll_then_drop, sqlstate,
};

const MANY: &str = "select i from generate_series(1, $1::int4) i";

async fn numbers(cursor: &mut Cursor<'_>, rows: u32) -> Vec<i32> {
    cursor.fetch(rows).await.unwrap().iter().map(|row| row.get(0).unwrap()).collect()
}

fn range(from: i32, to: i32) -> Vec<i32> {
    (from..=to).collect()
}

#[test]
fn cursor_fetch_gives_as_many_as_are_asked_for() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        for in_transaction in [true, false] {
            let transaction = c.begin().await.unwrap();
            if !in_transaction {
                transaction.execute("rollback", ()).await.unwrap();
            }
            let mut cursor = transaction.cursor(MANY, (1000,)).await.unwrap();
            assert_eq!(cursor.columns().len(), 1);
            assert_eq!(numbers(&mut cursor, 3).await, range(1, 3));
            assert_eq!(cursor.fetch_row().await.unwrap().unwrap().get::<i32>(0).unwrap(), 4);
            assert_eq!(numbers(&mut cursor, 100).await, range(5, 104), "past what was prefetched");
            assert_eq!(numbers(&mut cursor, 0).await, range(1, 0));
            assert_eq!(cursor.forward(0).await.unwrap(), 0);
            assert_eq!(cursor.forward(96).await.unwrap(), 96);
            assert_eq!(numbers(&mut cursor, 2).await, [201, 202]);
            let mut cursor = cursor.prefetch(7);
            for i in 203..=240 {
                assert_eq!(cursor.fetch_row().await.unwrap().unwrap().get::<i32>(0).unwrap(), i);
            }
            assert_eq!(cursor.forward(10).await.unwrap(), 10, "a few of them are here already");
            assert_eq!(numbers(&mut cursor, u32::MAX).await, range(251, 1000));
            assert_eq!(numbers(&mut cursor, 5).await, range(1, 0));
            assert!(cursor.fetch_row().await.unwrap().is_none());
            assert_eq!(cursor.forward(5).await.unwrap(), 0);
            cursor.close().await.unwrap();
            assert_eq!(transaction.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
        }
        assert_eq!(c.transaction_status(), TransactionStatus::Idle);
    });
}

/// How many rows came since the last look.
fn rows_read(watch: &Watch) -> usize {
    let read = watch.take().read;
    let (mut rest, mut rows) = (&read[..], 0);
    while let Some(frame) = Frame::read(rest).unwrap() {
        rows += usize::from(frame.tag == DataRow::TAG);
        rest = &rest[frame.frame_len()..];
    }
    assert!(rest.is_empty(), "whole messages");
    rows
}

#[test]
fn cursor_prefetch_is_how_many_rows_come_at_once() {
    on_every_version(async |server| {
        let (mut c, watch) = connect_watched(server, "").await;
        let transaction = c.begin().await.unwrap();
        let mut cursor = transaction.cursor(MANY, (1000,)).await.unwrap();
        assert_eq!(rows_read(&watch), 50, "with the query");
        for prefetch in [7, 20] {
            cursor = cursor.prefetch(prefetch);
            while cursor.fetch_row().await.unwrap().is_some() {
                let read = rows_read(&watch);
                if read > 0 {
                    assert_eq!(read, usize::try_from(prefetch).unwrap());
                    break;
                }
            }
            // One of them is read, and the others are here.
            for _ in 1..prefetch {
                assert!(cursor.fetch_row().await.unwrap().is_some());
                assert_eq!(rows_read(&watch), 0);
            }
        }
        assert_eq!(cursor.fetch(3).await.unwrap().len(), 3);
        assert_eq!(rows_read(&watch), 3, "fetch(n) asks for n");
        assert_eq!(cursor.forward(100).await.unwrap(), 100);
        assert_eq!(rows_read(&watch), 0, "forward(n) has none sent");
        let left = cursor.prefetch(0).try_collect::<Vec<_>>().await.unwrap();
        assert_eq!((left.len(), rows_read(&watch)), (1000 - 50 - 27 - 103, 1000 - 50 - 27 - 103));
    });
}

#[test]
fn cursor_forward_stops_at_the_end() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        let transaction = c.begin().await.unwrap();
        let mut cursor = transaction.cursor(MANY, (120,)).await.unwrap();
        assert_eq!(cursor.forward(1000).await.unwrap(), 120);
        assert_eq!(numbers(&mut cursor, 1).await, range(1, 0));
        let mut short = transaction.cursor(MANY, (3,)).await.unwrap();
        assert_eq!(short.forward(2).await.unwrap(), 2);
        assert_eq!(numbers(&mut short, 10).await, [3]);
    });
}

#[test]
fn cursor_is_a_stream() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        let transaction = c.begin().await.unwrap();
        for prefetch in [1, 7, 50, 0] {
            let cursor = transaction.cursor(MANY, (300,)).await.unwrap().prefetch(prefetch);
            let rows: Vec<_> = cursor.try_collect().await.unwrap();
            let numbers: Vec<i32> = rows.iter().map(|row| row.get(0).unwrap()).collect();
            assert_eq!(numbers, range(1, 300));
        }
    });
}

#[test]
fn cursor_lets_other_statements_run_between_in_a_transaction() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        c.execute(
            "create temp table jobs as select i as id, false as seen from generate_series(1, 200) i",
            (),
        )
        .await
        .unwrap();
        let transaction = c.begin().await.unwrap();
        let mut jobs = transaction.cursor("select id from jobs order by id", ()).await.unwrap().prefetch(10);
        let mut others = transaction.cursor(MANY, (500,)).await.unwrap().prefetch(3);
        let mut seen = 0;
        while let Some(job) = jobs.next().await {
            let id = job.unwrap().get::<i32>(0).unwrap();
            transaction.execute("update jobs set seen = true where id = $1", (id,)).await.unwrap();
            assert_eq!(others.fetch_row().await.unwrap().unwrap().get::<i32>(0).unwrap(), id);
            seen += 1;
        }
        assert_eq!(seen, 200);
        drop((jobs, others));
        transaction.commit().await.unwrap();
        let left = c.fetch_val::<i64, _>("select count(*) from jobs where not seen", ()).await.unwrap();
        assert_eq!(left, Some(0));
    });
}

#[test]
fn cursor_dropped_at_any_time_is_closed() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        for in_transaction in [true, false] {
            for fetches in 0..3 {
                for polls in 0..6 {
                    let transaction = c.begin().await.unwrap();
                    if !in_transaction {
                        transaction.execute("rollback", ()).await.unwrap();
                    }
                    let sql = format!("{MANY} /* {fetches} {polls} */");
                    if fetches == 0 {
                        poll_then_drop(transaction.cursor(&sql, (1000,)), polls).await;
                    } else {
                        let mut cursor = transaction.cursor(&sql, (1000,)).await.unwrap();
                        if fetches == 2 {
                            poll_then_drop(cursor.forward(200), polls).await;
                        }
                        poll_then_drop(cursor.fetch(200), polls).await;
                    }
                    assert_eq!(transaction.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
                    let open = "select count(*) from pg_cursors where name like 'trunkline%'";
                    assert_eq!(transaction.fetch_val::<i64, _>(open, ()).await.unwrap(), Some(0));
                }
            }
        }
    });
}

#[test]
fn cursor_fetch_that_is_dropped_loses_no_row() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        let transaction = c.begin().await.unwrap();
        for polls in 0..5 {
            let mut cursor = transaction.cursor(MANY, (1000,)).await.unwrap();
            let ended = poll_then_drop(cursor.fetch(200), polls).await;
            let next = if ended { 201 } else { 1 };
            assert_eq!(numbers(&mut cursor, 300).await, range(next, next + 299), "after {polls} polls");
        }
    });
}

#[test]
fn cursor_ends_with_what_fails_later() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        assert_eq!(sqlstate(c.cursor("select nothing", ()).await), "42703");
        assert!(matches!(c.cursor("copy t to stdout", ()).await, Err(Error::Usage(_))));
        let simple = query("select 1").mode(trunkline::StatementMode::Simple);
        assert!(matches!(c.cursor(&simple, ()).await, Err(Error::Usage(_))));
        let divides = "select 1/(200 - i) from generate_series(1, 1000) i";
        for in_transaction in [true, false] {
            let transaction = c.begin().await.unwrap();
            if !in_transaction {
                transaction.execute("rollback", ()).await.unwrap();
            }
            let mut cursor = transaction.cursor(divides, ()).await.unwrap();
            assert_eq!(cursor.fetch(100).await.unwrap().len(), 100);
            assert_eq!(sqlstate(cursor.fetch(200).await), "22012");
            cursor.close().await.unwrap();
            transaction.rollback().await.unwrap();
        }
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
    });
}

#[test]
fn commands_that_return_rows_or_none_have_cursors_too() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        let transaction = c.begin().await.unwrap();
        let mut none = transaction.cursor("create temp table t (i int4)", ()).await.unwrap();
        assert_eq!(none.fetch(1).await.unwrap().tag().as_str(), "CREATE TABLE");
        let returning = "insert into t select i from generate_series(1, 100) i returning i";
        let mut inserted = transaction.cursor(returning, ()).await.unwrap();
        assert_eq!(numbers(&mut inserted, 70).await, range(1, 70));
        inserted.close().await.unwrap();
        let count = transaction.fetch_val::<i64, _>("select count(*) from t", ()).await.unwrap();
        assert_eq!(count, Some(100), "it ran to its end at once");
    });
}

#[test]
fn outside_of_a_transaction_others_wait_and_a_task_that_waits_for_itself_is_told() {
    on_version(18, async |server| {
        let c = connect(server).await;
        let cursor = c.cursor(MANY, (1000,)).await.unwrap();
        let (one, ()) = tokio::join!(c.fetch_val::<i32, _>("select 1", ()), async {
            tokio::task::yield_now().await;
            cursor.close().await.unwrap();
        });
        assert_eq!(one.unwrap(), Some(1));
        let mut cursor = c.cursor(MANY, (1000,)).await.unwrap();
        // Nothing moves any more, so that time passes.
        tokio::time::pause();
        let ticks = tokio::spawn(async {
            loop {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        let stuck = c.fetch_val::<i32, _>("select 1", ()).await.unwrap_err();
        tokio::time::resume();
        ticks.abort();
        assert!(matches!(stuck, Error::Timeout(..)) && stuck.to_string().contains("cursor"), "{stuck}");
        // More than there are, so that it ends.
        assert_eq!(numbers(&mut cursor, 1001).await, range(1, 1000));
        assert_eq!(c.fetch_val::<i32, _>("select 2", ()).await.unwrap(), Some(2));
    });
}
