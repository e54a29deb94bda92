//! Reads ten million rows and tells how much memory that took: `memory stream URL`.
//!
//! Prints their sum, and the most that was resident, in KiB. A process of its own, since a peak is the whole process's.

use std::time::Duration;

use trunkline::Connection;

const ROWS: &str = "select i, 'a text of some length' from generate_series(1, 10000000) i";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (how, url) = (arguments.next().ok_or("how?")?, arguments.next().ok_or("where?")?);
    let connection = Connection::connect(&url).await?;
    let sum = match how.as_str() {
        "stream" => stream(&connection).await?,
        _ => return Err("how is that?".into()),
    };
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let peak = peak.trim().trim_end_matches("kB").trim();
    say(&format!("{sum} {peak}\n"))
}

/// With a reader that pauses now and then, while another query waits behind it, for which the socket is read on.
async fn stream(connection: &Connection) -> Result<i64, trunkline::Error> {
    let mut rows = connection.stream(ROWS, ()).await?;
    let (mut sum, mut batches) = (0, 0_u32);
    let read = async {
        while let Some(batch) = rows.next_batch().await? {
            for row in &batch {
                sum += i64::from(row.get::<i32>(0)?);
            }
            batches += 1;
            if batches % 500 == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        Ok(())
    };
    let (read, behind) = tokio::join!(read, connection.fetch_val::<i64, _>("select 1::int8", ()));
    read.and(behind).map(|behind| sum + behind.unwrap_or_default())
}

fn say(text: &str) -> Result<(), Box<dyn std::error::Error>> {
    use std::io::Write;
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}
