use trunkline::types::Type;
use trunkline::{Error, UsageError};
use trunkline_tests::live::{connect, connect_with, message, on_every_version, sqlstate};

#[test]
fn prepare_describes_and_the_statement_runs_anywhere() {
    on_every_version(async |server| {
        let (c, other) = (connect(server).await, connect(server).await);
        let sql = "select $1::int4 as a, $2::text as b";
        let statement = c.prepare(sql).await.unwrap();
        assert_eq!(statement.sql(), sql);
        assert_eq!(statement.parameters(), [Type::INT4, Type::TEXT]);
        let names: Vec<&str> = statement.columns().unwrap().iter().map(|column| &*column.name).collect();
        assert_eq!(names, ["a", "b"]);
        for connection in [&c, &other, &c, &other] {
            let row = connection.fetch_one(&statement, (1, "x")).await.unwrap();
            assert_eq!((row.get::<i32>("a").unwrap(), row.get::<&str>("b").unwrap()), (1, "x"));
        }
        let none = c.prepare("create temp table never_made (i int4)").await.unwrap();
        assert!(none.columns().is_none() && none.parameters().is_empty());
        let typed = c.prepare_typed("select $1", &[Type::INT8]).await.unwrap();
        assert_eq!(typed.parameters(), [Type::INT8]);
        assert_eq!(c.fetch_val::<i64, _>(&typed, (5_i64,)).await.unwrap(), Some(5));
        assert_eq!(sqlstate(c.prepare("selec 1").await), "42601");
    });
}

#[test]
fn a_closed_statement_can_be_used_again() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let statement = c.prepare("select $1::int4 + 1").await.unwrap();
        for _ in 0..3 {
            assert_eq!(c.fetch_val::<i32, _>(&statement, (1,)).await.unwrap(), Some(2));
            assert_eq!(c.fetch_val::<i32, _>(&statement, (2,)).await.unwrap(), Some(3));
            c.close_statement(&statement).await.unwrap();
            let left = c.fetch_val::<i64, _>(
                "select count(*) from pg_prepared_statements where statement like 'select $1::int4 + 1'",
                (),
            );
            assert_eq!(left.await.unwrap(), Some(0));
            // That it is not there is no error.
            c.close_statement(&statement).await.unwrap();
        }
    });
}

#[test]
fn a_wrong_number_of_parameters_is_told_before_anything_runs() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for _ in 0..3 {
            let wrong = c.fetch("select $1::int4", (1, 2)).await.unwrap_err();
            let Error::Usage(error) = &wrong else { panic!("{wrong}") };
            assert_eq!(**error, UsageError::ParameterCount { expected: 1, given: 2 });
            assert_eq!(c.fetch_val::<i32, _>("select $1::int4", (3,)).await.unwrap(), Some(3));
            let none = message(c.fetch("select $1::int4", ()).await);
            assert_eq!(none, "the statement takes 1 parameter, 0 were given");
            let superfluous = message(c.fetch("select 1", (1,)).await);
            assert_eq!(superfluous, "the statement takes 0 parameters, 1 was given");
        }
    });
}

