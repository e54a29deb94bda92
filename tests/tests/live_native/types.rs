use std::fmt::Debug;

use serde_json::{Value, json};
use trunkline::types::{FromSql, Json, ToSql, Uuid};
use trunkline::{Connection, Error, TransactionStatus, UsageError, named};
use trunkline_tests::live::{connect, connect_watched, on_every_version};

/// PostgreSQL and we agree on each value: it reads ours as the literal, we read the literal as ours, and what we
/// send comes back. Thrice, since a statement's first, second and later uses travel differently.
async fn agree<T>(c: &Connection, type_: &str, cases: &[(&str, T)])
where
    T: ToSql + Sync + for<'a> FromSql<'a> + PartialEq + Debug,
{
    let (echo, text) = (format!("select $1::{type_}"), format!("select $1::{type_}::text"));
    for _ in 0..3 {
        let null = c.fetch_val::<T, _>(&echo, (None::<T>,)).await.unwrap();
        assert_eq!(null, None, "{type_}");
        for (literal, value) in cases {
            let back = c.fetch_val::<T, _>(&echo, (value,)).await;
            assert_eq!(back.unwrap().as_ref(), Some(value), "{type_} echoed");
            let read: T = c
                .fetch_val(&format!("select '{literal}'::{type_}"), ())
                .await
                .unwrap_or_else(|error| panic!("{type_} '{literal}': {error}"))
                .unwrap();
            assert_eq!(&read, value, "{type_} '{literal}' read");
            let shown: String = c.fetch_val(&text, (value,)).await.unwrap().unwrap();
            let meant: String =
                c.fetch_val(&format!("select '{literal}'::{type_}::text"), ()).await.unwrap().unwrap();
            assert_eq!(shown, meant, "{type_} as the server reads it");
        }
    }
}

#[test]
fn numbers_and_truth() {
    on_every_version(async |server| {
        let c = connect(server).await;
        agree(&c, "bool", &[("t", true), ("f", false)]).await;
        agree(&c, "int2", &[("-32768", i16::MIN), ("32767", i16::MAX), ("0", 0)]).await;
        agree(&c, "int4", &[("-2147483648", i32::MIN), ("2147483647", i32::MAX)]).await;
        agree(&c, "int8", &[("-9223372036854775808", i64::MIN), ("9223372036854775807", i64::MAX)]).await;
        agree(&c, "oid", &[("0", 0), ("4294967295", u32::MAX)]).await;
        let extremes = [("1.1754944e-38", f32::MIN_POSITIVE), ("3.4028235e38", f32::MAX), ("1e-45", 1e-45)];
        agree(&c, "float4", &extremes).await;
        agree(&c, "float4", &[("Infinity", f32::INFINITY), ("-Infinity", f32::NEG_INFINITY), ("-0", -0.0)])
            .await;
        let extremes = [
            ("2.2250738585072014e-308", f64::MIN_POSITIVE),
            ("1.7976931348623157e308", f64::MAX),
            ("0.1", 0.1),
        ];
        agree(&c, "float8", &extremes).await;
        agree(&c, "float8", &[("Infinity", f64::INFINITY), ("-Infinity", f64::NEG_INFINITY)]).await;
        let nan = c.fetch_val::<f64, _>("select $1::float8", (f64::NAN,)).await.unwrap().unwrap();
        assert!(nan.is_nan());
        // Every integer fits where its value does.
        assert_eq!(c.fetch_val::<i64, _>("select $1::int2", (7_u64,)).await.unwrap(), Some(7));
        // Read, a type must hold every value of the column's.
        assert_eq!(c.fetch_val::<i64, _>("select 7::int2", ()).await.unwrap(), Some(7));
        let narrow = c.fetch_val::<i16, _>("select 7::int4", ()).await.unwrap_err().to_string();
        assert!(narrow.contains("the types do not match"), "{narrow}");
    });
}

