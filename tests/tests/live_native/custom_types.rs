//! Types of a database's own, learned from real catalogs.

use futures_util::future::join_all;
use trunkline::types::{Kind, Type};
use trunkline::{Connection, Types};
use trunkline_core::message::frontend::FrontendMessage;
use trunkline_core::wire::Frame;
use trunkline_tests::live::{Watch, connect, connect_watched, connect_with, on_every_version, sqlstate};
use trunkline_tests::server::Server;

/// What the tests make types of, in a schema of their own.
const TYPES: &str = "
    create type mood as enum ('sad', 'happy');
    alter type mood add value 'calm' before 'happy';
    create domain numbers as int4[];
    create domain small as int4 check (value < 10);
    create domain smaller as small check (value < 5);
    create type inside as (a int4, gone text, m mood, s smaller);
    alter type inside drop attribute gone;
    create type outside as (i inside, l inside[], n numbers, m mood[]);
    create type moodrange as range (subtype = mood);
    create table things (id int8, what outside, boxes box[]);
    create type blind as (a int4, acl aclitem);
    create type nothing as ();";

/// One of each, and what it is, by [`shape`].
const EACH: [(&str, &str); 12] = [
    ("'happy'::mood", "mood{sad calm happy}"),
    ("'{happy,NULL}'::mood[]", "[mood{sad calm happy}]"),
    // A domain's values come as what it is over; its arrays do not.
    ("'{1,2}'::numbers", "[int4]"),
    ("'{1,2}'::small[]", "[small=int4]"),
    ("'{4}'::smaller[]", "[smaller=small=int4]"),
    ("array['{1,2}'::numbers]", "[numbers=[int4]]"),
    ("row(1, 'sad', 4)::inside", "inside(a:int4 m:mood{sad calm happy} s:smaller=small=int4)"),
    (
        "null::outside",
        "outside(i:inside(a:int4 m:mood{sad calm happy} s:smaller=small=int4) \
         l:[inside(a:int4 m:mood{sad calm happy} s:smaller=small=int4)] n:numbers=[int4] m:[mood{sad calm happy}])",
    ),
    ("'[sad,happy)'::moodrange", "moodrange<mood{sad calm happy}>"),
    ("row()::nothing", "nothing()"),
    ("'a=>1'::hstore", "hstore"),
    ("'{}'::hstore[]", "[hstore]"),
];

/// A type with all that it is made of, in a line.
fn shape(type_: &Type) -> String {
    match type_.kind() {
        Kind::Array(element) => format!("[{}]", shape(&element)),
        Kind::Range(bound) => format!("{type_}<{}>", shape(&bound)),
        Kind::Multirange(range) => format!("{type_}<<{}>>", shape(&range)),
        Kind::Domain(base) => format!("{type_}={}", shape(&base)),
        Kind::Enum(labels) => format!("{type_}{{{}}}", labels.join(" ")),
        Kind::Composite(fields) => {
            let fields = fields.iter().map(|field| format!("{}:{}", field.name, shape(&field.type_)));
            format!("{type_}({})", fields.collect::<Vec<_>>().join(" "))
        }
        _ => type_.to_string(),
    }
}

/// A schema of one test's own, and a watched connection in it.
struct Place {
    server: &'static Server,
    schema: String,
    c: Connection,
    watch: Watch,
}

impl Place {
    async fn new(server: &'static Server, test: &str) -> Self {
        let schema = format!("{test}_{}", std::process::id());
        let admin = connect(server).await;
        let sql = format!(
            "select pg_advisory_xact_lock(7001); create extension if not exists hstore schema public; \
             create schema {schema}; set search_path = {schema}; {TYPES}"
        );
        admin.execute_script(&sql).await.unwrap();
        admin.close().await.unwrap();
        let (c, watch) = connect_watched(server, &Self::options(&schema)).await;
        Self { server, schema, c, watch }
    }

    fn options(schema: &str) -> String {
        format!("options=-csearch_path%3D{schema},public")
    }

    /// Another connection to the same place.
    async fn connect(&self) -> (Connection, Watch) {
        connect_watched(self.server, &Self::options(&self.schema)).await
    }

    /// A connection whose server compares OIDs as somebody wants it to, who has no right to do anything.
    async fn connect_with_path(&self, path: &str) -> Connection {
        connect_with(self.server, &format!("options=-csearch_path%3D{path}")).await
    }

    async fn end(self) {
        self.c.execute_script(&format!("drop schema {} cascade", self.schema)).await.unwrap();
    }
}

