//! The Node peers live in `js/`; here they are installed and started.

use std::{
    fs,
    io::stderr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::Peer;
use crate::{
    cell::Job,
    workload::{PG_TYPE_ARGUMENTS, Workload},
};

pub(crate) struct Node {
    directory: PathBuf,
}

impl Node {
    /// Installs the peers where that is not done yet, or not by the present lock file.
    pub(crate) fn install() -> Result<Self> {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("js");
        let version = Command::new("node").arg("--version").output();
        ensure!(version.is_ok_and(|output| output.status.success()), "node is not on the PATH");
        if !is_installed(&directory) {
            eprintln!("npm ci in {}", directory.display());
            let mut npm = Command::new("npm");
            npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&directory).stdout(stderr());
            let status = npm.status().context("npm cannot be started")?;
            ensure!(status.success(), "npm ci failed");
        }
        Ok(Self { directory })
    }

    /// Says why `peer` cannot run.
    pub(crate) fn check(&self, peer: Peer) -> Result<()> {
        let dist = self.directory.join("../../../js/dist");
        ensure!(peer != Peer::NodeTrunkline || dist.is_dir(), "not built: run `cargo xtask wasm` first");
        Ok(())
    }

    /// The process of one cell.
    pub(crate) fn command(&self, job: &Job) -> Command {
        let (typmod, is_defined) = PG_TYPE_ARGUMENTS;
        let job = json!({
            "peer": job.peer,
            "sql": job.workload.sql(),
            "parameters": if job.workload == Workload::PgType { json!([typmod, is_defined]) } else { json!([]) },
            "inFlight": job.workload.in_flight(),
            "connections": job.connections,
            "warmUp": job.warm_up,
            "seconds": job.seconds,
        });
        let mut command = Command::new("node");
        command.arg(self.directory.join("cell.mjs")).arg(job.to_string());
        command
    }
}

/// npm writes its own lock file last.
fn is_installed(directory: &Path) -> bool {
    let modified = |path| fs::metadata(directory.join(path)).and_then(|file| file.modified()).ok();
    let installed = modified("node_modules/.package-lock.json");
    installed.is_some() && installed >= modified("package-lock.json")
}
