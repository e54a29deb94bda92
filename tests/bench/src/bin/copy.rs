//! COPY of typed rows beside tokio-postgres's: rows a second, client CPU for each row, and the most memory that was held.
//!
//! ```sh
//! cargo run --release --manifest-path tests/bench/Cargo.toml --bin copy -- postgres://user:password@localhost/db 1000000 out-trunkline
//! ```
//!
//! One way a process, since the memory is that of the whole process: `in-trunkline`, `in-tokio-postgres`,
//! `out-trunkline`, `out-tokio-postgres`, `stream-trunkline`, `pipe-trunkline`. It makes one temporary table, and otherwise only reads.

use std::pin::pin;
use std::time::Instant;

use anyhow::{Context, bail};
use futures_util::TryStreamExt;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use tokio_postgres::binary_copy::{BinaryCopyInWriter, BinaryCopyOutStream};
use tokio_postgres::types::Type;
use trunkline::{CopyOptions, CopySource};

const CREATE: &str = "create temp table copied (id int8, name text, value float8)";
const COLUMNS: [&str; 3] = ["id", "name", "value"];

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what| arguments.next().with_context(|| format!("usage: copy URL ROWS WAY: no {what}"));
    let (url, rows, way) = (next("URL")?, next("ROWS")?.parse()?, next("WAY")?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run(&url, rows, &way))
}

async fn run(url: &str, rows: i64, way: &str) -> anyhow::Result<()> {
    let query =
        format!("select i::int8, 'name ' || i, i::float8 / 3 from (select generate_series(1, {rows}) i) n");
    let before = cpu()?;
    let begun = Instant::now();
    let (side, peer) = way.split_once('-').context("a way is in-… or out-…")?;
    let count = match peer {
        "trunkline" => trunkline_way(side, url, rows, &query).await?,
        "tokio-postgres" => tokio_postgres_way(side, url, rows, &query).await?,
        other => bail!("{other} is no peer here"),
    };
    let (wall, used) = (begun.elapsed().as_secs_f64(), cpu()? - before);
    anyhow::ensure!(count == u64::try_from(rows)?, "{count} rows instead of {rows}");
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: unknown");
    let rate = f64::from(u32::try_from(rows)?) / wall;
    let each = used / f64::from(u32::try_from(rows)?) * 1e9;
    println!("{way}: {rate:.0} rows/s, {each:.0} ns of CPU each, {memory}");
    Ok(())
}

/// The user and system time of this process, in seconds.
fn cpu() -> anyhow::Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(f64::from(u32::try_from(micros)?) / 1e6)
}

fn name(buffer: &mut String, id: i64) -> &str {
    use std::fmt::Write;
    buffer.clear();
    let _ = write!(buffer, "name {id}");
    buffer
}

async fn trunkline_way(side: &str, url: &str, rows: i64, query: &str) -> anyhow::Result<u64> {
    let connection = trunkline::Connection::connect(url).await?;
    let mut count = 0;
    match side {
        "in" => {
            connection.execute(CREATE, ()).await?;
            let mut writer = connection.copy_in_writer("copied", COLUMNS).await?;
            let mut buffer = String::new();
            for id in 1..=rows {
                writer.write((id, name(&mut buffer, id), 0.5)).await?;
            }
            count = writer.finish().await?;
        }
        "out" => {
            let mut copied = connection.copy_out_rows(CopySource::query(query, ())).await?;
            let mut sum = 0_i64;
            while let Some(rows) = copied.try_next_rows().await? {
                for row in &rows {
                    let (id, name, value): (i64, &str, f64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                    sum = sum.wrapping_add(id).wrapping_add(i64::try_from(name.len())?);
                    anyhow::ensure!(value > 0.0);
                    count += 1;
                }
            }
            anyhow::ensure!(sum > 0);
        }
        "stream" => {
            let mut copied = connection.copy_out_rows(CopySource::query(query, ())).await?;
            while let Some(row) = copied.try_next().await? {
                anyhow::ensure!(row.get::<i64>(0)? > 0);
                count += 1;
            }
        }
        "pipe" => {
            let target = trunkline::Connection::connect(url).await?;
            target.execute(CREATE, ()).await?;
            let source = connection.copy_out(CopySource::query(query, ()), CopyOptions::binary()).await?;
            count = source.pipe_to(target.copy_in("copied", CopyOptions::binary()).await?).await?;
        }
        other => bail!("{other} is no way"),
    }
    Ok(count)
}

async fn tokio_postgres_way(side: &str, url: &str, rows: i64, query: &str) -> anyhow::Result<u64> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    let types = [Type::INT8, Type::TEXT, Type::FLOAT8];
    let mut count = 0;
    match side {
        "in" => {
            client.batch_execute(CREATE).await?;
            let sink = client.copy_in("copy copied (id, name, value) from stdin binary").await?;
            let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
            let mut buffer = String::new();
            for id in 1..=rows {
                writer.as_mut().write(&[&id, &name(&mut buffer, id), &0.5]).await?;
            }
            count = writer.finish().await?;
        }
        "out" => {
            let stream = client.copy_out(&format!("copy ({query}) to stdout binary")).await?;
            let mut copied = pin!(BinaryCopyOutStream::new(stream, &types));
            let mut sum = 0_i64;
            while let Some(row) = copied.try_next().await? {
                let (id, name, value): (i64, &str, f64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
                sum = sum.wrapping_add(id).wrapping_add(i64::try_from(name.len())?);
                anyhow::ensure!(value > 0.0);
                count += 1;
            }
            anyhow::ensure!(sum > 0);
        }
        other => bail!("{other} is no way"),
    }
    Ok(count)
}
