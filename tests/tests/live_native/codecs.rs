//! Codecs of the program's, set for types by their names.

use trunkline::types::{BytesMut, FromSql, Kind, Range, ToSql, Type, TypeCodec, Value, ValueCodec};
use trunkline::{Config, Connection, Pool, Types};
use trunkline_core::error::BoxError;
use trunkline_core::wire::Format;
use trunkline_tests::live::{connect, connect_with, message, on_every_version};
use trunkline_tests::server::Server;

/// What the tests make types of, in a schema of their own. `meters` is an int4 that nobody knows to be one.
const TYPES: &str = "
    create type mood as enum ('sad', 'happy');
    create type moodrange as range (subtype = mood);
    create domain small as int4 check (value < 10);
    create domain smaller as small check (value < 5);
    create type pair as (a int4, m mood);
    create domain pairs as pair[];
    create type inside as (m mood, s smaller, p pair, l mood[]);
    create type meters;
    create function meters_in(cstring) returns meters language internal immutable strict as 'int4in';
    create function meters_out(meters) returns cstring language internal immutable strict as 'int4out';
    create function meters_recv(internal) returns meters language internal immutable strict as 'int4recv';
    create function meters_send(meters) returns bytea language internal immutable strict as 'int4send';
    create type meters (like = int4, input = meters_in, output = meters_out, receive = meters_recv, send = meters_send);
    create type trip as (length meters, stops meters[]);";

struct Place {
    server: &'static Server,
    schema: String,
    c: Connection,
}

impl Place {
    async fn new(server: &'static Server, test: &str) -> Self {
        let schema = format!("codecs_{test}_{}", std::process::id());
        let admin = connect(server).await;
        let sql = format!(
            "set client_min_messages = error; select pg_advisory_xact_lock(7001); \
             create extension if not exists cube schema public; \
             create schema {schema}; set search_path = {schema}; {TYPES}"
        );
        admin.execute_script(&sql).await.unwrap();
        admin.close().await.unwrap();
        let mut place = Self { server, schema, c: connect(server).await };
        place.c = place.connect().await;
        place
    }

    async fn connect(&self) -> Connection {
        connect_with(self.server, &format!("options=-csearch_path%3D{},public", self.schema)).await
    }

    async fn end(self) {
        let Self { schema, server, .. } = self;
        connect(server)
            .await
            .execute_script(&format!("set client_min_messages = error; drop schema {schema} cascade"))
            .await
            .unwrap();
    }
}

/// Marks what went through it, and leaves it as it is otherwise.
#[derive(Clone, Copy)]
struct Marked(Format);

impl ValueCodec for Marked {
    fn format(&self) -> Format {
        self.0
    }

    fn decode(&self, type_: &Type, raw: &[u8]) -> Result<Value, BoxError> {
        let text = match self.0 {
            Format::Text => String::from_utf8(raw.to_vec())?,
            Format::Binary => Value::decode(type_, Format::Binary, Some(raw))?.to_string(),
        };
        Ok(Value::Text(format!("<{type_}:{text}>")))
    }

    fn encode(&self, type_: &Type, value: &Value, out: &mut BytesMut) -> Result<(), BoxError> {
        let Value::Text(text) = value else { return Err("it is not marked".into()) };
        let text = text.strip_prefix(&format!("<{type_}:")).and_then(|text| text.strip_suffix('>'));
        let text = text.ok_or("it is not marked")?;
        match self.0 {
            Format::Text => out.extend_from_slice(text.as_bytes()),
            Format::Binary => _ = Value::parse(type_, text)?.to_sql(type_.base(), out)?,
        }
        Ok(())
    }
}