/// The queries for types in what was written.
fn introspections(watch: &Watch) -> Vec<String> {
    let written = watch.take().written;
    let mut rest = &written[..];
    let mut found = Vec::new();
    while let Some(frame) = Frame::read(rest).unwrap() {
        if let FrontendMessage::Parse(parse) = FrontendMessage::decode(frame).unwrap()
            && parse.sql.starts_with("with recursive level(oids)")
        {
            found.push(parse.sql.to_string());
        }
        rest = &rest[frame.frame_len()..];
    }
    found
}

#[test]
fn every_kind_is_known_the_first_time_by_one_question() {
    on_every_version(async |server| {
        let place = Place::new(server, "every_kind").await;
        let (c, watch) = (&place.c, &place.watch);
        watch.take();
        let columns: Vec<String> = EACH.iter().map(|(sql, _)| (*sql).to_owned()).collect();
        for _ in 0..3 {
            let rows = c.fetch(&format!("select {}", columns.join(", ")), ()).await.unwrap();
            for (column, (sql, expected)) in rows.columns().iter().zip(EACH) {
                assert_eq!(shape(&column.type_), expected, "{sql}");
                let schema = if expected.contains("hstore") { "public" } else { &place.schema };
                let built_in = expected == "[int4]";
                assert_eq!(column.type_.schema(), if built_in { "pg_catalog" } else { schema }, "{sql}");
            }
            assert_eq!(rows.get(0).unwrap().get::<&str>(0).unwrap(), "happy");
        }
        assert_eq!(introspections(watch).len(), 1);
        // One by one, on connections that know nothing.
        for (sql, expected) in EACH {
            let (c, watch) = place.connect().await;
            watch.take();
            let rows = c.fetch(&format!("select {sql}"), ()).await.unwrap();
            assert_eq!(shape(&rows.columns().get(0).unwrap().type_), expected, "{sql}");
            let statement = c.prepare(&format!("select {sql}")).await.unwrap();
            assert_eq!(shape(&statement.columns().unwrap().get(0).unwrap().type_), expected, "{sql}");
            assert_eq!(introspections(&watch).len(), usize::from(expected != "[int4]"), "{sql}");
        }
        place.end().await;
    });
}

#[test]
fn rows_of_tables_and_multiranges_too() {
    on_every_version(async |server| {
        let place = Place::new(server, "tables").await;
        let rows = place.c.fetch("select t from things t", ()).await.unwrap();
        let things = shape(&rows.columns().get(0).unwrap().type_);
        assert!(things.starts_with("things(id:int8 what:outside(i:inside(a:int4"), "{things}");
        assert!(things.ends_with("boxes:[box])"), "{things}");
        if server.version() >= 14 {
            let rows = place.c.fetch("select '{[sad,happy]}'::moodmultirange", ()).await.unwrap();
            let shown = shape(&rows.columns().get(0).unwrap().type_);
            assert_eq!(shown, "moodmultirange<<moodrange<mood{sad calm happy}>>>");
        }
        // Of the catalogs' own, which are not in the table of built-in types.
        let rows = place.c.fetch("select c from pg_namespace c where false", ()).await.unwrap();
        assert!(shape(&rows.columns().get(0).unwrap().type_).starts_with("pg_namespace("));
        place.end().await;
    });
}

#[test]
fn parameters_are_known_before_they_are_sent() {
    on_every_version(async |server| {
        let place = Place::new(server, "parameters").await;
        let (c, watch) = (&place.c, &place.watch);
        watch.take();
        for _ in 0..3 {
            let sql = "select $1::mood as m, $2::mood[] as l, $3::small as s, $4::inside as i";
            let moods = vec![Some("sad"), None];
            let row = c.fetch_one(sql, ("calm", &moods, 9, "(1,sad,2)")).await.unwrap();
            let types: Vec<String> = row.columns().iter().map(|column| column.type_.to_string()).collect();
            assert_eq!(types, ["mood", "mood[]", "int4", "inside"]);
            assert_eq!((row.get::<&str>("m").unwrap(), row.get::<i32>("s").unwrap()), ("calm", 9));
            assert_eq!(row.get::<Vec<Option<String>>>("l").unwrap(), [Some("sad".to_owned()), None]);
        }
        let statement = c.prepare("insert into things (what) values (row($1, '{}', $2, $3))").await.unwrap();
        let types: Vec<String> = statement.parameters().iter().map(ToString::to_string).collect();
        assert_eq!(types, ["inside", "numbers", "mood[]"]);
        assert_eq!(introspections(watch).len(), 2);
        let error = c.fetch("select $1::small", ("nine",)).await.unwrap_err().to_string();
        assert_eq!(error, "parameter $1: &str cannot be sent as PostgreSQL's small; nothing was sent");
        assert_eq!(sqlstate(c.fetch("select $1::small", (10,)).await), "23514");
        place.end().await;
    });
}

