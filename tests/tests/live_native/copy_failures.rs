//! COPY that fails, is given up, or is dropped: the connection goes on, and nothing is kept.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use tokio::io::{AsyncRead, ReadBuf};
use trunkline::{Connection, CopyError, CopyOptions, CopySource, Error, TransactionStatus};
use trunkline_tests::live::{
    connect, connect_watched, connect_with, message, on_every_version, on_version, poll_then_drop, sqlstate,
};

const MANY: &str = "select i, repeat('x', 100) from generate_series(1, 200000) i";

async fn table(c: &Connection) {
    c.execute("create temp table t (id int4 primary key)", ()).await.unwrap();
}

/// The connection answers, and nothing is in the table.
async fn goes_on(c: &Connection) {
    assert_eq!(c.fetch_val::<i64, _>("select count(*) from t", ()).await.unwrap(), Some(0));
    assert_eq!(c.transaction_status(), TransactionStatus::Idle);
}

/// A reader that gives a megabyte and then fails.
struct Failing(usize);

impl AsyncRead for Failing {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.0 += 1;
        if self.0 > 16 {
            return Poll::Ready(Err(io::Error::other("the tape is torn")));
        }
        let line = format!("{}\n", self.0);
        out.put_slice(line.as_bytes());
        Poll::Ready(Ok(()))
    }
}

#[test]
fn promise_10_a_source_or_sink_that_fails_leaves_the_connection_usable() {
    on_every_version(async |server| {
        let c = connect(server).await;
        table(&c).await;
        let lines = |ok: usize| {
            let lines = (0..ok).map(|n| Ok(Bytes::from(format!("{n}\n"))));
            stream::iter(lines.chain([Err(io::Error::other("the source is dry"))]))
        };
        for ok in [0, 1, 100_000] {
            let copy = c.copy_in("t", CopyOptions::text()).await.unwrap();
            let failed = copy.send_all(lines(ok)).await;
            assert_eq!(message(failed), "the source of the COPY failed: the source is dry");
            goes_on(&c).await;
        }
        let copy = c.copy_in("t", CopyOptions::text()).await.unwrap();
        let failed = copy.read_all(Failing(0)).await;
        assert!(matches!(failed, Err(CopyError::Source(_))), "{failed:?}");
        goes_on(&c).await;
        // A sink that fails with little and with much to come.
        for count in [1, 200_000] {
            let query = CopySource::query("select i from generate_series(1, $1) i", (count,));
            let mut copy = c.copy_out(query, CopyOptions::csv()).await.unwrap();
            let failed: io::Result<u64> = tokio::io::copy(&mut copy, &mut FullDisk).await;
            assert_eq!(message(failed), "the disk is full");
            drop(copy);
            goes_on(&c).await;
        }
    });
}

struct FullDisk;

impl tokio::io::AsyncWrite for FullDisk {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Err(io::Error::other("the disk is full")))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[test]
fn copy_in_and_copy_out_end_with_an_error_of_the_server() {
    on_every_version(async |server| {
        let c = connect(server).await;
        table(&c).await;
        // At the end.
        let mut copy = c.copy_in("t", CopyOptions::text()).await.unwrap();
        copy.send("1\n2\n1\n").await.unwrap();
        assert_eq!(sqlstate(copy.finish().await), "23505");
        goes_on(&c).await;
        // Amid data without end: whoever sends is told, and soon.
        let mut copy = c.copy_in("t", CopyOptions::text()).await.unwrap();
        let line = Bytes::from("no number\n".repeat(10_000));
        let mut sent = 0;
        let failed = loop {
            match copy.send(line.clone()).await {
                Ok(()) => sent += 1,
                Err(error) => break error,
            }
            assert!(sent < 100_000, "ten gigabytes and no word");
        };
        assert_eq!(sqlstate(Err::<(), _>(failed)), "22P02");
        assert!(message(copy.send("1\n").await).contains("is over"));
        assert!(message(copy.finish().await).contains("is over"));
        goes_on(&c).await;
        // A flush waits until all is sent.
        let mut copy = c.copy_in("t", CopyOptions::text()).await.unwrap();
        copy.send(Bytes::from(vec![b'1'; 9 << 20])).await.unwrap();
        copy.flush().await.unwrap();
        assert_eq!(sqlstate(copy.finish().await), "22003");
        // Before it begins, and amid outgoing data.
        assert_eq!(sqlstate(c.copy_in("nothing", CopyOptions::text()).await), "42P01");
        let query = CopySource::query("select 1 / (500 - i) from generate_series(1, 1000) i", ());
        let mut copy = c.copy_out(query, CopyOptions::text()).await.unwrap();
        let failed = loop {
            match copy.try_next().await {
                Ok(Some(_)) => {}
                other => break other,
            }
        };
        assert_eq!(sqlstate(failed), "22012");
        assert!(copy.try_next().await.unwrap().is_none());
        drop(copy);
        goes_on(&c).await;
    });
}

