//! What a connection can do, on a pool: what outlives its call has a connection to itself until it ends.

use std::time::Duration;

use futures_util::{TryStreamExt, stream};
use tokio::io::AsyncReadExt;
use trunkline::pool::{PoolBuilder, Reset};
use trunkline::{
    CopyError, CopyOptions, CopySource, Error, IsolationLevel, Pool, PoolError, Transaction,
    TransactionOptions,
};
use trunkline_tests::live::{connect, on_every_version, sqlstate};
use trunkline_tests::server::Server;

use crate::pools::{pool, until};

/// A pool of one connection, and an empty table.
async fn of_one(server: &Server, table: &str) -> Pool {
    of_one_as(server, table, Pool::builder()).await
}

async fn of_one_as(server: &Server, table: &str, builder: PoolBuilder) -> Pool {
    let create = format!("drop table if exists {table}; create table {table} (i int4)");
    connect(server).await.execute_script(&create).await.unwrap();
    pool(server, builder.max_size(1).acquire_timeout(Duration::from_secs(10))).await
}

/// What the table holds, and that the pool's one connection is free and in no transaction.
async fn sum(pool: &Pool, table: &str) -> i64 {
    let sql = format!("select coalesce(sum(i), 0) from {table}");
    pool.fetch_val(&sql, ()).await.unwrap().unwrap()
}

#[test]
fn statements_that_run_many_times_are_described_and_explained_run_on_a_pool() {
    on_every_version(async |server| {
        let pool = of_one(server, "pool_many").await;
        let insert = "insert into pool_many values ($1)";
        let tags = pool.execute_many(insert, (1..=100).map(|i| (i,))).await.unwrap();
        assert_eq!((tags.len(), sum(&pool, "pool_many").await), (100, 5050));
        let failed = pool.execute_many("insert into pool_many values (1 / $1::int4)", [(1,), (0,)]).await;
        assert_eq!((sqlstate(failed), sum(&pool, "pool_many").await), ("22012".into(), 5050));
        let rows = pool.fetch_many("select $1::int4 * 2", [(1,), (2,)]).await.unwrap();
        assert_eq!(rows.read::<(i32,)>().unwrap(), [(2,), (4,)]);
        let types = [trunkline::types::Type::INT8];
        let statement = pool.prepare_typed("select $1 + 1", &types).await.unwrap();
        assert_eq!(pool.fetch_val::<i64, _>(&statement, (1_i64,)).await.unwrap(), Some(2));
        let plan = pool.explain("select * from pool_many where i = $1", (7,), "costs off").await.unwrap();
        assert!(plan.starts_with("Seq Scan on pool_many"), "{plan}");

        let listening = connect(server).await;
        let mut heard = listening.listen("pool").await.unwrap();
        pool.notify("pool", "hello").await.unwrap();
        assert_eq!(&*heard.next().await.unwrap().payload, "hello");
    });
}

#[test]
fn a_stream_has_a_connection_until_its_end_and_no_longer() {
    on_every_version(async |server| {
        let pool = of_one(server, "pool_stream").await;
        let mut rows = pool.stream("select generate_series(1, $1::int4)", (3,)).await.unwrap();
        assert_eq!(pool.stats().in_use, 1);
        assert!(pool.try_acquire().is_none());
        let mut read = 0;
        while let Some(row) = rows.next_row().await.unwrap() {
            read += row.get::<i32>(0).unwrap();
        }
        assert_eq!((read, pool.stats().idle), (6, 1), "it is back, though the stream is still there");
        assert_eq!((rows.tag().rows(), rows.columns().len()), (3, 1));
        assert!(rows.next_row().await.unwrap().is_none());

        let pairs = pool.stream_as::<(i32, String), _>("select i, 'a' from generate_series(1, 2) i", ());
        let pairs: Vec<_> = pairs.await.unwrap().try_collect().await.unwrap();
        assert_eq!(pairs, [(1, "a".to_owned()), (2, "a".to_owned())]);

        assert_eq!(sqlstate(pool.stream("select 1/0", ()).await), "22012");
        let mut fails =
            pool.stream("select 10 / (5000 - i) from generate_series(1, 5000) i", ()).await.unwrap();
        let failure = loop {
            match fails.next_batch().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it does not fail"),
                Err(error) => break error,
            }
        };
        assert_eq!((sqlstate::<()>(Err(failure)), sum(&pool, "pool_stream").await), ("22012".into(), 0));

        // One that moves to another task, and is dropped there with most of it to come.
        let mut long = pool.stream("select generate_series(1, 1000000000)", ()).await.unwrap();
        tokio::spawn(async move { long.next_row().await.map(drop) }).await.unwrap().unwrap();
        assert_eq!(sum(&pool, "pool_stream").await, 0);
        assert_eq!(pool.stats().opened, 1);
    });
}

