use trunkline::{Connection, Error, TransactionStatus};
use trunkline_tests::live::{connect, message, on_every_version, sqlstate};

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
fn a_script_runs_every_statement_and_tells_of_each() {
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

#[test]
fn the_fetches_give_all_rows_the_first_the_only_and_its_value() {
    on_every_version(async |server| {
        let c = connect(server).await;
        const SERIES: &str = "select i, 'row ' || i as name from generate_series(1, $1::int4) i";
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

            let first = c.fetch_row(SERIES, (3,)).await.unwrap().unwrap();
            assert_eq!(first.get::<String>("name").unwrap(), "row 1");
            assert!(c.fetch_row(SERIES, (0,)).await.unwrap().is_none());

            assert_eq!(c.fetch_one(SERIES, (1,)).await.unwrap().get::<i32>("i").unwrap(), 1);
            for (count, told) in [(0, "gave 0"), (2, "gave 2")] {
                let wrong = message(c.fetch_one(SERIES, (count,)).await);
                assert!(wrong.contains("exactly one row") && wrong.contains(told), "{wrong}");
            }
            assert_eq!(c.fetch_val::<i32, _>(SERIES, (2,)).await.unwrap(), Some(1));
            assert_eq!(c.fetch_val::<i32, _>(SERIES, (0,)).await.unwrap(), None);
        }
        assert_eq!(c.fetch_val::<i32, _>("select null::int4", ()).await.unwrap(), None);
        // Rows without columns are rows all the same.
        assert_eq!(c.fetch("select from generate_series(1, 4)", ()).await.unwrap().len(), 4);
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
fn the_getters_know_the_session() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let version = c.server_version().unwrap();
        let number: String = c.fetch_val("show server_version_num", ()).await.unwrap().unwrap();
        assert_eq!(version.major.to_string(), number[..2]);
        let pid = c.fetch_val::<i32, _>("select pg_backend_pid()", ()).await.unwrap().unwrap();
        assert_eq!(u32::try_from(pid).unwrap(), c.server_pid());
        assert_eq!(c.parameter("server_encoding").as_deref(), Some("UTF8"));
        assert_eq!(c.parameter("no such"), None);
        c.execute("set timezone = 'Asia/Kolkata'", ()).await.unwrap();
        assert_eq!(c.parameter("TimeZone").as_deref(), Some("Asia/Kolkata"));

        assert_eq!(c.transaction_status(), TransactionStatus::Idle);
        c.execute("begin", ()).await.unwrap();
        assert_eq!(c.transaction_status(), TransactionStatus::InBlock);
        c.execute("select 1/0", ()).await.unwrap_err();
        assert_eq!(c.transaction_status(), TransactionStatus::Failed);
        c.execute("rollback", ()).await.unwrap();
        assert_eq!(c.transaction_status(), TransactionStatus::Idle);

        assert!(!c.is_closed());
        let shown = format!("{c:?}");
        assert!(shown.contains(&c.server_pid().to_string()), "{shown}");
    });
}

#[test]
fn close_and_terminate_end_the_session_on_the_server() {
    on_every_version(async |server| {
        let witness = connect(server).await;
        for closes in [true, false] {
            let c = connect(server).await;
            let pid = i32::try_from(c.server_pid()).unwrap();
            if closes {
                c.close().await.unwrap();
            } else {
                c.terminate();
            }
            gone(&witness, pid).await;
        }
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
fn a_session_can_be_reset() {
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
