use std::time::Instant;

use trunkline_test_server::Result;

use crate::{
    run,
    servers::Servers,
    summary::{Counts, Summary},
};

/// Every Rust test, and every example in the documentation.
pub(crate) fn run(servers: &Servers, summary: &mut Summary) -> Result<()> {
    let (names, environment) = servers.all();
    let suites = [
        ("cargo test", &["--workspace", "--all-features", "--all-targets"][..]),
        ("doc examples", &["--workspace", "--all-features", "--doc"][..]),
    ];
    for (suite, arguments) in suites {
        let start = Instant::now();
        let mut counts = Counts::default();
        let mut command = run::cargo(&["test", "--no-fail-fast"]);
        command.args(arguments).envs(environment.iter().cloned());
        let ok = run::aloud(&format!("Rust: {suite}"), &mut command, |line| counts.read(line))?;
        summary.add(suite, "rust", &names, start, counts, ok);
    }
    Ok(())
}
