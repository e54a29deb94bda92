//! Anonymous records: their fields are of types that nothing but their values tells.

use trunkline::types::{FromSql, Record, Type, Value};
use trunkline::{Connection, FromSql as DeriveFromSql};
use trunkline_core::message::frontend::FrontendMessage;
use trunkline_core::wire::Frame;
use trunkline_tests::live::{Watch, connect, connect_watched, on_every_version};
use trunkline_tests::server::Server;

const TYPES: &str = "
    create type mood as enum ('sad', 'happy');
    create domain small as int4 check (value < 10);
    create type pair as (a int4, m mood);
    create type moodrange as range (subtype = mood);";

struct Place {
    server: &'static Server,
    schema: String,
    c: Connection,
    watch: Watch,
}

impl Place {
    async fn new(server: &'static Server, test: &str) -> Self {
        let schema = format!("records_{test}_{}", std::process::id());
        let sql = format!("create schema {schema}; set search_path = {schema}; {TYPES}");
        connect(server).await.execute_script(&sql).await.unwrap();
        let (c, watch) = connect_watched(server, &format!("options=-csearch_path%3D{schema}")).await;
        Self { server, schema, c, watch }
    }

    async fn again(&mut self) {
        let options = format!("options=-csearch_path%3D{}", self.schema);
        (self.c, self.watch) = connect_watched(self.server, &options).await;
    }

    async fn end(self) {
        let sql = format!("set client_min_messages = error; drop schema {} cascade", self.schema);
        connect(self.server).await.execute_script(&sql).await.unwrap();
    }
}

/// How often types were asked for in what was written.
fn questions(watch: &Watch) -> usize {
    let written = watch.take().written;
    let (mut rest, mut count) = (&written[..], 0);
    while let Some(frame) = Frame::read(rest).unwrap() {
        if let FrontendMessage::Parse(parse) = FrontendMessage::decode(frame).unwrap() {
            count += usize::from(parse.sql.starts_with("with recursive level(oids)"));
        }
        rest = &rest[frame.frame_len()..];
    }
    count
}

#[derive(Debug, PartialEq, DeriveFromSql)]
enum Mood {
    #[trunkline(rename = "sad")]
    Sad,
    #[trunkline(rename = "happy")]
    Happy,
}

/// Expressions, and how their values are shown.
const EACH: [(&str, &str); 8] = [
    ("row(1, 'happy'::mood, null::mood)", "(1,happy,)"),
    ("row('{sad,happy}'::mood[], 4::small)", "(\"{sad,happy}\",4)"),
    ("row(row(1, 'sad')::pair, row('sad'::mood))", "(\"(1,sad)\",\"(sad)\")"),
    ("array[row(1, 'sad'::mood), row(2, 'happy')]", "{\"(1,sad)\",\"(2,happy)\"}"),
    ("row('[sad,happy)'::moodrange)", "(\"[sad,happy)\")"),
    ("row(array[row(1, '{happy}'::mood[])])", "(\"{\"\"(1,{happy})\"\"}\")"),
    ("row()", "()"),
    ("row(1, 'x')", "(1,x)"),
];

#[test]
fn what_records_hold_is_learned_before_they_are_shown() {
    on_every_version(async |server| {
        let mut place = Place::new(server, "learned").await;
        for in_block in [false, true] {
            for (sql, expected) in EACH {
                place.again().await;
                let (c, watch) = (&place.c, &place.watch);
                if in_block {
                    c.execute("begin", ()).await.unwrap();
                }
                watch.take();
                for _ in 0..3 {
                    let value =
                        c.fetch_val::<Value, _>(&format!("select {sql} as r"), ()).await.unwrap().unwrap();
                    assert_eq!(value.to_string(), expected, "{sql}");
                    assert!(!format!("{value:?}").contains("Opaque"), "{sql}: {value:?}");
                }
                let builtin = matches!(sql, "row()" | "row(1, 'x')");
                assert_eq!(questions(watch), usize::from(!builtin), "{sql}");
            }
        }
        let c = &place.c;
        let row = c
            .fetch_one("select row(1, 'happy'::mood) as one, row(row(2, 'sad')::pair) as two", ())
            .await
            .unwrap();
        assert_eq!(row.get::<(i32, Mood)>(0).unwrap(), (1, Mood::Happy));
        assert_eq!(row.get::<((i32, Mood),)>(1).unwrap(), ((2, Mood::Sad),));
        let json = serde_json::to_string(&row).unwrap();
        assert_eq!(json, r#"{"one":[1,"happy"],"two":[{"a":2,"m":"sad"}]}"#);
        place.end().await;
    });
}

#[test]
fn rows_that_hold_others_wait_again() {
    on_every_version(async |server| {
        let place = Place::new(server, "others").await;
        let (c, watch) = (&place.c, &place.watch);
        watch.take();
        // Each type comes in a batch of its own, since the rows before it fill several reads.
        let sql = "select case when i = 50000 then row('sad'::mood, repeat('x', 10)) when i = 100000 then row(row(i, 'happy')::pair, 'y')
                   else row(i, 'some text to fill the buffer') end from generate_series(1, 100000) i";
        for turn in 0..2 {
            let rows = c.fetch(sql, ()).await.unwrap();
            let value = |index: usize| rows.get(index).unwrap().get::<Value>(0).unwrap();
            assert_eq!(value(0).to_string(), "(1,\"some text to fill the buffer\")");
            let Value::Record(mood) = value(49_999) else { panic!("no record") };
            assert_eq!(mood.values()[0], Value::Text("sad".into()));
            let Value::Record(pair) = value(99_999) else { panic!("no record") };
            let Value::Record(inner) = &pair.values()[0] else { panic!("{pair:?}") };
            assert_eq!(inner.get("m"), Some(&Value::Text("happy".into())));
            assert!(questions(watch) <= 2 * (1 - turn), "asked again");
        }
        // Rows without records have nothing to wait for, and what is not in the catalog is not asked for again.
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
        // What statistics are of.
        c.execute_script(
            "create table moods as select 'sad'::mood as m from generate_series(1, 100); analyze moods",
        )
        .await
        .unwrap();
        let bounds = "select most_common_vals from pg_stats where tablename = 'moods' and schemaname = current_schema()";
        let common = c.fetch_val::<Value, _>(bounds, ()).await.unwrap().unwrap();
        assert_eq!(common.to_string(), "{sad}");
        place.end().await;
    });
}

#[test]
fn a_record_of_nothing_that_is_known_is_kept_as_it_came() {
    let raw = b"\0\0\0\x01\0\x01\x86\x9f\0\0\0\x01\0";
    let value = Value::from_sql(&Type::RECORD, trunkline_core::wire::Format::Binary, raw).unwrap();
    assert_eq!(value, Value::Record(Record::new(vec![Value::Opaque(vec![0])])));
}
