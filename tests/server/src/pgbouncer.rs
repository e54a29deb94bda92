use std::{
    fs::{self, File},
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use crate::{
    Error, PASSWORD, Result, SUPERUSER, Server,
    builder::free_port,
    debian::{self, Program},
    postgres::{Context, Scratch, Supervisor},
    url,
};

/// A running PgBouncer, in front of a [`Server`]. Dropping it stops it and removes its files.
#[derive(Debug)]
pub struct PgBouncer {
    // It has to be down before its directory goes.
    _supervisor: Supervisor,
    _scratch: Scratch,
    port: u16,
    version: (u16, u16),
}

impl PgBouncer {
    /// One that pools transactions, with these settings besides (see "pgbouncer.ini" in its documentation).
    ///
    /// It is the one in PATH, else Debian's.
    ///
    /// # Errors
    ///
    /// It cannot be installed, does not start, or the server was not started by this crate.
    pub fn in_front_of(server: &Server, settings: &[(&str, &str)]) -> Result<Self> {
        Self::run(&debian::program("pgbouncer", "pgbouncer")?, server, settings)
    }

    /// As [`PgBouncer::in_front_of`], but one that can keep track of prepared statements: 1.21 or newer. Where Debian's
    /// is older, that of a newer Debian.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn newer_in_front_of(server: &Server, settings: &[(&str, &str)]) -> Result<Self> {
        let mut program = debian::program("pgbouncer", "pgbouncer")?;
        if version(&program)? < KEEPS_TRACK {
            program = debian::release::program(NEWER_DEBIAN, "pgbouncer", PACKAGES)?;
        }
        Self::run(&program, server, settings)
    }

    fn run(program: &Program, server: &Server, settings: &[(&str, &str)]) -> Result<Self> {
        // Whether we know the password.
        server.url_for(SUPERUSER)?;
        let version = version(program)?;
        let (scratch, port) = (Scratch::new()?, free_port()?);
        let users = scratch.path().join("users");
        fs::write(&users, format!("\"{SUPERUSER}\" \"{PASSWORD}\"\n")).context(users.display())?;
        let ini = scratch.path().join("pgbouncer.ini");
        let mut text = format!(
            "[databases]\n* = host=127.0.0.1 port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {}\npool_mode = transaction\n",
            server.port(),
            users.display(),
        );
        text.extend(settings.iter().map(|(name, value)| format!("{name} = {value}\n")));
        fs::write(&ini, text).context(ini.display())?;

        let log = scratch.path().join("log");
        let file = File::create(&log).context(log.display())?;
        let mut shell = scratch.identity().command(Path::new("/bin/sh"));
        shell.current_dir(scratch.path());
        // It has nothing to put in order; and what else ends it at once differs from version to version.
        let mut arguments = program.arguments.clone();
        arguments.push(ini.into_os_string());
        let supervisor = Supervisor::watch(shell, scratch.path(), "-KILL", &program.file, &arguments, file)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let log = fs::read_to_string(&log).unwrap_or_default();
            if log.contains("process up") {
                return Ok(Self { _supervisor: supervisor, _scratch: scratch, port, version });
            }
            if supervisor.has_ended() || Instant::now() > deadline {
                return Err(Error::new(format!("PgBouncer did not start. Its log:\n{log}")));
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The URL of the superuser of the server behind it, with the password.
    pub fn url(&self) -> String {
        url::tcp(SUPERUSER, PASSWORD, self.port)
    }

    /// Its version, as 1 and 24.
    pub const fn version(&self) -> (u16, u16) {
        self.version
    }

    /// Whether it can keep track of prepared statements (its setting `max_prepared_statements`).
    pub fn can_keep_track(&self) -> bool {
        self.version >= KEEPS_TRACK
    }
}

/// It says `PgBouncer 1.24.1` and more.
fn version(program: &Program) -> Result<(u16, u16)> {
    let mut command = Command::new(&program.file);
    let output =
        command.args(&program.arguments).arg("--version").output().context(program.file.display())?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    parse(&said).ok_or_else(|| Error::new(format!("which version is this PgBouncer? It says: {said}")))
}

fn parse(said: &str) -> Option<(u16, u16)> {
    let mut numbers = said.strip_prefix("PgBouncer ")?.split('.');
    let (major, minor) = (numbers.next()?, numbers.next()?);
    let minor: String = minor.chars().take_while(char::is_ascii_digit).collect();
    Some((major.parse().ok()?, minor.parse().ok()?))
}

const PATIENCE: Duration = Duration::from_secs(20);

/// From this version on it can keep track of prepared statements.
const KEEPS_TRACK: (u16, u16) = (1, 21);

/// The first Debian whose PgBouncer can.
const NEWER_DEBIAN: &str = "trixie";

/// PgBouncer there, and the libraries that it is linked with.
const PACKAGES: &[&str] = &[
    "pgbouncer",
    "libc6",
    "libcares2",
    "libevent-2.1-7t64",
    "libpam0g",
    "libaudit1",
    "libcap-ng0",
    "libssl3t64",
    "libzstd1",
    "zlib1g",
    "libsystemd0",
    "libcap2",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(parse("PgBouncer 1.18.0\nlibevent 2.1.12-stable\n"), Some((1, 18)));
        assert_eq!(parse("PgBouncer 1.25dev\n"), Some((1, 25)));
        assert_eq!(parse("nginx 1"), None);
    }
}
