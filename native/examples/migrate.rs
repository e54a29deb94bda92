//! Brings a database's schema up to date: `cargo run --example migrate -- postgres://… migrations`.
//!
//! Runs the files `*.sql` of a folder that were not run yet, by the order of their names, all in one transaction: either
//! everything is new afterwards, or nothing. Of several that are started at once one works and the others wait for it.

#![allow(missing_docs, clippy::print_stdout, reason = "an example explains itself")]

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use trunkline::sql::{first_keyword, split_script};
use trunkline::{Connection, StatementMode, Transaction, query};

/// Any number that no other advisory lock of the database has.
const LOCK: i64 = 0x6d69_6772_6174_6500;

const DONE: &str = "create table if not exists schema_migrations (
    name text primary key,
    at timestamptz not null default now()
)";

pub async fn migrate(url: &str, folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let migrations = read(folder)?;
    let mut connection = Connection::connect(url).await?;
    let transaction = connection.begin().await?;
    // It is freed with the transaction, however that ends.
    let lock = query("select pg_advisory_xact_lock($1)").timeout(Duration::from_secs(300));
    transaction.execute(&lock, (LOCK,)).await?;
    transaction.execute(DONE, ()).await?;
    let done: Vec<(String,)> = transaction.fetch_as("select name from schema_migrations", ()).await?;

    let mut told = Vec::new();
    for (name, script) in migrations {
        if done.iter().any(|(known,)| *known == name) {
            continue;
        }
        let count = run(&transaction, &script).await.map_err(|error| format!("{name}, {error}"))?;
        transaction.execute("insert into schema_migrations (name) values ($1)", (&name,)).await?;
        told.push(format!("{name}, statements: {count}"));
    }
    transaction.commit().await?;
    connection.close().await?;
    Ok(told)
}

/// Runs a script, statement by statement, so that a failure tells which it was. Tells how many there were.
async fn run(transaction: &Transaction<'_>, script: &str) -> Result<usize, String> {
    let mut count = 0;
    for statement in split_script(script) {
        count += 1;
        let keyword = first_keyword(statement).unwrap_or_default().to_ascii_lowercase();
        if ["begin", "start", "commit", "end", "rollback", "abort"].contains(&&*keyword) {
            return Err(format!(
                "statement {count}: {keyword} would end the one transaction that all are run in"
            ));
        }
        // It will not come again, so that nothing is to be kept of it.
        let statement = query(statement).mode(StatementMode::Unnamed);
        transaction.execute(&statement, ()).await.map_err(|error| format!("statement {count}: {error}"))?;
    }
    Ok(count)
}

/// The files of a folder, by their names.
fn read(folder: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if let (Some("sql"), Some(name)) = (
            path.extension().and_then(|extension| extension.to_str()),
            path.file_name().and_then(|name| name.to_str()),
        ) {
            files.push((name.to_owned(), std::fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: migrate postgres://… folder".into());
    };
    let told = migrate(&url, Path::new(&folder)).await?;
    told.iter().for_each(|line| println!("{line}"));
    if told.is_empty() {
        println!("nothing was to be done");
    }
    Ok(())
}