#[test]
fn copy_in_abort_undoes_it() {
    on_every_version(async |server| {
        let c = connect(server).await;
        table(&c).await;
        let mut copy = c.copy_in("t", CopyOptions::text()).await.unwrap();
        copy.send("1\n").await.unwrap();
        copy.abort("the user has changed their mind").await.unwrap();
        goes_on(&c).await;
        let copy = c.copy_in("t", CopyOptions::text()).await.unwrap();
        assert!(message(copy.abort("a\0b").await).contains("NUL"));
        goes_on(&c).await;
        // In a block, the block fails with it, as with any error.
        c.execute("begin", ()).await.unwrap();
        let copy = c.copy_in("t", CopyOptions::text()).await.unwrap();
        drop(copy);
        assert_eq!(sqlstate(c.fetch("select 1", ()).await), "25P02");
        c.execute("rollback", ()).await.unwrap();
        goes_on(&c).await;
    });
}

#[test]
fn a_transaction_that_begins_with_a_copy_has_it_inside() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        table(&c).await;
        for keep in [false, true] {
            let tx = c.begin().await.unwrap();
            let mut copy = tx.copy_in("t", CopyOptions::text()).await.unwrap();
            copy.send("1\n2\n").await.unwrap();
            assert_eq!(copy.finish().await.unwrap(), 2);
            assert_eq!(tx.transaction_status(), TransactionStatus::InBlock);
            assert_eq!(tx.copy_in_rows("t", ["id"], [(3,)]).await.unwrap(), 1);
            if keep {
                tx.commit().await.unwrap();
            } else {
                tx.rollback().await.unwrap();
            }
            let count = c.fetch_val::<i64, _>("select count(*) from t", ()).await.unwrap();
            assert_eq!(count, Some(if keep { 3 } else { 0 }));
        }
        let tx = c.begin().await.unwrap();
        let mut out = tx.copy_out("t", CopyOptions::text()).await.unwrap();
        assert_eq!(out.try_next().await.unwrap().unwrap(), "1\n2\n3\n");
        assert!(out.try_next().await.unwrap().is_none());
        drop(out);
        let refused = tx.copy_in("nothing", CopyOptions::text()).await;
        assert_eq!(sqlstate(refused), "42P01");
        tx.rollback().await.unwrap();
        assert_eq!(c.transaction_status(), TransactionStatus::Idle);
    });
}

#[test]
fn a_dropped_copy_with_much_to_come_is_cancelled() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let endless = || CopySource::query("select generate_series(1, 100000000000), repeat('x', 100)", ());
        for round in 0..3 {
            let mut copy = c.copy_out(endless(), CopyOptions::text()).await.unwrap();
            copy.try_next().await.unwrap();
            drop(copy);
            assert_eq!(c.fetch_val::<i32, _>("select $1::int4", (round,)).await.unwrap(), Some(round));
            let mut rows = c.copy_out_rows(endless()).await.unwrap();
            rows.try_next().await.unwrap();
            drop(rows);
            assert_eq!(c.fetch_val::<i32, _>("select $1::int4", (round,)).await.unwrap(), Some(round));
        }
    });
}

#[test]
fn a_dropped_copy_lets_go_of_its_locks_without_another_query() {
    on_every_version(async |server| {
        let (c, other) = (connect(server).await, connect(server).await);
        other
            .execute_script("drop table if exists copy_dropped; create table copy_dropped (id int4)")
            .await
            .unwrap();
        let mut copy = c.copy_in("copy_dropped", CopyOptions::text()).await.unwrap();
        copy.send("1\n").await.unwrap();
        copy.flush().await.unwrap();
        drop(copy);
        // Waits for the lock that the COPY had.
        other.execute("drop table copy_dropped", ()).await.unwrap();
    });
}

