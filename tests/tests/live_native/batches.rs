use trunkline::{Connection, Error, Rows, UsageError};
use trunkline_tests::live::{connect, connect_with, message, on_every_version};

fn outcomes(results: &[Result<Rows, Error>]) -> Vec<String> {
    results
        .iter()
        .map(|result| match result {
            Ok(rows) => rows.tag().as_str().to_owned(),
            Err(Error::Skipped) => "skipped".to_owned(),
            Err(error) => error.sqlstate().map_or_else(|| error.to_string(), ToString::to_string),
        })
        .collect()
}

async fn count(c: &Connection) -> i64 {
    c.fetch_val("select count(*) from t", ()).await.unwrap().unwrap()
}

#[test]
fn batch_fails_fast_skips_the_rest_and_has_no_effect() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table t (i int4, name text)", ()).await.unwrap();
        // Cold, then with named statements.
        for _ in 0..3 {
            let results = c
                .batch()
                .query("insert into t values ($1, $2)", (1, "a"))
                .query("select 1/0", ())
                .query("insert into t values ($1, $2)", (2, "b"))
                .run()
                .await
                .unwrap();
            assert_eq!(outcomes(&results), ["INSERT 0 1", "22012", "skipped"]);
            assert_eq!(count(&c).await, 0);
        }
    });
}

#[test]
fn batch_gives_every_result() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table t (i int4, name text)", ()).await.unwrap();
        for round in 1..=3 {
            let results = c
                .batch()
                .query("insert into t select i, $2 from generate_series(1, $1::int4) i", (4, "x"))
                .query("select count(*) as n from t where name = $1", ("x",))
                .query("select 'last'::text", ())
                .run()
                .await
                .unwrap();
            assert_eq!(outcomes(&results), ["INSERT 0 4", "SELECT 1", "SELECT 1"]);
            let rows = results[1].as_ref().unwrap();
            assert_eq!(rows.get(0).unwrap().get::<i64>("n").unwrap(), 4 * round);
            let last = results[2].as_ref().unwrap();
            assert_eq!(last.get(0).unwrap().get::<&str>(0).unwrap(), "last");
        }
        assert!(c.batch().run().await.unwrap().is_empty());
    });
}

#[test]
fn batch_with_continue_on_error_runs_the_others() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table t (i int4, name text)", ()).await.unwrap();
        for round in 1..=3 {
            let results = c
                .batch()
                .query("insert into t values ($1)", (1,))
                .query("select 1/0", ())
                .query("insert into t values ($1)", (2,))
                .continue_on_error()
                .run()
                .await
                .unwrap();
            assert_eq!(outcomes(&results), ["INSERT 0 1", "22012", "INSERT 0 1"]);
            assert_eq!(count(&c).await, 2 * round);
        }
    });
}

#[test]
fn batch_sends_nothing_when_a_parameter_does_not_fit() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table t (i int4, name text)", ()).await.unwrap();
        for _ in 0..2 {
            let wrong = c
                .batch()
                .query("insert into t values ($1)", (1,))
                .query("insert into t values ($1, $2)", (1, 2.5))
                .run()
                .await;
            let Err(Error::Usage(error)) = &wrong else { panic!("{wrong:?}") };
            assert!(matches!(**error, UsageError::Parameter { number: 2, .. }), "{error}");
        }
        assert_eq!(count(&c).await, 0);
        let copy = c.batch().query("copy t to stdout", ()).run().await;
        assert_eq!(message(copy), "COPY cannot be part of a batch");
        assert_eq!(count(&c).await, 0);
    });
}

#[test]
fn a_batch_of_more_statements_than_the_cache_holds_runs() {
    on_every_version(async |server| {
        let c = connect_with(server, "statement_cache_size=2").await;
        c.execute("create temp table t (i int4, name text)", ()).await.unwrap();
        for _ in 0..3 {
            // One of them is known, until describing the others pushes it out.
            c.fetch("select $1::int4 + 0", (1,)).await.unwrap();
            let results = c
                .batch()
                .query("select $1::int4 + 0", (1,))
                .query("select $1::int4 + 2", (1,))
                .query("select $1::int4 + 3", (1,))
                .query("select $1::int4 + 4", (1,))
                .run()
                .await
                .unwrap();
            let sums: Vec<i32> =
                results.iter().map(|rows| rows.as_ref().unwrap().get(0).unwrap().get(0).unwrap()).collect();
            assert_eq!(sums, [1, 3, 4, 5]);
        }
    });
}

#[test]
fn a_batch_can_run_in_a_task_of_its_own() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let task = tokio::spawn(async move { c.batch().query("select $1::int4", (1,)).run().await });
        assert_eq!(outcomes(&task.await.unwrap().unwrap()), ["SELECT 1"]);
    });
}
