//! Does jobs as soon as somebody asks for one: a queue in a table, and LISTEN to be told of it.
//!
//! `cargo run -p trunkline-examples --bin listen-worker -- postgres://ada@localhost/app`, and in psql
//!
//! ```sql
//! begin; insert into jobs (task) values ('water the plants'); notify jobs; commit;
//! ```
//!
//! As many as you like can work at once: each job is done by one of them.
#![expect(clippy::print_stdout, reason = "it tells what it does")]

use std::time::Duration;

use tokio::time::timeout;
use trunkline::{Config, Error, Listener, Pool, Signal, Transaction, TransactionOptions};

const SCHEMA: &str = "create table if not exists jobs (
    id int8 generated always as identity primary key,
    task text not null,
    done_at timestamptz
)";

/// When nobody has said anything for so long, it looks all the same: for jobs that failed, or were left by others.
const SILENCE: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("usage: listen-worker postgres://…")?;
    let config = Config::parse(&url)?;
    let pool = Pool::builder().max_size(2).connect_with(&config).await?;
    pool.execute(SCHEMA, ()).await?;

    // Before it looks for the first time, so that no job can fall in between.
    let mut signals = Listener::connect(&config).await?.listen("jobs").await?;
    loop {
        if let Err(error) = work(&pool).await {
            eprintln!("tried again later: {error}");
        }
        println!("waiting for jobs");
        match timeout(SILENCE, signals.next()).await {
            Ok(Some(Signal::Notification(_))) | Err(_) => {}
            Ok(Some(Signal::Missed)) => println!("something may have been missed"),
            Ok(None) => return Ok(()),
        }
    }
}

/// Does all jobs that there are.
async fn work(pool: &Pool) -> Result<(), Error> {
    while let Some((id, task)) =
        pool.transaction(&TransactionOptions::new(), async |tx| one(tx).await).await?
    {
        println!("job {id} is done: {task}");
    }
    Ok(())
}

/// Does one job, if there is one. It is locked meanwhile, so that others pass it over; should this program end, it is
/// as if it had never been begun.
async fn one(transaction: &Transaction<'_>) -> Result<Option<(i64, String)>, Error> {
    let take = "select id, task from jobs where done_at is null order by id limit 1 for update skip locked";
    let Some(job) = transaction.fetch_row(take, ()).await? else { return Ok(None) };
    let id = job.get("id")?;
    // … here the work itself …
    transaction.execute("update jobs set done_at = now() where id = $1", (id,)).await?;
    Ok(Some((id, job.get("task")?)))
}
