//! A tour of the driver on a real server: `cargo run --example tour -- postgres://user:password@host/database`.
//!
//! Every step says what it did and how long it took; the last line says the same for programs. It leaves the
//! database as it found it.
#![expect(clippy::print_stdout, reason = "it is for people to read")]

use std::error::Error;
use std::time::Instant;

use futures_util::future::try_join_all;
use serde_json::json;
use trunkline::{Connection, SqlState};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("usage: tour postgres://user:password@host/database")?;
    let mut tour = Tour { begun: Instant::now(), steps: Vec::new() };

    let connection = Connection::connect(&url).await?;
    let version = connection.server_version().map_or_else(String::new, |version| version.to_string());
    tour.step("connect", 1, &format!("PostgreSQL {version}, session {}", connection.server_pid()));

    read_pg_type(&connection, &mut tour).await?;
    connection.execute(TABLE, ()).await?;
    tour.step("create table", 1, "tour_books, for this session alone");
    insert(&connection, &mut tour).await?;
    read_back(&connection, &mut tour).await?;
    violate(&connection, &mut tour).await?;
    pipeline(&connection, &mut tour).await?;

    connection.execute("drop table tour_books", ()).await?;
    connection.close().await?;
    tour.finish();
    Ok(())
}

const TABLE: &str = "create temporary table tour_books (\
    id int4 primary key, title text not null, price float8, tags text[], about jsonb)";

/// What PostgreSQL knows of its own types: twelve columns of eight types, decoded each as what it is.
#[derive(Debug)]
#[expect(dead_code, reason = "shown by its Debug")]
struct PgType<'a> {
    oid: u32,
    name: &'a str,
    namespace: u32,
    owner: u32,
    length: i16,
    by_value: bool,
    kind: char,
    category: char,
    is_preferred: bool,
    is_defined: bool,
    delimiter: char,
    relation: u32,
}

async fn read_pg_type(connection: &Connection, tour: &mut Tour) -> Result<(), Box<dyn Error>> {
    let rows = connection
        .fetch(
            "select oid, typname, typnamespace, typowner, typlen, typbyval, typtype, typcategory, \
             typispreferred, typisdefined, typdelim, typrelid from pg_type order by oid",
            (),
        )
        .await?;
    let mut types = Vec::with_capacity(rows.len());
    for row in &rows {
        types.push(PgType {
            oid: row.get("oid")?,
            name: row.get("typname")?,
            namespace: row.get("typnamespace")?,
            owner: row.get("typowner")?,
            length: row.get("typlen")?,
            by_value: row.get("typbyval")?,
            kind: row.get("typtype")?,
            category: row.get("typcategory")?,
            is_preferred: row.get("typispreferred")?,
            is_defined: row.get("typisdefined")?,
            delimiter: row.get("typdelim")?,
            relation: row.get("typrelid")?,
        });
    }
    let first = types.first().ok_or("pg_type is empty")?;
    tour.step("read pg_type", types.len(), &format!("12 columns each; the first is {first:?}"));
    Ok(())
}

async fn insert(connection: &Connection, tour: &mut Tour) -> Result<(), Box<dyn Error>> {
    let mut batch = connection.batch();
    for id in 1..=BOOKS {
        let price = (id % 7 != 0).then_some(f64::from(id) / 4.0);
        let tags = (id % 3 != 0).then(|| vec![format!("shelf {}", id % 10), "tour".to_owned()]);
        batch = batch.query(
            "insert into tour_books values ($1, $2, $3, $4, $5)",
            (id, format!("Volume {id}"), price, tags, json!({ "pages": 100 + id })),
        );
    }
    let mut inserted = 0;
    for result in batch.run().await? {
        inserted += result?.tag().rows();
    }
    tour.step("insert 1,000 rows", inserted, "in one batch, which is one transaction");
    Ok(())
}

async fn read_back(connection: &Connection, tour: &mut Tour) -> Result<(), Box<dyn Error>> {
    let rows = connection.fetch("select * from tour_books where id > $1 order by id", (0,)).await?;
    let last = rows.iter().last().ok_or("the table is empty")?;
    tour.step("read back", rows.len(), &format!("the last as JSON: {}", serde_json::to_string(&last)?));
    Ok(())
}

async fn violate(connection: &Connection, tour: &mut Tour) -> Result<(), Box<dyn Error>> {
    let insert = connection.execute("insert into tour_books values ($1, $2)", (1, "Volume 1, again")).await;
    let error = insert.err().ok_or("the same key went in twice")?;
    if error.sqlstate() != Some(&SqlState::UNIQUE_VIOLATION) {
        return Err(error.into());
    }
    tour.step("unique violation", 1, &format!("the error:\n{}", indented(&error.to_string())));
    Ok(())
}

async fn pipeline(connection: &Connection, tour: &mut Tour) -> Result<(), Box<dyn Error>> {
    let queries = (1..=QUERIES).map(|id| async move {
        connection.fetch_val::<i64, _>("select $1::int8 * 2", (i64::from(id),)).await
    });
    let answers = try_join_all(queries).await?;
    let right = answers.iter().zip(1i64..).filter(|(answer, id)| **answer == Some(id * 2)).count();
    tour.step("pipeline 1,000 queries", right, "all at once on one connection, each answered to its asker");
    Ok(())
}

const BOOKS: i32 = 1000;
const QUERIES: i32 = 1000;

/// The steps so far.
struct Tour {
    begun: Instant,
    steps: Vec<serde_json::Value>,
}

impl Tour {
    /// A step ended; the next begins.
    fn step(&mut self, name: &str, count: impl TryInto<u64>, told: &str) {
        let milliseconds = self.begun.elapsed().as_secs_f64() * 1e3;
        let count = count.try_into().unwrap_or(u64::MAX);
        println!("{name:<22} {count:>5} {milliseconds:>8.1} ms  {told}");
        self.steps
            .push(json!({ "name": name, "count": count, "ms": (milliseconds * 100.0).round() / 100.0 }));
        self.begun = Instant::now();
    }

    fn finish(self) {
        println!("TOUR {}", json!({ "runtime": "native", "steps": self.steps }));
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
