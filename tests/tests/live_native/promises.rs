//! What is promised and is no other theme's: short, and one after the other.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use trunkline::types::{Array, Interval, Time, TimestampTz};
use trunkline::{
    Config, Connection, Error, Pool, Severity, SqlState, StatementMode, TransactionOptions, query,
};
use trunkline_tests::live::{connect, connect_watched, connect_with, message, on_every_version, sqlstate};
use trunkline_tests::server::Server;

use crate::pools::until;

#[test]
fn promise_03_json_columns_are_values_both_ways() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let value = json!({"a": [1, null, "é\"\\"], "b": {"c": 1.5}});
        for type_ in ["json", "jsonb"] {
            for _ in 0..3 {
                let row = c.fetch_one(&format!("select $1::{type_} as j"), (&value,)).await.unwrap();
                assert_eq!(row.get::<Value>("j").unwrap(), value);
                assert_eq!(serde_json::to_value(&row).unwrap(), json!({ "j": value }));
                // A string is one, and JSON's null is a value.
                for value in [json!("text"), json!("{}"), json!(7), Value::Null] {
                    let sql = format!("select $1::{type_}, {type_}_typeof($1::{type_}), $1::{type_} is null");
                    let row = c.fetch_one(&sql, (&value,)).await.unwrap();
                    assert_eq!(row.get::<Value>(0).unwrap(), value);
                    let kind = match value {
                        Value::String(_) => "string",
                        Value::Number(_) => "number",
                        _ => "null",
                    };
                    assert_eq!((row.get::<&str>(1).unwrap(), row.get::<bool>(2).unwrap()), (kind, false));
                }
                let none: Option<Value> = None;
                let row = c.fetch_one(&format!("select $1::{type_}"), (none,)).await.unwrap();
                assert_eq!(row.get::<Option<Value>>(0).unwrap(), None);
            }
        }
    });
}

#[test]
fn promise_07_sql_used_once_pushes_no_hot_statement_out() {
    on_every_version(async |server| {
        let c = connect_with(server, "statement_cache_size=5").await;
        let hot = query("select count(*) from pg_prepared_statements where statement like '%/* hot */'")
            .mode(StatementMode::Unnamed);
        for uses in 1..=3 {
            c.fetch("select $1::int4 /* hot */", (1,)).await.unwrap();
            let named = c.fetch_val::<i64, _>(&hot, ()).await.unwrap();
            assert_eq!(named, Some(i64::from(uses > 1)), "it is named at its second use");
        }
        for n in 0..50 {
            c.fetch(&format!("select $1::int4 + {n}"), (n,)).await.unwrap();
        }
        assert_eq!(c.fetch_val::<i64, _>(&hot, ()).await.unwrap(), Some(1));
    });
}

/// Something between that can stop forwarding, and leaves both sockets open: a network that has gone away.
pub(crate) async fn half_open(server: &'static Server) -> (u16, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(backend) = TcpStream::connect(("127.0.0.1", server.port())).await else { return };
            let ((client_read, client_write), (backend_read, backend_write)) =
                (client.into_split(), backend.into_split());
            tokio::spawn(forward(client_read, backend_write, stopped.clone()));
            tokio::spawn(forward(backend_read, client_write, stopped.clone()));
        }
    });
    (port, stop)
}

