use futures_util::future::join_all;
use trunkline_tests::live::{connect, connect_watched, connect_with, on_every_version, sqlstate};

#[test]
fn promise_01_queries_in_one_flight_fail_each_for_itself() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for _ in 0..3 {
            let (first, second, third) = tokio::join!(
                c.fetch_val::<i32, _>("select 1", ()),
                c.fetch_val::<i32, _>("select 1/0", ()),
                c.fetch_val::<i32, _>("select 3", ()),
            );
            assert_eq!(first.unwrap(), Some(1));
            assert_eq!(sqlstate(second), "22012");
            assert_eq!(third.unwrap(), Some(3));
            // And with parameters, whose errors come at Bind, at Execute, and at Describe.
            let (first, second, third, fourth, fifth) = tokio::join!(
                c.fetch_val::<i32, _>("select 10 / $1::int4", (5,)),
                c.fetch_val::<i32, _>("select 10 / $1::int4", (0,)),
                c.fetch_val::<i32, _>("select $1 from no_such_table", (0,)),
                c.fetch_val::<i32, _>("select $1::text::int4", ("no number",)),
                c.fetch_val::<i32, _>("select 10 / $1::int4", (2,)),
            );
            assert_eq!(first.unwrap(), Some(2));
            assert_eq!(sqlstate(second), "22012");
            assert_eq!(sqlstate(third), "42P01");
            assert_eq!(sqlstate(fourth), "22P02");
            assert_eq!(fifth.unwrap(), Some(5));
        }
    });
}

#[test]
fn promise_01_a_thousand_joined_queries_are_each_answered() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for _ in 0..2 {
            let answers =
                join_all((1..=1000).map(|i| c.fetch_val::<i32, _>("select $1::int4 * 2", [i]))).await;
            for (answer, number) in answers.into_iter().zip(1..) {
                assert_eq!(answer.unwrap(), Some(number * 2));
            }
        }
    });
}

#[test]
fn different_queries_cold_and_joined_are_each_answered() {
    on_every_version(async |server| {
        let c = connect_with(server, "statement_cache_size=7").await;
        for round in 0..3 {
            let queries: Vec<(String, i32)> =
                (0..100).map(|i| (format!("select $1::int4 + {}", i % (10 + round)), i)).collect();
            let answers = join_all(queries.iter().map(|(sql, i)| c.fetch_val::<i32, _>(sql, (i,)))).await;
            for (answer, (_, i)) in answers.into_iter().zip(&queries) {
                assert_eq!(answer.unwrap(), Some(i + i % (10 + round)));
            }
        }
    });
}

#[test]
fn four_hundred_large_echoes_read_late_end() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let large = "x".repeat(64 << 10);
        let echoes = join_all((0..400).map(|_| c.fetch_val::<String, _>("select $1::text", (&large,)))).await;
        for echo in echoes {
            assert_eq!(echo.unwrap().unwrap().len(), large.len());
        }
    });
}

#[test]
fn scripts_batches_statements_and_queries_share_a_pipeline() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for _ in 0..3 {
            let (script, query, batch, prepared, copy, failing, last) = tokio::join!(
                c.execute_script("select 1; select 2"),
                c.fetch_val::<i64, _>("select $1::int8", (7_i64,)),
                c.batch().query("select 1", ()).query("select 2", ()).run(),
                c.prepare("select $1::uuid"),
                c.execute("copy pg_class to stdout", ()),
                c.execute_script("select 1/0"),
                c.fetch_val::<i32, _>("select 9", ()),
            );
            assert_eq!(script.unwrap().len(), 2);
            assert_eq!(query.unwrap(), Some(7));
            assert_eq!(batch.unwrap().len(), 2);
            assert_eq!(prepared.unwrap().parameters()[0].name(), "uuid");
            assert!(copy.unwrap_err().to_string().contains("COPY"));
            assert_eq!(sqlstate(failing), "22012");
            assert_eq!(last.unwrap(), Some(9));
        }
    });
}