/// A transaction that a struct has.
struct Import {
    transaction: Transaction<'static>,
}

impl Import {
    async fn add(&mut self, number: i32) -> Result<(), Error> {
        let savepoint = self.transaction.begin().await?;
        savepoint.execute("insert into pool_tx values ($1)", (number,)).await?;
        savepoint.commit().await
    }
}

#[test]
fn a_transaction_can_have_its_connection_to_itself() {
    on_every_version(async |server| {
        let pool = of_one(server, "pool_tx").await;
        let mut import = Import { transaction: pool.begin().await.unwrap() };
        import.add(1).await.unwrap();
        let import = tokio::spawn(async move { import.add(2).await.map(|()| import) });
        let import = import.await.unwrap().unwrap();
        let mut cursor = import.transaction.cursor("select i from pool_tx order by i", ()).await.unwrap();
        assert_eq!(cursor.fetch(10).await.unwrap().len(), 2);
        drop(cursor);
        import.transaction.commit().await.unwrap();
        assert_eq!(sum(&pool, "pool_tx").await, 3);

        let undone = pool.begin().await.unwrap();
        undone.execute("insert into pool_tx values (10)", ()).await.unwrap();
        undone.rollback().await.unwrap();
        assert_eq!((pool.stats().idle, sum(&pool, "pool_tx").await), (1, 3));

        // Dropped, it is rolled back before anybody else gets the connection: after a statement, after a failure,
        // in the middle of one, before any.
        for what in ["insert into pool_tx values (100)", "select 1/0", "select pg_sleep(60)", ""] {
            let dropped = pool.begin().await.unwrap();
            if !what.is_empty() {
                let run = dropped.execute(what, ());
                let _ = tokio::time::timeout(Duration::from_millis(50), run).await;
            }
            drop(dropped);
            assert_eq!(sum(&pool, "pool_tx").await, 3, "{what}");
        }

        let options = TransactionOptions::new().isolation(IsolationLevel::Serializable).read_only(true);
        let report = pool.begin_with(&options).await.unwrap();
        let level: Option<String> = report.fetch_val("show transaction_isolation", ()).await.unwrap();
        assert_eq!(level.as_deref(), Some("serializable"));
        assert_eq!(sqlstate(report.execute("insert into pool_tx values (1)", ()).await), "25006");
        assert!(matches!(report.commit().await, Err(Error::RolledBack)));
        assert_eq!((sum(&pool, "pool_tx").await, pool.stats().opened), (3, 1));
    });
}

#[test]
fn copies_have_a_connection_until_their_end_and_no_longer() {
    on_every_version(async |server| {
        let pool = of_one(server, "pool_copy").await;
        let mut copy = pool.copy_in("pool_copy", CopyOptions::text()).await.unwrap();
        copy.send("1\n2\n").await.unwrap();
        assert_eq!(copy.finish().await.unwrap(), 2);
        assert_eq!(sum(&pool, "pool_copy").await, 3);
        assert_eq!(pool.copy_in_rows("pool_copy", ["i"], [(3,), (4,)]).await.unwrap(), 2);
        let texts = ["5".to_owned()];
        let rows = texts.iter().map(|text| (text.as_str(),));
        assert_eq!(pool.copy_in_rows("pool_copy", ["i"], rows).coerce().await.unwrap(), 1);
        let mut writer = pool.copy_in_writer("pool_copy", ["i"]).await.unwrap();
        writer.write((6,)).await.unwrap();
        assert_eq!(tokio::spawn(writer.finish()).await.unwrap().unwrap(), 1);
        assert_eq!(sum(&pool, "pool_copy").await, 21);

        let source = CopySource::query("select i from pool_copy where i < $1", (3,));
        let mut text = String::new();
        let mut copy = pool.copy_out(source, CopyOptions::text()).await.unwrap();
        assert!(pool.try_acquire().is_none());
        copy.read_to_string(&mut text).await.unwrap();
        assert_eq!((text.as_str(), copy.rows(), pool.stats().idle), ("1\n2\n", Some(2), 1));
        let rows: Vec<_> = pool.copy_out_rows("pool_copy").await.unwrap().try_collect().await.unwrap();
        assert_eq!(rows.len(), 6);
        assert_eq!((pool.stats().opened, pool.stats().idle), (1, 1));
    });
}

