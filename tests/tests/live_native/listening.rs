//! LISTEN and NOTIFY: on a connection, and by a listener that outlives its connections.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use trunkline::{Config, Error, Listener, Signal};
use trunkline_tests::live::{VERSIONS, block_on, connect, on_every_version};
use trunkline_tests::server::Server;

const CHANNELS: &str = "select coalesce(string_agg(c, ',' order by c), '') from pg_listening_channels() c";

#[test]
fn listen_hears_many_channels_while_queries_run() {
    on_every_version(async |server| {
        let (c, other) = (connect(server).await, connect(server).await);
        let mut jobs = c.listen("jobs").await.unwrap();
        let mut too = c.listen("jobs").await.unwrap();
        let mut named = c.listen("Odd \"name\"").await.unwrap();
        let heard = c.fetch_val::<String, _>(CHANNELS, ()).await.unwrap().unwrap();
        assert_eq!(heard, "Odd \"name\",jobs");

        other.notify("jobs", "one").await.unwrap();
        other.notify("Odd \"name\"", "").await.unwrap();
        c.notify("jobs", "two").await.unwrap();
        let first = jobs.next().await.unwrap();
        assert_eq!((&*first.channel, &*first.payload), ("jobs", "one"));
        assert_eq!(first.process_id, other.server_pid());
        assert_eq!(&*jobs.next().await.unwrap().payload, "two");
        assert_eq!(&*too.next().await.unwrap().payload, "one");
        assert_eq!(&*named.next().await.unwrap().payload, "");
        assert!(jobs.next().now_or_never().is_none());

        // One waits while another queries, on the same connection.
        let (notified, one) = tokio::join!(jobs.next(), async {
            let one = c.fetch_val::<i32, _>("select 1", ()).await.unwrap();
            other.notify("jobs", "three").await.unwrap();
            one
        });
        assert_eq!((&*notified.unwrap().payload, one), ("three", Some(1)));

        drop(jobs);
        assert_eq!(c.fetch_val::<String, _>(CHANNELS, ()).await.unwrap().unwrap(), "Odd \"name\",jobs");
        drop(too);
        drop(named);
        assert_eq!(c.fetch_val::<String, _>(CHANNELS, ()).await.unwrap().as_deref(), Some(""));
    });
}

#[test]
fn listen_ends_with_its_connection() {
    on_every_version(async |server| {
        let (c, other) = (connect(server).await, connect(server).await);
        let jobs = c.listen("jobs").await.unwrap();
        let pid = c.server_pid().cast_signed();
        let kill = async {
            other.notify("jobs", "last").await.unwrap();
            other.execute("select pg_terminate_backend($1)", (pid,)).await.unwrap();
        };
        let (heard, ()) = tokio::join!(jobs.collect::<Vec<_>>(), kill);
        assert_eq!(heard.len(), 2);
        assert_eq!(&*heard[0].as_ref().unwrap().payload, "last");
        assert!(matches!(&heard[1], Err(Error::Closed(_))), "{:?}", heard[1]);
        let refused = other.listen("nul\0").await.unwrap_err();
        assert!(matches!(refused, Error::Usage(_)), "{refused}");
    });
}

#[test]
fn promise_17_a_listener_survives_a_restart_and_says_that_something_may_be_missed() {
    for version in VERSIONS {
        let mut server = Server::start(version).unwrap();
        let config = Config::parse(&server.url_for("trust_user").unwrap()).unwrap();
        block_on(async {
            let listener = Listener::builder(&config)
                .reconnect_delays(Duration::from_millis(20), Duration::from_millis(200))
                .connect()
                .await
                .unwrap();
            let (mut a, mut b) = (listener.listen("a").await.unwrap(), listener.listen("b").await.unwrap());
            let mut again = listener.clone().listen("a").await.unwrap();
            let told = config.connect().await.unwrap();
            told.notify("a", "1").await.unwrap();
            told.notify("b", "2").await.unwrap();
            assert_eq!(payload(a.next().await), "1");
            assert_eq!(payload(again.next().await), "1");
            assert_eq!(payload(b.next().await), "2");
            drop(told);

            server.stop().unwrap();
            // Somebody who comes meanwhile waits.
            let late = tokio::spawn({
                let listener = listener.clone();
                async move { listener.listen("late").await }
            });
            server.start_again().unwrap();
            assert_eq!(a.next().await, Some(Signal::Missed));
            assert_eq!(again.next().await, Some(Signal::Missed));
            assert_eq!(b.next().await, Some(Signal::Missed));
            let mut late = late.await.unwrap().unwrap();

            let told = config.connect().await.unwrap();
            drop(again);
            for channel in ["a", "b", "late"] {
                told.notify(channel, channel).await.unwrap();
            }
            assert_eq!(payload(a.next().await), "a");
            assert_eq!(payload(b.next().await), "b");
            assert_eq!(payload(late.next().await), "late");

            // Its connection alone is killed.
            let kill = "select pg_terminate_backend(pid) from pg_stat_activity \
                        where pid <> pg_backend_pid() and backend_type = 'client backend'";
            told.execute(kill, ()).await.unwrap();
            assert_eq!(a.next().await, Some(Signal::Missed));
            drop((a, b, late, listener));
            let others = "select count(*) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'";
            while told.fetch_val::<i64, _>(others, ()).await.unwrap() != Some(0) {
                tokio::task::yield_now().await;
            }
        });
    }
}

fn payload(signal: Option<Signal>) -> String {
    match signal {
        Some(Signal::Notification(notification)) => notification.payload.into(),
        other => panic!("{other:?}"),
    }
}
