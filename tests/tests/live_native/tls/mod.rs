//! Encrypted connections: to real servers, and to servers in memory whose certificates are bad.

mod binding;
mod cancelling;
mod certificates;
mod clients;
mod data;
mod modes;
mod negotiation;
mod oauth;

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use trunkline::{Attempt, Config, ConnectError, Connection, Error, Phase, TlsErrorKind};
use trunkline_core::error::CloseReason;
use trunkline_tests::certificates::{Authority, Certificate, Wanted};
use trunkline_tests::server::{PASSWORD, Server};

/// The name that servers here have; the address is given beside it.
pub(crate) const HOST: &str = "db.test";

/// A directory of files for one test, for its owner alone.
pub(crate) struct Files(PathBuf);

impl Files {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("trunkline-files-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// Writes a file, and gives its path.
    pub(crate) fn write(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        let mut options = fs::OpenOptions::new();
        let mut file = options.create(true).truncate(true).write(true).mode(0o600).open(&path).unwrap();
        file.write_all(content.as_bytes()).unwrap();
        path.display().to_string()
    }

    /// Writes a certificate and its key, and gives the options that name them.
    pub(crate) fn identity(&self, name: &str, certificate: &Certificate) -> String {
        let certificate_path = self.write(&format!("{name}.crt"), &certificate.certificate);
        let key = self.write(&format!("{name}.key"), &certificate.key);
        format!("sslcert={certificate_path} sslkey={key}")
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The authority whose certificates this binary's servers have.
pub(crate) fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(|| Authority::new("tests of trunkline"))
}

/// The real server of that version which speaks TLS, as [`HOST`], `*.wild.test` and `127.0.0.1`.
///
/// Beside the usual users it has some whom it lets in only encrypted, only in clear, or by a certificate.
pub(crate) fn secured(version: u16) -> &'static Server {
    static SERVERS: Mutex<Vec<&'static Server>> = Mutex::new(Vec::new());
    let mut servers = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(server) = servers.iter().find(|server| server.version() == version) {
        return server;
    }
    let hosts = [HOST, "*.wild.test", "127.0.0.1"];
    let server = builder(version, &authority().sign(&Wanted { hosts: &hosts, ..Wanted::default() }))
        .start()
        .unwrap_or_else(|error| panic!("PostgreSQL {version}: {error}"));
    let server: &'static Server = Box::leak(Box::new(server));
    servers.push(server);
    server
}

fn builder(version: u16, certificate: &Certificate) -> trunkline_tests::server::ServerBuilder {
    use trunkline_tests::server::Auth::Scram;
    Server::builder(version)
        .user("only_encrypted", Scram, PASSWORD)
        .user("only_in_clear", Scram, PASSWORD)
        .user("by_certificate", Scram, PASSWORD)
        .host_based_access("hostnossl all only_encrypted,by_certificate 127.0.0.1/32 reject")
        .host_based_access("hostssl all only_in_clear 127.0.0.1/32 reject")
        .host_based_access("hostssl all by_certificate 127.0.0.1/32 cert")
        .tls(&certificate.certificate, &certificate.key)
        .client_authority(&authority().pem())
}

/// The configuration for a server on this machine that is called `host`.
fn config(host: &str, port: u16, options: &str) -> Config {
    let text = format!(
        "host={host} hostaddr=127.0.0.1 port={port} user=postgres password={PASSWORD} dbname=postgres {options}"
    );
    trunkline_core::Config::parse(&text).unwrap_or_else(|error| panic!("{error}")).into()
}

pub(crate) async fn connect(host: &str, port: u16, options: &str) -> Result<Connection, ConnectError> {
    Connection::connect_with(&config(host, port, options)).await
}

/// Whether the session is encrypted, as the server sees it.
async fn is_encrypted(connection: &Connection) -> bool {
    let sql = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    connection.fetch_val(sql, ()).await.unwrap().unwrap()
}

/// The attempts that failed.
pub(crate) fn attempts(result: Result<Connection, ConnectError>) -> Vec<Attempt> {
    match result {
        Ok(connection) => panic!("it connected: {connection:?}"),
        Err(error) => error.attempts,
    }
}

/// What the only attempt failed of: TLS's kind, and the text, in which no secret is.
#[track_caller]
pub(crate) fn refusal(result: Result<Connection, ConnectError>) -> (TlsErrorKind, String) {
    let attempts = attempts(result);
    let [attempt] = &attempts[..] else { panic!("more than one attempt: {attempts:?}") };
    assert_eq!(attempt.phase, Phase::Tls, "{attempt}");
    let shown = attempt.to_string();
    assert!(!format!("{attempt:?}").contains(PASSWORD));
    match &attempt.error {
        Error::Tls(error) => (error.kind(), shown),
        Error::Closed(closed) => match &closed.reason {
            CloseReason::Tls(error) => (error.kind(), shown),
            reason => panic!("not of TLS: {reason}"),
        },
        error => panic!("not of TLS: {error}"),
    }
}
