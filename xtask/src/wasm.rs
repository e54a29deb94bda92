use std::{
    fs,
    path::{Path, PathBuf},
};

use trunkline_test_server::{Error, Result, npm};

use crate::{
    javascript, run, size,
    toolchain::{TARGET, Toolchain},
};

/// Builds the wasm and the npm package, and checks that the wasm is not too large.
pub(crate) fn run() -> Result<()> {
    build()?;
    check_size()
}

/// Builds the wasm, checks what it imports, and puts it with its glue where the npm package takes it from:
/// `js/dist/wasm/core.{wasm,js,d.ts}`. Then builds the package.
pub(crate) fn build() -> Result<()> {
    let toolchain = Toolchain::ready()?;
    let mut cargo =
        toolchain.cargo(&["build", "--profile", "wasm", "--target", TARGET, "--package", "trunkline-wasm"]);
    run::quiet("compiling trunkline-wasm", &mut cargo, "")?;
    let built = toolchain.target().join(TARGET).join("wasm/trunkline_wasm.wasm");

    let bound = run::target().join("wasm-bindgen");
    bind(&built, &bound)?;
    let folder = folder();
    run::io(folder.display(), fs::create_dir_all(&folder))?;
    let wasm = folder.join(WASM);
    optimise(&bound.join("core_bg.wasm"), &wasm)?;
    check_imports(&wasm)?;
    for name in ["core.js", "core.d.ts"] {
        run::io(name, fs::copy(bound.join(name), folder.join(name)))?;
    }
    javascript::build()
}

/// Checks and records the size of what was built last.
pub(crate) fn check_size() -> Result<()> {
    size::check(&folder().join(WASM))
}

fn folder() -> PathBuf {
    npm::root().join("js/dist/wasm")
}

/// By wasm-bindgen's own code, from a package whose version Cargo.lock holds to that of the wasm-bindgen crate.
fn bind(input: &Path, folder: &Path) -> Result<()> {
    if folder.exists() {
        run::io(folder.display(), fs::remove_dir_all(folder))?;
    }
    let mut command = run::cargo(&["run", "--quiet", "--package", "xtask-wasm", "--"]);
    run::quiet("generating the JavaScript glue (wasm-bindgen)", command.arg(input).arg(folder), "")?;
    if folder.join("snippets").exists() {
        return Err(Error::new("the wasm brings JavaScript snippets, which the package has no place for"));
    }
    Ok(())
}

fn optimise(input: &Path, output: &Path) -> Result<()> {
    let modules = npm::ensure(&npm::root().join("xtask/npm"))?;
    let mut command = run::command("node");
    command.arg(modules.join("binaryen/bin/wasm-opt"));
    command
        .args(["-Oz", "--converge", "--strip-debug", "--strip-producers"])
        .arg(input)
        .arg("-o")
        .arg(output);
    run::quiet("optimising (wasm-opt -Oz)", &mut command, "").map(drop)
}

/// Everything that the wasm asks of its host has to be wasm-bindgen's: no clock, no entropy, no console by the back
/// door of a dependency.
fn check_imports(wasm: &Path) -> Result<()> {
    let mut command = run::command("node");
    command.args(["-e", LIST_IMPORTS]).arg(wasm);
    let list = run::quiet("checking the imports", &mut command, "")?;
    let strangers: Vec<&str> = list.lines().filter(|import| !is_bindgen(import)).collect();
    if strangers.is_empty() {
        return Ok(());
    }
    Err(Error::new(format!("the wasm imports what wasm-bindgen does not need:\n{}", strangers.join("\n"))))
}

fn is_bindgen(import: &str) -> bool {
    let Some((module, name)) = import.split_once(' ') else { return false };
    let modules = ["./core_bg.js", "wbg", "__wbindgen_placeholder__"];
    modules.contains(&module) && (name.starts_with("__wbg_") || name.starts_with("__wbindgen_"))
}

const WASM: &str = "core.wasm";
const LIST_IMPORTS: &str =
    "const module = new WebAssembly.Module(require('node:fs').readFileSync(process.argv[1]));
for (const entry of WebAssembly.Module.imports(module)) console.log(entry.module + ' ' + entry.name);";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_wasm_bindgen_s_imports_pass() {
        assert!(is_bindgen("./core_bg.js __wbg_new_1f2e"));
        assert!(is_bindgen("wbg __wbindgen_throw"));
        assert!(!is_bindgen("env __wbg_now"));
        assert!(!is_bindgen("./core_bg.js now"));
    }
}
