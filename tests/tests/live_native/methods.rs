use std::collections::BTreeMap;

use trunkline::{Config, Connection, Error, TransactionStatus};
use trunkline_tests::live::{connect, connect_watched, message, on_every_version, sqlstate};
use trunkline_tests::server::PASSWORD;

#[test]
fn execute_tells_what_the_command_did() {
    on_every_version(async |server| {
        let c = connect(server).await;
        assert_eq!(c.execute("create temp table t (i int4)", ()).await.unwrap().as_str(), "CREATE TABLE");
        let insert = c.execute("insert into t select generate_series(1, $1::int4)", (5,)).await.unwrap();
        assert_eq!((insert.as_str(), insert.command(), insert.rows()), ("INSERT 0 5", "INSERT", 5));
        assert_eq!(c.execute("delete from t where i > $1", (3,)).await.unwrap().rows(), 2);
        assert_eq!(c.execute("select * from t", ()).await.unwrap().as_str(), "SELECT 3");
    });
}

#[test]
fn promise_24_an_empty_query_does_nothing_and_says_so() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for _ in 0..3 {
            for nothing in ["", "  ", "-- nothing", ";"] {
                assert_eq!(c.execute(nothing, ()).await.unwrap().as_str(), "", "{nothing:?}");
                let rows = c.fetch(nothing, ()).await.unwrap();
                assert_eq!((rows.len(), rows.columns().len()), (0, 0));
            }
        }
        assert!(c.execute_script("").await.unwrap().iter().all(|tag| tag.as_str().is_empty()));
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
    });
}

#[test]
fn execute_script_runs_every_statement_and_tells_of_each() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let tags = c
            .execute_script(
                "create temp table t (i int4); insert into t values (1), (2); select * from t; select 'a', 'b' limit 0;",
            )
            .await
            .unwrap();
        let tags: Vec<&str> = tags.iter().map(|tag| tag.as_str()).collect();
        assert_eq!(tags, ["CREATE TABLE", "INSERT 0 2", "SELECT 2", "SELECT 0"]);
        // One transaction: what comes before a failure is undone.
        let failed = c.execute_script("insert into t values (3); select 1/0; insert into t values (4)").await;
        assert_eq!(sqlstate(failed), "22012");
        assert_eq!(c.fetch_val::<i64, _>("select count(*) from t", ()).await.unwrap(), Some(2));
    });
}

const SERIES: &str = "select i, 'row ' || i as name from generate_series(1, $1::int4) i";

#[test]
fn fetch_gives_all_rows_their_columns_and_the_tag() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for _ in 0..3 {
            let rows = c.fetch(SERIES, (3,)).await.unwrap();
            assert_eq!((rows.len(), rows.is_empty(), rows.tag().as_str()), (3, false, "SELECT 3"));
            let names: Vec<&str> = rows.iter().map(|row| row.get("name").unwrap()).collect();
            assert_eq!(names, ["row 1", "row 2", "row 3"]);
            assert_eq!(rows.get(2).unwrap().get::<i32>(0).unwrap(), 3);
            assert!(rows.get(3).is_none());
            let columns: Vec<String> =
                rows.columns().iter().map(|column| format!("{} {}", column.name, column.type_)).collect();
            assert_eq!(columns, ["i int4", "name text"]);
        }
        // Rows without columns are rows all the same, and columns without rows are columns.
        assert_eq!(c.fetch("select from generate_series(1, 4)", ()).await.unwrap().len(), 4);
        let none = c.fetch(SERIES, (0,)).await.unwrap();
        assert_eq!((none.is_empty(), none.columns().len()), (true, 2));
    });
}

#[test]
fn fetch_row_gives_the_first_row_or_none() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for _ in 0..3 {
            let first = c.fetch_row(SERIES, (3,)).await.unwrap().unwrap();
            assert_eq!(first.get::<String>("name").unwrap(), "row 1");
            assert_eq!(first.columns().len(), 2);
            assert!(c.fetch_row(SERIES, (0,)).await.unwrap().is_none());
        }
    });
}

#[test]
fn fetch_one_gives_the_only_row_and_takes_no_other_number() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table t (i int4)", ()).await.unwrap();
        for _ in 0..3 {
            assert_eq!(c.fetch_one(SERIES, (1,)).await.unwrap().get::<i32>("i").unwrap(), 1);
            for count in [0, 2] {
                let wrong = c.fetch_one(SERIES, (count,)).await.unwrap_err();
                assert_eq!(
                    wrong.to_string(),
                    format!("fetch_one takes a query with exactly one row, this one gave {count}")
                );
                assert!(matches!(wrong, Error::Usage(_)), "{wrong:?}");
            }
        }
        // It has run, whatever it gave.
        let twice = c.fetch_one("insert into t values (1), (2) returning i", ()).await.unwrap_err();
        assert!(!twice.safe_to_retry(), "{twice}");
        assert_eq!(c.fetch_val::<i64, _>("select count(*) from t", ()).await.unwrap(), Some(2));
    });
}

