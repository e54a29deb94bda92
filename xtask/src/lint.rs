use std::time::Instant;

use serde_json::Value;
use trunkline_test_server::{Error, Result, npm};

use crate::{generate, javascript, purity, run, vectors};

/// Everything that can be found fault with without running the code. All of it is checked, whatever fails.
pub(crate) fn run() -> Result<()> {
    let start = Instant::now();
    let mut failures = Vec::new();
    let mut keep = |outcome: Result<()>| {
        if let Err(error) = outcome {
            failures.push(error.to_string());
        }
    };
    keep(cargo("formatting", &["fmt", "--all", "--check"], "Run: cargo fmt --all"));
    keep(own("what core may not know of", purity::check));
    keep(own("generated files are current", check_generated));
    keep(own("vectors have what their sources have", vectors::check));
    keep(clippy("clippy, all features", &["--workspace", "--all-features", "--all-targets"]));
    for package in LIBRARIES {
        keep(features(package));
    }
    keep(documentation());
    if javascript::folder().join("package.json").exists() {
        keep(javascript::check());
    }
    if failures.is_empty() {
        println!("\nlint: no fault found ({:.0} s)", start.elapsed().as_secs_f64());
        return Ok(());
    }
    for failure in &failures {
        eprintln!("\n{failure}");
    }
    Err(Error::new(format!("lint: {} of the checks failed; see above", failures.len())))
}

/// Without default features, and with each feature alone: features add, and need no other one.
fn features(package: &str) -> Result<()> {
    // The library alone: examples may want several.
    let none = ["--lib", "--package", package, "--no-default-features"];
    clippy(&format!("clippy, {package} without features"), &none)?;
    for feature in features_of(package)?.iter().filter(|feature| *feature != "default") {
        let one = ["--lib", "--package", package, "--no-default-features", "--features", feature];
        clippy(&format!("clippy, {package} with {feature}"), &one)?;
    }
    Ok(())
}

fn features_of(package: &str) -> Result<Vec<String>> {
    let arguments = ["metadata", "--no-deps", "--format-version=1", "--offline"];
    let json = run::cargo(&arguments).output();
    let json = run::io("cargo metadata", json)?.stdout;
    let metadata: Value = serde_json::from_slice(&json)
        .map_err(|error| Error::new(format!("cargo metadata gives what is not JSON: {error}")))?;
    let packages = metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    let found = packages.into_iter().find(|found| found.get("name").and_then(Value::as_str) == Some(package));
    let features = found.and_then(|found| found.get("features")).and_then(Value::as_object);
    let features = features.ok_or_else(|| Error::new(format!("cargo metadata does not know {package}")))?;
    Ok(features.keys().cloned().collect())
}

fn documentation() -> Result<()> {
    let mut command = run::cargo(&["doc", "--workspace", "--no-deps", "--all-features"]);
    command.env("RUSTDOCFLAGS", "-Dwarnings");
    run::quiet("documentation", &mut command, "").map(drop)
}

fn clippy(what: &str, arguments: &[&str]) -> Result<()> {
    let mut command = run::cargo(&["clippy", "--quiet"]);
    run::quiet(what, command.args(arguments).args(["--", "-D", "warnings"]), "").map(drop)
}

fn cargo(what: &str, arguments: &[&str], advice: &str) -> Result<()> {
    run::quiet(what, &mut run::cargo(arguments), advice).map(drop)
}

fn own(what: &str, check: impl FnOnce() -> Result<()>) -> Result<()> {
    let outcome = check();
    println!("{} {what}", if outcome.is_ok() { '✓' } else { '✗' });
    outcome
}

fn check_generated() -> Result<()> {
    let stale = run::io("generating core's tables", generate::stale(&npm::root()))?;
    if stale.is_empty() {
        return Ok(());
    }
    Err(Error::new(format!("{} would change. Run: cargo xtask generate", stale.join(", "))))
}

/// The crates whose features are their users' to choose.
const LIBRARIES: [&str; 2] = ["trunkline-core", "trunkline"];
