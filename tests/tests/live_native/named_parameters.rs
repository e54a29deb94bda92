//! Parameters by name, and queries with options of their own.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use trunkline::types::Type;
use trunkline::{Error, StatementMode, named, query};
use trunkline_tests::live::{connect, connect_with, on_every_version, sqlstate};

#[test]
fn promise_04_named_parameters_are_found_by_a_real_lexer() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let sql = "select ':no', $$:no$$, '{\"a\": 1}'::jsonb ? :key, :low::int4, \
                   (array[1, 2, 3])[1:2], -- :no\n :low + :high /* :no /* :no */ */, \
                   '{\"a\": 1}'::jsonb @>:held::jsonb, '{\"a\": 1}'::jsonb ?| :keys, '{\"a\": 1}'::jsonb ?&:keys, \
                   '{\"a\": 1}'::jsonb @? '$.a', E'it\\'s :no', $q$:no $$ :no$q$, 1 as \":no\", :low::int4::text";
        let (low, key) = (1, "a");
        for _ in 0..3 {
            let (held, keys) = (serde_json::json!({"a": 1}), ["a"]);
            let row = c.fetch_one(sql, named! { high: 2, low, key, held, keys: &keys[..] }).await.unwrap();
            assert_eq!(row.get::<&str>(0).unwrap(), ":no");
            assert!(row.get::<bool>(2).unwrap());
            assert_eq!(row.get::<Vec<i32>>(4).unwrap(), [1, 2]);
            assert_eq!(row.get::<i32>(5).unwrap(), 3);
            assert!((6..10).all(|column| row.get::<bool>(column).unwrap()));
            assert_eq!(row.get::<&str>(10).unwrap(), "it's :no");
            assert_eq!(row.get::<&str>(11).unwrap(), ":no $$ :no");
            assert_eq!((row.get::<i32>(":no").unwrap(), row.get::<&str>(13).unwrap()), (1, "1"));
        }

        let statement = c.prepare("select :x::int4 - :y::int4").await.unwrap();
        assert_eq!(statement.parameter_names().collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!(c.fetch_val::<i32, _>(&statement, named! { y: 1, x: 3 }).await.unwrap(), Some(2));
        assert_eq!(c.fetch_val::<i32, _>(&statement, (3, 1)).await.unwrap(), Some(2));

        let results = c
            .batch()
            .query("select :a::text", named! { a: "A" })
            .query(&statement, named! { x: 5, y: 1 })
            .run()
            .await
            .unwrap();
        let second = results[1].as_ref().unwrap();
        assert_eq!(second.get(0).unwrap().get::<i32>(0).unwrap(), 4);
    });
}

#[test]
fn named_parameters_come_from_a_map_too() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let sql = "select :a || :b || :a";
        let map = HashMap::from([("b", "B"), ("a", "A")]);
        let tree = BTreeMap::from([("b".to_owned(), Some("B".to_owned())), ("a".to_owned(), None)]);
        for _ in 0..3 {
            assert_eq!(c.fetch_val::<String, _>(sql, &map).await.unwrap().as_deref(), Some("ABA"));
            assert_eq!(c.fetch_val::<String, _>(sql, &tree).await.unwrap(), None);
        }
        // A map has no order, so that its values cannot stand for $1 and $2.
        let by_number = c.fetch("select $1 || $2", &map).await.unwrap_err();
        assert!(matches!(by_number, Error::Usage(_)), "{by_number}");
    });
}

#[test]
fn names_that_do_not_agree_are_told_and_nothing_is_sent() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let told = async |sql: &str| c.fetch(sql, named! { name: 1 }).await.unwrap_err().to_string();
        assert_eq!(
            told("select :nmae").await,
            "the SQL takes a parameter :nmae, which was not given; given were :name; did you mean :name?; nothing was sent"
        );
        assert!(told("select :name, $1").await.contains("use one kind"));
        assert_eq!(
            told("select :name::text").await,
            "parameter :name: i32 cannot be sent as PostgreSQL's text; nothing was sent"
        );
        let batch = c.batch().query("select :a", named! { b: 1 }).run().await.unwrap_err();
        assert!(matches!(batch, Error::Usage(_)), "{batch}");
    });
}

#[test]
fn the_simple_protocol_runs_the_same_queries() {
    on_every_version(async |server| {
        let c = connect_with(server, "statement_mode=simple").await;
        for _ in 0..2 {
            let row =
                c.fetch_one("select $1 + 1, $2, $3::text[], null", (41, "it's \\", vec!["a"])).await.unwrap();
            assert_eq!(row.get::<i32>(0).unwrap(), 42);
            assert_eq!(row.get::<&str>(1).unwrap(), "it's \\");
            assert_eq!(row.get::<Vec<String>>(2).unwrap(), ["a"]);
            assert_eq!(row.get::<Option<String>>(3).unwrap(), None);
        }
        assert_eq!(sqlstate(c.fetch("select 1/0", ()).await), "22012");
        let several = c.fetch("select 1; select 2", ()).await.unwrap_err();
        assert!(several.to_string().contains("execute_script"), "{several}");
        assert_eq!(c.execute("", ()).await.unwrap().as_str(), "");
        let mut c = c;
        let tx = c.begin().await.unwrap();
        tx.execute("create temp table gone (i int4)", ()).await.unwrap();
        drop(tx);
        assert_eq!(sqlstate(c.fetch("select * from gone", ()).await), "42P01");
        c.execute_script("create temp table n (r int4range)").await.unwrap();
        let prepared: Option<i64> =
            c.fetch_val("select count(*) from pg_prepared_statements", ()).await.unwrap();
        assert_eq!(prepared, Some(0));
    });
}

#[test]
fn promise_07_a_statement_can_opt_out_of_the_cache() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let kept = "select count(*) from pg_prepared_statements where statement like '%mine%'";
        let types = [Type::INT4];
        let once = query("select $1::int4 /* mine */").mode(StatementMode::Unnamed).types(&types);
        for _ in 0..3 {
            assert_eq!(c.fetch_val::<i32, _>(&once, (1,)).await.unwrap(), Some(1));
        }
        assert_eq!(
            c.fetch_val::<i64, _>(&query(kept).mode(StatementMode::Unnamed), ()).await.unwrap(),
            Some(0)
        );
        let slow = query("select pg_sleep(10)").timeout(Duration::from_millis(50));
        let late = c.fetch(&slow, ()).await.unwrap_err();
        assert!(matches!(late, Error::Timeout(..)), "{late}");
    });
}
