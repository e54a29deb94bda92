use std::path::Path;

use super::installed;
use super::postgres::{Cluster, Error, Outcome, Scratch, Supervisor};
use crate::config::Config;

/// A PostgreSQL server for one test, or for a run of them: empty, and gone when it is dropped.
///
/// It is started from the PostgreSQL that is installed, which is looked for in the directory that
/// `TRUNKLINE_POSTGRES_BIN` names or, without that, in those of `PATH`, in that of `pg_config`, and where Debian, Red
/// Hat's packages, Homebrew and Postgres.app put it, the newest first. Nothing is downloaded. On Unix alone.
///
/// It listens on a Unix socket in a directory that nobody else can enter, and on no port. The superuser `postgres`
/// needs no password. It is stopped, and its files removed, also when the test panics or the process dies. Root cannot
/// run PostgreSQL: started by root, it runs as `nobody`.
///
/// It is not meant to keep anything: `fsync` is off.
///
/// ```no_run
/// use trunkline::testing::TempServer;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let server = TempServer::start()?;
/// let connection = server.config().connect().await?;
/// connection.execute_script("create table users (id int primary key, name text)").await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct TempServer {
    // Fields drop in this order: the server has to be down before its directory goes.
    _supervisor: Supervisor,
    cluster: Cluster,
}

/// What a [`TempServer`] should be like. Made by [`TempServer::builder`].
///
/// ```no_run
/// use trunkline::testing::TempServer;
///
/// let builder = TempServer::builder().setting("max_connections", "20").setting("log_statement", "all");
/// let server = builder.start()?;
/// # Ok::<(), trunkline::testing::TempServerError>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "nothing happens before `start`"]
pub struct TempServerBuilder {
    settings: Vec<(String, String)>,
}

impl TempServer {
    /// A server with the settings of its version. It takes a second or so, in which the thread waits;
    /// after a minute it is an error.
    ///
    /// ```no_run
    /// use trunkline::testing::TempServer;
    ///
    /// let server = TempServer::start()?;
    /// println!("psql '{}'", server.url());
    /// # Ok::<(), trunkline::testing::TempServerError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// No PostgreSQL is installed, or it does not start: in words for a person, with the server's log.
    pub fn start() -> Result<Self, Error> {
        Self::builder().start()
    }

    /// A server with settings of its own.
    ///
    /// ```no_run
    /// use trunkline::testing::TempServer;
    ///
    /// let server = TempServer::builder().setting("wal_level", "logical").start()?;
    /// # Ok::<(), trunkline::testing::TempServerError>(())
    /// ```
    pub fn builder() -> TempServerBuilder {
        TempServerBuilder::default()
    }

    /// Leads to its database `postgres`, as its superuser.
    ///
    /// ```no_run
    /// use trunkline::Pool;
    /// use trunkline::testing::TempServer;
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let server = TempServer::start()?;
    /// let pool = Pool::builder().max_size(4).build(&server.config())?;
    /// # Ok(()) }
    /// ```
    pub fn config(&self) -> Config {
        Config::new().host_port(self.directory().to_string_lossy(), PORT).user(USER).dbname(USER)
    }

    /// The same as a connection string, for other programs.
    ///
    /// ```no_run
    /// use std::process::Command;
    /// use trunkline::testing::TempServer;
    ///
    /// let server = TempServer::start()?;
    /// Command::new("psql").arg(server.url()).args(["-f", "schema.sql"]).status()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn url(&self) -> String {
        let directory = self.directory().to_string_lossy();
        // As it stands in a query: the directory of temporary files can be called anything.
        let escape = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        let directory: String = directory.bytes().map(escape).collect();
        format!("postgres://{USER}@/{USER}?host={directory}&port={PORT}")
    }

    /// Everything that it has logged so far.
    ///
    /// ```no_run
    /// use trunkline::testing::TempServer;
    ///
    /// let server = TempServer::builder().setting("log_statement", "all").start()?;
    /// assert!(server.log().contains("ready to accept connections"));
    /// # Ok::<(), trunkline::testing::TempServerError>(())
    /// ```
    pub fn log(&self) -> String {
        self.cluster.log()
    }

    fn directory(&self) -> &Path {
        self.cluster.directory()
    }
}

impl TempServerBuilder {
    /// Sets a parameter of the server, as in `postgresql.conf`; see ["Server Configuration"] in PostgreSQL's
    /// documentation.
    ///
    /// ```no_run
    /// use trunkline::testing::TempServer;
    ///
    /// let server = TempServer::builder().setting("max_prepared_transactions", "10").start()?;
    /// # Ok::<(), trunkline::testing::TempServerError>(())
    /// ```
    ///
    /// ["Server Configuration"]: https://www.postgresql.org/docs/18/runtime-config.html
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// Starts it.
    ///
    /// ```no_run
    /// use trunkline::testing::TempServer;
    ///
    /// // A setting that does not exist is an error, in the server's words.
    /// assert!(TempServer::builder().setting("no_such_setting", "on").start().is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// As [`TempServer::start`]; a setting that the server refuses.
    pub fn start(self) -> Result<TempServer, Error> {
        let scratch = Scratch::new()?;
        let bin = installed::directory(scratch.identity())?;
        let cluster = Cluster::create(scratch, bin, USER)?;
        let own = [
            ("port", PORT.to_string()),
            ("listen_addresses", String::new()),
            ("unix_socket_directories", cluster.directory().display().to_string()),
            ("fsync", "off".into()),
            ("full_page_writes", "off".into()),
            ("synchronous_commit", "off".into()),
        ];
        let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
        let settings = own.chain(self.settings);
        let arguments: Vec<String> =
            settings.flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")]).collect();
        match Supervisor::start(&cluster, &arguments)? {
            Outcome::Ready(supervisor) => Ok(TempServer { _supervisor: supervisor, cluster }),
            Outcome::Ended(log) => Err(Error::new(format!("PostgreSQL did not start:\n{log}"))),
        }
    }
}

const USER: &str = "postgres";
/// It is in the name of the socket's file; nothing listens on it.
const PORT: u16 = 5432;
