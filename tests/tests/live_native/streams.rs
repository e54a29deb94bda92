//! Rows as they come.

use std::process::Command;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use tokio::net::TcpStream;
use trunkline::{Config, Connection, Error, FromRow};
use trunkline_tests::live::{VERSIONS, Watched, connect, on_every_version, on_version, shared, sqlstate};
use trunkline_tests::server::Server;

const MANY: &str = "select i, 'row ' || i as name from generate_series(1, $1::int4) i";

#[test]
fn stream_gives_rows_in_order_one_by_one_and_by_the_batch() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for count in [0, 1, 10, 50_000] {
            let mut rows = c.stream(MANY, (count,)).await.unwrap();
            assert_eq!(rows.columns().len(), 2);
            let mut seen = 0;
            // A few alone, then what came with them, then the rest.
            for _ in 0..3 {
                let Some(row) = rows.next_row().await.unwrap() else { break };
                seen += 1;
                assert_eq!(
                    (row.get::<i32>(0).unwrap(), row.get::<String>("name").unwrap()),
                    (seen, format!("row {seen}"))
                );
            }
            while let Some(batch) = rows.next_batch().await.unwrap() {
                assert!(!batch.is_empty());
                for row in &batch {
                    seen += 1;
                    assert_eq!(row.get::<i32>("i").unwrap(), seen);
                }
            }
            assert_eq!(seen, count);
            assert_eq!(rows.tag().as_str(), format!("SELECT {count}"));
            assert!(rows.next_row().await.unwrap().is_none() && rows.next_batch().await.unwrap().is_none());
        }
    });
}

#[test]
fn stream_that_nobody_reads_has_the_server_wait() {
    on_every_version(async |server| {
        let witness = connect(server).await;
        let stream = TcpStream::connect(("127.0.0.1", server.port())).await.unwrap();
        let (stream, watch) = Watched::new(stream);
        let c = Connection::connect_over(&narrow(server), stream).await.unwrap();
        let mut rows = c.stream(MANY, (3_000_000,)).await.unwrap();
        rows.next_row().await.unwrap().unwrap();
        // It waits for somebody to take what it has to say.
        let pid = i32::try_from(c.server_pid()).unwrap();
        let waits = "select wait_event = 'ClientWrite' from pg_stat_activity where pid = $1";
        while witness.fetch_val::<bool, _>(waits, (pid,)).await.unwrap() != Some(true) {
            tokio::task::yield_now().await;
        }
        let kept = watch.take().read.len();
        assert!(kept < 4 * HIGH_WATER, "{kept} bytes are here");
        let mut left = 0;
        while let Some(batch) = rows.next_batch().await.unwrap() {
            left += batch.len();
        }
        assert_eq!(left, 2_999_999);
    });
}

#[test]
fn stream_is_a_stream_of_rows_or_of_what_they_are_read_as() {
    #[derive(FromRow)]
    struct Named {
        i: i32,
        name: String,
    }
    on_every_version(async |server| {
        let c = connect(server).await;
        let rows = c.stream(MANY, (1000,)).await.unwrap();
        let numbers: Vec<i32> = rows.map(|row| row.unwrap().get::<i32>(0).unwrap()).collect().await;
        assert_eq!(numbers, (1..=1000).collect::<Vec<_>>());
        let rows = c.stream_as::<Named, _>(MANY, (1000,)).await.unwrap();
        let rows: Vec<Named> = rows.try_collect().await.unwrap();
        assert!(rows.iter().zip(1..).all(|(row, i)| row.i == i && row.name == format!("row {i}")));
        let mut wrong = c.stream_as::<(i64, i64), _>(MANY, (1,)).await.unwrap();
        assert!(matches!(wrong.next().await, Some(Err(Error::Conversion(_)))));
    });
}

#[test]
fn stream_fails_at_once_or_in_the_middle() {
    on_every_version(async |server| {
        let c = connect(server).await;
        assert_eq!(sqlstate(c.stream("select nothing", ()).await), "42703");
        assert_eq!(sqlstate(c.stream("select 1/0", ()).await), "22012");
        assert!(matches!(c.stream("select $1::int4", ()).await, Err(Error::Usage(_))));
        // Enough rows for some to be sent before the failure.
        let mut rows = c.stream("select 1/(50000 - i) from generate_series(1, 100000) i", ()).await.unwrap();
        let mut seen = 0;
        let failure = loop {
            match rows.next_row().await {
                Ok(Some(_)) => seen += 1,
                Ok(None) => panic!("it does not fail"),
                Err(error) => break error,
            }
        };
        assert_eq!(failure.sqlstate().unwrap().as_str(), "22012");
        assert!(seen > 0 && seen < 50_000, "{seen}");
        assert!(rows.next_row().await.unwrap().is_none(), "after an error it has ended");
        drop(rows);
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
        let mut none = c.stream("create temp table t (i int4)", ()).await.unwrap();
        assert!(none.next_row().await.unwrap().is_none());
        assert_eq!(none.tag().as_str(), "CREATE TABLE");
    });
}

