//! The README's example: `cargo run --example readme -- postgres://…`. A test runs it too, and holds the README to it.

#![allow(missing_docs, clippy::print_stdout, reason = "an example explains itself")]

use trunkline::Connection;

pub async fn example(url: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let connection = Connection::connect(url).await?;
    connection.execute("create temp table users (id serial primary key, name text, tags text[])", ()).await?;
    let id: Option<i32> = connection
        .fetch_val(
            "insert into users (name, tags) values ($1, $2) returning id",
            ("Ada", ["maths", "engines"]),
        )
        .await?;

    let rows = connection.fetch("select id, name, tags from users where id = $1", (id,)).await?;
    let mut lines = Vec::new();
    for row in &rows {
        let (name, tags): (&str, Vec<String>) = (row.get("name")?, row.get("tags")?);
        lines.push(format!("{name} likes {}", tags.join(" and ")));
    }
    connection.close().await?;
    Ok(lines)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("usage: readme postgres://…")?;
    example(&url).await?.iter().for_each(|line| println!("{line}"));
    Ok(())
}