#[test]
fn in_a_transaction_that_made_them_and_goes_on() {
    on_every_version(async |server| {
        let (c, watch) = connect_watched(server, "").await;
        watch.take();
        for (made, end, tag) in [("kept", "commit", "COMMIT"), ("undone", "rollback", "ROLLBACK")] {
            c.execute("begin isolation level serializable", ()).await.unwrap();
            c.execute(&format!("create type pg_temp.{made} as enum ('now')"), ()).await.unwrap();
            let bound = c.fetch_val::<String, _>(&format!("select $1::pg_temp.{made}"), ("now",)).await;
            assert_eq!(bound.unwrap().as_deref(), Some("now"));
            let rows = c.fetch(&format!("select array['now'::pg_temp.{made}]"), ()).await.unwrap();
            assert_eq!(shape(&rows.columns().get(0).unwrap().type_), format!("[{made}{{now}}]"));
            assert_eq!(c.execute(end, ()).await.unwrap().as_str(), tag);
            assert_eq!(introspections(&watch).len(), 2);
        }
        assert_eq!(c.fetch("select 'now'::pg_temp.kept", ()).await.unwrap().len(), 1);
        assert_eq!(sqlstate(c.fetch("select 'now'::pg_temp.undone", ()).await), "42704");
        // All in one breath.
        let (begun, made, value, done) = tokio::join!(
            c.execute("begin", ()),
            c.execute("create type pg_temp.brief as enum ('now')", ()),
            c.fetch("select 'now'::pg_temp.brief", ()),
            c.execute("rollback", ()),
        );
        for tag in [begun, made, done] {
            tag.unwrap();
        }
        assert_eq!(value.unwrap().get(0).unwrap().get::<&str>(0).unwrap(), "now");
    });
}

#[test]
fn a_failed_transaction_stays_failed_and_the_next_query_is_right() {
    on_every_version(async |server| {
        let place = Place::new(server, "failed").await;
        let c = &place.c;
        c.execute("begin", ()).await.unwrap();
        assert_eq!(sqlstate(c.execute("select 1/0", ()).await), "22012");
        assert_eq!(sqlstate(c.fetch("select 'sad'::mood", ()).await), "25P02");
        assert_eq!(sqlstate(c.fetch("select $1::mood", ("sad",)).await), "25P02");
        c.execute("rollback", ()).await.unwrap();
        let rows = c.fetch("select 'sad'::mood", ()).await.unwrap();
        assert_eq!(shape(&rows.columns().get(0).unwrap().type_), "mood{sad calm happy}");
        place.end().await;
    });
}

#[test]
fn pipelined_they_are_right_and_asked_for_once() {
    on_every_version(async |server| {
        let place = Place::new(server, "pipelined").await;
        for sql in ["select 'sad'::mood, $1::int4", "select 'sad'::mood, '{1}'::small[]"] {
            let (c, watch) = place.connect().await;
            watch.take();
            let bound = sql.contains('$');
            let answers = join_all((0..100).map(async |n: i32| {
                let rows = if bound { c.fetch(sql, (n,)).await } else { c.fetch(sql, ()).await };
                rows.unwrap()
            }))
            .await;
            for rows in answers {
                let types: Vec<String> = rows.columns().iter().map(|column| shape(&column.type_)).collect();
                let second = if bound { "int4" } else { "[small=int4]" };
                assert_eq!(types, ["mood{sad calm happy}", second]);
                assert_eq!(rows.get(0).unwrap().get::<&str>(0).unwrap(), "sad");
            }
            assert_eq!(introspections(&watch).len(), 1, "{sql}");
        }
        place.end().await;
    });
}

