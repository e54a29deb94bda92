//! COPY of typed rows, both ways.

use futures_util::{TryStreamExt, stream};
use trunkline::types::{Date, Interval, Numeric, Range, ToSql, Uuid, Value};
use trunkline::{CopyError, CopySource, Error, OnError, Table, UsageError};
use trunkline_tests::live::{connect, message, on_every_version, sqlstate};

#[test]
fn copy_in_rows_of_many_types_come_out_as_they_went_in() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute_script(
            "create type pg_temp.mood as enum ('sad', 'happy'); \
             create domain pg_temp.age as int4 check (value >= 0); \
             create type pg_temp.pair as (n int4, t text); \
             create temp table t (id int8 generated always as identity, b bool, f float8, n numeric, s varchar(20), \
               y bytea, d date, i interval, u uuid, j jsonb, a int4[], r int4range, m pg_temp.mood, \
               g pg_temp.age, p pg_temp.pair, twice int8 generated always as (5) stored)",
        )
        .await
        .unwrap();
        let columns = ["id", "b", "f", "n", "s", "y", "d", "i", "u", "j", "a", "r", "m", "g", "p"];
        let (date, interval): (Date, Interval) =
            ("2024-02-29".parse().unwrap(), "1 mon -2 days".parse().unwrap());
        let (numeric, uuid) = ("12345678901234567890.5".parse::<Numeric>().unwrap(), Uuid([7; 16]));
        let row = |id: i64| -> Vec<Box<dyn ToSql + Send + Sync>> {
            vec![
                Box::new(id),
                Box::new(id % 2 == 0),
                Box::new(0.1),
                Box::new(numeric.clone()),
                Box::new("tab\t\\N"),
                Box::new(vec![0_u8, 255, 10]),
                Box::new(date),
                Box::new(interval),
                Box::new(uuid),
                Box::new(serde_json::json!({"a": [1, null]})),
                Box::new(vec![Some(1), None]),
                Box::new(Range::from(1..5)),
                Box::new("happy"),
                Box::new(42),
                Box::new((7, "x")),
            ]
        };
        for coerce in [false, true] {
            let copy = c.copy_in_rows("t", columns, (1..=100).map(row));
            let copied = if coerce { copy.coerce().await } else { copy.await };
            assert_eq!(copied.unwrap(), 100);
            let sql = "select count(*) = 100 and bool_and(b = (id % 2 = 0) and f = 0.1 and n = 12345678901234567890.5 \
                 and s = E'tab\\t\\\\N' and y = '\\x00ff0a' and d = '2024-02-29' and i = '1 mon -2 days' \
                 and u = '07070707-0707-0707-0707-070707070707' and j = '{\"a\": [1, null]}' and a = '{1,NULL}' \
                 and r = '[1,5)' and m = 'happy' and g = 42 and p = row(7, 'x')::pg_temp.pair and twice = 5) from t";
            assert_eq!(c.fetch_val::<bool, _>(sql, ()).await.unwrap(), Some(true), "coerce: {coerce}");
            // The same rows as those of a query, every column of them.
            let table = c.copy_out_rows("t").await.unwrap();
            let names: Vec<String> = table.columns().iter().map(|column| column.name.to_string()).collect();
            assert_eq!(names.len(), columns.len() + 1);
            let copied: Vec<trunkline::OwnedRow> = table.try_collect().await.unwrap();
            let queried = c.fetch("select * from t", ()).await.unwrap();
            assert_eq!(copied.len(), 100);
            for (copied, queried) in copied.iter().zip(&queried) {
                for name in &names {
                    assert_eq!(copied.get::<Value>(&**name).unwrap(), queried.get::<Value>(&**name).unwrap());
                }
            }
            c.execute("truncate t", ()).await.unwrap();
        }
    });
}

#[test]
fn copy_out_rows_are_read_one_by_one_as_they_come_or_as_structs() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let source = || CopySource::query("select i, 'n' || i from generate_series(1, $1::int4) i", (2500,));
        let mut rows = c.copy_out_rows(source()).await.unwrap();
        let mut expected = 1;
        while let Some((number, name)) = rows.try_next_as::<(i32, String)>().await.unwrap() {
            assert_eq!((number, name), (expected, format!("n{expected}")));
            expected += 1;
        }
        assert_eq!((expected, rows.row_count()), (2501, Some(2500)));
        assert!(rows.try_next().await.unwrap().is_none());

        let mut rows = c.copy_out_rows(source()).await.unwrap();
        let first = rows.try_next().await.unwrap().unwrap();
        let wrong = rows.try_next_as::<(String, i32)>().await;
        assert!(matches!(wrong, Err(Error::Conversion(_))), "{wrong:?}");
        assert_eq!(rows.try_next_as::<(i32, String)>().await.unwrap().unwrap().0, 3);
        let mut count = 3;
        while let Some(more) = rows.try_next_rows().await.unwrap() {
            count += more.len();
        }
        assert_eq!(first.get::<i32>("i").unwrap(), 1);
        assert!(count <= 2500);
        // Nothing, and a row without columns.
        let mut none = c.copy_out_rows(CopySource::query("select 1 where false", ())).await.unwrap();
        assert!(none.try_next().await.unwrap().is_none());
        let mut bare = c.copy_out_rows(CopySource::query("select", ())).await.unwrap();
        assert!(bare.try_next().await.unwrap().is_some());
        assert!(bare.try_next().await.unwrap().is_none());
        drop(rows);
        let blind = CopySource::query("select 'postgres=r/postgres'::aclitem", ());
        let blind = async { c.copy_out_rows(blind).await?.try_next().await };
        let blind = blind.await;
        assert_eq!(sqlstate(blind), "42883");
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
    });
}

