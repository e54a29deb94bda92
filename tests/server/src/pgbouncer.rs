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
    debian,
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
        // Whether we know the password.
        server.url_for(SUPERUSER)?;
        let program = debian::program("pgbouncer", "pgbouncer")?;
        let version = version(&program)?;
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
        let arguments = [ini.into_os_string()];
        let supervisor = Supervisor::watch(shell, scratch.path(), "-KILL", &program, &arguments, file)?;
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

    /// Its version, as 1 and 24. From 1.21 on it keeps track of prepared statements.
    pub const fn version(&self) -> (u16, u16) {
        self.version
    }
}

/// It says `PgBouncer 1.24.1` and more.
fn version(program: &Path) -> Result<(u16, u16)> {
    let output = Command::new(program).arg("--version").output().context(program.display())?;
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
