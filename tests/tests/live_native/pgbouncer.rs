//! Behind PgBouncer in transaction mode, with what `docs/poolers.md` says is to be set.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use trunkline::pool::Reset;
use trunkline::{Connection, CopyOptions, CopySource, Error, Pool, Table, TransactionOptions, query};
use trunkline_tests::live::{connect, on_version, sqlstate};
use trunkline_tests::server::{PgBouncer, Server};

/// Those that keep no track of prepared statements: an old one that cannot, and a newer one that is told not to.
fn untracking(server: &Server) -> [PgBouncer; 2] {
    let told = [("default_pool_size", "2"), ("max_prepared_statements", "0")];
    let installed = PgBouncer::in_front_of(server, &told[..1]).unwrap();
    let installed = match installed.can_keep_track() {
        true => PgBouncer::in_front_of(server, &told).unwrap(),
        false => installed,
    };
    [installed, PgBouncer::newer_in_front_of(server, &told).unwrap()]
}

/// One that keeps track of them.
fn tracking(server: &Server) -> PgBouncer {
    let settings = [("default_pool_size", "2"), ("max_prepared_statements", "50")];
    PgBouncer::newer_in_front_of(server, &settings).unwrap()
}

async fn through(pooler: &PgBouncer, options: &str) -> Connection {
    Connection::connect(&format!("{}?{options}", pooler.url())).await.unwrap()
}

/// Everything that ends with its transaction, several times, so that statements get their names.
async fn works(c: &mut Connection) {
    for round in 0..4 {
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
        let text: Option<String> = c.fetch_val("select $1::text || $2::int4", ("a", round)).await.unwrap();
        assert_eq!(text, Some(format!("a{round}")));
        let joined = join_all((0..20).map(|i| c.fetch_val::<i32, _>("select $1::int4 * 2", [i]))).await;
        for (answer, number) in joined.into_iter().zip(0..) {
            assert_eq!(answer.unwrap(), Some(number * 2));
        }
        assert_eq!(sqlstate(c.fetch("select 1 / $1::int4", (0,)).await), "22012");
        // More than a pooler reads at once, cut anywhere.
        let long = "x".repeat(120_000);
        let shared = &*c;
        let lengths = (0..60).map(|i| usize::pow(i, 3) / 2);
        let joined = join_all(lengths.clone().map(|length| {
            let long = &long[..length];
            async move { shared.fetch_val::<i32, _>("select length($1)", (long,)).await }
        }));
        for (answer, length) in joined.await.into_iter().zip(lengths) {
            assert_eq!(answer.unwrap().map(i32::unsigned_abs), u32::try_from(length).ok());
        }
        transactions(c, round).await;
        copies(c).await;
    }
}

async fn transactions(c: &mut Connection, round: i32) {
    let mut tx = c.begin().await.unwrap();
    tx.execute("create temp table t (i int4) on commit drop", ()).await.unwrap();
    tx.execute_many("insert into t values ($1)", (0..10).map(|i| (i,))).await.unwrap();
    let inner = tx.begin().await.unwrap();
    assert_eq!(sqlstate(inner.execute("insert into t values ($1 / 0)", (1,)).await), "22012");
    inner.rollback().await.unwrap();
    let mut cursor = tx.cursor("select i from t where i >= $1 order by i", (round,)).await.unwrap();
    assert_eq!(cursor.fetch(2).await.unwrap().len(), 2);
    cursor.close().await.unwrap();
    let batch = tx.batch().query("delete from t where i < $1", (5,)).query("select i from t", ()).run();
    assert_eq!(batch.await.unwrap()[1].as_ref().unwrap().len(), 5);
    tx.commit().await.unwrap();
    assert_eq!(sqlstate(c.fetch("select * from t", ()).await), "42P01");
    let options = TransactionOptions::new().read_only(true);
    let read_only: Option<String> = c
        .transaction(&options, async |tx| {
            tx.fetch_val("select current_setting('transaction_read_only')", ()).await
        })
        .await
        .unwrap();
    assert_eq!(read_only.as_deref(), Some("on"));
}

