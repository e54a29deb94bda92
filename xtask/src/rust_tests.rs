use trunkline_test_server::Result;

use crate::{
    run,
    servers::Servers,
    summary::{Suite, Summary},
};

/// Every Rust test, and every example in the documentation.
pub(crate) fn run(servers: &Servers, summary: &mut Summary) -> Result<()> {
    let (names, environment) = servers.all();
    let suites = [
        ("cargo test", &["--workspace", "--all-features", "--all-targets"][..]),
        ("doc examples", &["--workspace", "--all-features", "--doc"][..]),
    ];
    for (name, arguments) in suites {
        let mut command = run::cargo(&["test", "--no-fail-fast"]);
        command.args(arguments).envs(environment.iter().cloned());
        summary.run(Suite { name, runtime: "rust".into(), server: names.clone() }, &mut command)?;
    }
    Ok(())
}