#[test]
fn texts_and_bytes() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let strings = ["", "x", "naïve 😀 中文", "line\nbreak\ttab", "back\\slash \"quoted\""];
        let cases: Vec<(&str, String)> = strings.iter().map(|text| (*text, (*text).to_owned())).collect();
        for type_ in ["text", "varchar", "varchar(100)"] {
            agree(&c, type_, &cases).await;
        }
        agree(&c, "name", &[("pg_class", "pg_class".to_owned())]).await;
        agree(&c, "bpchar", &[("ab", "ab".to_owned())]).await;
        agree(&c, "\"char\"", &[("x", 'x')]).await;
        let all: Vec<u8> = (0..=255).collect();
        let hex: String = all.iter().map(|byte| format!("{byte:02x}")).collect();
        let literal = format!("\\x{hex}");
        agree(&c, "bytea", &[("\\x", vec![]), ("\\x00ff", vec![0, 255]), (&literal, all)]).await;
        // A type without a codec of its own travels as text, both ways.
        for (type_, text) in
            [("numeric", "123456789012345678901234567890.5"), ("date", "2024-02-29"), ("inet", "10.0.0.1/8")]
        {
            let cast = format!("select $1::{type_}::text");
            assert_eq!(c.fetch_val::<String, _>(&cast, (text,)).await.unwrap().as_deref(), Some(text));
        }
    });
}

#[test]
fn json_and_uuid() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let value = json!({"a": [1, null, "é\"\\"], "b": {"c": 1.5}, "d": true});
        let literal = r#"{"a": [1, null, "é\"\\"], "b": {"c": 1.5}, "d": true}"#;
        // jsonb normalises its text, so that both agree on that; json keeps what was written.
        agree::<Value>(&c, "jsonb", &[(literal, value.clone()), ("null", Value::Null), ("[]", json!([]))])
            .await;
        for _ in 0..3 {
            let back: Value = c.fetch_val("select $1::json", (&value,)).await.unwrap().unwrap();
            assert_eq!(back, value);
            let Json(numbers): Json<Vec<i32>> =
                c.fetch_val("select $1::jsonb", (Json(vec![1, 2]),)).await.unwrap().unwrap();
            assert_eq!(numbers, [1, 2]);
        }
        const ID: &str = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
        agree::<Uuid>(
            &c,
            "uuid",
            &[(ID, ID.parse().unwrap()), ("00000000-0000-0000-0000-000000000000", Uuid::default())],
        )
        .await;
        agree::<uuid::Uuid>(&c, "uuid", &[(ID, uuid::Uuid::parse_str(ID).unwrap())]).await;
    });
}

