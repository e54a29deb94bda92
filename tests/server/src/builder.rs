use crate::{
    Auth, Error, PASSWORD, Result, SUPERUSER, Server, USERS,
    auth::User,
    binaries,
    postgres::{Cluster, Outcome, Scratch, Supervisor},
    server::Access,
    url,
};

/// What a server should be like. Made by [`Server::builder`].
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `start`"]
pub struct ServerBuilder {
    version: u16,
    auth: Auth,
    users: Vec<User>,
    settings: Vec<(String, String)>,
    tcp: bool,
    access_lines: Vec<String>,
    files: Vec<(&'static str, String)>,
}

impl ServerBuilder {
    pub(crate) fn new(version: u16) -> Self {
        let users =
            USERS.iter().map(|&(name, auth)| User { name: name.into(), password: PASSWORD.into(), auth });
        Self {
            version,
            auth: Auth::Scram,
            users: users.collect(),
            settings: Vec::new(),
            tcp: true,
            access_lines: Vec::new(),
            files: Vec::new(),
        }
    }

    /// How the superuser, whose URL is [`Server::url`], has to prove who they are. SCRAM unless told otherwise.
    pub const fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// One more role that may log in, beside [`USERS`].
    pub fn user(mut self, name: &str, auth: Auth, password: &str) -> Self {
        self.users.push(User { name: name.into(), password: password.into(), auth });
        self
    }

    /// A line of postgresql.conf. The last one for a name holds, also against this crate's own.
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// A line of pg_hba.conf, before all others.
    pub fn host_based_access(mut self, line: &str) -> Self {
        self.access_lines.push(line.into());
        self
    }

    /// Speaks TLS, with this certificate (or chain of them) and key, in PEM.
    pub fn tls(self, certificate: &str, key: &str) -> Self {
        self.setting("ssl", "on").file("ssl_cert_file", certificate).file("ssl_key_file", key)
    }

    /// Asks clients for certificates of this authority, in PEM.
    pub fn client_authority(self, certificate: &str) -> Self {
        self.file("ssl_ca_file", certificate)
    }

    /// A setting that is a file with this content.
    fn file(mut self, setting: &'static str, content: &str) -> Self {
        self.files.push((setting, content.into()));
        self
    }

    /// Listens on the Unix socket alone, and gives URLs of it.
    pub const fn unix_socket(mut self) -> Self {
        self.tcp = false;
        self
    }

    /// Starts it, and waits until it takes connections.
    ///
    /// # Errors
    ///
    /// The version is unknown, it cannot be installed, a setting is refused: with the end of the server's log.
    pub fn start(self) -> Result<Server> {
        let cluster = self.create()?;
        self.launch(cluster)
    }

    /// Starts it and a second server, a standby that streams from it. Waits until both take connections.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub fn start_with_standby(self) -> Result<(Server, Server)> {
        let cluster = self.create()?;
        // A cluster that has never run is a backup of itself, which spares pg_basebackup.
        let copy = cluster.copy_for_standby()?;
        let primary = self.clone().launch(cluster)?;
        let source = format!(
            "host=127.0.0.1 port={} user={SUPERUSER} password={PASSWORD} sslmode=disable",
            primary.port()
        );
        let standby = self.setting("primary_conninfo", &source).launch(copy)?;
        Ok((primary, standby))
    }

    fn create(&self) -> Result<Cluster> {
        let scratch = Scratch::new()?;
        let bin = binaries::directory(self.version, scratch.identity())?;
        Cluster::with_users(scratch, bin, self.auth, &self.users, &self.access_lines)
    }

    fn launch(self, cluster: Cluster) -> Result<Server> {
        for (name, content) in &self.files {
            cluster.write_secret(name, content)?;
        }
        // The port is free when it is chosen, but another process can take it before postgres does.
        for _ in 0..PORTS {
            let port = if self.tcp { free_port()? } else { SOCKET_PORT };
            let arguments = self.arguments(&cluster, port);
            match Supervisor::start(&cluster, &arguments)? {
                Outcome::Ready(supervisor) => {
                    return Ok(Server::started(
                        self.version,
                        port,
                        self.access(&cluster),
                        cluster,
                        supervisor,
                        arguments,
                    ));
                }
                Outcome::Ended(log) if self.tcp && log.contains("could not bind") => {}
                Outcome::Ended(log) => {
                    return Err(Error::new(format!("PostgreSQL {} did not start:\n{log}", self.version)));
                }
            }
        }
        Err(Error::new(format!(
            "{PORTS} free ports in a row were taken before PostgreSQL could listen on them"
        )))
    }

    fn access(&self, cluster: &Cluster) -> Access {
        let mut users: Vec<_> =
            self.users.iter().map(|user| (user.name.clone(), user.password.clone())).collect();
        users.push((SUPERUSER.into(), PASSWORD.into()));
        Access { socket: cluster.socket_directory().to_path_buf(), tcp: self.tcp, users }
    }

    fn arguments(&self, cluster: &Cluster, port: u16) -> Vec<String> {
        let own = [
            ("port", port.to_string()),
            ("listen_addresses", if self.tcp { "127.0.0.1".to_owned() } else { String::new() }),
            ("unix_socket_directories", cluster.socket_directory().display().to_string()),
            // A throw-away server has nothing to lose in a crash.
            ("fsync", "off".to_owned()),
            ("full_page_writes", "off".to_owned()),
            ("synchronous_commit", "off".to_owned()),
            ("max_connections", "200".to_owned()),
            ("shared_buffers", "64MB".to_owned()),
            // Errors and notices are compared in tests.
            ("lc_messages", "C".to_owned()),
            ("TimeZone", "UTC".to_owned()),
            ("log_timezone", "UTC".to_owned()),
        ];
        let files =
            self.files.iter().map(|(name, _)| (*name, cluster.directory().join(name).display().to_string()));
        let given = self.settings.iter().map(|(name, value)| (name.as_str(), value.clone()));
        let settings = own.into_iter().chain(files).chain(given);
        settings.flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")]).collect()
    }
}

impl Access {
    pub(crate) fn url(&self, user: &str, port: u16) -> Result<String> {
        let Some((_, password)) = self.users.iter().find(|(name, _)| name == user) else {
            return Err(Error::new(format!(
                "the server was started without a user {user:?}: see ServerBuilder::user"
            )));
        };
        Ok(if self.tcp {
            url::tcp(user, password, port)
        } else {
            url::unix(user, password, &self.socket, port)
        })
    }

    pub(crate) fn socket_url(&self, user: &str, port: u16) -> Result<String> {
        Self { tcp: false, ..self.clone() }.url(user, port)
    }
}

pub(crate) fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address
        .map(|address| address.port())
        .map_err(|error| Error::new(format!("no free port on 127.0.0.1: {error}")))
}

const PORTS: u32 = 20;
/// Names the socket's file; nothing listens on it.
const SOCKET_PORT: u16 = 5432;
