//! How many writes, reads and wake-ups a query costs.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};

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

/// Counts how often it is woken, and wakes the other.
struct Counted {
    wakes: AtomicUsize,
    other: Mutex<Waker>,
}

impl Wake for Counted {
    fn wake(self: Arc<Self>) {
        self.wakes.fetch_add(1, Ordering::Relaxed);
        self.other.lock().unwrap().wake_by_ref();
    }
}

#[test]
fn whoever_drives_is_not_woken_by_its_own_answer() {
    on_every_version(async |server| {
        let (c, _) = connect_watched(server, "").await;
        let counted =
            Arc::new(Counted { wakes: AtomicUsize::new(0), other: Mutex::new(Waker::noop().clone()) });
        let waker = Waker::from(Arc::clone(&counted));
        let mut fetch = pin!(c.fetch("select 1", ()));
        let mut polls = 0;
        let answer = poll_fn(|cx| {
            counted.other.lock().unwrap().clone_from(cx.waker());
            polls += 1;
            fetch.as_mut().poll(&mut Context::from_waker(&waker))
        });
        assert_eq!(answer.await.unwrap().len(), 1);
        assert!(polls > 1, "it slept until the answer came");
        assert_eq!(counted.wakes.load(Ordering::Relaxed), polls - 1);
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
