use std::io::{self, Write};

use crate::{Error, Result, Server, npm, postgres::Context};

/// Starts a server, prints its URL as the first line of standard output, and runs until standard input ends.
///
/// Ctrl-C and SIGTERM need no handling: they end this process, and the supervisor of the server sees that.
///
/// # Errors
///
/// The server does not start, or standard output is closed.
pub fn serve(version: u16) -> Result<()> {
    let server = Server::start(version)?;
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", server.url()).and_then(|()| stdout.flush()).context("standard output")?;
    npm::say(&format!(
        "PostgreSQL {version} runs until Ctrl-C or the end of its input, and leaves nothing behind"
    ));
    io::copy(&mut io::stdin().lock(), &mut io::sink()).context("standard input")?;
    Ok(())
}

/// The version in `--version N`, the newest without it.
///
/// # Errors
///
/// Anything else.
pub fn version_argument(arguments: &[String]) -> Result<u16> {
    let version = match arguments {
        [] => return Ok(crate::NEWEST),
        [name, version] if name == "--version" => version.parse().ok(),
        _ => None,
    };
    version.ok_or_else(|| Error::new("usage: server [--version N], with N from 13 to 18"))
}