#[test]
fn arrays() {
    on_every_version(async |server| {
        let c = connect(server).await;
        agree(&c, "int4[]", &[("{}", vec![]), ("{1,NULL,-3}", vec![Some(1), None, Some(-3)])]).await;
        agree(&c, "int2[]", &[("{1,2}", vec![1_i16, 2])]).await;
        agree(&c, "int8[]", &[("{9223372036854775807}", vec![i64::MAX])]).await;
        agree(&c, "oid[]", &[("{4294967295}", vec![u32::MAX])]).await;
        agree(&c, "bool[]", &[("{t,f,NULL}", vec![Some(true), Some(false), None])]).await;
        agree(&c, "float4[]", &[("{1.5,Infinity}", vec![1.5_f32, f32::INFINITY])]).await;
        agree(&c, "float8[]", &[("{0.1}", vec![0.1_f64])]).await;
        let texts =
            vec![Some("a b".to_owned()), None, Some("NULL".to_owned()), Some("\"q\",{}\\".to_owned())];
        let literal = r#"{"a b",NULL,"NULL","\"q\",{}\\"}"#;
        agree(&c, "text[]", &[(literal, texts.clone()), ("{}", vec![])]).await;
        agree(&c, "varchar[]", &[(literal, texts)]).await;
        agree(&c, "name[]", &[("{a,b}", vec!["a".to_owned(), "b".to_owned()])]).await;
        agree(&c, "bytea[]", &[(r#"{"\\x00ff","\\x"}"#, vec![vec![0_u8, 255], vec![]])]).await;
        agree::<Vec<Option<Uuid>>>(
            &c,
            "uuid[]",
            &[("{NULL,00000000-0000-0000-0000-000000000000}", vec![None, Some(Uuid::default())])],
        )
        .await;
        agree(&c, "jsonb[]", &[(r#"{"{\"a\": 1}",NULL}"#, vec![Some(json!({"a": 1})), None])]).await;
        let large: Vec<i32> = (0..100_000).collect();
        assert_eq!(c.fetch_val::<Vec<i32>, _>("select $1::int4[]", (&large,)).await.unwrap(), Some(large));
        // More dimensions are told of, not read wrong.
        let two = c.fetch_val::<Vec<i32>, _>("select '{{1},{2}}'::int4[]", ()).await.unwrap_err().to_string();
        assert!(two.contains("2 dimensions"), "{two}");
        let null = c.fetch_val::<Vec<i32>, _>("select '{1,NULL}'::int4[]", ()).await.unwrap_err().to_string();
        assert!(null.contains("NULL"), "{null}");
    });
}

#[test]
fn enums_are_strings_and_domains_what_they_are_over() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute_script(
            "create type pg_temp.mood as enum ('sad', 'happy'); create domain pg_temp.small as int4 check (value < 10)",
        )
        .await
        .unwrap();
        for _ in 0..3 {
            let mood: Option<String> = c.fetch_val("select $1::pg_temp.mood", ("happy",)).await.unwrap();
            assert_eq!(mood.as_deref(), Some("happy"));
            assert_eq!(c.fetch_val::<i32, _>("select $1::pg_temp.small", (9,)).await.unwrap(), Some(9));
        }
    });
}

#[test]
fn promise_14_every_host_type_that_does_not_fit_is_told_and_nothing_is_sent() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for _ in 0..3 {
            let error = c.fetch("select $1::int4", ("x",)).await.unwrap_err();
            assert_eq!(
                error.to_string(),
                "parameter $1: &str cannot be sent as PostgreSQL's int4; nothing was sent"
            );
            assert!(error.safe_to_retry());
            let error = c.fetch("select $1::int4, $2::int2", (1, 70_000)).await.unwrap_err();
            assert_eq!(
                error.to_string(),
                "parameter $2: i32 cannot be sent as PostgreSQL's int2: 70000 is out of its range, -32768 to \
                 32767; nothing was sent"
            );
            let error = c.fetch("select $1::text", ("a\0b",)).await.unwrap_err().to_string();
            assert!(error.contains("NUL") && error.contains("$1"), "{error}");
        }
        // Of a statement whose types are known not a byte goes out; and it is no error of the server's.
        let (c, watch) = connect_watched(server, "").await;
        let mut c = c;
        let sql = "select :a::int4, :b::date";
        c.fetch(sql, named! { a: 1, b: "2024-02-29" }).await.unwrap();
        let transaction = c.begin().await.unwrap();
        transaction.fetch("select 1", ()).await.unwrap();
        watch.take();
        for _ in 0..3 {
            let error = transaction.fetch(sql, named! { a: 1, b: 2.5 }).await.unwrap_err();
            assert_eq!(
                error.to_string(),
                "parameter :b: f64 cannot be sent as PostgreSQL's date; nothing was sent"
            );
            assert!(error.as_server().is_none() && error.safe_to_retry());
            let Error::Usage(error) = error else { panic!("{error:?}") };
            let UsageError::Parameter { number, name, postgres_type, host_type, .. } = &*error else {
                panic!("{error:?}")
            };
            assert_eq!(
                (*number, name.as_deref(), &**postgres_type, &**host_type),
                (2, Some("b"), "date", "f64")
            );
        }
        assert_eq!(watch.take().written, b"");
        assert_eq!(transaction.transaction_status(), TransactionStatus::InBlock);
        transaction.commit().await.unwrap();
    });
}

#[test]
fn promise_02_rows_serialise_as_json() {
    on_every_version(async |server| {
        let c = connect(server).await;
        const SQL: &str = "select true as b, 1::int2 as s, 2::int4 as i, 3::int8 as l, 26::oid as o, 0.5::float4 as f, \
            0.1::float8 as d, 'é'::text as t, 'n'::name as n, '\\x00ff'::bytea as y, \
            '00000000-0000-0000-0000-000000000001'::uuid as u, '[1, null]'::jsonb as j, '{\"k\":1}'::json as k, \
            null::int4 as z, '{1,null}'::int4[] as ia, '{a,\"b c\"}'::text[] as ta";
        for _ in 0..3 {
            let rows = c.fetch(SQL, ()).await.unwrap();
            assert_eq!(
                serde_json::to_value(&rows).unwrap(),
                json!([{
                    "b": true, "s": 1, "i": 2, "l": 3, "o": 26, "f": 0.5, "d": 0.1, "t": "é", "n": "n", "y": "\\x00ff",
                    "u": "00000000-0000-0000-0000-000000000001", "j": [1, null], "k": {"k": 1}, "z": null,
                    "ia": [1, null], "ta": ["a", "b c"],
                }])
            );
            let one = c.fetch_one("select 1 as a", ()).await.unwrap();
            assert_eq!(serde_json::to_string(&one).unwrap(), r#"{"a":1}"#);
        }
    });
}