async fn forward(
    from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut stopped: watch::Receiver<bool>,
) {
    let mut bytes = [0; 4096];
    loop {
        let stops = tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => true,
            ready = from.readable() => ready.is_err(),
        };
        if stops {
            return std::future::pending().await;
        }
        match from.try_read(&mut bytes) {
            Ok(0) => return drop(to.shutdown().await),
            Ok(count) => drop(to.write_all(&bytes[..count]).await),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

async fn within<T>(limit: Duration, what: &str, future: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let value = future.await;
    assert!(begun.elapsed() < limit, "{what} took {:?}", begun.elapsed());
    value
}

/// The server, through something at this port.
pub(crate) fn at(server: &Server, port: u16) -> String {
    server.url().replace(&format!(":{}/", server.port()), &format!(":{port}/"))
}

#[test]
fn promise_11_nothing_waits_for_ever_when_the_network_goes_away() {
    on_every_version(async |server| {
        let (port, stop) = half_open(server).await;
        let url = at(server, port);
        let config = Config::parse(&url).unwrap().connect_timeout(Duration::from_millis(500));
        // A cancel request has ten seconds.
        let limit = Duration::from_secs(12);
        let c = config.connect().await.unwrap();
        let closing = config.connect().await.unwrap();
        let pool = Pool::builder()
            .max_size(1)
            .acquire_timeout(Duration::from_millis(500))
            .ping_after(Some(Duration::ZERO))
            .ping_timeout(Duration::from_millis(200))
            .build(&config)
            .unwrap();
        assert_eq!(pool.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
        stop.send(true).unwrap();

        let slow = query("select 1").timeout(Duration::from_millis(200));
        let late = within(limit, "a query", c.fetch(&slow, ())).await.unwrap_err();
        assert!(matches!(late, Error::Timeout(..)), "{late}");
        assert!(!late.safe_to_retry(), "it may have run");
        let acquired = within(limit, "acquiring", async {
            let _held = pool.acquire().await;
            pool.acquire().await.map(drop)
        });
        assert!(matches!(acquired.await, Err(Error::Pool(_))));
        let refused = within(limit, "connecting", config.connect()).await.unwrap_err();
        assert!(refused.to_string().contains("connect_timeout"), "{refused}");
        let cancelled = within(limit, "a cancel request", c.cancel_token().cancel()).await;
        assert!(cancelled.is_ok() || message(cancelled.clone()).contains("timeout"), "{cancelled:?}");
        let dead = within(limit, "a pool's query", pool.fetch("select 1", ())).await;
        assert!(dead.is_err(), "{dead:?}");
        within(limit, "closing", closing.close()).await.unwrap();
        within(limit, "closing a pool", pool.close_within(Duration::from_millis(300))).await;
        // And what was cancelled in vain is closed rather than waited for.
        let next = query("select 2").timeout(Duration::from_millis(200));
        within(limit, "the next query", c.fetch(&next, ())).await.unwrap_err();
        until("it to be closed", || c.is_closed()).await;
    });
}

#[test]
fn promise_13_nothing_of_a_value_is_silently_lost() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("set time zone 'UTC'", ()).await.unwrap();
        for (type_, text) in [
            ("interval", "1 mon 2 days 00:00:03.000004"),
            ("interval", "-13 mons"),
            ("timestamptz", "infinity"),
            ("timestamptz", "-infinity"),
            ("timestamptz", "4713-01-01 00:00:00+00 BC"),
            ("timestamptz", "294276-12-31 23:59:59.999999+00"),
            ("timestamp", "infinity"),
            ("timestamp", "294276-12-31 23:59:59.999999"),
            ("timestamp", "4713-01-01 00:00:00.000001 BC"),
            ("date", "infinity"),
            ("date", "-infinity"),
            ("date", "5874897-12-31"),
            ("timetz", "24:00:00-15:59:59"),
            ("time", "23:59:59.999999"),
            ("interval", "178000000 years"),
            ("interval", "1 day 24:00:00"),
            ("int4[]", "[-1:0][5:6]={{1,2},{3,4}}"),
            ("date", "0044-03-15 BC"),
            ("time", "24:00:00"),
            ("int4[]", "[0:2]={1,2,3}"),
            ("numeric", "0.10"),
            ("numeric", "NaN"),
            ("float8", "0.1"),
        ] {
            let value: trunkline::types::Value =
                c.fetch_val(&format!("select $1::text::{type_}"), (text,)).await.unwrap().unwrap();
            let back: Option<String> =
                c.fetch_val(&format!("select $1::{type_}::text"), (value,)).await.unwrap();
            let expected: Option<String> =
                c.fetch_val(&format!("select $1::text::{type_}::text"), (text,)).await.unwrap();
            assert_eq!(back, expected, "{type_} {text}");
        }
        // Types of ours hold all of it, others of Rust's say what they cannot.
        let read = "select '24:00'::time, 'infinity'::timestamptz, interval '1 month 1 us', '[0:0]={1}'::int4[], \
                    9007199254740993::int8, 0.1::numeric";
        let row = c.fetch_one(read, ()).await.unwrap();
        assert_eq!(row.get::<Time>(0).unwrap().to_string(), "24:00:00");
        assert_eq!(row.get::<TimestampTz>(1).unwrap().to_string(), "infinity");
        let interval = row.get::<Interval>(2).unwrap();
        assert_eq!((interval.months, interval.days, interval.microseconds), (1, 0, 1));
        assert!(message(row.get::<Vec<i32>>(3)).contains("its subscripts start at 0"));
        assert_eq!(row.get::<Array<i32>>(3).unwrap().dimensions()[0].lower_bound, 0);
        assert!(matches!(row.get::<f64>(4), Err(Error::Conversion(_))), "no double holds every int8");
        assert!(matches!(row.get::<f64>(5), Err(Error::Conversion(_))), "nor every numeric");
    });
}

