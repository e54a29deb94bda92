//! One statement, run many times in one flight.

use futures_util::future::join;
use trunkline::{Config, Connection, Error, TransactionStatus, named};
use trunkline_tests::live::{connect, connect_watched, on_every_version, poll_then_drop, sqlstate};

const COUNT: &str = "select count(*) from t";

#[test]
fn execute_many_tells_of_each_run_in_one_flight() {
    on_every_version(async |server| {
        let (c, watch) = connect_watched(server, "").await;
        c.execute("create temp table t (i int4 unique, name text)", ()).await.unwrap();
        let insert = "insert into t values ($1, $2)";
        let tags = c.execute_many(insert, [(1, "one"), (2, "two"), (3, "three")]).await.unwrap();
        assert_eq!(tags.iter().map(|tag| tag.rows()).collect::<Vec<_>>(), [1, 1, 1]);
        watch.take();
        let tags = c.execute_many(insert, (10..20).map(|i| (i, i.to_string()))).await.unwrap();
        assert_eq!(tags.len(), 10);
        assert_eq!(watch.take().writes, 1);
        assert!(c.execute_many(insert, Vec::<(i32, &str)>::new()).await.unwrap().is_empty());
        let none = c.execute_many("update t set name = name where false", vec![(); 3]).await.unwrap();
        assert_eq!(none.len(), 3);
    });
}

#[test]
fn fetch_many_gives_the_rows_of_all_runs_in_one_flight() {
    on_every_version(async |server| {
        let (c, watch) = connect_watched(server, "").await;
        let sql = "select i, $2 as run from generate_series($1::int4, 19) i order by i";
        c.fetch_many(sql, [(19, "warm")]).await.unwrap();
        watch.take();
        let rows = c.fetch_many(sql, [(18, "first"), (20, "none"), (19, "last")]).await.unwrap();
        assert_eq!(watch.take().writes, 1);
        let found: Vec<(i32, &str)> = rows.read().unwrap();
        assert_eq!(found, [(18, "first"), (19, "first"), (19, "last")]);
        let named = [named! { low: 18, high: 19 }, named! { low: 1, high: 1 }];
        let rows = c.fetch_many("select i from generate_series(:low::int4, :high) i", named).await.unwrap();
        assert_eq!(rows.read::<(i32,)>().unwrap(), [(18,), (19,), (1,)]);
        assert!(c.fetch_many(sql, Vec::<(i32, &str)>::new()).await.unwrap().is_empty());
        // One that fails leaves no rows of the others.
        let failed = c.fetch_many("select 10 / $1::int4", [(1,), (0,), (2,)]).await;
        assert_eq!(sqlstate(failed), "22012");
    });
}

#[test]
fn execute_many_is_atomic() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table t (i int4 unique)", ()).await.unwrap();
        let insert = "insert into t values ($1)";
        let error = c.execute_many(insert, [(1,), (2,), (1,), (3,)]).await.unwrap_err();
        assert!(error.to_string().contains("run 3 of many"), "{error}");
        assert_eq!(sqlstate::<()>(Err(error)), "23505");
        assert_eq!(c.fetch_val::<i64, _>(COUNT, ()).await.unwrap(), Some(0));

        let error = c.execute_many(insert, [(1_i64,), (2,), (5_000_000_000,), (3,)]).await.unwrap_err();
        assert!(matches!(error, Error::Usage(_)), "{error:?}");
        assert_eq!(
            error.to_string(),
            "run 3 of many: parameter $1: i64 cannot be sent as PostgreSQL's int4: 5000000000 is out of its range, \
             -2147483648 to 2147483647; all were undone"
        );
        assert_eq!(c.fetch_val::<i64, _>(COUNT, ()).await.unwrap(), Some(0));
        // The first one: nothing had been sent.
        c.execute_many(insert, [("one",), ("two",)]).await.unwrap_err();
        assert_eq!(c.execute_many(insert, [(1,)]).await.unwrap().len(), 1);
        assert_eq!(sqlstate(c.execute_many("insert into nowhere values ($1)", [(1,)]).await), "42P01");
        let named = c.execute_many("insert into t values (:i)", [named! { j: 1 }]).await.unwrap_err();
        assert!(named.to_string().contains(":i"), "{named}");
    });
}

#[test]
fn fetch_many_of_more_than_any_buffer_goes_both_ways() {
    on_every_version(async |server| {
        // So few under way that the server would gather more before it answers, unless it is told not to.
        for depth in [4096, 10] {
            let mut config = Config::parse(&server.url()).unwrap();
            config.limits.pipeline_depth = depth;
            let c = Connection::connect_with(&config).await.unwrap();
            let sql = "select $1::int4, repeat('x', 1000)";
            let many = c.fetch_many(sql, (0..20_000).map(|i| (i,)));
            // Somebody else waits behind it, and drives too.
            let (many, after) = join(many, c.fetch_val::<i32, _>("select 1", ())).await;
            let many = many.unwrap();
            assert_eq!(many.len(), 20_000);
            assert!(many.iter().zip(0..).all(|(row, i)| row.get::<i32>(0).unwrap() == i));
            assert_eq!(after.unwrap(), Some(1));
        }
    });
}

#[test]
fn execute_many_dropped_on_the_way_is_undone() {
    on_every_version(async |server| {
        let mut c = connect(server).await;
        c.execute("create temp table t (i int4)", ()).await.unwrap();
        for polls in 1.. {
            let many = c.execute_many("insert into t values ($1)", (0..50_000).map(|i| (i,)));
            let ended = poll_then_drop(many, polls).await;
            let count = c.fetch_val::<i64, _>(COUNT, ()).await.unwrap().unwrap();
            assert!(count == 0 || count == 50_000, "{count} rows after {polls} polls");
            assert_eq!(c.transaction_status(), TransactionStatus::Idle);
            if ended || count > 0 {
                break;
            }
        }
        c.execute("truncate t", ()).await.unwrap();
        let tx = c.begin().await.unwrap();
        tx.execute_many("insert into t values ($1)", [(1,), (2,)]).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(c.fetch_val::<i64, _>(COUNT, ()).await.unwrap(), Some(0));
    });
}

#[test]
fn explain_tells_the_plan_of_sql_and_of_a_statement() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let statement = c.prepare("select * from pg_class where oid = $1").await.unwrap();
        let plan = statement.explain(&c, (1_u32,), "").await.unwrap();
        assert!(plan.contains("Index Scan"), "{plan}");
        let json = c.explain("select :a::int4", named! { a: 1 }, "analyze, format json").await.unwrap();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json[0]["Plan"]["Node Type"], "Result");
    });
}
