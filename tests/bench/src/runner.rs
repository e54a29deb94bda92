//! The parent: starts one process for each cell, one at a time, the peers in turn.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, anyhow, ensure};
use serde::Serialize;

use crate::{
    cell::{Job, Measurement, Message, URL_VARIABLE},
    cpu::Load,
    peers::{Node, Peer},
    workload::Workload,
};

/// One cell in one round.
#[derive(Debug, Serialize)]
pub(crate) struct Record {
    pub(crate) peer: Peer,
    pub(crate) workload: Workload,
    pub(crate) connections: usize,
    pub(crate) round: usize,
    #[serde(flatten)]
    pub(crate) measurement: Measurement,
    /// Processor time of the server's processes in the window.
    pub(crate) server_cpu_us: Option<f64>,
    /// Processors kept busy by neither the client nor the server.
    pub(crate) foreign: Option<f64>,
}

/// A peer that could not be measured.
#[derive(Debug, Serialize)]
pub(crate) struct Missing {
    pub(crate) peer: Peer,
    pub(crate) workload: Workload,
    pub(crate) connections: usize,
    pub(crate) reason: String,
}

pub(crate) struct Runner {
    pub(crate) url: String,
    /// The process whose children serve the connections, where it can be seen.
    pub(crate) postmaster: Option<u32>,
    /// Why there is no Node, where there is none.
    pub(crate) node: Result<Node, String>,
}

impl Runner {
    /// Says why a peer cannot take part.
    pub(crate) fn check(&self, job: &Job) -> Result<()> {
        ensure!(job.peer.supports(job.workload), "cannot have several queries in flight on one connection");
        if job.peer.is_node() { self.node()?.check(job.peer) } else { Ok(()) }
    }

    /// Measures one cell.
    pub(crate) fn run(&self, job: &Job, round: usize) -> Result<Record> {
        let mut child = self
            .command(job)?
            .env(URL_VARIABLE, &self.url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the cell cannot be started")?;
        let mut input = child.stdin.take().context("the cell has no input")?;
        let output = child.stdout.take().context("the cell has no output")?;
        let (mut started, mut stopped, mut result) = (None, None, None);
        for line in BufReader::new(output).lines() {
            match serde_json::from_str(&line?)? {
                Message::Started => started = self.load(),
                Message::Stopped => {
                    stopped = self.load();
                    input.write_all(b"\n")?;
                }
                Message::Result(measurement) => result = Some(measurement),
            }
        }
        let status = child.wait()?;
        ensure!(status.success(), "failed ({status}); its reason is on stderr");
        let measurement = result.context("gave no result")?;

        let used = started.zip(stopped).map(|(started, stopped)| stopped.since(&started));
        let server_cpu_us = used.map(|(_, server)| server.as_secs_f64() * 1e6);
        let foreign = used.map(|(busy, server)| {
            let own = measurement.cpu_us / 1e6 + server.as_secs_f64();
            ((busy.as_secs_f64() - own) / measurement.seconds).max(0.0)
        });
        let &Job { peer, workload, connections, .. } = job;
        Ok(Record { peer, workload, connections, round, measurement, server_cpu_us, foreign })
    }

    fn command(&self, job: &Job) -> Result<Command> {
        if job.peer.is_node() { Ok(self.node()?.command(job)) } else { job.command() }
    }

    fn node(&self) -> Result<&Node> {
        self.node.as_ref().map_err(|reason| anyhow!("{reason}"))
    }

    fn load(&self) -> Option<Load> {
        self.postmaster.and_then(Load::sample)
    }
}