#[test]
fn copies_that_fail_or_are_dropped_are_undone_before_anybody_gets_their_connection() {
    on_every_version(async |server| {
        let pool = of_one(server, "pool_undone").await;
        let mut dropped = pool.copy_in("pool_undone", CopyOptions::text()).await.unwrap();
        dropped.send("1\n").await.unwrap();
        drop(dropped);
        assert_eq!(sum(&pool, "pool_undone").await, 0);
        let failing = stream::iter([Ok((1,)), Err("unplugged")]);
        let failed = pool.copy_in_row_stream("pool_undone", ["i"], failing).await;
        assert!(matches!(failed, Err(CopyError::Source("unplugged"))), "{failed:?}");
        let unfit = pool.copy_in_rows("pool_undone", ["i"], [("no number",)]).await;
        assert!(matches!(unfit, Err(Error::Usage(_))), "{unfit:?}");
        let mut refused = pool.copy_in("pool_undone", CopyOptions::text()).await.unwrap();
        refused.send("no number\n").await.unwrap();
        assert_eq!(sqlstate(refused.finish().await), "22P02");
        assert_eq!(sqlstate(pool.copy_in("no_such_table", CopyOptions::text()).await.map(drop)), "42P01");
        assert_eq!(sum(&pool, "pool_undone").await, 0);

        let endless = CopySource::query("select generate_series(1, 1000000000)", ());
        let mut dropped = pool.copy_out(endless, CopyOptions::text()).await.unwrap();
        dropped.try_next().await.unwrap();
        drop(dropped);
        let endless = CopySource::query("select generate_series(1, 1000000000)", ());
        let mut dropped = pool.copy_out_rows(endless).await.unwrap();
        dropped.try_next().await.unwrap();
        drop(dropped);
        assert_eq!((sum(&pool, "pool_undone").await, pool.stats().opened), (0, 1));
    });
}

#[test]
fn what_begins_on_a_dead_connection_begins_again_on_another() {
    on_every_version(async |server| {
        // Whoever gets a connection that was used before finds it dead.
        let deadly = Pool::builder().reset(Reset::Script("select 1/0".into()));
        let pool = of_one_as(server, "pool_dead", deadly).await;
        for round in 0..3_u32 {
            let before = pool.stats().opened;
            let mut rows = pool.stream("select 1", ()).await.unwrap();
            while rows.next_row().await.unwrap().is_some() {}
            pool.copy_out("pool_dead", CopyOptions::text()).await.unwrap().try_next().await.unwrap();
            pool.copy_out_rows("pool_dead").await.unwrap().try_next().await.unwrap();
            pool.copy_in("pool_dead", CopyOptions::text()).await.unwrap().finish().await.unwrap();
            assert_eq!(pool.copy_in_rows("pool_dead", ["i"], [(1,)]).await.unwrap(), 1);
            pool.explain("select 1", (), "").await.unwrap();
            pool.notify("nobody", "").await.unwrap();
            let batch = pool.batch().query("select 1", ()).query("select $1::int4", (1,));
            assert!(batch.run().await.unwrap().iter().all(Result::is_ok));
            assert_eq!(pool.stats().opened - before, if round == 0 { 7 } else { 8 });
        }
        // What has taken its parameters cannot, and says that nothing was run.
        let lost = pool.execute_many("insert into pool_dead values ($1)", [(1,)]).await.unwrap_err();
        assert!(lost.safe_to_retry(), "{lost}");
        assert_eq!(sum(&pool, "pool_dead").await, 3);
    });
}

#[test]
fn it_is_told_where_what_has_a_connection_was_begun() {
    on_every_version(async |server| {
        let pool = of_one(server, "pool_place").await;
        let mut held: Option<Box<dyn std::any::Any>> = None;
        for begin in 0..5 {
            drop(held.take());
            until("the last one to be back", || pool.stats().idle == 1).await;
            let rows = "select generate_series(1, 100000)";
            let (line, begun): (u32, Box<dyn std::any::Any>) = match begin {
                0 => (line!(), Box::new(pool.stream(rows, ()).await.unwrap())),
                1 => (line!(), Box::new(pool.begin().await.unwrap())),
                2 => (line!(), Box::new(pool.copy_in("pool_place", CopyOptions::text()).await.unwrap())),
                3 => (line!(), Box::new(pool.copy_in_writer("pool_place", ["i"]).await.unwrap())),
                _ => (line!(), Box::new(pool.stream_as::<(i32,), _>(rows, ()).await.unwrap())),
            };
            held = Some(begun);
            let Err(Error::Pool(why)) = pool.acquire_within(Duration::from_millis(20)).await else {
                panic!("it has a connection to itself");
            };
            let PoolError::Timeout(how) = &*why else { panic!("{why}") };
            let place = format!("live_native/pool_methods.rs:{line}:");
            assert!(how.holders[0].place.contains(&place), "{:?}, not {place}", how.holders);
        }
    });
}