async fn copies(c: &mut Connection) {
    let tx = c.begin().await.unwrap();
    tx.execute_script("create temp table copied (i int4, t text) on commit drop").await.unwrap();
    tx.copy_in_rows("copied", ["i", "t"], [(1, "a"), (2, "b\t\\")]).await.unwrap();
    let mut target = tx.copy_in(Table::new("copied"), CopyOptions::text()).await.unwrap();
    target.send("3\tc\n").await.unwrap();
    assert_eq!(target.finish().await.unwrap(), 1);
    let source = CopySource::query("select * from copied where i > $1 order by i", (1,));
    let mut rows = tx.copy_out_rows(source).await.unwrap();
    let mut all = Vec::new();
    while let Some(row) = rows.try_next_as::<(i32, String)>().await.unwrap() {
        all.push(row);
    }
    assert_eq!(all, [(2, "b\t\\".to_owned()), (3, "c".to_owned())]);
    drop(rows);
    tx.commit().await.unwrap();
}

/// Two programs take turns on two sessions of the server, so that each meets what the other has prepared.
async fn take_turns(pooler: &PgBouncer, options: &str) {
    let mut first = through(pooler, options).await;
    let mut second = through(pooler, options).await;
    for round in 0..6 {
        let busy = second.begin().await.unwrap();
        for n in 0..3 {
            let (one, two) = tokio::join!(
                first.fetch_val::<i32, _>("select $1::int4 + 1", (n,)),
                busy.fetch_val::<i32, _>("select $1::int4 + 2", (n,)),
            );
            assert_eq!((one.unwrap(), two.unwrap()), (Some(n + 1), Some(n + 2)), "round {round}");
        }
        busy.commit().await.unwrap();
        assert_eq!(second.fetch_val::<i32, _>("select $1::int4 + 1", (9,)).await.unwrap(), Some(10));
        std::mem::swap(&mut first, &mut second);
    }
}

/// What runs too long or is dropped is cancelled on the server, and the next is right.
async fn cancels(server: &Server, pooler: &PgBouncer, options: &str) {
    let (c, observer) = (through(pooler, options).await, connect(server).await);
    // One's own, since other tests have theirs.
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let sleep = format!("select pg_sleep(77) /* {} */", NEXT.fetch_add(1, Ordering::Relaxed));
    let sleeping = async || {
        let sql = "select count(*) from pg_stat_activity where query = $1 and state = 'active'";
        observer.fetch_val::<i64, _>(sql, (&sleep,)).await.unwrap()
    };
    let slow = query(&sleep).timeout(Duration::from_millis(100));
    assert!(matches!(c.fetch(&slow, ()).await, Err(Error::Timeout(..))));
    assert_eq!(c.fetch_val::<i32, _>("select 2", ()).await.unwrap(), Some(2));
    assert_eq!(sleeping().await, Some(0));

    let until_it_sleeps = async || {
        while sleeping().await != Some(1) {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        slept = c.fetch(&sleep, ()) => panic!("{slept:?}"),
        () = until_it_sleeps() => {}
    }
    assert_eq!(c.fetch_val::<i32, _>("select 3", ()).await.unwrap(), Some(3));
    assert_eq!(sleeping().await, Some(0));

    let token = c.cancel_token();
    let (slow, ()) = tokio::join!(c.fetch(&sleep, ()), async {
        until_it_sleeps().await;
        token.cancel().await.unwrap();
    });
    assert_eq!(sqlstate(slow), "57014");
    assert_eq!(c.fetch_val::<i32, _>("select 4", ()).await.unwrap(), Some(4));
}

/// More users than connections, and more connections than sessions of the server.
async fn pools(pooler: &PgBouncer, options: &str) {
    let builder = Pool::builder().max_size(6).reset(Reset::TransactionOnly).ping_after(Some(Duration::ZERO));
    let pool = builder.connect(&format!("{}?{options}", pooler.url())).await.unwrap();
    let tasks = (0..60).map(|n: i32| {
        let pool = pool.clone();
        tokio::spawn(async move {
            let sum: Option<i32> = pool.fetch_val("select $1::int4 + 1", (n,)).await?;
            let work = async |tx: &mut trunkline::Transaction<'_>| {
                tx.fetch_val::<i32, _>("select $1::int4 + 2", (n,)).await
            };
            let more = pool.transaction(&TransactionOptions::new(), work).await?;
            Ok::<_, Error>((sum, more))
        })
    });
    for (n, task) in (0..).zip(join_all(tasks).await) {
        assert_eq!(task.unwrap().unwrap(), (Some(n + 1), Some(n + 2)));
    }
    pool.close().await;
}