#[test]
fn a_batch_knows_them_too() {
    on_every_version(async |server| {
        let place = Place::new(server, "batch").await;
        let (c, watch) = (&place.c, &place.watch);
        watch.take();
        let batch = c.batch().query("select 'sad'::mood", ()).query("select $1::inside", ("(1,sad,2)",));
        let results = batch.run().await.unwrap();
        let types =
            results.iter().map(|rows| rows.as_ref().unwrap().columns().get(0).unwrap().type_.to_string());
        assert_eq!(types.collect::<Vec<_>>(), ["mood", "inside"]);
        assert!(introspections(watch).len() <= 2);
        place.end().await;
    });
}

#[test]
fn what_has_no_binary_output_comes_as_text() {
    on_every_version(async |server| {
        let place = Place::new(server, "blind").await;
        let value = "row(1, 'postgres=r/postgres')::blind";
        for sql in [format!("select {value} as b, 7 as n"), format!("select array[{value}] as b, 7 as n")] {
            for block in [false, true] {
                let (c, _) = place.connect().await;
                if block {
                    c.execute("begin", ()).await.unwrap();
                }
                for _ in 0..3 {
                    let row = c.fetch_one(&sql, ()).await.unwrap();
                    assert!(!row.columns().get(0).unwrap().type_.has_binary_output());
                    assert!(row.get::<&str>("b").unwrap().contains("(1,postgres=r/postgres)"));
                    assert_eq!(row.get::<i32>("n").unwrap(), 7);
                    let row = c.fetch_one(&format!("{sql}, $1::mood"), ("sad",)).await.unwrap();
                    assert!(row.get::<&str>("b").unwrap().contains("(1,postgres=r/postgres)"));
                }
            }
        }
        place.end().await;
    });
}

#[test]
fn attributes_that_are_added_show_in_the_next_result() {
    on_every_version(async |server| {
        let place = Place::new(server, "altered").await;
        let (c, watch) = (&place.c, &place.watch);
        let (other, _) = place.connect().await;
        let single = "select row(1, 'sad')::growing";
        other.execute("create type growing as (a int4, m mood)", ()).await.unwrap();
        other.execute("create table grown (g growing, l growing[])", ()).await.unwrap();
        other
            .execute("insert into grown values (null, null), ((1, 'sad'), array[(2, null)::growing])", ())
            .await
            .unwrap();
        let all = "select g, l from grown";
        for _ in 0..3 {
            c.fetch(single, ()).await.unwrap();
            c.fetch(all, ()).await.unwrap();
        }
        watch.take();
        other.execute("alter type growing add attribute t text cascade", ()).await.unwrap();
        for _ in 0..3 {
            let rows = c.fetch(all, ()).await.unwrap();
            let types: Vec<String> = rows.columns().iter().map(|column| shape(&column.type_)).collect();
            let growing = "growing(a:int4 m:mood{sad calm happy} t:text)";
            assert_eq!(types, [growing.to_owned(), format!("[{growing}]")]);
        }
        assert_eq!(introspections(watch).len(), 1);
        place.end().await;
    });
}

#[test]
fn reload_types_gives_new_labels_and_types_made_again_are_others() {
    on_every_version(async |server| {
        let place = Place::new(server, "reloaded").await;
        let (c, watch) = (&place.c, &place.watch);
        let labels = async || {
            let rows = c.fetch("select 'sad'::mood", ()).await.unwrap();
            shape(&rows.columns().get(0).unwrap().type_)
        };
        let before = labels().await;
        c.execute("alter type mood add value 'glad'", ()).await.unwrap();
        // A label that is not known is text all the same.
        assert_eq!(
            c.fetch_val::<String, _>("select 'glad'::mood", ()).await.unwrap().as_deref(),
            Some("glad")
        );
        assert_eq!(labels().await, before);
        c.reload_types();
        watch.take();
        assert_eq!(labels().await, "mood{sad calm happy glad}");
        assert_eq!(
            c.types().registry().find(Some(&place.schema), "mood").map(shape).unwrap(),
            labels().await
        );
        assert_eq!(introspections(watch).len(), 1);
        let bound = "select $1::mood::text";
        for made in ["new", "newer"] {
            for _ in 0..3 {
                c.fetch(bound, ("sad",)).await.unwrap();
            }
            let script = format!("drop type mood cascade; create type mood as enum ('sad', '{made}')");
            c.execute_script(&script).await.unwrap();
            assert_eq!(c.fetch_val::<String, _>(bound, (made,)).await.unwrap().as_deref(), Some(made));
            assert_eq!(labels().await, format!("mood{{sad {made}}}"));
        }
        place.end().await;
    });
}

