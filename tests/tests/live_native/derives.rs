//! Types and rows of a program's own, by the derive macros, against types of a database's own.

use serde::Deserialize;
use trunkline::types::{Bound, Json, Range, Value};
use trunkline::{FromRow, FromSql, ToSql};
use trunkline_tests::live::{connect, message, on_every_version};

const TYPES: &str = "create temp table unused (); set search_path = pg_temp;
    create type level as enum ('low', 'mid-way', 'high');
    create type levels as range (subtype = level);
    create domain span as levels check (not isempty(value));
    create type holder as (name text, \"spanList\" span[]);
    create domain identity as int8 check (value > 0)";

#[derive(Debug, Clone, Copy, PartialEq, ToSql, FromSql)]
#[trunkline(rename_all = "kebab-case")]
enum Level {
    Low,
    MidWay,
    High,
}

#[derive(Debug, Clone, PartialEq, ToSql, FromSql)]
#[trunkline(rename_all = "camelCase")]
struct Holder {
    name: String,
    span_list: Vec<Range<Level>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Default, ToSql, FromSql)]
struct Identity(i64);

impl TryFrom<Identity> for u8 {
    type Error = std::num::TryFromIntError;

    fn try_from(Identity(id): Identity) -> Result<Self, Self::Error> {
        Self::try_from(id)
    }
}

#[derive(Debug, PartialEq, FromRow)]
struct Named<'a> {
    id: Identity,
    #[trunkline(rename = "the name")]
    name: &'a str,
    #[trunkline(default)]
    missing: Vec<i32>,
    #[trunkline(skip)]
    ignored: Option<String>,
    #[trunkline(flatten)]
    place: Place,
    #[trunkline(try_from = "Identity")]
    short: u8,
}

#[derive(Debug, PartialEq, FromRow)]
struct Place {
    city: Option<String>,
}

fn holder() -> Holder {
    let spans = vec![
        Range::new(Bound::Included(Level::Low), Bound::Excluded(Level::High)),
        Range::new(Bound::Excluded(Level::MidWay), Bound::Unbounded),
    ];
    Holder { name: "a \"holder\"".into(), span_list: spans }
}

#[test]
fn a_composite_of_an_array_of_domains_over_a_range_of_an_enum_travels_both_ways() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute_script(TYPES).await.unwrap();
        let sent: Option<Holder> = c.fetch_val("select $1::holder", (holder(),)).await.unwrap();
        assert_eq!(sent, Some(holder()));
        let text: Option<String> = c.fetch_val("select $1::holder::text", (holder(),)).await.unwrap();
        let shown = r#"("a ""holder""","{""[low,high)"",""(mid-way,)""}")"#;
        assert_eq!(text.as_deref(), Some(shown));
        let many: Option<Vec<Holder>> =
            c.fetch_val("select $1::holder[]", (vec![holder(), holder()],)).await.unwrap();
        assert_eq!(many.unwrap().len(), 2);
        // Those who do not know their columns lose nothing either.
        let value: Value = c.fetch_val("select $1::holder", (holder(),)).await.unwrap().unwrap();
        assert_eq!(value.to_string(), shown);
        let back: Option<String> = c.fetch_val("select $1::holder::text", (value,)).await.unwrap();
        assert_eq!(back.as_deref(), Some(shown));
    });
}

#[test]
fn a_label_that_no_variant_has_is_an_error_that_names_them() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute_script(TYPES).await.unwrap();
        c.execute("alter type level add value 'top'", ()).await.unwrap();
        let found = message(c.fetch_val::<Level, _>("select 'top'::level", ()).await);
        assert!(found.contains("\"top\" is none of the variants': low, mid-way, high"), "{found}");
    });
}

#[test]
fn fetch_as_reads_structs_that_derive_and_tuples() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute_script(TYPES).await.unwrap();
        let sql = "select $1::identity as id, 'Ada' as \"the name\", null as city, 7::int8 as short";
        let rows = c.fetch(sql, (Identity(5),)).await.unwrap();
        let place = Place { city: None };
        let expected =
            Named { id: Identity(5), name: "Ada", missing: vec![], ignored: None, place, short: 7 };
        assert_eq!(rows.read::<Named<'_>>().unwrap(), [expected]);
        let pairs: Vec<(i32, String)> =
            c.fetch_as("select 1, 'x' union all select 2, 'y'", ()).await.unwrap();
        assert_eq!(pairs, [(1, "x".to_owned()), (2, "y".to_owned())]);

        let found = message(c.fetch_as::<(i32,), _>("select 1, 2", ()).await);
        assert!(found.contains("2 columns where a tuple of 1"), "{found}");
        let found = message(c.fetch_as::<Place, _>("select 1 as town", ()).await);
        assert!(found.contains("no column city"), "{found}");
        let rows = c.fetch("select 1::int8 as id, '' as \"the name\", null as city, 300::int8 as short", ());
        let found = message(rows.await.unwrap().read::<Named<'_>>());
        assert!(found.contains("\"short\"") && found.contains("out of range"), "{found}");
    });
}

#[test]
fn fetch_as_reads_what_serde_reads() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Visit {
        id: i64,
        who_came: Option<String>,
        tags: Vec<String>,
        settings: Settings,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Settings {
        dark: bool,
    }
    on_every_version(async |server| {
        let c = connect(server).await;
        let sql = "select i as id, null::text as \"whoCame\", array['a', 'b'] as tags, '{\"dark\": true}'::jsonb as settings \
                   from generate_series(1, $1::int8) i";
        let visits: Vec<Json<Visit>> = c.fetch_as(sql, (2,)).await.unwrap();
        let tags = vec!["a".to_owned(), "b".to_owned()];
        let expected =
            |id| Visit { id, who_came: None, tags: tags.clone(), settings: Settings { dark: true } };
        assert_eq!(visits, [Json(expected(1)), Json(expected(2))]);
        let wrong = c.fetch_as::<Json<Settings>, _>("select 1 as light", ()).await.unwrap_err();
        assert!(wrong.to_string().ends_with("Settings: missing field `dark`"), "{wrong}");
        assert!(!wrong.safe_to_retry(), "it has run");
    });
}
