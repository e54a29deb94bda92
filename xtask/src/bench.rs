use trunkline_test_server::{Error, NEWEST, Result, Server};

use crate::{run, wasm};

/// Runs the bench, a workspace of its own in tests/bench, against a server that nothing else uses.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    // The peers on Node are measured beside the package.
    wasm::build()?;
    let manifest = ["--manifest-path", "tests/bench/Cargo.toml"];
    let mut build = run::cargo(&["build", "--release"]);
    // The peers have a lock file of their own, and a target directory that .gitignore knows.
    run::quiet("compiling the bench and its peers", build.args(manifest), "")?;
    let server = Server::start(NEWEST)?;
    let mut bench = run::cargo(&["run", "--release", "--quiet"]);
    bench.args(manifest).args(["--", "--url", &server.url()]).args(arguments);
    match run::aloud("The bench", &mut bench, |_| true)? {
        true => Ok(()),
        false => Err(Error::new("the bench failed: see above")),
    }
}
