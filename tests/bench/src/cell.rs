//! One cell of a table: one peer, one workload, so many connections, in a process of its own, so that the process's
//! CPU time is the client's.
//!
//! The cell says three things on stdout, one JSON object a line: `started` when it is warm, `stopped` when the window
//! ends, and then its `result`. The parent samples the machine's load at the first two, and answers `stopped` with an
//! empty line: until then the cell keeps its connections, because the load of a backend that is gone cannot be read.
//! `js/cell.mjs` does the same.

use std::{
    io::{Write, stdin, stdout},
    process::Command,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use tokio::task::{JoinSet, LocalSet};

use crate::{
    cpu,
    meter::{Meter, percentile},
    peers::{Client, Null, Peer, Sqlx, TokioPostgres, Trunkline},
    workload::Workload,
};

/// The server's URL travels in the environment: it may hold a password, and arguments show in `ps`.
pub(crate) const URL_VARIABLE: &str = "TRUNKLINE_BENCH_URL";

/// For connecting and for the last answers.
const GRACE: Duration = Duration::from_secs(30);

/// What a cell is to do.
#[derive(Args, Debug)]
pub(crate) struct Job {
    #[arg(long)]
    pub(crate) peer: Peer,
    #[arg(long)]
    pub(crate) workload: Workload,
    #[arg(long)]
    pub(crate) connections: usize,
    #[arg(long)]
    pub(crate) warm_up: f64,
    #[arg(long)]
    pub(crate) seconds: f64,
}

impl Job {
    /// This program again, with this job.
    pub(crate) fn command(&self) -> Result<Command> {
        let text = |value: &dyn ToString| value.to_string();
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["cell", "--peer", self.peer.name(), "--workload", self.workload.name()]);
        command.args(["--connections", &text(&self.connections)]);
        command.args(["--warm-up", &text(&self.warm_up), "--seconds", &text(&self.seconds)]);
        Ok(command)
    }
}

/// What a cell says to its parent.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Message {
    Started,
    Stopped,
    Result(Measurement),
}

/// What was measured in the window.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Measurement {
    pub(crate) queries: u64,
    pub(crate) seconds: f64,
    /// User and system time of the client process, all its threads.
    pub(crate) cpu_us: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    /// Rows of every query.
    pub(crate) rows: u64,
    /// Over all fields of one result; the null client, which decodes nothing, has none.
    pub(crate) digest: Option<u32>,
}

/// Runs the cell in this process.
pub(crate) fn run(job: &Job) -> Result<()> {
    let url = std::env::var(URL_VARIABLE).with_context(|| format!("{URL_VARIABLE} is not set"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let measured = async {
        match job.peer {
            Peer::Trunkline => measure::<Trunkline>(job, &url).await,
            Peer::TokioPostgres => measure::<TokioPostgres>(job, &url).await,
            Peer::Sqlx => measure::<Sqlx>(job, &url).await,
            Peer::Null => measure::<Null>(job, &url).await,
            peer => bail!("{} is not a native peer", peer.name()),
        }
    };
    let deadline = Duration::from_secs_f64(job.warm_up + job.seconds) + GRACE;
    let measurement = LocalSet::new().block_on(&runtime, async {
        tokio::time::timeout(deadline, measured).await.context("the cell hangs")?
    })?;
    say(&Message::Result(measurement))
}

async fn measure<C: Client>(job: &Job, url: &str) -> Result<Measurement> {
    let mut clients = Vec::with_capacity(job.connections);
    for _ in 0..job.connections {
        clients.push(C::connect(url, job.workload).await?);
    }
    let first = clients.first_mut().context("at least one connection is needed")?;
    let (rows, digest) = first.digest().await?;

    let meter = Rc::new(Meter::new(rows));
    let mut running = JoinSet::new();
    for client in clients {
        running.spawn_local(client.drive(job.workload.in_flight(), Rc::clone(&meter)));
    }

    tokio::time::sleep(Duration::from_secs_f64(job.warm_up)).await;
    say(&Message::Started)?;
    let (begin, cpu) = (Instant::now(), cpu::own()?);
    meter.start();
    tokio::time::sleep(Duration::from_secs_f64(job.seconds)).await;
    meter.stop();
    let (elapsed, cpu) = (begin.elapsed(), cpu::own()?.saturating_sub(cpu));
    say(&Message::Stopped)?;
    stdin().read_line(&mut String::new())?;

    while let Some(ended) = running.join_next().await {
        ended??;
    }
    let latencies = meter.sorted();
    Ok(Measurement {
        queries: u64::try_from(latencies.len())?,
        seconds: elapsed.as_secs_f64(),
        cpu_us: cpu.as_secs_f64() * 1e6,
        p50_us: percentile(&latencies, 50),
        p99_us: percentile(&latencies, 99),
        rows,
        digest,
    })
}

fn say(message: &Message) -> Result<()> {
    let mut out = stdout().lock();
    serde_json::to_writer(&mut out, message)?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}