/// A codec's name, an expression, and how its value is shown then.
const MARKED: [(&str, &str, &str); 23] = [
    ("mood", "'happy'::mood", "<mood:happy>"),
    ("mood", "'{happy,NULL}'::mood[]", "{<mood:happy>,NULL}"),
    ("mood", "'[sad,happy)'::moodrange", "[<mood:sad>,<mood:happy>)"),
    ("mood", "row(1, 'sad')::pair", "(1,<mood:sad>)"),
    ("mood", "array[row(1, 'sad')::pair]", r#"{"(1,<mood:sad>)"}"#),
    (
        "mood",
        "row('sad', 4, row(2, 'happy'), '{sad}')::inside",
        r#"(<mood:sad>,4,"(2,<mood:happy>)",{<mood:sad>})"#,
    ),
    ("mood", "array[row(1, 'sad')::pair]::pairs", r#"{"(1,<mood:sad>)"}"#),
    ("mood[]", "'{happy,NULL}'::mood[]", "<mood[]:{happy,NULL}>"),
    ("mood[]", "row('sad', 4, row(2, 'happy'), '{sad}')::inside", r#"(sad,4,"(2,happy)",<mood[]:{sad}>)"#),
    ("moodrange", "'[sad,happy)'::moodrange", "<moodrange:[sad,happy)>"),
    ("moodrange", "array['[sad,happy)'::moodrange]", r#"{"<moodrange:[sad,happy)>"}"#),
    ("pair", "row(1, 'sad')::pair", "<pair:(1,sad)>"),
    ("pair", "row('sad', 4, row(2, 'happy'), '{sad}')::inside", r#"(sad,4,"<pair:(2,happy)>",{sad})"#),
    ("small", "'{4}'::small[]", "{<small:4>}"),
    ("small", "'{4}'::smaller[]", "{<small:4>}"),
    ("smaller", "'{4}'::smaller[]", "{<smaller:4>}"),
    ("smaller", "row('sad', 4, null, null)::inside", "(sad,<smaller:4>,,)"),
    ("pairs", "array[array[row(1, 'sad')::pair]::pairs]", r#"{"<pairs:{\"(1,sad)\"}>"}"#),
    ("int4", "7", "<int4:7>"),
    ("int4", "'{7,NULL}'::int4[]", "{<int4:7>,NULL}"),
    ("int4", "int4range(1, 3)", "[<int4:1>,<int4:3>)"),
    ("int4", "array[row(1, 'sad')::pair]", r#"{"(<int4:1>,sad)"}"#),
    ("int4", "'{4}'::smaller[]", "{<int4:4>}"),
];

#[test]
fn set_codec_serves_every_kind_of_type_and_all_that_is_made_of_it() {
    on_every_version(async |server| {
        let place = Place::new(server, "kinds").await;
        for (at, (name, sql, expected)) in MARKED.into_iter().enumerate() {
            let schema = if name == "int4" { "pg_catalog" } else { &place.schema };
            for (turn, format) in [Format::Text, Format::Binary].into_iter().enumerate() {
                let c = place.connect().await;
                match (at + turn) % 3 {
                    0 => c.types().set_codec(name, Marked(format)),
                    1 => c.types().set_codec(&*format!("{schema}.{name}"), Marked(format)),
                    _ => c.types().set_codec((schema, name), Marked(format)),
                }
                round_trip(&c, sql, expected).await;
            }
        }
        // The server tells of a column of a domain as of what it is over; of a parameter it does not.
        let domains = place.connect().await;
        domains.types().set_codec("small", Marked(Format::Text));
        let sent = domains.fetch_val("select $1::small", (Value::Text("<small:4>".into()),)).await.unwrap();
        assert_eq!(sent, Some(Value::Int4(4)));
        let elsewhere = place.connect().await;
        elsewhere.types().set_codec("elsewhere.mood", Marked(Format::Text));
        round_trip(&elsewhere, "'happy'::mood", "happy").await;
        place.end().await;
    });
}

/// Reads a value three times, as a statement is described, named, and known; and sends it back.
async fn round_trip(c: &Connection, sql: &str, expected: &str) {
    let mut value = Value::Null;
    for _ in 0..3 {
        value = c.fetch_val(&format!("select {sql}"), ()).await.unwrap().unwrap();
        assert_eq!(value.to_string(), expected, "{sql}");
    }
    let type_ =
        c.fetch_val::<String, _>(&format!("select pg_typeof({sql})::text"), ()).await.unwrap().unwrap();
    let same = format!("select ($1::{type_})::text = ({sql})::text");
    for _ in 0..3 {
        assert_eq!(c.fetch_val(&same, (&value,)).await.unwrap(), Some(true), "{sql} as {value:?}");
    }
    let null = c.fetch_val(&format!("select $1::{type_} is null"), (Value::Null,)).await.unwrap();
    assert_eq!(null, Some(true));
}

/// The binary form of `meters`.
struct Meters;

impl ValueCodec for Meters {
    fn format(&self) -> Format {
        Format::Binary
    }

    fn decode(&self, _type: &Type, raw: &[u8]) -> Result<Value, BoxError> {
        Ok(Value::Text(format!("{} m", i32::from_sql(&Type::INT4, Format::Binary, raw)?)))
    }

    fn encode(&self, _type: &Type, value: &Value, out: &mut BytesMut) -> Result<(), BoxError> {
        let Value::Text(text) = value else { return Err("a length is a text with its unit".into()) };
        let meters: i32 = text.strip_suffix(" m").ok_or("its unit is not m")?.parse()?;
        meters.to_sql(&Type::INT4, out).map(|_| ())
    }
}

#[test]
fn base_types_of_extensions_are_what_the_program_says() {
    on_every_version(async |server| {
        let place = Place::new(server, "bases").await;
        let c = &place.c;
        // Nothing is known of it.
        assert_eq!(
            c.fetch_val("select '7'::meters", ()).await.unwrap(),
            Some(Value::Opaque(vec![0, 0, 0, 7]))
        );
        c.types().set_codec("meters", Meters);
        for (sql, expected) in [
            ("'7'::meters", "7 m"),
            ("'{7,NULL}'::meters[]", "{\"7 m\",NULL}"),
            ("row('7', '{8}')::trip", "(\"7 m\",\"{\"\"8 m\"\"}\")"),
        ] {
            round_trip(c, sql, expected).await;
        }
        let row =
            c.fetch_one("select '7'::meters as length, row('7', '{8}')::trip as trip", ()).await.unwrap();
        let json = serde_json::to_string(&row).unwrap();
        assert_eq!(json, r#"{"length":"7 m","trip":{"length":"7 m","stops":["8 m"]}}"#);

        // As another type: host types take it for that.
        c.types().set_codec("meters", TypeCodec::like(Type::INT4));
        for _ in 0..3 {
            let row =
                c.fetch_one("select '7'::meters, '{7}'::meters[], row('7', '{8}')::trip", ()).await.unwrap();
            assert_eq!(row.get::<i32>(0).unwrap(), 7);
            assert_eq!(row.get::<Value>(0).unwrap(), Value::Int4(7));
            assert_eq!(row.get::<Vec<i64>>(1).unwrap(), [7]);
            assert_eq!(row.get::<(i32, Vec<i32>)>(2).unwrap(), (7, vec![8]));
            let columns = row.columns();
            let (length, list) = (&columns.get(0).unwrap().type_, &columns.get(1).unwrap().type_);
            assert_eq!((length.name(), length.kind()), ("meters", Kind::Domain(Type::INT4)));
            assert_eq!((list.name(), list.element().as_ref()), ("meters[]", Some(length)));
            assert_eq!(serde_json::to_value(&row).unwrap()["meters"], serde_json::json!([7]));
        }
        let sum = "select $1::meters::text || ($2::meters[])::text || ($3::trip)::text";
        let sum = c.fetch_val::<String, _>(sum, (7, vec![8, 9], (1, vec![2]))).await.unwrap();
        assert_eq!(sum.as_deref(), Some("7{8,9}(1,{2})"));
        let wrong = message(c.fetch("select $1::meters", (true,)).await);
        assert_eq!(wrong, "parameter $1: bool cannot be sent as PostgreSQL's meters; nothing was sent");

        // As its text.
        for sql in ["select cube(1, 2)", "select $1::cube"] {
            c.types().set_codec(("public", "cube"), TypeCodec::text());
            let rows =
                if sql.contains('$') { c.fetch(sql, ("(1),(2)",)).await } else { c.fetch(sql, ()).await };
            let row = rows.unwrap();
            assert_eq!(row.get(0).unwrap().get::<&str>(0).unwrap(), "(1),(2)");
            assert_eq!(row.get(0).unwrap().get::<Value>(0).unwrap(), Value::Text("(1),(2)".into()));
        }
        round_trip(c, "array[cube(1, 2), null]", "{\"(1),(2)\",NULL}").await;
        c.types().set_codec("cube", Marked(Format::Text));
        // The one that says the schema goes before.
        round_trip(c, "array[cube(1, 2), null]", "{\"(1),(2)\",NULL}").await;
        assert!(c.types().remove_codec("public.cube"));
        round_trip(c, "array[cube(1, 2), null]", "{\"<cube:(1),(2)>\",NULL}").await;
        assert!(!c.types().remove_codec("public.cube"));
        place.end().await;
    });
}

#[test]
fn host_types_are_asked_no_less_for_a_codec() {
    on_every_version(async |server| {
        let place = Place::new(server, "hosts").await;
        let c = &place.c;
        for format in [Format::Text, Format::Binary] {
            for name in ["int4", "mood", "small", "pair"] {
                c.types().set_codec(name, Marked(format));
            }
            let sql =
                "select 7, '{7}'::int4[], int4range(1, 3), '{4}'::small[], 'sad'::mood, row(1, 'sad')::pair";
            for _ in 0..3 {
                let row = c.fetch_one(sql, ()).await.unwrap();
                assert_eq!(row.get::<i64>(0).unwrap(), 7);
                assert_eq!(row.get::<Vec<i32>>(1).unwrap(), [7]);
                assert_eq!(row.get::<Range<i32>>(2).unwrap(), Range::from(1..3));
                assert_eq!(row.get::<Vec<i32>>(3).unwrap(), [4]);
                assert_eq!(row.get::<&str>(4).unwrap(), "sad");
                assert_eq!(row.get::<(i32, String)>(5).unwrap(), (1, "sad".to_owned()));
                assert_eq!(row.get::<(Value, Value)>(5).unwrap().1, Value::Text("<mood:sad>".into()));
                assert_eq!(row.get::<Vec<Value>>(3).unwrap(), [Value::Text("<small:4>".into())]);
            }
            let sent = "select $1::int4 + 0, ($2::small[])::text, $3::mood::text, ($4::pair)::text";
            let row = c.fetch_one(sent, (7, vec![1, 2], "sad", (1, "happy"))).await.unwrap();
            assert_eq!(row.get::<i32>(0).unwrap(), 7);
            assert_eq!((row.get::<&str>(1).unwrap(), row.get::<&str>(3).unwrap()), ("{1,2}", "(1,happy)"));
        }
        place.end().await;
    });
}

/// Fails on everything.
struct Failing;

impl ValueCodec for Failing {
    fn decode(&self, _type: &Type, _raw: &[u8]) -> Result<Value, BoxError> {
        Err("no luck".into())
    }

    fn encode(&self, _type: &Type, _value: &Value, _out: &mut BytesMut) -> Result<(), BoxError> {
        Err("no luck".into())
    }
}

#[test]
fn set_codec_errors_name_the_column_or_the_parameter() {
    on_every_version(async |server| {
        let place = Place::new(server, "failing").await;
        let c = &place.c;
        c.types().set_codec("mood", Failing);
        let row =
            c.fetch_one("select 'sad'::mood as feeling, row(1, 'sad')::pair as both", ()).await.unwrap();
        assert_eq!(
            message(row.get::<Value>("feeling")),
            "column \"feeling\" (PostgreSQL's mood) cannot be read as Value: \
             the codec that was set for mood: no luck"
        );
        assert_eq!(
            message(row.get::<Value>("both")),
            "column \"both\" (PostgreSQL's pair) cannot be read as Value: \
             the codec that was set for mood: no luck"
        );
        assert_eq!(row.get::<&str>("feeling").unwrap(), "sad");
        assert_eq!(
            message(serde_json::to_string(&row)),
            "column \"feeling\" (PostgreSQL's mood): the codec that was set for mood: no luck"
        );
        let value = Value::Text("sad".into());
        assert_eq!(
            message(c.fetch("select $1::mood", (&value,)).await),
            "parameter $1: Value cannot be sent as PostgreSQL's mood: \
             the codec that was set for mood: no luck; nothing was sent"
        );
        assert_eq!(c.fetch_val("select $1::mood::text", (Value::Null,)).await.unwrap(), None::<String>);
        // Among what has no binary form.
        c.execute_script("create type blind as (m mood, l meters, acl aclitem)").await.unwrap();
        let blind = "select row('sad', '7', 'postgres=r/postgres')::blind as blind";
        c.types().set_codec("mood", Marked(Format::Binary));
        for _ in 0..3 {
            let row = c.fetch_one(blind, ()).await.unwrap();
            let value = row.get::<Value>("blind").unwrap();
            assert_eq!(value.to_string(), "(<mood:sad>,7,postgres=r/postgres)");
        }
        c.types().set_codec("meters", Meters);
        assert_eq!(
            message(c.fetch_one(blind, ()).await.unwrap().get::<Value>("blind")),
            "column \"blind\" (PostgreSQL's blind) cannot be read as Value: the codec that was set for meters: \
             it came in text, of which there is no binary form here"
        );
        // In what comes in binary always.
        c.types().set_codec("meters", Failing);
        assert_eq!(
            message(c.fetch_one("select row('7'::meters) as held", ()).await.unwrap().get::<Value>("held")),
            "column \"held\" (PostgreSQL's record) cannot be read as Value: the codec that was set for meters: \
             it came in binary, of which there is no text here"
        );
        place.end().await;
    });
}

#[test]
fn set_codec_is_for_one_connection_or_all_that_share_and_outlasts_reload_types() {
    on_every_version(async |server| {
        let place = Place::new(server, "shared").await;
        let types = Types::default();
        // Before anything is known of the type, and of one that there is not.
        types.set_codec("mood", Marked(Format::Text));
        types.set_codec("no_such_type", Marked(Format::Text));
        let first = place.connect().await.sharing(&types);
        let second = place.connect().await.sharing(&types);
        let mood = async |c: &Connection| {
            c.fetch_val::<Value, _>("select 'sad'::mood", ()).await.unwrap().unwrap().to_string()
        };
        assert_eq!((mood(&first).await, mood(&second).await), ("<mood:sad>".into(), "<mood:sad>".into()));
        assert_eq!(mood(&place.c).await, "sad");
        // A statement that was prepared goes with what is set when it runs.
        let statement = first.prepare("select 'sad'::mood").await.unwrap();
        second.types().remove_codec("mood");
        assert_eq!((mood(&first).await, mood(&second).await), ("sad".into(), "sad".into()));
        assert_eq!(first.fetch_val(&statement, ()).await.unwrap(), Some(Value::Text("sad".into())));
        second.types().set_codec("mood", Marked(Format::Binary));
        assert_eq!(first.fetch_val(&statement, ()).await.unwrap(), Some(Value::Text("<mood:sad>".into())));
        for c in [&first, &second] {
            c.reload_types();
            assert_eq!((mood(&first).await, mood(&second).await), ("<mood:sad>".into(), "<mood:sad>".into()));
        }
        // A type that is made again is the same for it.
        first.execute_script("drop type mood cascade; create type mood as enum ('sad')").await.unwrap();
        assert_eq!((mood(&first).await, mood(&second).await), ("<mood:sad>".into(), "<mood:sad>".into()));
        // Sharing other types means other codecs, for what was described before too.
        let first = first.sharing(&Types::default());
        assert_eq!(mood(&first).await, "sad");
        place.end().await;
    });
}

#[test]
fn set_codec_on_a_pool_serves_all_its_connections() {
    on_every_version(async |server| {
        let place = Place::new(server, "pool").await;
        let mut config = Config::parse(&server.url()).unwrap();
        config = config.options(format!("-csearch_path={},public", place.schema));
        let pool = Pool::builder().max_size(2).connect_with(&config).await.unwrap();
        pool.types().set_codec("mood", Marked(Format::Text));
        let mood = "select 'sad'::mood";
        let (one, other) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
        for c in [&one, &other] {
            assert_eq!(c.fetch_val(mood, ()).await.unwrap(), Some(Value::Text("<mood:sad>".into())));
        }
        drop((one, other));
        // Those that come later too.
        pool.expire_connections();
        assert_eq!(pool.fetch_val(mood, ()).await.unwrap(), Some(Value::Text("<mood:sad>".into())));
        assert_eq!(
            place.c.fetch_val(mood, ()).await.unwrap(),
            Some(Value::Text("sad".into())),
            "and no others"
        );
        pool.close().await;
        place.end().await;
    });
}

#[test]
fn anonymous_records_and_batches_go_through_codecs() {
    on_every_version(async |server| {
        let place = Place::new(server, "records").await;
        for format in [Format::Text, Format::Binary] {
            let c = place.connect().await;
            c.types().set_codec("mood", Marked(format));
            c.types().set_codec("int4", Marked(format));
            let results =
                c.batch().query("select 'sad'::mood", ()).query("select 7", ()).run().await.unwrap();
            let values: Vec<String> = results
                .iter()
                .map(|rows| rows.as_ref().unwrap().get(0).unwrap().get::<Value>(0).unwrap().to_string())
                .collect();
            assert_eq!(values, ["<mood:sad>", "<int4:7>"]);
            round_trip_record(&c, "row(1, 'happy'::mood, null::int4)", "(<int4:1>,<mood:happy>,)").await;
        }
        place.end().await;
    });
}

async fn round_trip_record(c: &Connection, sql: &str, expected: &str) {
    let record = c.fetch_val::<Value, _>(&format!("select {sql}"), ()).await.unwrap().unwrap();
    assert_eq!(record.to_string(), expected);
}
