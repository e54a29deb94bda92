use std::{
    fmt,
    process::Command,
    time::{Duration, Instant},
};

use trunkline_test_server::Result;

use crate::{counts::Counts, failures::Failures, run, table};

/// What every suite came to, for the table at the end.
#[derive(Default)]
pub(crate) struct Summary {
    rows: Vec<Row>,
}

/// What was run, on what, against which server.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) name: &'static str,
    pub(crate) runtime: String,
    pub(crate) server: String,
}

struct Row {
    suite: Suite,
    counts: Counts,
    failures: Failures,
    succeeded: bool,
    time: Duration,
}

impl Summary {
    /// Runs a suite, aloud.
    pub(crate) fn run(&mut self, suite: Suite, command: &mut Command) -> Result<()> {
        let start = Instant::now();
        let (mut counts, mut failures) = (Counts::default(), Failures::default());
        let ok = run::aloud(&suite.to_string(), command, |line| {
            counts.read(line);
            failures.read(line);
            true
        })?;
        // A run in which nothing was counted tested nothing, whatever its exit status.
        let succeeded = ok && counts.failed == 0 && counts.passed > 0;
        self.rows.push(Row { suite, counts, failures, succeeded, time: start.elapsed() });
        Ok(())
    }

    /// Counts a check as a suite of one test; prints why it failed. Gives whether it did not.
    pub(crate) fn check(&mut self, name: &'static str, check: impl FnOnce() -> Result<()>) -> bool {
        let start = Instant::now();
        let error = check().err().map(|error| error.to_string());
        let succeeded = error.is_none();
        if let Some(error) = &error {
            eprintln!("\n{error}");
        }
        let counts =
            Counts { passed: u64::from(succeeded), failed: u64::from(!succeeded), ..Counts::default() };
        let failures = Failures::of_check(&error.unwrap_or_default());
        let suite = Suite { name, runtime: String::new(), server: String::new() };
        self.rows.push(Row { suite, counts, failures, succeeded, time: start.elapsed() });
        succeeded
    }

    /// Prints the table, and after it what failed: a log is read from its end, and cut in its middle. Gives how many
    /// suites failed.
    pub(crate) fn print(&self) -> usize {
        println!();
        let rows: Vec<Vec<String>> = self.rows.iter().map(Row::cells).collect();
        table::print(&["suite", "runtime", "server", "passed", "failed", "skipped", "seconds", ""], &rows);
        let sum = |count: fn(&Counts) -> u64| self.rows.iter().map(|row| count(&row.counts)).sum::<u64>();
        let failed: Vec<&Row> = self.rows.iter().filter(|row| !row.succeeded).collect();
        println!(
            "\n{} suites, {} failed; {} tests passed, {} failed, {} skipped",
            self.rows.len(),
            failed.len(),
            sum(|counts| counts.passed),
            sum(|counts| counts.failed),
            sum(|counts| counts.skipped)
        );
        for row in &failed {
            print!("\nfailed: {}\n{}", row.suite, row.failures);
        }
        failed.len()
    }
}

impl Row {
    fn cells(&self) -> Vec<String> {
        vec![
            self.suite.name.to_owned(),
            self.suite.runtime.clone(),
            self.suite.server.clone(),
            self.counts.passed.to_string(),
            self.counts.failed.to_string(),
            self.counts.skipped.to_string(),
            format!("{:.1}", self.time.as_secs_f64()),
            if self.succeeded { "ok".to_owned() } else { "FAILED".to_owned() },
        ]
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        match (self.runtime.as_str(), self.server.as_str()) {
            ("", _) => Ok(()),
            (runtime, server) => write!(f, " on {runtime} with PostgreSQL {server}"),
        }
    }
}
