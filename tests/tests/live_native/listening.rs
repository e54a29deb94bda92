//! LISTEN and NOTIFY: on a connection, and by a listener that outlives its connections.

use std::time::Duration;

use bytes::BytesMut;
use futures_util::{FutureExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use trunkline::config::SslMode;
use trunkline::{Config, Error, Listener, Signal};
use trunkline_tests::backend::Backend;
use trunkline_tests::live::{VERSIONS, block_on, connect, on_every_version, sqlstate};
use trunkline_tests::messages as m;
use trunkline_tests::server::Server;

use crate::promises::{at, half_open};

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
fn listen_is_heard_of_by_the_server_each_time() {
    on_every_version(async |server| {
        let c = connect(server).await;
        // The second learns for itself that it is not heard of, though the first has said the same.
        c.execute("begin", ()).await.unwrap();
        c.execute("select 1/0", ()).await.unwrap_err();
        let (first, second) = tokio::join!(c.listen("chores"), c.listen("chores"));
        assert_eq!((sqlstate(first), sqlstate(second)), ("25P02".to_owned(), "25P02".to_owned()));
        c.execute("rollback", ()).await.unwrap();
        // What was undone behind its back is done again for the next.
        let unheard = c.listen("chores").await.unwrap();
        c.reset().await.unwrap();
        let mut heard = c.listen("chores").await.unwrap();
        c.notify("chores", "one").await.unwrap();
        assert_eq!(&*heard.next().await.unwrap().payload, "one");
        drop((unheard, heard));
        assert_eq!(c.fetch_val::<String, _>(CHANNELS, ()).await.unwrap().as_deref(), Some(""));
    });
}

#[test]
fn notify_reaches_all_who_listen_when_its_transaction_commits() {
    on_every_version(async |server| {
        let (mut c, one, other) = (connect(server).await, connect(server).await, connect(server).await);
        let channel = "notify \"it\"";
        let (mut first, mut second) =
            (one.listen(channel).await.unwrap(), other.listen(channel).await.unwrap());
        let undone = c.begin().await.unwrap();
        undone.notify(channel, "never").await.unwrap();
        undone.rollback().await.unwrap();
        let kept = c.begin().await.unwrap();
        kept.notify(channel, "é '\\").await.unwrap();
        kept.commit().await.unwrap();
        c.notify(channel, "").await.unwrap();
        for heard in [&mut first, &mut second] {
            for expected in ["é '\\", ""] {
                let next = heard.next().await.unwrap();
                assert_eq!(
                    (&*next.payload, &*next.channel, next.process_id),
                    (expected, channel, c.server_pid())
                );
            }
        }
        let long = c.notify(channel, &"x".repeat(8000)).await.unwrap_err();
        assert_eq!(long.sqlstate().unwrap().as_str(), "22023", "{long}");
        assert_eq!(sqlstate(c.notify("", "x").await), "22023");
    });
}

#[test]
fn listener_has_one_connection_of_its_own_for_all_channels_and_subscribers() {
    on_every_version(async |server| {
        let name = format!("listener {}", std::process::id());
        let config = Config::parse(&server.url()).unwrap().application_name(&name);
        let told = connect(server).await;
        let mine = "select count(*) from pg_stat_activity where application_name = $1";
        let listener = Listener::connect(&config).await.unwrap();
        let mut heard = Vec::new();
        for number in 0..50 {
            heard.push(listener.clone().listen(&format!("channel {}", number % 25)).await.unwrap());
        }
        assert_eq!(told.fetch_val::<i64, _>(mine, (&name,)).await.unwrap(), Some(1));
        for number in 0..25 {
            told.notify(&format!("channel {number}"), &number.to_string()).await.unwrap();
        }
        for (number, subscription) in heard.iter_mut().enumerate() {
            assert_eq!(payload(subscription.next().await), (number % 25).to_string());
        }
        let refused = listener.listen("nul\0").await.unwrap_err();
        assert!(matches!(refused, Error::Usage(_)), "{refused}");
        drop((listener, heard));
        while told.fetch_val::<i64, _>(mine, (&name,)).await.unwrap() != Some(0) {
            tokio::task::yield_now().await;
        }
    });
}

#[test]
fn listener_that_nobody_reads_drops_the_oldest_and_tells_of_it() {
    on_every_version(async |server| {
        let config = Config::parse(&server.url()).unwrap();
        let told = connect(server).await;
        let listener = Listener::connect(&config).await.unwrap();
        let mut slow = listener.listen("flood").await.unwrap();
        let mut end = listener.listen("end").await.unwrap();
        // Far more than are kept for anybody. They are one transaction, so that they come in its order.
        let flood = "select pg_notify('flood', i::text) from generate_series(1, 40000) i; notify \"end\"";
        told.execute_script(flood).await.unwrap();
        assert_eq!(payload(end.next().await), "");
        let (mut missed, mut heard, mut last) = (0, 0, String::new());
        while last != "40000" {
            match slow.next().await.unwrap() {
                Signal::Missed => missed += 1,
                Signal::Notification(notification) => {
                    heard += 1;
                    last = notification.payload.into();
                }
            }
        }
        assert!(missed >= 1 && heard < 40_000, "missed told {missed} times, {heard} heard");
    });
}

#[test]
fn promise_17_nothing_is_missed_without_a_word() {
    on_every_version(async |server| {
        let told = connect(server).await;
        let listener = Listener::connect(&Config::parse(&server.url()).unwrap()).await.unwrap();
        let mut flood = listener.listen("f").await.unwrap();
        for _ in 0..3 {
            // More at once than the connection keeps for anybody.
            let script = "select pg_notify('f', i::text) from generate_series(1, 100000) i";
            let (mut heard, mut missed, mut last) = (0, 0, String::new());
            let read = async {
                while last != "100000" {
                    match flood.next().await.unwrap() {
                        Signal::Missed => missed += 1,
                        Signal::Notification(notification) => {
                            heard += 1;
                            last = notification.payload.into();
                        }
                    }
                }
            };
            let (sent, ()) = tokio::join!(told.execute(script, ()), read);
            sent.unwrap();
            assert!(heard == 100_000 || missed > 0, "{heard} of 100000, and no word of those missed");
        }
    });
}

#[test]
fn promise_17_a_listener_notices_a_network_that_went_away() {
    on_every_version(async |server| {
        let (port, stop) = half_open(server).await;
        let config = Config::parse(&at(server, port)).unwrap();
        let config = config.host_port("127.0.0.1", server.port()).connect_timeout(Duration::from_secs(1));
        let builder = Listener::builder(&config).heartbeat(Duration::from_millis(20));
        let listener = builder.connect().await.unwrap();
        let mut heard = listener.listen("half open").await.unwrap();
        let told = connect(server).await;
        told.notify("half open", "before").await.unwrap();
        assert_eq!(payload(heard.next().await), "before");
        // Nothing goes that way any more, and nobody says so; the other way is open.
        stop.send(true).unwrap();
        told.notify("half open", "perhaps lost").await.unwrap();
        while heard.next().await.unwrap() != Signal::Missed {}
        told.notify("half open", "after").await.unwrap();
        assert_eq!(payload(heard.next().await), "after");
    });
}

#[test]
fn listen_keeps_so_many_and_counts_what_it_drops() {
    on_every_version(async |server| {
        let (c, told) = (connect(server).await, connect(server).await);
        let mut slow = c.listen("kept").await.unwrap();
        told.execute("select pg_notify('kept', i::text) from generate_series(1, 16394) i", ()).await.unwrap();
        // They come before the answer to what is asked after them.
        let mut dropped = 0;
        while dropped < 10 {
            c.execute("select 1", ()).await.unwrap();
            dropped += slow.take_dropped();
        }
        assert_eq!((dropped, slow.take_dropped()), (10, 0));
        assert_eq!(&*slow.next().await.unwrap().payload, "11", "the oldest are gone");
    });
}

#[test]
fn listen_ends_with_its_connection() {
    on_every_version(async |server| {
        let (c, other) = (connect(server).await, connect(server).await);
        let mut heard = c.listen("last words").await.unwrap();
        other.notify("last words", "last").await.unwrap();
        assert_eq!(&*heard.next().await.unwrap().payload, "last");
        let pid = c.server_pid().cast_signed();
        let kill = async {
            other.execute("select pg_terminate_backend($1)", (pid,)).await.unwrap();
        };
        let (rest, ()) = tokio::join!(heard.collect::<Vec<_>>(), kill);
        assert_eq!(rest.len(), 1);
        assert!(matches!(&rest[0], Err(Error::Closed(_))), "{:?}", rest[0]);
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

/// A server in memory that tells a flood of notifications ahead of its answer to each LISTEN.
async fn flooding(count: u32) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut backend, mut input) = (Backend::default(), BytesMut::new());
        while stream.read_buf(&mut input).await.unwrap() > 0 {
            if input.windows(6).any(|bytes| bytes == b"LISTEN") {
                input.clear();
                (0..count).for_each(|n| backend.say(&m::notification("a", &n.to_string())));
                backend.say(&m::complete("LISTEN"));
                backend.say(&m::ready());
            }
            while backend.handle(&mut input) {}
            stream.write_all_buf(&mut backend.out).await.unwrap();
        }
    });
    port
}

#[test]
fn promise_17_what_the_connection_could_not_keep_is_told_as_missed() {
    block_on(async {
        let count = 20_000;
        let config = Config::new().host_port("127.0.0.1", flooding(count).await);
        let config = config.user("ada").sslmode(SslMode::Disable);
        let listener = Listener::connect(&config).await.unwrap();
        let mut a = listener.listen("a").await.unwrap();
        assert_eq!(a.next().await, Some(Signal::Missed));
        while payload(a.next().await) != (count - 1).to_string() {}
    });
}