async fn all_of_it(server: &Server, pooler: &PgBouncer, options: &str) {
    works(&mut through(pooler, options).await).await;
    take_turns(pooler, options).await;
    cancels(server, pooler, options).await;
    pools(pooler, options).await;
}

#[test]
fn promise_18_behind_a_pgbouncer_that_knows_no_statements_one_option_is_set() {
    on_version(18, async |server| {
        for pooler in untracking(server) {
            for options in ["statement_mode=unnamed", "statement_mode=unnamed&pipeline=false"] {
                all_of_it(server, &pooler, options).await;
            }
        }
    });
}

#[test]
fn promise_18_behind_a_pgbouncer_that_keeps_track_of_statements_nothing_is_set() {
    on_version(18, async |server| all_of_it(server, &tracking(server), "").await);
}

#[test]
fn promise_18_without_the_option_names_are_repaired_outside_of_transactions() {
    on_version(18, async |server| {
        for pooler in untracking(server) {
            repairs(&pooler).await;
        }
    });
}

async fn repairs(pooler: &PgBouncer) {
    let (first, mut second) = (through(pooler, "").await, through(pooler, "").await);
    let sql = "select $1::int4 + 1";
    // Named on one session of the server.
    for n in 0..3 {
        assert_eq!(first.fetch_val::<i32, _>(sql, (n,)).await.unwrap(), Some(n + 1));
    }
    // Now on the other, which does not know it; and there are two who think that they prepare it first.
    let held = second.begin().await.unwrap();
    held.execute("select 1", ()).await.unwrap();
    for n in 0..3 {
        assert_eq!(first.fetch_val::<i32, _>(sql, (n,)).await.unwrap(), Some(n + 1));
    }
    held.rollback().await.unwrap();
    for n in 0..3 {
        assert_eq!(second.fetch_val::<i32, _>(sql, (n,)).await.unwrap(), Some(n + 1));
    }
}

#[test]
fn promise_18_without_the_option_a_transaction_that_meets_a_missing_name_says_what_to_set() {
    on_version(18, async |server| {
        for pooler in untracking(server) {
            let mut named = through(&pooler, "").await;
            let sql = "select $1::int4 + 7";
            let tx = named.begin().await.unwrap();
            for n in 0..3 {
                tx.fetch(sql, (n,)).await.unwrap();
            }
            let there = session(&tx).await;
            tx.commit().await.unwrap();
            // Of two sessions that one is taken now.
            let (mut one, mut two) = (through(&pooler, "").await, through(&pooler, "").await);
            let mut taken = one.begin().await.unwrap();
            if session(&taken).await != there {
                let other = two.begin().await.unwrap();
                taken.rollback().await.unwrap();
                taken = other;
            }
            assert_eq!(session(&taken).await, there);
            let elsewhere = named.begin().await.unwrap();
            let missing = elsewhere.fetch(sql, (1,)).await.unwrap_err();
            assert_eq!(missing.sqlstate().unwrap().as_str(), "26000");
            let told = missing.to_string();
            assert!(told.contains("behind a pooler of transactions set statement_mode=unnamed"), "{told}");
        }
    });
}

/// The session of the server that a transaction has got.
async fn session(tx: &trunkline::Transaction<'_>) -> Option<i32> {
    tx.fetch_val("select pg_backend_pid()", ()).await.unwrap()
}

#[test]
fn promise_18_the_simple_protocol_alone_works_too() {
    on_version(18, async |server| {
        for pooler in untracking(server) {
            let c = through(&pooler, "statement_mode=simple").await;
            for _ in 0..3 {
                assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
            }
            cancels(server, &pooler, "statement_mode=simple").await;
        }
    });
}