#[test]
fn fetch_val_gives_the_first_value_or_none() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for _ in 0..3 {
            assert_eq!(c.fetch_val::<i32, _>(SERIES, (2,)).await.unwrap(), Some(1));
            assert_eq!(c.fetch_val::<i32, _>(SERIES, (0,)).await.unwrap(), None);
        }
        assert_eq!(c.fetch_val::<i32, _>("select null::int4", ()).await.unwrap(), None);
        assert!(matches!(c.fetch_val::<String, _>("select 1", ()).await, Err(Error::Conversion(_))));
        let none = c.fetch_val::<i32, _>("select", ()).await;
        assert_eq!(message(none), "there is no column 0; the result has: ");
    });
}

#[test]
fn large_results_come_whole() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let rows =
            c.fetch("select i, repeat('x', i % 300) from generate_series(1, 60000) i", ()).await.unwrap();
        assert_eq!(rows.len(), 60_000);
        for (row, number) in rows.iter().zip(1..) {
            assert_eq!(row.get::<i32>(0).unwrap(), number);
            assert_eq!(row.get::<&str>(1).unwrap().len(), usize::try_from(number % 300).unwrap());
        }
        let large = "é".repeat(4 << 20);
        assert_eq!(c.fetch_val::<String, _>("select $1::text", (&large,)).await.unwrap(), Some(large));
    });
}

#[test]
fn a_column_or_value_that_is_not_what_was_asked_for_is_told_by_name() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let rows = c.fetch("select 1 as a, 'x'::text as b, null::int4 as c", ()).await.unwrap();
        let row = rows.get(0).unwrap();
        assert_eq!(message(row.get::<i32>("z")), "there is no column z; the result has: a, b, c");
        assert_eq!(message(row.get::<i32>(7)), "there is no column 7; the result has: a, b, c");
        assert_eq!(
            message(row.get::<i32>("b")),
            "column \"b\" (PostgreSQL's text) cannot be read as i32: the types do not match"
        );
        assert_eq!(
            message(row.get::<i32>("c")),
            "column \"c\" (PostgreSQL's int4) cannot be read as i32: it is NULL, which only an Option can hold"
        );
        assert_eq!(row.get::<Option<i32>>("c").unwrap(), None);
    });
}

#[test]
fn connect_takes_a_uri_keywords_and_values_or_a_configuration() {
    on_every_version(async |server| {
        let uri = server.url_for("scram_user").unwrap();
        let port = server.port();
        let words =
            format!("host=127.0.0.1 port={port} user=scram_user password='{PASSWORD}' dbname=postgres");
        let config = Config::new()
            .host_port("127.0.0.1", port)
            .user("scram_user")
            .password(PASSWORD)
            .dbname("postgres")
            .application_name("by steps");
        let who = "select current_user || ' ' || current_setting('application_name')";
        for (connected, expected) in [
            (Connection::connect(&uri).await, "scram_user "),
            (Connection::connect(&words).await, "scram_user "),
            (Connection::connect_with(&config).await, "scram_user by steps"),
            (config.connect().await, "scram_user by steps"),
            (Config::parse(&words).unwrap().application_name("added").connect().await, "scram_user added"),
        ] {
            let c = connected.unwrap();
            assert_eq!(c.fetch_val::<String, _>(who, ()).await.unwrap().as_deref(), Some(expected));
        }
    });
}

#[test]
fn server_pid_is_the_one_of_the_session() {
    on_every_version(async |server| {
        let (c, other) = (connect(server).await, connect(server).await);
        let pid = c.fetch_val::<i32, _>("select pg_backend_pid()", ()).await.unwrap().unwrap();
        assert_eq!(u32::try_from(pid).unwrap(), c.server_pid());
        assert_ne!(c.server_pid(), other.server_pid());
        let shown = format!("{c:?}");
        assert!(shown.contains(&c.server_pid().to_string()), "{shown}");
    });
}

#[test]
fn server_version_is_known_before_any_query() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let version = c.server_version().unwrap();
        assert_eq!(version.major, u32::from(server.version()));
        let number: String = c.fetch_val("show server_version_num", ()).await.unwrap().unwrap();
        assert_eq!(format!("{}{:04}", version.major, version.minor), number);
    });
}