#[test]
fn queries_given_meanwhile_wait_for_its_end() {
    on_every_version(async |server| {
        let c = connect(server).await;
        table(&c).await;
        let copy = async {
            let mut copy = c.copy_in("t", CopyOptions::text()).await?;
            for n in 0..50_000 {
                copy.send(format!("{n}\n")).await?;
                if n % 1000 == 0 {
                    tokio::task::yield_now().await;
                }
            }
            copy.finish().await
        };
        let other = async {
            tokio::task::yield_now().await;
            c.fetch_val::<i64, _>("select count(*) from t", ()).await
        };
        let (copied, counted) = tokio::join!(copy, other);
        assert_eq!((copied.unwrap(), counted.unwrap()), (50_000, Some(50_000)));
        let out = async {
            let mut copy = c.copy_out(CopySource::query(MANY, ()), CopyOptions::text()).await?;
            let mut bytes = 0;
            while let Some(piece) = copy.try_next().await? {
                bytes += piece.len();
            }
            Ok::<_, Error>(bytes)
        };
        let (bytes, one) = tokio::join!(out, c.fetch_val::<i32, _>("select 1", ()));
        assert_eq!((bytes.unwrap(), one.unwrap()), (21_488_895, Some(1)));
    });
}

#[test]
fn a_deadline_is_for_the_whole_copy() {
    on_every_version(async |server| {
        let c = connect(server).await;
        table(&c).await;
        let soon = Duration::from_millis(50);
        let query = || CopySource::query("select pg_sleep(60)", ());
        let slow = async {
            let mut copy = c.copy_out(query(), CopyOptions::text().timeout(soon)).await?;
            copy.try_next().await
        };
        assert!(matches!(slow.await, Err(Error::Timeout(_, limit)) if limit == soon));
        let mut copy = c.copy_in("t", CopyOptions::text().timeout(soon)).await.unwrap();
        tokio::time::sleep(soon * 2).await;
        let late = async {
            copy.send("1\n").await?;
            copy.finish().await
        };
        assert!(matches!(late.await, Err(Error::Timeout(..))));
        goes_on(&c).await;
        let slow = connect_with(server, "command_timeout=50ms").await;
        let failed = async {
            let mut copy = slow.copy_out(query(), CopyOptions::text()).await?;
            copy.try_next().await
        };
        assert!(matches!(failed.await, Err(Error::Timeout(..))));
    });
}

/// What is begun and dropped.
async fn begin(c: &Connection, kind: usize) {
    let data = Bytes::from_static(b"1\n2\n3\n4\n");
    let dropped = match kind {
        0 => match c.copy_in("t", CopyOptions::text()).await {
            Ok(mut copy) => {
                async {
                    copy.send(data.clone()).await?;
                    copy.flush().await?;
                    copy.send(data).await?;
                    copy.abort("at the end").await
                }
                .await
            }
            Err(error) => Err(error),
        },
        1 => c.copy_in_rows("t", ["id"], (0..30).map(|n| (n / 2,))).await.map(drop),
        2 => {
            let none: [&str; 0] = [];
            c.copy_in_rows("t", none, [("1",), ("x",)]).coerce().await.map(drop)
        }
        3 => match c
            .copy_out(CopySource::query("select generate_series(1, $1)", (20,)), CopyOptions::csv())
            .await
        {
            Ok(mut copy) => {
                async {
                    while copy.try_next().await?.is_some() {}
                    Ok(())
                }
                .await
            }
            Err(error) => Err(error),
        },
        _ => match c.copy_out_rows(CopySource::query("select generate_series(1, 20)", ())).await {
            Ok(mut rows) => {
                async {
                    while rows.try_next().await?.is_some() {}
                    Ok(())
                }
                .await
            }
            Err(error) => Err(error),
        },
    };
    // Those that fail do so on purpose.
    let _ = dropped;
}

#[test]
fn a_copy_dropped_at_any_point_leaves_the_connection_right() {
    on_every_version(async |server| {
        for kind in 0..5 {
            let (c, watch) = connect_watched(server, "").await;
            table(&c).await;
            watch.trickle(13);
            for polls in 0.. {
                let ended = poll_then_drop(begin(&c, kind), polls).await;
                let answer = i64::try_from(polls).unwrap();
                let got = c.fetch_val::<i64, _>("select $1::int8 + count(*) from t", (answer,)).await;
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
fn a_server_that_goes_away_amid_a_copy_is_told_of() {
    on_version(18, async |server| {
        let (c, other) = (connect(server).await, connect(server).await);
        table(&c).await;
        let mut copy = c.copy_in("t", CopyOptions::text()).await.unwrap();
        copy.send("1\n").await.unwrap();
        let pid = i32::try_from(c.server_pid()).unwrap();
        other.execute("select pg_terminate_backend($1, 5000)", (pid,)).await.unwrap();
        let failed = async {
            loop {
                copy.send("2\n".repeat(100_000)).await?;
            }
        };
        let failed: Result<(), Error> = failed.await;
        assert_eq!(sqlstate(failed), "57P01");
        drop(copy);
        assert!(c.is_closed());
    });
}
