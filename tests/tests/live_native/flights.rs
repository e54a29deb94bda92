//! How many writes and reads a query costs.

use futures_util::future::join_all;
use trunkline_tests::live::{connect_watched, on_every_version};

#[test]
fn a_cached_fetch_is_one_write_and_one_read() {
    on_every_version(async |server| {
        let (c, watch) = connect_watched(server, "").await;
        for round in 0..6 {
            watch.take();
            assert_eq!(
                c.fetch_val::<i32, _>("select $1::int4 + 1", (round,)).await.unwrap(),
                Some(round + 1)
            );
            let seen = watch.take();
            // Two flights on the first use, which asks for the parameters' types; one ever after.
            let flights = if round == 0 { 2 } else { 1 };
            assert_eq!((seen.writes, seen.reads), (flights, flights), "round {round}");
            c.fetch("select 1 as a, 'text' as b", ()).await.unwrap();
            let seen = watch.take();
            assert_eq!((seen.writes, seen.reads), (1, 1), "without parameters, round {round}");
        }
        c.execute_script("select 1; select 2").await.unwrap();
        let seen = watch.take();
        assert_eq!((seen.writes, seen.reads), (1, 1), "a script");
    });
}

#[test]
fn a_thousand_joined_queries_leave_in_few_writes() {
    on_every_version(async |server| {
        let (c, watch) = connect_watched(server, "").await;
        for round in ["cold", "warm", "warmer"] {
            watch.take();
            let answers =
                join_all((1..=1000).map(|i| c.fetch_val::<i32, _>("select $1::int4 * 2", [i]))).await;
            assert!(answers.into_iter().zip(1..).all(|(answer, i)| answer.unwrap() == Some(i * 2)));
            let seen = watch.take();
            assert!(seen.writes <= 20, "{} writes, {round}", seen.writes);
        }
        for round in ["cold", "warm", "warmer"] {
            watch.take();
            let answers = join_all((1..=1000).map(|_| c.fetch_val::<i32, _>("select 7", ()))).await;
            assert!(answers.into_iter().all(|answer| answer.unwrap() == Some(7)));
            let seen = watch.take();
            assert!(seen.writes <= 20, "{} writes without parameters, {round}", seen.writes);
        }
    });
}

#[test]
fn a_batch_is_one_write() {
    on_every_version(async |server| {
        let (c, watch) = connect_watched(server, "").await;
        for round in 0..4 {
            watch.take();
            let mut batch = c.batch();
            for i in 0..100 {
                batch = batch.query("select $1::int4", (i,));
            }
            assert_eq!(batch.run().await.unwrap().len(), 100);
            let seen = watch.take();
            // The first asks for the types, once for all of them.
            assert_eq!(seen.writes, if round == 0 { 2 } else { 1 }, "round {round}");
        }
    });
}
