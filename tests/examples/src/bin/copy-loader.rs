//! Loads a CSV file into a table, with a bar that tells how far it is.
//!
//! `cargo run -p trunkline-examples --bin copy-loader -- postgres://ada@localhost/app books books.csv`
//!
//! The first line of the file names the columns, in any order. All of its rows are kept, or none.
#![expect(clippy::print_stdout, reason = "it tells what it did")]

use indicatif::{ProgressBar, ProgressStyle};
use tokio::fs::File;
use tokio::io::{AsyncBufReadExt, BufReader};
use trunkline::{Connection, CopyOptions, Table};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, table, path] = &arguments[..] else {
        return Err("usage: copy-loader postgres://… table file.csv".into());
    };

    let connection = Connection::connect(url).await?;
    let file = File::open(path).await?;
    let bar = ProgressBar::new(file.metadata().await?.len())
        .with_style(ProgressStyle::with_template("{wide_bar} {bytes} of {total_bytes}, {eta} left")?);
    let mut file = BufReader::new(bar.wrap_async_read(file));
    let mut header = String::new();
    file.read_line(&mut header).await?;
    let columns = header.trim_end().split(',').map(|name| name.trim_matches('"'));

    let copy = connection.copy_in(Table::new(table).columns(columns), CopyOptions::csv()).await?;
    // When the file cannot be read to its end, or the server refuses a line, nothing is kept.
    let rows = copy.read_all(file).await.inspect_err(|_| bar.abandon())?;
    bar.finish_and_clear();
    println!("{rows} rows of {path} are in {table} now");
    connection.close().await?;
    Ok(())
}