#[test]
fn copy_in_rows_names_the_row_that_does_not_fit_and_keeps_nothing() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table t (id int4, name text)", ()).await.unwrap();
        let large = (0..50_000_i64).map(|n| if n == 49_998 { (1 << 40, "x") } else { (n, "x") });
        let refused = c.copy_in_rows("t", ["id", "name"], large).await.unwrap_err();
        assert!(
            refused
                .to_string()
                .starts_with("row 49999, column \"id\": i64 cannot be sent as PostgreSQL's int4: "),
            "{refused}"
        );
        assert!(refused.safe_to_retry());
        let few = c.copy_in_rows("t", ["id", "name"], [vec![1, 2], vec![1]]).await;
        assert!(message(few).starts_with("row 1, column \"name\": i32 cannot be sent as PostgreSQL's text"));
        let few = c.copy_in_rows("t", ["id", "name"], [vec!["1", "a"], vec!["2"]]).coerce().await;
        let Err(Error::Usage(usage)) = few else { panic!("{few:?}") };
        assert_eq!(*usage, UsageError::RowLength { row: 2, expected: 2, given: 1 });
        let text = c.copy_in_rows("t", ["id", "name"], [("1", "a")]).await;
        assert_eq!(message(text), "row 1, column \"id\": &str cannot be sent as PostgreSQL's int4");
        let missing = c.copy_in_rows("t", ["id", "nam"], [(1, "a")]).await;
        assert_eq!(sqlstate(missing), "42703");
        assert_eq!(sqlstate(c.copy_in_rows("no such table", ["a"], [(1,)]).await), "42P01");
        assert_eq!(c.fetch_val::<i64, _>("select count(*) from t", ()).await.unwrap(), Some(0));
    });
}

#[test]
fn copy_in_rows_coerce_lets_the_server_read_texts() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table t (id int4, at timestamptz, tags text[], flag bool)", ()).await.unwrap();
        let rows = ["1|2024-01-02 03:04+00|{a,b}|yes", "2|epoch|{}|off"];
        let rows = rows.map(|line| line.split('|').collect::<Vec<_>>());
        let columns = ["id", "at", "tags", "flag"];
        assert_eq!(c.copy_in_rows("t", columns, rows).coerce().await.unwrap(), 2);
        let sql = "select string_agg(format('%s %s %s %s', id, extract(epoch from at)::int8, tags, flag), ';' order by id) from t";
        let stored = c.fetch_val::<String, _>(sql, ()).await.unwrap().unwrap();
        assert_eq!(stored, "1 1704164640 {a,b} t;2 0 {} f");
        let bad = c.copy_in_rows("t", columns, [("x", "now", "{}", "t")]).coerce().await;
        assert_eq!(sqlstate(bad), "22P02");
        if c.server_version().unwrap().major >= 17 {
            let some = c.copy_in_rows("t", columns, [("x", "now", "{}", "t"), ("3", "now", "{}", "t")]);
            assert_eq!(some.coerce().on_error(OnError::Ignore).await.unwrap(), 1);
        }
        let kept = c.copy_in_rows("t", ["id"], [(4,), (5,)]).filter("id = 5").await;
        assert_eq!(kept.unwrap(), 1);
    });
}

#[test]
fn copy_in_rows_without_columns_means_all_but_the_generated() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute_script(
            "create temp table \"odd.name\" (a int4, gone text, \"B\" text, twice int4 generated always as (a * 2) stored); \
             alter table \"odd.name\" drop column gone",
        )
        .await
        .unwrap();
        let none: [&str; 0] = [];
        assert_eq!(c.copy_in_rows("odd.name", none, [(1, "x"), (2, "y")]).await.unwrap(), 2);
        let table = Table::new("odd.name").schema("pg_temp");
        assert_eq!(c.copy_in_rows(table, none, [(3, "z")]).await.unwrap(), 1);
        let rows: Vec<(i32, String, i32)> =
            c.fetch_as("select * from \"odd.name\" order by a", ()).await.unwrap();
        assert_eq!(rows.last().unwrap(), &(3, "z".to_owned(), 6));
        assert_eq!(sqlstate(c.copy_in_rows(("odd", "name"), none, [(1,)]).await), "3F000");
    });
}