#[test]
fn promise_15_errors_are_told_apart_and_say_whether_to_try_again() {
    on_every_version(async |server| {
        let (mut c, mut other) = (connect(server).await, connect(server).await);
        let table = format!("apart_{}", c.server_pid());
        let script = format!(
            "create table {table} (i int4 primary key, n int4 not null check (n > 0));
             insert into {table} values (1, 1), (2, 1)"
        );
        c.execute_script(&script).await.unwrap();
        let insert = format!("insert into {table} values ($1, $2)");
        for (values, state) in [
            ((1, Some(1)), SqlState::UNIQUE_VIOLATION),
            ((3, None), SqlState::NOT_NULL_VIOLATION),
            ((3, Some(0)), SqlState::CHECK_VIOLATION),
        ] {
            let error = c.execute(&insert, values).await.unwrap_err();
            assert_eq!(error.sqlstate(), Some(&state), "{error}");
            assert!(!error.is_retryable() && !error.safe_to_retry(), "{error}");
            assert_eq!(error.as_server().unwrap().table.as_deref(), Some(table.as_str()));
        }
        // In the middle of the text, behind characters of several bytes.
        let error = c.fetch("select 'é',\n  'ü' || nowhere.x", ()).await.unwrap_err();
        let server_error = error.as_server().unwrap();
        assert_eq!(server_error.excerpt().as_deref(), Some("  'ü' || nowhere.x\n         ^"));
        assert_eq!(server_error.position, Some(22));

        let add = format!("update {table} set n = n + 1 where i = $1");
        let (one, two) = (c.begin().await.unwrap(), other.begin().await.unwrap());
        one.execute(&add, (1,)).await.unwrap();
        two.execute(&add, (2,)).await.unwrap();
        let (first, second) = tokio::join!(one.execute(&add, (2,)), two.execute(&add, (1,)));
        let victim = if first.is_err() { first } else { second }.unwrap_err();
        assert_eq!(victim.sqlstate(), Some(&SqlState::DEADLOCK_DETECTED));
        assert!(victim.is_retryable() && victim.as_server().unwrap().detail.is_some());
        drop((one, two));

        c.execute(&format!("drop table {table}"), ()).await.unwrap();
        assert!(c.fetch("select $1::int4", ("x",)).await.unwrap_err().safe_to_retry());
        let killed = c.fetch("select pg_terminate_backend(pg_backend_pid())", ()).await.unwrap_err();
        assert!(!killed.safe_to_retry(), "it was sent: {killed}");
        assert!(c.fetch("select 1", ()).await.unwrap_err().safe_to_retry(), "nothing was sent");
    });
}

