use std::path::{Path, PathBuf};

use trunkline_test_server::{Error, Result};

use crate::{
    apt, javascript, run,
    servers::Servers,
    summary::{Suite, Summary},
};

/// The JavaScript tests in a headless browser, driven by Node.
pub(crate) fn test(servers: &Servers, summary: &mut Summary) -> Result<()> {
    let chromium = chromium()?;
    for (server, environment) in servers.each() {
        let mut command = run::command("node");
        command
            .args(["--test-reporter=spec", SCRIPT])
            .current_dir(javascript::folder())
            .envs(environment)
            .env("TRUNKLINE_CHROMIUM", &chromium);
        summary.run(Suite { name: "js/tests", runtime: "chromium".into(), server }, &mut command)?;
    }
    Ok(())
}

fn chromium() -> Result<PathBuf> {
    if let Some(path) = installed() {
        return Ok(path);
    }
    apt::install("a browser for the tests", &["chromium"])?;
    installed().ok_or_else(|| Error::new("Debian's chromium was installed, but is not in PATH"))
}

fn installed() -> Option<PathBuf> {
    let given = std::env::var_os("TRUNKLINE_CHROMIUM").map(PathBuf::from);
    let names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
    let application = Path::new("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    let found = given.or_else(|| names.iter().find_map(|name| run::find(name)));
    found.or_else(|| application.exists().then(|| application.to_path_buf()))
}

/// Serves the package and the WebSocket bridge, runs the tests in the page, and prints what Node's runner would.
const SCRIPT: &str = "tests/browser/run.js";