#[test]
fn notices_notifications_and_parameters_in_the_middle_disturb_nothing() {
    on_every_version(async |server| {
        let (c, other) = (connect(server).await, connect(server).await);
        c.execute("listen trunkline_news", ()).await.unwrap();
        const LOUD: &str = "do $$ begin raise notice 'look'; raise warning 'out'; end $$";
        for round in 0..20 {
            let (loud, zone, sent, own, value) = tokio::join!(
                c.execute(LOUD, ()),
                c.execute("select set_config('TimeZone', 'UTC', false)", ()),
                other.execute("select pg_notify('trunkline_news', 'extra')", ()),
                c.execute("notify trunkline_news, 'own'", ()),
                c.fetch_val::<i32, _>("select $1::int4", (round,)),
            );
            loud.unwrap();
            zone.unwrap();
            sent.unwrap();
            own.unwrap();
            assert_eq!(value.unwrap(), Some(round));
        }
        assert_eq!(c.parameter("TimeZone").as_deref(), Some("UTC"));
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
    });
}

#[test]
fn queries_that_are_new_and_joined_run_within_a_transaction_in_whatever_order_they_are_polled() {
    on_every_version(async |server| {
        let c = std::sync::Arc::new(connect(server).await);
        for round in 0..40_u32 {
            c.execute("begin", ()).await.unwrap();
            let sql = format!("select $1::int4 + 1 /* {round} */");
            let tasks: Vec<_> = (0..8_i32)
                .map(|i| {
                    let (c, sql) = (std::sync::Arc::clone(&c), sql.clone());
                    tokio::spawn(async move {
                        // Some join late, after the first has been described.
                        for _ in 0..(i.unsigned_abs() * round) % 7 {
                            tokio::task::yield_now().await;
                        }
                        let first = c.fetch_val::<i32, _>(&sql, (i,)).await?;
                        Ok::<_, trunkline::Error>((first, c.fetch_val::<i32, _>(&sql, (i,)).await?))
                    })
                })
                .collect();
            for (task, i) in tasks.into_iter().zip(1..) {
                assert_eq!(task.await.unwrap().unwrap(), (Some(i), Some(i)));
            }
            assert_eq!(c.execute("commit", ()).await.unwrap().as_str(), "COMMIT");
        }
    });
}

#[test]
fn parameters_that_do_not_fit_hold_nobody_up() {
    on_every_version(async |server| {
        let c = connect(server).await;
        // Each is described first, one after the other; those of the arrays are given up when they are.
        let good = ["regproc", "regprocedure", "regoper", "regclass", "regtype", "regrole"].repeat(5);
        let bad = ["int4[]", "int8[]", "bool[]", "uuid[]", "date[]", "time[]", "box[]", "point[]", "path[]"];
        let queries = [&good[..], &bad].concat();
        let found = join_all(queries.iter().map(|type_| {
            let c = &c;
            async move {
                let first = c.fetch_val::<u32, _>(&format!("select $1::{type_}"), ("0",)).await?;
                // Whoever goes on meanwhile may be the one that drives.
                c.fetch_val::<String, _>(&format!("select format('%s', $1::{type_})"), (first,)).await
            }
        }))
        .await;
        for (type_, found) in queries.iter().zip(found) {
            assert_eq!(found.is_err(), type_.ends_with("[]"), "{type_}: {found:?}");
        }
    });
}

#[test]
fn promise_01_pipelining_can_be_switched_off() {
    on_every_version(async |server| {
        // The first finds nobody else under way and leaves at once; the others leave together.
        for (option, flights) in [("", 2), ("pipeline=true", 2), ("pipeline=false", 20)] {
            let (c, watch) = connect_watched(server, option).await;
            c.fetch_val::<i32, _>("select $1::int4", (0,)).await.unwrap();
            watch.take();
            let answers = join_all((1..=20).map(|i| c.fetch_val::<i32, _>("select $1::int4", (i,)))).await;
            for (answer, number) in answers.into_iter().zip(1..) {
                assert_eq!(answer.unwrap(), Some(number));
            }
            let seen = watch.take();
            assert_eq!(seen.writes, flights, "{option:?}");
            // How much was written when something was read: each flight, when it waits for the answer to the one before.
            let mut sent: Vec<usize> = seen.turns.iter().map(|(written, _)| *written).collect();
            sent.dedup();
            assert_eq!(sent.len() >= 20, flights == 20, "{option:?}: {sent:?}");
        }
    });
}