#[test]
fn promise_15_every_field_of_an_error_is_kept() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let raise = "do $$ begin raise exception 'told' using errcode = 'TL042', detail = 'more', hint = 'mend it', \
                     schema = 's', table = 't', column = 'c', datatype = 'd', constraint = 'k'; end $$";
        let error = c.execute(raise, ()).await.unwrap_err();
        let told = error.as_server().unwrap();
        assert_eq!((told.severity, told.code.as_str(), &*told.message), (Severity::Error, "TL042", "told"));
        let fields = [
            &told.detail,
            &told.hint,
            &told.schema,
            &told.table,
            &told.column,
            &told.data_type,
            &told.constraint,
        ];
        assert_eq!(fields.map(Option::as_deref), ["more", "mend it", "s", "t", "c", "d", "k"].map(Some));
        assert!(told.context.as_deref().unwrap().starts_with("PL/pgSQL function"), "{told:?}");
        assert!(told.file.is_some() && told.line.is_some() && told.routine.is_some(), "{told:?}");
        assert_eq!(told.code.class(), "TL");
        assert_eq!(error.to_string(), "ERROR: told (SQLSTATE TL042)\n  detail: more\n  hint: mend it");
        // One in SQL that the server itself made.
        let inner = c.execute("do $$ begin execute 'select\n1 frm x'; end $$", ()).await.unwrap_err();
        let inner = inner.as_server().unwrap();
        assert_eq!((inner.internal_query.as_deref(), inner.position), (Some("select\n1 frm x"), None));
        assert_eq!((inner.internal_position, inner.code), (Some(14), SqlState::SYNTAX_ERROR));
        for (sql, state, class) in [
            ("select 1/0", SqlState::DIVISION_BY_ZERO, "22"),
            ("select nothing", SqlState::UNDEFINED_COLUMN, "42"),
            ("select * from nowhere", SqlState::UNDEFINED_TABLE, "42"),
            ("select nofunction()", SqlState::UNDEFINED_FUNCTION, "42"),
            ("select 'x'::int4", SqlState::INVALID_TEXT_REPRESENTATION, "22"),
            ("set role nobody_of_that_name", SqlState::INVALID_PARAMETER_VALUE, "22"),
            ("do $$ begin assert false; end $$", SqlState::ASSERT_FAILURE, "P0"),
        ] {
            let error = c.execute(sql, ()).await.unwrap_err();
            assert_eq!(error.sqlstate(), Some(&state), "{sql}: {error}");
            assert_eq!(error.sqlstate().unwrap().class(), class);
        }
        // An integrity constraint, whichever.
        c.execute_script(
            "create temp table a (i int4 primary key); create temp table b (i int4 references a)",
        )
        .await
        .unwrap();
        let orphan = c.execute("insert into b values (1)", ()).await.unwrap_err();
        assert_eq!(orphan.sqlstate(), Some(&SqlState::FOREIGN_KEY_VIOLATION));
        assert_eq!(orphan.sqlstate().unwrap().class(), "23");
    });
}

#[test]
fn promise_19_labels_and_types_come_and_go() {
    on_every_version(async |server| {
        let (c, other) = (connect(server).await, connect(server).await);
        let schema = format!("comes_{}", c.server_pid());
        other
            .execute_script(&format!(
                "create schema {schema}; create type {schema}.mood as enum ('sad');
                 create table {schema}.t (m {schema}.mood)"
            ))
            .await
            .unwrap();
        let (insert, all) =
            (format!("insert into {schema}.t values ($1)"), format!("select m from {schema}.t"));
        for _ in 0..3 {
            c.execute(&insert, ("sad",)).await.unwrap();
            assert_eq!(
                c.fetch_one(&format!("{all} limit 1"), ()).await.unwrap().get::<&str>(0).unwrap(),
                "sad"
            );
        }
        other.execute(&format!("alter type {schema}.mood add value 'glad'"), ()).await.unwrap();
        c.execute(&insert, ("glad",)).await.unwrap();
        let glad = format!("{all} where m = 'glad'");
        assert_eq!(c.fetch_val::<String, _>(&glad, ()).await.unwrap().as_deref(), Some("glad"));

        // The type goes, and another of its name comes.
        for made in ["'sad', 'blue'", "'blue'"] {
            let script = format!(
                "drop table {schema}.t; drop type {schema}.mood; create type {schema}.mood as enum ({made});
                 create table {schema}.t (m {schema}.mood)"
            );
            other.execute_script(&script).await.unwrap();
            for _ in 0..3 {
                c.execute(&insert, ("blue",)).await.unwrap();
                assert_eq!(c.fetch_val::<String, _>(&all, ()).await.unwrap().as_deref(), Some("blue"));
            }
        }
        other
            .execute_script(&format!("set client_min_messages = warning; drop schema {schema} cascade"))
            .await
            .unwrap();
        assert_eq!(sqlstate(c.execute(&insert, ("blue",)).await), "42P01");
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
    });
}