#[test]
fn promise_19_a_table_altered_under_a_cached_plan_is_no_error() {
    on_every_version(async |server| {
        let (c, other) = (connect(server).await, connect(server).await);
        let table = format!("altered_{}", c.server_pid());
        other.execute(&format!("create table {table} (a int4)"), ()).await.unwrap();
        other.execute(&format!("insert into {table} values (1)"), ()).await.unwrap();
        let (all, some) =
            (format!("select * from {table}"), format!("select * from {table} where a > $1 - 100"));
        for width in 1..=4 {
            for _ in 0..3 {
                assert_eq!(c.fetch(&all, ()).await.unwrap().columns().len(), width);
                let rows = c.fetch(&some, (1,)).await.unwrap();
                assert_eq!(rows.columns().len(), width);
                assert_eq!(rows.get(0).unwrap().len(), width);
            }
            other.execute(&format!("alter table {table} add column c{width} text"), ()).await.unwrap();
        }
        // The same name with another type: values must not be read as what they were.
        other.execute(&format!("alter table {table} alter column a type text"), ()).await.unwrap();
        let row = c.fetch_one(&all, ()).await.unwrap();
        assert_eq!(row.get::<&str>("a").unwrap(), "1");

        // In a transaction the server's error is the caller's to handle, and the next one runs.
        c.fetch(&all, ()).await.unwrap();
        c.fetch(&all, ()).await.unwrap();
        other.execute(&format!("alter table {table} drop column c1"), ()).await.unwrap();
        c.execute("begin", ()).await.unwrap();
        assert_eq!(sqlstate(c.fetch(&all, ()).await), "0A000");
        c.execute("rollback", ()).await.unwrap();
        c.execute("begin", ()).await.unwrap();
        assert_eq!(c.fetch(&all, ()).await.unwrap().columns().len(), 4);
        c.execute("commit", ()).await.unwrap();
        other.execute(&format!("drop table {table}"), ()).await.unwrap();
    });
}

#[test]
fn statements_that_somebody_deallocated_are_prepared_again() {
    on_every_version(async |server| {
        let c = connect(server).await;
        for drop in ["deallocate all", "discard all"] {
            for _ in 0..3 {
                assert_eq!(c.fetch_val::<i32, _>("select $1::int4 + 1", (1,)).await.unwrap(), Some(2));
                assert_eq!(c.fetch_val::<i32, _>("select 5", ()).await.unwrap(), Some(5));
            }
            c.execute(drop, ()).await.unwrap();
            assert_eq!(c.fetch_val::<i32, _>("select $1::int4 + 1", (2,)).await.unwrap(), Some(3));
            assert_eq!(c.fetch_val::<i32, _>("select 5", ()).await.unwrap(), Some(5));
            c.execute(drop, ()).await.unwrap();
            let (first, second, third) = tokio::join!(
                c.fetch_val::<i32, _>("select $1::int4 + 1", (3,)),
                c.fetch_val::<i32, _>("select 5", ()),
                c.fetch_val::<i32, _>("select $1::int4 + 1", (4,)),
            );
            assert_eq!((first.unwrap(), second.unwrap(), third.unwrap()), (Some(4), Some(5), Some(5)));
        }
        // In a transaction it fails once, and is known to be gone after that.
        c.execute("deallocate all", ()).await.unwrap();
        c.execute("begin", ()).await.unwrap();
        assert_eq!(sqlstate(c.fetch("select $1::int4 + 1", (1,)).await), "26000");
        c.execute("rollback", ()).await.unwrap();
        assert_eq!(c.fetch_val::<i32, _>("select $1::int4 + 1", (5,)).await.unwrap(), Some(6));
    });
}

#[test]
fn more_statements_than_the_cache_holds_are_closed_on_the_server() {
    on_every_version(async |server| {
        for size in [0, 1, 2] {
            let c = connect_with(server, &format!("statement_cache_size={size}")).await;
            for round in 0..4 {
                for n in 0..5 {
                    let sql = format!("select $1::int4 + {n}");
                    for _ in 0..(1 + round % 3) {
                        assert_eq!(c.fetch_val::<i32, _>(&sql, (round,)).await.unwrap(), Some(round + n));
                    }
                    c.execute(&format!("select {n}"), ()).await.unwrap();
                }
            }
            let held: i64 =
                c.fetch_val("select count(*) from pg_prepared_statements", ()).await.unwrap().unwrap();
            assert!(held <= size, "{held} statements with a cache of {size}");
        }
    });
}

