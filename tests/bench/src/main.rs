//! `trunkline-bench`: client CPU per query of trunkline and its peers, interleaved. See README.md.

mod cell;
mod cpu;
mod meter;
mod peers;
mod report;
mod runner;
mod server;
mod workload;

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand, ValueEnum};

use crate::{
    cell::Job,
    peers::{Node, Peer},
    report::Report,
    runner::{Missing, Runner},
    server::Server,
    workload::Workload,
};

/// Measures trunkline beside its peers, natively and on Node.
#[derive(Parser, Debug)]
#[command(version, subcommand_negates_reqs = true, args_conflicts_with_subcommands = true)]
struct Arguments {
    /// The server, as a URL; the bench only reads from it
    #[arg(long, required = true)]
    url: Option<String>,
    /// Only these workloads
    #[arg(long, value_delimiter = ',')]
    workload: Vec<Workload>,
    /// Only these peers
    #[arg(long, value_delimiter = ',')]
    peer: Vec<Peer>,
    /// Numbers of connections
    #[arg(long, value_delimiter = ',', default_values_t = [1, 10])]
    connections: Vec<usize>,
    /// Rounds, of which the median counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Length of the window of one cell in one round
    #[arg(long, default_value_t = 1.5)]
    seconds: f64,
    /// Write every record to this file
    #[arg(long)]
    json: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// One cell, for the bench itself
    #[command(hide = true)]
    Cell(Job),
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    match &arguments.command {
        Some(Command::Cell(job)) => cell::run(job).map(|()| ExitCode::SUCCESS),
        None => bench(&arguments),
    }
}

fn bench(arguments: &Arguments) -> Result<ExitCode> {
    let connections = &arguments.connections;
    ensure!(arguments.rounds > 0 && !connections.contains(&0), "rounds and connections start at 1");
    ensure!(arguments.seconds.is_finite() && arguments.seconds >= 0.1, "a window has at least 0.1 seconds");
    let url = arguments.url.clone().context("--url is needed")?;
    let peers = all_or(&arguments.peer);
    let server = Server::ask(&url).context("the server cannot be asked")?;
    println!("PostgreSQL {}; client CPU per query is the figure to compare", server.version);
    if server.postmaster.is_none() {
        println!("the server's processes cannot be seen from here: no server CPU, no foreign load");
    }
    let needs_node = peers.iter().any(|peer| peer.is_node());
    let node =
        if needs_node { Node::install().map_err(|error| format!("{error:#}")) } else { Err(String::new()) };
    let runner = Runner { url, postmaster: server.postmaster, node };
    let mut report = Report { server, records: Vec::new(), missing: Vec::new() };

    let mut is_sound = true;
    for workload in all_or(&arguments.workload) {
        for &connections in connections {
            is_sound &= interleave(arguments, &runner, &peers, workload, connections, &mut report);
            println!("{}", report.table(workload, connections));
        }
    }
    println!("{LEGEND}\n\n{}", report.verdicts(connections));
    let disagreements = report.disagreements();
    for line in &disagreements {
        println!("{line}");
    }
    if let Some(file) = &arguments.json {
        fs::write(file, serde_json::to_string_pretty(&report)?).context("--json cannot be written")?;
    }
    Ok(if is_sound && disagreements.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// All rounds of all peers for one table. False if a peer failed; one that cannot take part is only named.
fn interleave(
    arguments: &Arguments,
    runner: &Runner,
    peers: &[Peer],
    workload: Workload,
    connections: usize,
    report: &mut Report,
) -> bool {
    let mut is_sound = true;
    let job = |peer| Job { peer, workload, connections, warm_up: peer.warm_up(), seconds: arguments.seconds };
    let mut missing = |peer, reason: &anyhow::Error| {
        report.missing.push(Missing { peer, workload, connections, reason: format!("{reason:#}") });
    };
    let mut running = peers.to_vec();
    running.retain(|&peer| runner.check(&job(peer)).map_err(|reason| missing(peer, &reason)).is_ok());
    for round in 0..arguments.rounds {
        // Another peer goes first each time.
        let mut turn = running.clone();
        let first = round % turn.len().max(1);
        turn.rotate_left(first);
        for peer in turn {
            eprintln!(
                "{}, {connections}, round {} of {}: {}",
                workload.name(),
                round + 1,
                arguments.rounds,
                peer.name()
            );
            match runner.run(&job(peer), round) {
                Ok(record) => report.records.push(record),
                Err(reason) => {
                    missing(peer, &reason);
                    running.retain(|&other| other != peer);
                    is_sound = false;
                }
            }
        }
    }
    is_sound
}

/// What was asked for, or everything.
fn all_or<T: ValueEnum + Copy>(chosen: &[T]) -> Vec<T> {
    if chosen.is_empty() { T::value_variants().to_vec() } else { chosen.to_vec() }
}

const LEGEND: &str = "\
Medians of the rounds. client µs: user and system time of the client process for each query; server µs: the same of
the server. ÷ best: client µs over that of the cheapest driver of others on the same platform; ÷ null: over the null
client's. foreign: processors busy with neither client nor server; rounds above 0.15 are left out where there are
others (clean says how many there are), else marked *.";
