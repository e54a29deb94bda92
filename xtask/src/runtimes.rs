//! JavaScript runtimes: the Node that is there, and from npm other Nodes, Deno and Bun.

use std::{
    env::consts::{ARCH, OS},
    path::{Path, PathBuf},
    process::Command,
};

use trunkline_test_server::{Error, Result, npm};

use crate::run;

/// One that tests and examples run on.
#[derive(Clone, Debug)]
pub(crate) struct Runtime {
    /// What to call it: `node 22`, `deno`.
    pub(crate) name: String,
    kind: Kind,
    program: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Node,
    Deno,
    Bun,
}

/// The Node that is in PATH, Deno and Bun.
pub(crate) fn of_the_demo() -> Result<Vec<Runtime>> {
    npm::node_version()?;
    let node = Runtime { name: "node".into(), kind: Kind::Node, program: "node".into() };
    Ok([node].into_iter().chain(deno_and_bun()?).collect())
}

/// Every supported Node, Deno and Bun.
pub(crate) fn of_the_tests() -> Result<Vec<Runtime>> {
    let (os, arch) = platform();
    let modules = npm::ensure(&npm::root().join("tests/npm/nodes"))?;
    let mut runtimes = Vec::new();
    for version in [20, 22, 24, 26] {
        let program = modules.join(format!("node{version}-{os}-{arch}/bin/node"));
        runtimes.push(existing(Runtime { name: format!("node {version}"), kind: Kind::Node, program })?);
    }
    runtimes.extend(deno_and_bun()?);
    Ok(runtimes)
}

impl Runtime {
    /// A command that runs one program.
    pub(crate) fn run(&self, script: &Path) -> Command {
        let mut command = run::command(&self.program);
        match self.kind {
            Kind::Node => {}
            Kind::Deno => {
                command.args(["run", "--allow-all"]).args(DENO);
            }
            Kind::Bun => {
                command.arg("run");
            }
        }
        command.arg(script);
        command
    }

    /// A command that runs these files of tests, all written for `node:test`.
    pub(crate) fn test(&self, files: &[PathBuf]) -> Command {
        let mut command = run::command(&self.program);
        match self.kind {
            Kind::Node => command.args(["--test", "--test-reporter=spec", "--test-timeout=120000"]),
            Kind::Deno => command.args(["test", "--allow-all"]).args(DENO),
            Kind::Bun => command.args(["test", "--timeout=60000"]),
        };
        command.args(files);
        command
    }
}

fn deno_and_bun() -> Result<[Runtime; 2]> {
    let (os, arch) = platform();
    let modules = npm::ensure(&npm::root().join("tests/npm/runtimes"))?;
    let libc = if os == "linux" { "-glibc" } else { "" };
    let bun_arch = if arch == "arm64" { "aarch64" } else { arch };
    let deno = modules.join(format!("@deno/{os}-{arch}{libc}/deno"));
    let bun = modules.join(format!("@oven/bun-{os}-{bun_arch}/bin/bun"));
    Ok([
        existing(Runtime { name: "deno".into(), kind: Kind::Deno, program: deno })?,
        existing(Runtime { name: "bun".into(), kind: Kind::Bun, program: bun })?,
    ])
}

fn existing(runtime: Runtime) -> Result<Runtime> {
    if runtime.program.is_file() {
        return Ok(runtime);
    }
    let (os, arch) = platform();
    let Runtime { name, program, .. } = runtime;
    Err(Error::new(format!("npm has no {name} for {os}-{arch}: {} is not there", program.display())))
}

fn platform() -> (&'static str, &'static str) {
    let os = if OS == "macos" { "darwin" } else { OS };
    let arch = match ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    (os, arch)
}

/// Types are TypeScript's business, and npm has installed what there is.
const DENO: [&str; 3] = ["--no-check", "--no-lock", "--node-modules-dir=manual"];
