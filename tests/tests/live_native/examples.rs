//! The examples that need nothing but the driver. Those that need more are in `tests/examples`.

use std::fs;
use std::path::PathBuf;

use trunkline_tests::live::{connect, on_every_version};

#[path = "../../../native/examples/migrate.rs"]
#[expect(dead_code, reason = "its main is for cargo run --example")]
mod migrate;

#[test]
fn migrations_are_run_once_and_together() {
    on_every_version(async |server| {
        let c = connect(server).await;
        c.execute_script("drop schema if exists example_migrate cascade; create schema example_migrate")
            .await
            .unwrap();
        c.execute_script("set search_path to example_migrate").await.unwrap();
        let url = server.url();
        let separator = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{separator}options=-csearch_path%3Dexample_migrate");
        let folder = folder();
        let write = |name: &str, script: &str| fs::write(folder.join(name), script).unwrap();
        let migrate = async || migrate::migrate(&url, &folder).await.map_err(|error| error.to_string());

        write("1_tables.sql", "create table a (t text);\ninsert into a values ('x;y'); -- done;\n");
        write("2_function.sql", "create function f() returns text language sql as $$ select t from a; $$;");
        write("readme.txt", "no SQL;");
        // Two at once: one works, the other finds nothing left to do.
        let (one, two) = tokio::join!(migrate(), migrate());
        let mut both = [one.unwrap(), two.unwrap()];
        both.sort();
        assert_eq!(
            both,
            [vec![], vec!["1_tables.sql, statements: 2".to_owned(), "2_function.sql, statements: 1".into()]]
        );
        assert_eq!(c.fetch_val::<String, _>("select f()", ()).await.unwrap().as_deref(), Some("x;y"));

        write("3_good.sql", "create table b ()");
        write("4_bad.sql", "create table c (); create table c ()");
        let failed = migrate().await.unwrap_err();
        assert!(failed.starts_with("4_bad.sql, statement 2: ") && failed.contains("42P07"), "{failed}");
        assert_eq!(c.fetch_val::<String, _>("select to_regclass('b')::text", ()).await.unwrap(), None);

        write("4_bad.sql", "create table c (); commit");
        let failed = migrate().await.unwrap_err();
        assert!(failed.starts_with("4_bad.sql, statement 2: commit would end"), "{failed}");
        fs::remove_file(folder.join("4_bad.sql")).unwrap();
        assert_eq!(migrate().await.unwrap(), ["3_good.sql, statements: 1"]);
        c.execute_script("drop schema example_migrate cascade").await.unwrap();
        fs::remove_dir_all(&folder).unwrap();
    });
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("trunkline-example-migrate-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}
