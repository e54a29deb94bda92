//! Arrays, ranges and composite values, as the server and we agree on them.

use std::fmt::Debug;

use trunkline::Connection;
use trunkline::types::array::Dimension;
use trunkline::types::range::Bound;
use trunkline::types::{Array, Date, FromSql, Multirange, Numeric, Range, ToSql};
use trunkline_tests::live::{connect, on_every_version, sqlstate};

/// What the tests make types of, in a session's own schema, which is searched for types alone.
const TYPES: &str = "
    create type pg_temp.mood as enum ('sad', 'happy');
    create domain pg_temp.small as int4 check (value < 10);
    create domain pg_temp.numbers as int4[];
    create type pg_temp.pair as (id int4, name text);
    create type pg_temp.all_of_it as (a small, m mood[], p pair[], l numbers[], r int4range, d date);
    create type pg_temp.textrange as range (subtype = text);";

/// Read as the literal, sent as the literal, and echoed; thrice, since a statement's first, second and later uses
/// travel differently.
async fn agree<T>(c: &Connection, type_: &str, cases: &[(&str, T)])
where
    T: ToSql + Sync + for<'a> FromSql<'a> + PartialEq + Debug,
{
    for _ in 0..3 {
        for (literal, value) in cases {
            let literal = format!("$text${literal}$text$::{type_}");
            let read: T = c.fetch_val(&format!("select {literal}"), ()).await.unwrap().unwrap();
            assert_eq!(&read, value, "{literal} read");
            let sent = format!("select format('%s', $1::{type_}) = format('%s', {literal})");
            let same: Option<bool> = c.fetch_val(&sent, (value,)).await.unwrap();
            assert_eq!(same, Some(true), "{literal} sent");
            let back: Option<T> = c.fetch_val(&format!("select $1::{type_}"), (value,)).await.unwrap();
            assert_eq!(back.as_ref(), Some(value), "{literal} echoed");
        }
    }
}

fn from(lower_bound: i32, length: usize) -> Dimension {
    Dimension { length, lower_bound }
}

#[test]
fn arrays_of_every_dimension() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let array = |dimensions: &[Dimension], elements: &[Option<i32>]| {
            Array::with_dimensions(dimensions, elements.to_vec()).unwrap()
        };
        let [one, two, three, four] = [1, 2, 3, 4].map(Some);
        let cases = [
            ("{}", Array::default()),
            ("{1,NULL}", array(&[from(1, 2)], &[one, None])),
            ("[0:1]={1,2}", array(&[from(0, 2)], &[one, two])),
            ("{{1,2},{3,4}}", array(&[from(1, 2), from(1, 2)], &[one, two, three, four])),
            ("[-2:-1][5:6]={{1,2},{3,4}}", array(&[from(-2, 2), from(5, 2)], &[one, two, three, four])),
            ("{{{{{{1},{2}}}}}}", array(&[1, 1, 1, 1, 2, 1].map(|length| from(1, length)), &[one, two])),
            ("[2147483646:2147483646]={1}", array(&[from(i32::MAX - 1, 1)], &[one])),
        ];
        agree(&c, "int4[]", &cases).await;
        // As text, both ways.
        let texts =
            Array::with_dimensions(&[from(0, 1), from(1, 2)], vec![Some("a b".to_owned()), None]).unwrap();
        agree(&c, "text[]", &[(r#"[0:0][1:2]={{"a b",NULL}}"#, texts)]).await;
        let sent = Array::with_dimensions(&[from(0, 2)], vec![Some("1.50"), None]).unwrap();
        let shown: Option<String> = c.fetch_val("select ($1::numeric[])::text", (sent,)).await.unwrap();
        assert_eq!(shown.as_deref(), Some("[0:1]={1.50,NULL}"));
        // A list tells of what it would lose.
        for (literal, problem) in
            [("{{1},{2}}", "it has 2 dimensions"), ("[0:0]={1}", "its subscripts start at 0")]
        {
            let error =
                c.fetch_val::<Vec<i32>, _>(&format!("select '{literal}'::int4[]"), ()).await.unwrap_err();
            assert!(error.to_string().contains(problem), "{error}");
        }
        let exact = c.fetch_val::<[i32; 2], _>("select '{1,2}'::int4[]", ()).await.unwrap();
        assert_eq!(exact, Some([1, 2]));
    });
}

