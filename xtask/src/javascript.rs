//! The npm package in js/.

use std::path::PathBuf;

use trunkline_test_server::{Result, npm};

use crate::run;

/// The package's folder.
pub(crate) fn folder() -> PathBuf {
    npm::root().join("js")
}

/// Compiles the package around the wasm that is in js/dist/wasm.
pub(crate) fn build() -> Result<()> {
    npm_run("building the npm package", "build")
}

/// Checks the types, without building anything.
pub(crate) fn check() -> Result<()> {
    npm::ensure(&folder())?;
    let mut command = run::command("npx");
    command.args(["--no-install", "tsc", "--noEmit", "-p", "tsconfig.json"]).current_dir(folder());
    run::quiet("checking TypeScript's types", &mut command, "").map(drop)
}

/// Checks what users see of the types, once the package is built.
pub(crate) fn check_types() -> Result<()> {
    npm_run("checking the package's types as a user", "test:types")
}

fn npm_run(what: &str, script: &str) -> Result<()> {
    npm::ensure(&folder())?;
    let mut command = run::command("npm");
    command.args(["run", "--silent", script]).current_dir(folder());
    run::quiet(what, &mut command, "").map(drop)
}
