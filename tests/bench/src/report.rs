//! From records to tables and verdicts.

use std::fmt::Write;

use serde::Serialize;

use crate::{
    peers::Peer,
    runner::{Missing, Record},
    server::Server,
    workload::Workload,
};

/// More processors than this busy with something else, and the round is disturbed.
const FOREIGN_LIMIT: f64 = 0.15;

/// What trunkline's client CPU may be of the cheapest of its rivals'.
struct Target {
    peer: Peer,
    rivals: &'static [Peer],
    workload: Workload,
    limit: f64,
}

const TARGETS: [Target; 6] = [
    native(Workload::PgType, 0.7),
    native(Workload::GenerateSeries, 0.7),
    native(Workload::OnePlusOne, 1.0),
    native(Workload::Pipeline, 1.0),
    node(Workload::PgType),
    node(Workload::GenerateSeries),
];

const fn native(workload: Workload, limit: f64) -> Target {
    Target { peer: Peer::Trunkline, rivals: &[Peer::TokioPostgres], workload, limit }
}

const fn node(workload: Workload) -> Target {
    Target { peer: Peer::NodeTrunkline, rivals: &[Peer::NodePg, Peer::NodePostgresJs], workload, limit: 0.5 }
}

/// All that a run found out.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) server: Server,
    pub(crate) records: Vec<Record>,
    pub(crate) missing: Vec<Missing>,
}

/// The medians of one cell's rounds.
struct Summary {
    peer: Peer,
    rate: f64,
    /// Client CPU for each query, microseconds.
    client: f64,
    server: Option<f64>,
    p50: f64,
    p99: f64,
    foreign: Option<f64>,
    clean: usize,
    rounds: usize,
}

impl Report {
    pub(crate) fn table(&self, workload: Workload, connections: usize) -> String {
        let rows = self.of(workload).map(|record| record.measurement.rows).next().unwrap_or_default();
        let mut out = format!(
            "\n{}: {rows} row{}, {connections} connection{}",
            workload.name(),
            plural(rows != 1),
            plural(connections != 1),
        );
        if workload.in_flight() > 1 {
            _ = write!(out, ", {} in flight on each", workload.in_flight());
        }
        _ = writeln!(
            out,
            "\n{:17}{:>11}{:>11}{:>11}{:>10}{:>10}{:>8}{:>8}{:>9}{:>7}",
            "peer",
            "queries/s",
            "client µs",
            "server µs",
            "p50 µs",
            "p99 µs",
            "÷ best",
            "÷ null",
            "foreign",
            "clean"
        );
        let summaries = self.summaries(workload, connections);
        let null = cheapest(&summaries, |peer| peer == Peer::Null);
        for summary in &summaries {
            let best =
                cheapest(&summaries, |peer| peer.is_rival() && peer.is_node() == summary.peer.is_node());
            let ratio = |base: Option<f64>| optional(base.map(|base| summary.client / base), 2);
            let noisy = if summary.clean == 0 { "*" } else { "" };
            _ = writeln!(
                out,
                "{:17}{:>11.0}{:>11}{:>11}{:>10.0}{:>10.0}{:>8}{:>8}{:>9}{:>7}",
                summary.peer.name(),
                summary.rate,
                optional(Some(summary.client), 1),
                optional(summary.server, 1),
                summary.p50,
                summary.p99,
                ratio(best),
                ratio(null),
                format!("{}{noisy}", optional(summary.foreign, 2)),
                format!("{}/{}", summary.clean, summary.rounds),
            );
        }
        for missing in &self.missing {
            if (missing.workload, missing.connections) == (workload, connections) {
                _ = writeln!(out, "{:17} {}", missing.peer.name(), missing.reason);
            }
        }
        out
    }

