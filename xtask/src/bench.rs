use trunkline_test_server::{Error, NEWEST, Result, Server};

use crate::{run, wasm};

const MANIFEST: [&str; 2] = ["--manifest-path", "tests/bench/Cargo.toml"];

/// Runs the bench, a workspace of its own in tests/bench: the drivers, or after the word `codecs` those.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    match arguments.split_first() {
        Some((first, arguments)) if first == "codecs" => codecs(arguments),
        _ => drivers(arguments),
    }
}

/// Prints the table alone, and not what criterion tells of each of its benchmarks.
fn codecs(arguments: &[String]) -> Result<()> {
    let mut build = run::cargo(&["bench", "--bench", "codecs", "--no-run"]);
    run::quiet("compiling the codecs and their peers", build.args(MANIFEST), "")?;
    let mut bench = run::cargo(&["bench", "--bench", "codecs"]);
    bench.args(MANIFEST).args(["--", "--quiet"]).args(arguments);
    let printed = run::quiet("measuring the codecs, some eight minutes", &mut bench, "")?;
    let table = printed.find("\nfamily ").and_then(|start| printed.get(start..));
    println!("{}", table.unwrap_or(&printed));
    Ok(())
}

/// Against a server that nothing else uses.
fn drivers(arguments: &[String]) -> Result<()> {
    // The peers on Node are measured beside the package.
    wasm::build()?;
    let mut build = run::cargo(&["build", "--release"]);
    // The peers have a lock file of their own, and a target directory that .gitignore knows.
    run::quiet("compiling the bench and its peers", build.args(MANIFEST), "")?;
    let server = Server::start(NEWEST)?;
    let mut bench = run::cargo(&["run", "--release", "--quiet"]);
    bench.args(MANIFEST).args(["--", "--url", &server.url()]).args(arguments);
    match run::aloud("The bench", &mut bench, |_| true)? {
        true => Ok(()),
        false => Err(Error::new("the bench failed: see above")),
    }
}