#[test]
fn parameter_follows_what_the_server_reports() {
    on_every_version(async |server| {
        let c = connect(server).await;
        assert_eq!(c.parameter("server_encoding").as_deref(), Some("UTF8"));
        assert_eq!(c.parameter("client_encoding").as_deref(), Some("UTF8"));
        assert_eq!(c.parameter("no such"), None);
        c.execute("set timezone = 'Asia/Kolkata'", ()).await.unwrap();
        assert_eq!(c.parameter("TimeZone").as_deref(), Some("Asia/Kolkata"));
        let all: BTreeMap<String, String> = c.parameters().into_iter().collect();
        assert_eq!(all.get("TimeZone").map(String::as_str), Some("Asia/Kolkata"));
        assert_eq!(all.get("integer_datetimes").map(String::as_str), Some("on"));
    });
}

#[test]
fn transaction_status_is_as_of_the_last_answer() {
    on_every_version(async |server| {
        let c = connect(server).await;
        assert_eq!(c.transaction_status(), TransactionStatus::Idle);
        c.execute("begin", ()).await.unwrap();
        assert_eq!(c.transaction_status(), TransactionStatus::InBlock);
        c.execute("select 1/0", ()).await.unwrap_err();
        assert_eq!(c.transaction_status(), TransactionStatus::Failed);
        c.execute("rollback", ()).await.unwrap();
        assert_eq!(c.transaction_status(), TransactionStatus::Idle);
    });
}

#[test]
fn close_says_good_bye_and_the_session_is_gone() {
    on_every_version(async |server| {
        let witness = connect(server).await;
        let (c, watch) = connect_watched(server, "").await;
        let pid = i32::try_from(c.server_pid()).unwrap();
        watch.take();
        c.close().await.unwrap();
        assert_eq!(watch.take().written, b"X\0\0\0\x04", "Terminate");
        gone(&witness, pid).await;
    });
}

#[test]
fn terminate_closes_without_a_word_and_the_session_is_gone() {
    on_every_version(async |server| {
        let witness = connect(server).await;
        let (c, watch) = connect_watched(server, "").await;
        let pid = i32::try_from(c.server_pid()).unwrap();
        watch.take();
        c.terminate();
        assert_eq!(watch.take().written, b"");
        gone(&witness, pid).await;
    });
}

#[test]
fn is_closed_tells_whether_the_session_has_ended() {
    on_every_version(async |server| {
        let c = connect(server).await;
        assert!(!c.is_closed());
        // An error that is no end of the session is none.
        c.execute("select 1/0", ()).await.unwrap_err();
        assert!(!c.is_closed());
        c.execute("select pg_terminate_backend(pg_backend_pid())", ()).await.unwrap_err();
        assert!(c.is_closed());
    });
}

/// Asks until the session is gone; the test's deadline is the limit.
async fn gone(witness: &Connection, pid: i32) {
    const SQL: &str = "select count(*) from pg_stat_activity where pid = $1";
    while witness.fetch_val::<i64, _>(SQL, (pid,)).await.unwrap() != Some(0) {
        tokio::task::yield_now().await;
    }
}

#[test]
fn promise_15_a_server_error_carries_every_field_and_points_at_the_place() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table u (id int4 constraint one_each primary key)", ()).await.unwrap();
        c.execute("insert into u values (7)", ()).await.unwrap();
        let error = c.execute("insert into u values ($1)", (7,)).await.unwrap_err();
        let Error::Server(error) = error else { panic!("{error}") };
        assert_eq!(error.code, trunkline::SqlState::UNIQUE_VIOLATION);
        assert_eq!(error.constraint.as_deref(), Some("one_each"));
        assert_eq!(error.table.as_deref(), Some("u"));
        assert_eq!(error.detail.as_deref(), Some("Key (id)=(7) already exists."));
        assert!(error.schema.is_some() && error.file.is_some() && error.routine.is_some());

        let syntax = c.fetch("select *\nform pg_class", ()).await.unwrap_err();
        assert_eq!(
            syntax.to_string(),
            "ERROR: syntax error at or near \"form\" (SQLSTATE 42601)\n  | form pg_class\n  | ^"
        );
    });
}

#[test]
fn reset_makes_the_session_what_it_was_when_it_was_opened() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let script =
            "set work_mem = '77MB'; select pg_advisory_lock(7); create temp table kept (i int4); listen here";
        c.execute_script(script).await.unwrap();
        c.execute("begin", ()).await.unwrap();
        c.execute("select 1/0", ()).await.unwrap_err();
        c.reset().await.unwrap();
        assert_eq!(c.transaction_status(), TransactionStatus::Idle);
        let left = "select (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) \
                    + (select count(*) from pg_listening_channels()) \
                    + (select count(*) from pg_class where relname = 'kept' and pg_table_is_visible(oid)) \
                    + (current_setting('work_mem') = '77MB')::int4";
        assert_eq!(c.fetch_val::<i64, _>(left, ()).await.unwrap(), Some(0));
        c.reset().await.unwrap();
    });
}
