use std::{fs, path::PathBuf};

use trunkline_test_server::{Error, Result};

use crate::{
    browser, javascript, run, runtimes, rust_tests,
    servers::Servers,
    summary::{Suite, Summary},
    wasm,
};

/// What there is to test.
pub(crate) const SUITES: [&str; 3] = ["rust", "js", "browser"];

/// The named suites, or all when none is named. One that fails does not keep the others from running.
pub(crate) fn run(suites: &[String]) -> Result<()> {
    let wanted = |suite: &str| suites.is_empty() || suites.iter().any(|named| named == suite);
    let servers = Servers::start()?;
    let mut summary = Summary::default();
    if wanted("rust") {
        rust_tests::run(&servers, &mut summary)?;
    }
    let built = !wanted("js") && !wanted("browser") || summary.check("build of wasm and js", wasm::build);
    if built && wanted("js") {
        summary.check("size of the wasm", wasm::check_size);
        summary.check("types in js", javascript::check_types);
        runtimes(&servers, &mut summary)?;
    }
    if built && wanted("browser") {
        browser::test(&servers, &mut summary)?;
    }
    drop(servers);
    match summary.print() {
        0 => Ok(()),
        failed => Err(Error::new(format!("{failed} suites failed; what failed is above"))),
    }
}

fn runtimes(servers: &Servers, summary: &mut Summary) -> Result<()> {
    let files = files()?;
    for runtime in runtimes::of_the_tests()? {
        for (server, environment) in servers.each() {
            let mut command = runtime.test(&files);
            command.current_dir(javascript::folder()).envs(environment);
            summary.run(Suite { name: "js/tests", runtime: runtime.name.clone(), server }, &mut command)?;
        }
    }
    Ok(())
}

/// The same files for every runtime. Named one by one: not all of them know patterns.
fn files() -> Result<Vec<PathBuf>> {
    let folder = javascript::folder().join("tests");
    let entries = run::io(folder.display(), fs::read_dir(&folder))?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut files: Vec<PathBuf> = names
        .filter(|name| name.ends_with(".test.js"))
        .map(|name| PathBuf::from("./tests").join(name))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(Error::new(format!("{} has no *.test.js", folder.display())));
    }
    Ok(files)
}