#[test]
fn the_unnamed_mode_leaves_no_statement_behind() {
    on_every_version(async |server| {
        let c = connect_with(server, "statement_mode=unnamed").await;
        for i in 0..4 {
            assert_eq!(c.fetch_val::<i32, _>("select $1::int4 + 1", (i,)).await.unwrap(), Some(i + 1));
            assert_eq!(
                c.fetch_val::<i64, _>("select count(*) from pg_prepared_statements", ()).await.unwrap(),
                Some(0)
            );
        }
    });
}

#[test]
fn a_type_without_binary_output_comes_as_text_cold_warm_and_in_transactions() {
    on_every_version(async |server| {
        let c = connect(server).await;
        const PLAIN: &str = "select 1 as one, 'postgres=r/postgres'::aclitem as acl, 2.5::float8 as two";
        const BOUND: &str =
            "select $1::int4 as one, 'postgres=r/postgres'::aclitem as acl, 2.5::float8 as two";
        let check = async |sql: &str, plain: bool| {
            let rows = if plain { c.fetch(sql, ()).await } else { c.fetch(sql, (1,)).await }.unwrap();
            let row = rows.get(0).unwrap();
            assert_eq!(row.get::<&str>("acl").unwrap(), "postgres=r/postgres");
            assert_eq!((row.get::<i32>("one").unwrap(), row.get::<f64>("two").unwrap()), (1, 2.5));
        };
        for _ in 0..3 {
            check(PLAIN, true).await;
            check(BOUND, false).await;
        }
        let other = connect(server).await;
        other.execute("begin", ()).await.unwrap();
        for _ in 0..3 {
            let row = other.fetch_one(PLAIN, ()).await.unwrap();
            assert_eq!(row.get::<&str>("acl").unwrap(), "postgres=r/postgres");
            let row = other.fetch_one(BOUND, (1,)).await.unwrap();
            assert_eq!(row.get::<&str>("acl").unwrap(), "postgres=r/postgres");
        }
        assert_eq!(other.execute("commit", ()).await.unwrap().as_str(), "COMMIT");
        // In one flight with the BEGIN that opens the transaction.
        let fresh = connect(server).await;
        let (begun, acl, done) =
            tokio::join!(fresh.execute("begin", ()), fresh.fetch_one(PLAIN, ()), fresh.execute("commit", ()));
        begun.unwrap();
        assert_eq!(acl.unwrap().get::<&str>("acl").unwrap(), "postgres=r/postgres");
        assert_eq!(done.unwrap().as_str(), "COMMIT");
    });
}

#[test]
fn as_many_parameters_as_the_protocol_can_count() {
    on_every_version(async |server| {
        let c = connect(server).await;
        let sql = |count: usize| {
            let numbers: Vec<String> = (1..=count).map(|number| format!("${number}::int4")).collect();
            format!("select cardinality(array[{}])", numbers.join(","))
        };
        let most: Vec<i32> = (0..65_535).collect();
        for _ in 0..2 {
            assert_eq!(c.fetch_val::<i32, _>(&sql(65_535), &most).await.unwrap(), Some(65_535));
        }
        let one_more: Vec<i32> = (0..65_536).collect();
        let error = message(c.fetch(&sql(65_536), &one_more).await);
        assert_eq!(error, "too many parameters: the protocol allows 65535");
        // The same number for a statement that takes fewer.
        let error = message(c.fetch("select $1::int4", &one_more).await);
        assert_eq!(error, "too many parameters: the protocol allows 65535");
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
    });
}

#[test]
fn a_query_without_its_parameters_is_refused_before_anything_is_sent() {
    on_every_version(async |server| {
        let connection = connect(server).await;
        let error = connection.fetch("select $1::int4, '$3' -- $4\n", ()).await.unwrap_err();
        assert_eq!(error.to_string(), "the statement takes 1 parameter, 0 were given");
        // Its $1 is not ours to give.
        connection.execute("prepare twice as select $1::int4 * 2", ()).await.unwrap();
        assert_eq!(connection.fetch_val::<i32, _>("execute twice(4)", ()).await.unwrap(), Some(8));
    });
}