    /// Each target with what was measured, for every number of connections.
    pub(crate) fn verdicts(&self, connections: &[usize]) -> String {
        let mut out = String::new();
        for target in &TARGETS {
            let rivals: Vec<_> = target.rivals.iter().map(|rival| rival.name()).collect();
            _ = write!(
                out,
                "{} ≤ {:.1} of {}'s client CPU on {}:",
                target.peer.name(),
                target.limit,
                rivals.join(" or "),
                target.workload.name()
            );
            for &connections in connections {
                let summaries = self.summaries(target.workload, connections);
                let own = cheapest(&summaries, |peer| peer == target.peer);
                let best = cheapest(&summaries, |peer| target.rivals.contains(&peer));
                let verdict = match own.zip(best).map(|(own, best)| own / best) {
                    Some(ratio) if ratio <= target.limit => format!("{ratio:.2}, met"),
                    Some(ratio) => format!("{ratio:.2}, NOT met"),
                    None => "not measured".to_owned(),
                };
                _ = write!(out, "  [{connections} connection{}] {verdict}", plural(connections != 1));
            }
            out.push('\n');
        }
        out
    }

    /// Peers that do not agree about what the server said.
    pub(crate) fn disagreements(&self) -> Vec<String> {
        let mut out = Vec::new();
        for record in &self.records {
            let (rows, digest) = (record.measurement.rows, record.measurement.digest);
            let same = |other: &&Record| {
                let theirs = &other.measurement;
                theirs.rows == rows
                    && (theirs.digest == digest || theirs.digest.is_none() || digest.is_none())
            };
            if let Some(other) = self.of(record.workload).find(|other| !same(other)) {
                let line = format!(
                    "{}: {} and {} decoded different rows",
                    record.workload.name(),
                    record.peer.name(),
                    other.peer.name()
                );
                if !out.contains(&line) {
                    out.push(line);
                }
            }
        }
        out
    }

    fn of(&self, workload: Workload) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(move |record| record.workload == workload)
    }

    /// In the order in which the peers were measured first.
    fn summaries(&self, workload: Workload, connections: usize) -> Vec<Summary> {
        let mut cells: Vec<(Peer, Vec<&Record>)> = Vec::new();
        for record in self.of(workload).filter(|record| record.connections == connections) {
            match cells.iter_mut().find(|(peer, _)| *peer == record.peer) {
                Some((_, records)) => records.push(record),
                None => cells.push((record.peer, vec![record])),
            }
        }
        cells.into_iter().filter_map(|(peer, records)| summarise(peer, &records)).collect()
    }
}

/// Disturbed rounds count only where there is no other.
fn summarise(peer: Peer, records: &[&Record]) -> Option<Summary> {
    let is_clean = |record: &&&Record| record.foreign.is_none_or(|foreign| foreign <= FOREIGN_LIMIT);
    let clean: Vec<_> = records.iter().filter(is_clean).copied().collect();
    let used = if clean.is_empty() { records } else { clean.as_slice() };
    let middle =
        |value: &dyn Fn(&Record) -> Option<f64>| median(used.iter().filter_map(|record| value(record)));
    let per_query = |record: &Record, cpu: f64| cpu / count(record.measurement.queries);
    Some(Summary {
        peer,
        rate: middle(&|record| Some(count(record.measurement.queries) / record.measurement.seconds))?,
        client: middle(&|record| Some(per_query(record, record.measurement.cpu_us)))?,
        server: middle(&|record| record.server_cpu_us.map(|cpu| per_query(record, cpu))),
        p50: middle(&|record| Some(record.measurement.p50_us))?,
        p99: middle(&|record| Some(record.measurement.p99_us))?,
        foreign: middle(&|record| record.foreign),
        clean: clean.len(),
        rounds: records.len(),
    })
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<_> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    let upper = values.get(values.len() / 2)?;
    let lower = values.get((values.len() - 1) / 2)?;
    Some(f64::midpoint(*lower, *upper))
}

/// The least client CPU among the peers that `among` admits.
fn cheapest(summaries: &[Summary], among: impl Fn(Peer) -> bool) -> Option<f64> {
    let admitted = summaries.iter().filter(|summary| among(summary.peer));
    admitted.map(|summary| summary.client).min_by(f64::total_cmp)
}

/// Queries as a divisor.
#[expect(clippy::cast_precision_loss, reason = "nobody measures 2^53 queries")]
fn count(queries: u64) -> f64 {
    queries.max(1) as f64
}

fn optional(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
}

const fn plural(many: bool) -> &'static str {
    if many { "s" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert_eq!(median([4.0, 1.0, 3.0, 2.0].into_iter()), Some(2.5));
        assert_eq!(median([9.0, 1.0, 3.0].into_iter()), Some(3.0));
        assert_eq!(median(std::iter::empty()), None);
    }
}