/// The same SQL on two schemas whose tables have other types, and types of their own.
#[test]
fn promise_19_sql_means_what_the_search_path_says() {
    on_every_version(async |server| {
        let admin = connect(server).await;
        let [one, other] = ["one", "other"].map(|name| format!("tenant_{name}_{}", admin.server_pid()));
        for (schema, type_) in [(&one, "int4"), (&other, "text")] {
            let script = format!(
                "create schema {schema}; create type {schema}.mood as enum ('sad');
                 create table {schema}.t (i {type_}, m {schema}.mood)"
            );
            admin.execute_script(&script).await.unwrap();
        }
        let (insert, find) = ("insert into t (m) values ($1)", "select m from t where i = $1");
        let pool = Pool::builder().max_size(2).connect(&server.url()).await.unwrap();
        let (a, b) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
        a.execute(&format!("set search_path = {one}"), ()).await.unwrap();
        b.execute(&format!("set search_path = {other}"), ()).await.unwrap();
        for round in 0..3 {
            a.execute(insert, ("sad",)).await.unwrap();
            b.execute(insert, ("sad",)).await.unwrap();
            // What one connection was told is not what the other means.
            assert!(a.fetch(find, (1,)).await.unwrap().is_empty(), "round {round}");
            assert!(b.fetch(find, ("1",)).await.unwrap().is_empty(), "round {round}");
            assert!(matches!(b.fetch(find, (1,)).await, Err(Error::Usage(_))), "round {round}");
        }
        // One session goes from one to the other and back.
        for schema in [&one, &other, &one, &other] {
            a.execute(&format!("set search_path = {schema}"), ()).await.unwrap();
            for _ in 0..3 {
                a.execute(insert, ("sad",)).await.unwrap();
            }
            let count = format!("select count(*) from {schema}.t");
            let found = a.fetch_val::<i64, _>("select count(*) from t", ()).await.unwrap();
            assert_eq!(a.fetch_val::<i64, _>(&count, ()).await.unwrap(), found);
        }
        // An error of its own stays one, and comes once.
        a.execute("drop table t", ()).await.unwrap();
        assert_eq!(sqlstate(a.execute(insert, ("sad",)).await), "42P01");
        let script = format!("set client_min_messages = warning; drop schema {one}, {other} cascade");
        admin.execute_script(&script).await.unwrap();
    });
}

#[test]
fn promise_23_what_no_message_can_hold_is_refused_before_anything_is_sent() {
    on_every_version(async |server| {
        let (c, watch) = connect_watched(server, "").await;
        let length = "select length($1::bytea)";
        c.fetch(length, (&[0_u8][..],)).await.unwrap();
        watch.take();
        // The server takes no message of a gigabyte or more; this one's pages are never touched until it is copied.
        let large = vec![0_u8; 1 << 30];
        let refused = c.fetch(length, (&large[..],)).await.unwrap_err();
        assert_eq!(watch.take().written, b"");
        assert!(refused.safe_to_retry(), "{refused}");
        assert!(refused.to_string().contains("longer than the 1 GB"), "{refused}");
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
    });
}

#[test]
fn promise_24_the_pool_tells_what_it_is_doing_and_odd_sql_gets_clear_answers() {
    on_every_version(async |server| {
        let pool = Pool::builder().max_size(2).connect(&server.url()).await.unwrap();
        let (held, _other) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
        let stats = pool.stats();
        assert_eq!((stats.size, stats.idle, stats.in_use), (2, 0, 2), "{stats:?}");
        let waiting = pool.fetch_val::<i32, _>("select 7", ());
        let (seven, ()) = tokio::join!(waiting, async { drop(held) });
        assert_eq!(seven.unwrap(), Some(7));
        assert!(pool.stats().acquired >= 3, "{:?}", pool.stats());

        let two = message(pool.fetch("select 1; select 2", ()).await);
        assert_eq!(
            two,
            "ERROR: cannot insert multiple commands into a prepared statement (SQLSTATE 42601)\n  \
             hint: several statements go as a script (execute_script, executeScript), or in a batch"
        );
        assert_eq!(pool.execute("", ()).await.unwrap().as_str(), "");
        let nothing = join_all((0..3).map(|_| pool.fetch("", ()))).await;
        assert!(nothing.into_iter().all(|rows| rows.unwrap().is_empty()));
        let options = TransactionOptions::new();
        let done: Result<(), Error> = pool.transaction(&options, async |_| Ok(())).await;
        done.unwrap();
        let _: Connection = pool.acquire().await.unwrap().detach();
    });
}
