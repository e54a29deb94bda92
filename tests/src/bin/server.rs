//! `server [--version N]`: prints the URL of a throw-away PostgreSQL, and runs until its input ends.

use std::{env, process::ExitCode};

use trunkline_test_server::{serve, version_argument};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match version_argument(&arguments).and_then(serve) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