#[test]
fn connections_that_share_what_they_know_ask_once() {
    on_every_version(async |server| {
        let place = Place::new(server, "shared").await;
        let types = Types::default();
        let ((first, one), (second, two)) = (place.connect().await, place.connect().await);
        let (first, second) = (first.sharing(&types), second.sharing(&types));
        let sql = "select $1::outside, 'sad'::mood";
        let check = async |c: &Connection| {
            let rows = c.fetch(sql, (None::<&str>,)).await.unwrap();
            assert!(shape(&rows.columns().get(0).unwrap().type_).starts_with("outside(i:inside(a:int4"));
            assert_eq!(shape(&rows.columns().get(1).unwrap().type_), "mood{sad calm happy}");
        };
        one.take();
        two.take();
        for _ in 0..3 {
            check(&first).await;
            check(&second).await;
        }
        assert_eq!((introspections(&one).len(), introspections(&two).len()), (1, 0));
        assert_eq!(types.registry().find(None, "mood").map(shape).unwrap(), "mood{sad calm happy}");
        // What one reloads, both have forgotten; and whoever comes first asks.
        first.reload_types();
        assert!(types.registry().types().next().is_none());
        check(&second).await;
        check(&first).await;
        assert_eq!((introspections(&one).len(), introspections(&two).len()), (0, 1));
        // Both at once: none waits for the other.
        types.forget_all();
        tokio::join!(check(&first), check(&second));
        // What was learned before is shared too.
        let (third, three) = place.connect().await;
        three.take();
        check(&third).await;
        assert_eq!(introspections(&three).len(), 1);
        let types = Types::default();
        let third = third.sharing(&types);
        let fourth = place.connect().await.0.sharing(&types);
        assert_eq!(fourth.types().registry().types().count(), third.types().registry().types().count());
        assert!(types.registry().find(None, "outside").is_some());
        place.end().await;
    });
}

#[test]
fn nobody_needs_rights_and_no_search_path_leads_astray() {
    on_every_version(async |server| {
        let place = Place::new(server, "astray").await;
        let schema = &place.schema;
        let role = format!("{schema}_role");
        let script = format!(
            "create function wrong(oid, oid) returns bool language plpgsql as $$ begin raise 'called'; end $$;
             create function wrong(\"char\", \"char\") returns bool language plpgsql as $$ begin raise 'called'; end $$;
             create operator = (leftarg = oid, rightarg = oid, function = wrong);
             create operator <> (leftarg = oid, rightarg = oid, function = wrong);
             create operator = (leftarg = \"char\", rightarg = \"char\", function = wrong);
             create function unnest(oid[]) returns setof oid language plpgsql as $$ begin raise 'called'; end $$;
             create table pg_type (oid oid); create type regproc as enum (); create type name as enum ();
             create role {role}; grant usage on schema {schema} to {role}"
        );
        place.c.execute_script(&script).await.unwrap();
        let c = place.connect_with_path(&format!("{schema},pg_catalog")).await;
        c.execute(&format!("set role {role}"), ()).await.unwrap();
        for sql in ["select null::outside", "select null::moodrange", "select null::small[]"] {
            let rows = c.fetch(sql, ()).await.unwrap();
            assert!(rows.columns().get(0).unwrap().type_.is_known(), "{sql}");
        }
        place.c.execute_script(&format!("drop owned by {role}; drop role {role}")).await.unwrap();
        place.end().await;
    });
}

#[test]
fn the_question_is_too_cheap_for_the_jit_compiler() {
    on_every_version(async |server| {
        let place = Place::new(server, "cheap").await;
        place.watch.take();
        place.c.fetch("select null::outside", ()).await.unwrap();
        let sql = introspections(&place.watch).remove(0);
        place.c.execute_script(&format!("prepare question(oid[]) as {sql}")).await.unwrap();
        for mode in ["force_custom_plan", "force_generic_plan"] {
            place.c.execute(&format!("set plan_cache_mode = {mode}"), ()).await.unwrap();
            let explain =
                "explain execute question(array['outside'::regtype::oid, 'moodrange'::regtype::oid])";
            let plan: String = place.c.fetch_val(explain, ()).await.unwrap().unwrap();
            let cost = plan.split("..").nth(1).and_then(|rest| rest.split('.').next()).unwrap();
            let cost: u32 = cost.parse().unwrap_or_else(|_| panic!("{plan}"));
            // `jit_above_cost` is 100000. Wide tables make the estimate three times as high.
            assert!(cost < 20_000, "{plan}");
        }
        place.end().await;
    });
}