#[test]
fn vectors_of_the_catalogs() {
    on_every_version(async |server| {
        let c = connect(server).await;
        agree(&c, "int2vector", &[("1 -2 3", vec![1_i16, -2, 3]), ("", vec![])]).await;
        agree(&c, "oidvector", &[("23 4294967295", vec![23_u32, u32::MAX]), ("", vec![])]).await;
        let vectors = Array::new(vec![
            Array::with_dimensions(&[from(0, 2)], vec![1_i16, 2]).unwrap(),
            Array::with_dimensions(&[from(0, 1)], vec![3]).unwrap(),
        ]);
        agree(&c, "int2vector[]", &[(r#"{"1 2",3}"#, vectors)]).await;
        // An anyarray says itself what it is of.
        c.execute_script(
            "create temp table sampled as select n % 3 as n from generate_series(1, 300) n; analyze sampled",
        )
        .await
        .unwrap();
        let sql = "select most_common_vals from pg_stats where tablename = 'sampled'";
        let mut values = c.fetch_val::<Vec<i32>, _>(sql, ()).await.unwrap().unwrap();
        values.sort_unstable();
        assert_eq!(values, [0, 1, 2]);
    });
}

#[test]
fn ranges_and_multiranges() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute_script(TYPES).await.unwrap();
        agree(
            &c,
            "int4range",
            &[
                ("[1,3)", Range::from(1..3)),
                ("[1,)", Range::from(1..)),
                ("(,3)", Range::from(..3)),
                ("(,)", Range::from(..)),
                ("empty", Range::Empty),
            ],
        )
        .await;
        let number = |text: &str| text.parse::<Numeric>().unwrap();
        let excluded = Range::new(Bound::Excluded(number("1.50")), Bound::Included(number("2")));
        agree(&c, "numrange", &[("(1.50,2]", excluded)]).await;
        let days = |from: &str, to: &str| Range::from(from.parse::<Date>().unwrap()..to.parse().unwrap());
        agree(&c, "daterange", &[("[2024-02-29,infinity)", days("2024-02-29", "infinity"))]).await;
        let text = |from: &str| Range::from(from.to_owned()..=format!("{from}z"));
        agree(
            &c,
            "pg_temp.textrange",
            &[(r#"["a ""b"" \\,",a \"b\" \\\,z]"#, text(r#"a "b" \,"#)), (r#"["",z]"#, text(""))],
        )
        .await;
        agree(
            &c,
            "int8range[]",
            &[(r#"{"[1,3)",NULL,empty}"#, vec![Some(Range::from(1_i64..3)), None, Some(Range::Empty)])],
        )
        .await;
        // Strings for bounds go as text, with what has no bounds beside them.
        let spans = [Range::from("2024-01-01".."2024-01-01 10:00"), Range::Empty, Range::from(..)];
        let shown: Option<String> = c.fetch_val("select ($1::tsrange[])::text", (&spans,)).await.unwrap();
        assert_eq!(
            shown.as_deref(),
            Some(r#"{"[\"2024-01-01 00:00:00\",\"2024-01-01 10:00:00\")",empty,"(,)"}"#)
        );
        // The server makes a range what it should be, or refuses it.
        let canonical: Option<Range<i32>> =
            c.fetch_val("select $1::int4range", (Range::from(1..=3),)).await.unwrap();
        assert_eq!(canonical, Some(Range::from(1..4)));
        assert_eq!(
            sqlstate(
                c.fetch("select $1::int4range", (Range::new(Bound::Included(3), Bound::Excluded(1)),)).await
            ),
            "22000"
        );
        if server.version() < 14 {
            return;
        }
        let many = Multirange(vec![Range::from(1..3), Range::from(5..)]);
        agree(&c, "int4multirange", &[("{[1,3),[5,)}", many.clone()), ("{}", Multirange::default())]).await;
        agree(&c, "int4multirange[]", &[(r#"{"{[1,3),[5,)}",NULL}"#, vec![Some(many), None])]).await;
        let many = Multirange(vec![text("b"), text("a, ")]);
        let read: Option<Multirange<String>> =
            c.fetch_val("select $1::pg_temp.textmultirange", (&many,)).await.unwrap();
        assert_eq!(read.unwrap().0, [text("a, "), text("b")]);
    });
}

#[test]
fn composite_values_are_tuples() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute_script(&format!("set search_path = pg_temp, public; {TYPES}")).await.unwrap();
        let name = |name: &str| Some(name.to_owned());
        agree(
            &c,
            "pair",
            &[
                (r#"(7,"a ""b"" ,")"#, (Some(7), name(r#"a "b" ,"#))),
                ("(,)", (None, None)),
                (r#"(,"")"#, (None, name(""))),
            ],
        )
        .await;
        agree(&c, "pair[]", &[(r#"{"(1,a)",NULL}"#, vec![Some((1, "a".to_owned())), None])]).await;
        let value = (
            9,
            vec![name("happy"), None],
            vec![(1, "a b".to_owned())],
            vec![Array::with_dimensions(&[from(0, 1)], vec![5]).unwrap(), Array::default()],
            Range::from(..3),
            "2024-02-29".parse::<Date>().unwrap(),
        );
        let literal =
            r#"(9,"{happy,NULL}","{""(1,\\""a b\\"")""}","{""[0:0]={5}"",""{}""}","(,3)",2024-02-29)"#;
        agree(&c, "all_of_it", &[(literal, value)]).await;
        // A string stands for the date, so that all of it goes as text.
        let numbers = Array::new(vec![Array::new(vec![1, 2])]);
        let beside = |day| (9, vec!["sad"], vec![(1, "a")], numbers.clone(), Range::<i32>::Empty, day);
        assert_eq!(sqlstate(c.fetch("select $1::all_of_it", (beside("Feb 30 2024"),)).await), "22008");
        let sql = "select ($1::all_of_it)::text";
        let shown: Option<String> = c.fetch_val(sql, (beside("Feb 29 2024"),)).await.unwrap();
        assert_eq!(shown.as_deref(), Some(r#"(9,{sad},"{""(1,a)""}","{""{1,2}""}",empty,2024-02-29)"#));
        // The checks of a domain inside are the server's.
        assert_eq!(sqlstate(c.fetch("select $1::small[]", ([10],)).await), "23514");
        // What does not fit is told by its field.
        let error = c.fetch("select $1::pair", ((1, 2),)).await.unwrap_err().to_string();
        assert!(error.contains("field \"name\": i32 cannot be sent as PostgreSQL's text"), "{error}");
    });
}

#[test]
fn anonymous_records_are_tuples() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for _ in 0..3 {
            let record = c.fetch_val("select row(1, 'a'::text, null::int8, row(true))", ()).await.unwrap();
            let expected: (i32, String, Option<i64>, (bool,)) = (1, "a".into(), None, (true,));
            assert_eq!(record, Some(expected));
            let records = c.fetch_val("select array[row(1, 'a'::text), row(2, null)]", ()).await.unwrap();
            assert_eq!(records, Some(vec![(1, Some("a".to_owned())), (2, None)]));
        }
        let error = c.fetch_val::<(i32,), _>("select row(1, 2)", ()).await.unwrap_err().to_string();
        assert!(error.contains("it has 2 fields, the tuple 1"), "{error}");
        let error = c.fetch_val::<(i64, i16), _>("select row(1, 2)", ()).await.unwrap_err().to_string();
        assert!(error.contains("field 2 (PostgreSQL's int4): the types do not match"), "{error}");
    });
}

/// Its fields are those of `pair`, in an order of their own.
#[derive(Debug, Clone, PartialEq, trunkline::ToSql, trunkline::FromSql)]
struct Pair {
    name: Option<String>,
    id: i32,
}

/// One field less, and one of another name.
#[derive(Debug, Clone, PartialEq, trunkline::ToSql, trunkline::FromSql)]
struct NoPair {
    title: String,
}

#[test]
fn composite_values_are_structs() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute_script(&format!("set search_path = pg_temp, public; {TYPES}")).await.unwrap();
        let pair = |id, name: &str| Pair { id, name: Some(name.to_owned()) };
        agree(&c, "pair", &[(r#"(7,"a b")"#, pair(7, "a b")), ("(7,)", Pair { id: 7, name: None })]).await;
        agree(
            &c,
            "pair[]",
            &[(r#"{"(1,a)","(2,\"b \"\"c\"\"\")"}"#, vec![pair(1, "a"), pair(2, r#"b "c""#)])],
        )
        .await;
        let error =
            c.fetch("select $1::pair", (NoPair { title: String::new() },)).await.unwrap_err().to_string();
        assert!(error.contains("pair has no field \"title\"; its fields are: id, name"), "{error}");
        let error = c.fetch_val::<NoPair, _>("select '(1,a)'::pair", ()).await.unwrap_err().to_string();
        assert!(error.contains("it has no field \"title\""), "{error}");
    });
}
