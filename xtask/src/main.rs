//! `cargo xtask`: everything that one does with this repository. `cargo xtask --help` lists it.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

mod apt;
mod arguments;
mod bench;
mod browser;
mod counts;
mod demo;
mod failures;
mod generate;
mod javascript;
mod lint;
mod mappings;
mod purity;
mod run;
mod runtimes;
mod rust_tests;
mod servers;
mod size;
mod summary;
mod table;
mod test;
mod toolchain;
mod vectors;
mod wasm;

use std::process::ExitCode;

use trunkline_test_server::{Result, npm, serve};

use crate::arguments::Task;

fn main() -> ExitCode {
    let done = match arguments::parse() {
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Demo => demo::run(),
        Task::Generate { share } => generate(share.as_deref()),
        Task::Lint => lint::run(),
        Task::Server { version } => serve(version),
        Task::Test { suites } => test::run(&suites),
        Task::Vectors { check: true } => vectors::check(),
        Task::Vectors { check: false } => vectors::run(),
        Task::Wasm => wasm::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(share: Option<&std::path::Path>) -> Result<()> {
    for path in run::io("generating core's tables", generate::run(&npm::root(), share))? {
        println!("wrote {}", path.strip_prefix(npm::root()).unwrap_or(&path).display());
    }
    Ok(())
}
