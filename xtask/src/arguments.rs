use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use trunkline_test_server::{NEWEST, OLDEST};

use crate::test;

/// What to do.
pub(crate) enum Task {
    Bench(Vec<String>),
    Demo,
    Generate { share: Option<PathBuf> },
    Lint,
    Server { version: u16 },
    Test { suites: Vec<String> },
    Vectors { check: bool },
    Wasm,
}

/// The command line; ends the process with an explanation when it makes no sense.
pub(crate) fn parse() -> Task {
    task(&command().get_matches())
}

fn task(matches: &ArgMatches) -> Task {
    match matches.subcommand() {
        Some(("bench", given)) => Task::Bench(all(given, "arguments")),
        Some(("generate", given)) => Task::Generate { share: given.get_one("share").cloned() },
        Some(("lint", _)) => Task::Lint,
        Some(("server", given)) => {
            Task::Server { version: given.get_one("version").copied().unwrap_or(NEWEST) }
        }
        Some(("test", given)) => Task::Test { suites: all(given, "suites") },
        Some(("vectors", given)) => Task::Vectors { check: given.get_flag("check") },
        Some(("wasm", _)) => Task::Wasm,
        // The parser lets nothing else through.
        _ => Task::Demo,
    }
}

fn all(matches: &ArgMatches, name: &str) -> Vec<String> {
    matches.get_many(name).into_iter().flatten().cloned().collect()
}

fn command() -> Command {
    let versions = i64::from(OLDEST)..=i64::from(NEWEST);
    let version = Arg::new("version")
        .long("version")
        .value_name("N")
        .help(format!("PostgreSQL's major version, {OLDEST} to {NEWEST} [default: {NEWEST}]"))
        .value_parser(value_parser!(u16).range(versions));
    let share = Arg::new("share")
        .long("share")
        .value_name("DIRECTORY")
        .help("Take fresh copies of PostgreSQL's lists from its share directory first")
        .value_parser(value_parser!(PathBuf));
    let arguments = Arg::new("arguments")
        .action(ArgAction::Append)
        .num_args(0..)
        .trailing_var_arg(true)
        .allow_hyphen_values(true)
        .help("`codecs` measures these alone, or those of the families named after it; all else is passed on to the \
               bench of the drivers, and `cargo xtask bench -- --help` lists it");
    let suites = Arg::new("suites")
        .action(ArgAction::Append)
        .num_args(0..)
        .value_parser(test::SUITES)
        .help("Only these [default: all]");
    let check = Arg::new("check")
        .long("check")
        .action(ArgAction::SetTrue)
        .help("Only compare the vectors with their sources, without a server");
    Command::new("cargo xtask")
        .about("Everything that one does with this repository; installs what it needs and does not find")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("demo").about("Tour a throw-away PostgreSQL, natively and on Node, Deno and Bun"),
        )
        .subcommand(
            Command::new("test").about("Run every test, in Rust and in every JavaScript runtime").arg(suites),
        )
        .subcommand(
            Command::new("wasm").about("Build the wasm and the npm package in js/, and check its size"),
        )
        .subcommand(
            Command::new("server").about("Run a throw-away PostgreSQL and print its URL").arg(version),
        )
        .subcommand(Command::new("bench").about("Measure beside other drivers").arg(arguments))
        .subcommand(Command::new("lint").about("Check formatting, lints, docs, types and generated files"))
        .subcommand(
            Command::new("generate").about("Write core/src/generated from PostgreSQL's lists").arg(share),
        )
        .subcommand(
            Command::new("vectors")
                .about("Write tests/vectors from what a real server makes of tests/vectors/source")
                .arg(check),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
        let matches = |line: &str| command().try_get_matches_from(line.split(' '));
        assert!(matches!(task(&matches("xtask server --version 13").unwrap()), Task::Server { version: 13 }));
        assert!(matches("xtask server --version 12").is_err());
        assert!(matches("xtask frobnicate").is_err());
        assert!(matches!(task(&matches("xtask vectors").unwrap()), Task::Vectors { check: false }));
        assert!(matches!(task(&matches("xtask vectors --check").unwrap()), Task::Vectors { check: true }));
        let Task::Bench(given) = task(&matches("xtask bench --rounds 5").unwrap()) else {
            panic!("not the bench")
        };
        assert_eq!(given, ["--rounds", "5"]);
    }
}