#[test]
fn copy_in_rows_takes_no_right_but_to_insert() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute_script(
            "drop schema if exists copy_rights cascade; create schema copy_rights; \
             create type copy_rights.kind as enum ('a', 'b'); \
             create table copy_rights.inbox (id int4 primary key, kind copy_rights.kind); \
             do $$ begin create role copy_writer; exception when duplicate_object then null; end $$; \
             grant usage on schema copy_rights to copy_writer; \
             grant insert on copy_rights.inbox to copy_writer; \
             set role copy_writer",
        )
        .await
        .unwrap();
        assert_eq!(sqlstate(c.fetch("select * from copy_rights.inbox", ()).await), "42501");
        let inbox = || Table::from(("copy_rights", "inbox"));
        assert_eq!(c.copy_in_rows(inbox(), ["id", "kind"], [(1, "a"), (2, "b")]).await.unwrap(), 2);
        let none: [&str; 0] = [];
        assert_eq!(c.copy_in_rows(inbox(), none, [(3, "a")]).coerce().await.unwrap(), 1);
        let mut copy = c.copy_in(inbox(), trunkline::CopyOptions::csv()).await.unwrap();
        copy.send("4,b\n").await.unwrap();
        assert_eq!(copy.finish().await.unwrap(), 1);
        assert_eq!(sqlstate(c.copy_out(inbox(), trunkline::CopyOptions::csv()).await), "42501");
        c.execute("reset role", ()).await.unwrap();
        let count = c.fetch_val::<i64, _>("select count(*) from copy_rights.inbox", ()).await.unwrap();
        assert_eq!(count, Some(4));
        c.execute("drop schema copy_rights cascade", ()).await.unwrap();
    });
}

#[test]
fn copy_in_row_stream_and_copy_in_writer_give_rows_too() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute("create temp table t (id int8, name text)", ()).await.unwrap();
        let rows = stream::iter((0..20_000_i64).map(|id| Ok::<_, std::io::Error>((id, format!("n{id}")))));
        assert_eq!(c.copy_in_row_stream("t", ["id", "name"], rows).await.unwrap(), 20_000);
        let failing = stream::iter((0..20_000_i64).map(|id| match id {
            19_999 => Err(std::io::Error::other("out of paper")),
            id => Ok((id, "x")),
        }));
        match c.copy_in_row_stream("t", ["id", "name"], failing).await {
            Err(CopyError::Source(error)) => assert_eq!(error.to_string(), "out of paper"),
            other => panic!("{other:?}"),
        }
        let unfit = stream::iter([Ok::<_, std::io::Error>((true, "x"))]);
        let unfit = c.copy_in_row_stream("t", ["id", "name"], unfit).await;
        assert!(matches!(unfit, Err(CopyError::Postgres(Error::Usage(_)))), "{unfit:?}");

        let mut writer = c.copy_in_writer("t", ["id", "name"]).await.unwrap();
        for id in 0..5000_i64 {
            writer.write((id, "w")).await.unwrap();
        }
        // One that does not fit is left out, and the others stay.
        assert!(writer.write((1, 2)).await.is_err());
        writer.write((5000_i64, "w")).await.unwrap();
        assert_eq!((writer.rows(), writer.finish().await.unwrap()), (5002, 5001));
        let writer = c.copy_in_writer("t", ["id", "name"]).await.unwrap();
        writer.abort("enough").await.unwrap();
        let mut writer = c.copy_in_writer("t", ["id", "name"]).await.unwrap();
        writer.write((1_i64, "dropped")).await.unwrap();
        drop(writer);
        assert_eq!(c.fetch_val::<i64, _>("select count(*) from t", ()).await.unwrap(), Some(25_001));
    });
}

#[test]
fn copies_go_to_other_threads() {
    fn send(_: impl Send) {}
    fn all(c: &trunkline::Connection) {
        let options = trunkline::CopyOptions::text;
        send(c.copy_in("t", options()));
        send(c.copy_out(CopySource::query("select $1", (1,)), options()));
        send(c.copy_out_rows("t"));
        send(c.copy_in_rows("t", ["a"], [(1, "a")]).into_future());
        send(c.copy_in_row_stream("t", ["a"], stream::iter([Ok::<_, Error>((1,))])).into_future());
        send(c.copy_in_writer("t", ["a"]).into_future());
        send(async {
            let copy = c.copy_in("t", options()).await?;
            c.copy_out("t", options()).await?.pipe_to(copy).await
        });
    }
    let _ = all;
}