#[test]
fn stream_dropped_in_the_middle_frees_the_connection() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for answer in 0..5_i32 {
            let mut rows = c.stream(MANY, (10_000_000,)).await.unwrap();
            for _ in 0..answer * 1000 {
                rows.next_row().await.unwrap().unwrap();
            }
            drop(rows);
            assert_eq!(c.fetch_val::<i32, _>("select $1::int4", (answer,)).await.unwrap(), Some(answer));
        }
    });
}

#[test]
fn others_are_answered_behind_a_stream_that_is_read() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let mut rows = c.stream(MANY, (300_000,)).await.unwrap();
        let mut seen = 0;
        let read = async {
            while let Some(batch) = rows.next_batch().await.unwrap() {
                seen += batch.len();
                tokio::task::yield_now().await;
            }
        };
        let ((), one, two) =
            tokio::join!(read, c.fetch_val::<i32, _>("select 1", ()), c.fetch_val::<i32, _>("select 2", ()));
        assert_eq!((one.unwrap(), two.unwrap()), (Some(1), Some(2)));
        assert_eq!(seen, 300_000);
    });
}

#[test]
fn a_stream_dropped_before_others_lets_them_be_answered() {
    on_every_version(async |server| {
        let c = Connection::connect_with(&narrow(server)).await.unwrap();
        let rows = c.stream(MANY, (300_000,)).await.unwrap();
        let (one, ()) = tokio::join!(c.fetch_val::<i32, _>("select 1", ()), async {
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            drop(rows);
        });
        assert_eq!(one.unwrap(), Some(1));
    });
}

#[test]
fn a_task_that_waits_behind_its_own_stream_is_told() {
    on_version(18, async |server| {
        let stream = TcpStream::connect(("127.0.0.1", server.port())).await.unwrap();
        let (stream, watch) = Watched::new(stream);
        let c = Connection::connect_over(&narrow(server), stream).await.unwrap();
        let mut rows = c.stream(MANY, (3_000_000,)).await.unwrap();
        rows.next_row().await.unwrap();
        watch.take();
        let (stuck, ()) = tokio::join!(c.fetch_val::<i32, _>("select 1", ()), async {
            let mut read = 0;
            while read < HIGH_WATER / 2 {
                tokio::task::yield_now().await;
                read += watch.take().read.len();
            }
            // From here on time passes when nothing moves, a little at a time.
            tokio::time::pause();
            tokio::spawn(async {
                loop {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            });
        });
        tokio::time::resume();
        let stuck = stuck.unwrap_err();
        assert!(matches!(stuck, Error::Timeout(..)) && stuck.to_string().contains("stream"), "{stuck}");
        let mut left = 0;
        while let Some(batch) = rows.next_batch().await.unwrap() {
            left += batch.len();
        }
        assert_eq!(left, 2_999_999, "the stream itself is as it was");
        assert_eq!(c.fetch_val::<i32, _>("select 2", ()).await.unwrap(), Some(2));
    });
}

/// As little as that is kept of rows that nobody reads.
const HIGH_WATER: usize = 64 * 1024;

fn narrow(server: &Server) -> Config {
    let mut config = Config::parse(&server.url()).unwrap();
    config.limits.high_water = HIGH_WATER;
    config
}

#[test]
fn promise_23_ten_million_rows_by_stream_stay_under_64_mib() {
    for version in VERSIONS {
        let output = Command::new(env!("CARGO_BIN_EXE_memory"))
            .args(["stream", &shared(version).url()])
            .output()
            .expect("the program that measures itself");
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        let mut words = said.split_whitespace();
        assert_eq!(words.next(), Some("50000005000001"));
        let peak: usize = words.next().unwrap().parse().unwrap();
        assert!(peak < 64 * 1024, "{peak} KiB on {version}");
    }
}

#[test]
fn promise_23_sixty_five_thousand_parameters() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let values = vec![1_i32; 65_535];
        let sql =
            format!("select {}", (1..=65_535).map(|n| format!("${n}::int4")).collect::<Vec<_>>().join("+"));
        // The server's own stack is too small for a sum of so many; a list is flat.
        let sql = sql.replace('+', ",").replacen("select ", "select 65535 = cardinality(array[", 1) + "])";
        let parameters: Vec<&(dyn trunkline::types::ToSql + Sync)> =
            values.iter().map(|value| value as _).collect();
        let answer =
            tokio::time::timeout(Duration::from_secs(30), c.fetch_val::<bool, _>(&sql, &parameters[..]))
                .await;
        assert_eq!(answer.unwrap().unwrap(), Some(true));
    });
}
