use std::path::{Path, PathBuf};

use crate::{
    Auth, Error, Result, SUPERUSER, ServerBuilder,
    postgres::{Cluster, Outcome, Supervisor},
    shared::Given,
    url,
};

/// A running PostgreSQL server. Dropping it stops it and removes its files.
#[derive(Debug)]
pub struct Server {
    version: u16,
    port: u16,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    // Fields drop in this order: the server has to be down before its directory goes.
    Ours {
        supervisor: Supervisor,
        /// Those of earlier starts: each removes the files when it goes.
        former: Vec<Supervisor>,
        cluster: Cluster,
        access: Access,
        arguments: Vec<String>,
    },
    /// Somebody else started it and will stop it.
    Given(Given),
}

#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) socket: PathBuf,
    pub(crate) tcp: bool,
    pub(crate) users: Vec<(String, String)>,
}

impl Server {
    /// A server of this major version, 13 to 18, with the usual settings.
    ///
    /// # Errors
    ///
    /// See [`ServerBuilder::start`].
    pub fn start(version: u16) -> Result<Self> {
        Self::builder(version).start()
    }

    /// A server of this major version, 13 to 18, with settings of its own.
    pub fn builder(version: u16) -> ServerBuilder {
        ServerBuilder::new(version)
    }

    pub(crate) const fn started(
        version: u16,
        port: u16,
        access: Access,
        cluster: Cluster,
        supervisor: Supervisor,
        arguments: Vec<String>,
    ) -> Self {
        let kind = Kind::Ours { supervisor, former: Vec::new(), cluster, access, arguments };
        Self { version, port, kind }
    }

    pub(crate) fn given(version: u16, given: Given) -> Self {
        Self { version, port: url::port(&given.url), kind: Kind::Given(given) }
    }

    /// The URL of the superuser, with the password.
    pub fn url(&self) -> String {
        match &self.kind {
            Kind::Ours { access, .. } => access.url(SUPERUSER, self.port).unwrap_or_default(),
            Kind::Given(given) => given.url.clone(),
        }
    }

    /// The URL of another user, with their password: one of [`USERS`](crate::USERS), or of
    /// [`ServerBuilder::user`].
    ///
    /// # Errors
    ///
    /// The server has no such user; a server of the person's own has none that we know.
    pub fn url_for(&self, user: &str) -> Result<String> {
        match &self.kind {
            Kind::Ours { access, .. } => access.url(user, self.port),
            Kind::Given(given) => given.url_for(user),
        }
    }

    /// The superuser's URL over the Unix socket.
    ///
    /// # Errors
    ///
    /// It is a server of the person's own: we do not know where its socket is.
    pub fn socket_url(&self) -> Result<String> {
        match &self.kind {
            Kind::Ours { access, .. } => access.socket_url(SUPERUSER, self.port),
            Kind::Given(given) => given.socket_url(self.port),
        }
    }

    /// The directory of the Unix socket, where it is known.
    pub fn socket_dir(&self) -> Option<&Path> {
        match &self.kind {
            Kind::Ours { access, .. } => Some(&access.socket),
            Kind::Given(given) => given.socket.as_deref(),
        }
    }

    /// The TCP port on 127.0.0.1; with [`ServerBuilder::unix_socket`], the number in the socket's name.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The major version that was asked for.
    pub const fn version(&self) -> u16 {
        self.version
    }

    /// Everything that the server has logged so far.
    ///
    /// # Errors
    ///
    /// It was not started here.
    pub fn log(&self) -> Result<String> {
        match &self.kind {
            Kind::Ours { cluster, .. } => Ok(cluster.log()),
            Kind::Given(_) => Err(Error::new("the log of a server that was not started here cannot be read")),
        }
    }

    /// Stops it as an administrator does (a fast shutdown): sessions are told, data and port are kept.
    ///
    /// # Errors
    ///
    /// It was not started here, or does not stop.
    pub fn stop(&self) -> Result<()> {
        match &self.kind {
            Kind::Ours { supervisor, cluster, .. } => supervisor.stop(cluster, "-INT"),
            Kind::Given(_) => Err(not_ours()),
        }
    }

    /// Starts it again after [`Server::stop`], on the same port and with the same data.
    ///
    /// # Errors
    ///
    /// It was not started here, or does not start.
    pub fn start_again(&mut self) -> Result<()> {
        let Kind::Ours { supervisor, former, cluster, arguments, .. } = &mut self.kind else {
            return Err(not_ours());
        };
        match Supervisor::start(cluster, arguments)? {
            Outcome::Ready(started) => {
                former.push(std::mem::replace(supervisor, started));
                Ok(())
            }
            Outcome::Ended(log) => Err(Error::new(format!("PostgreSQL did not start again:\n{log}"))),
        }
    }

    /// The way the users of [`USERS`](crate::USERS) prove who they are.
    pub fn auth_of(user: &str) -> Option<Auth> {
        crate::USERS.iter().find(|(name, _)| *name == user).map(|&(_, auth)| auth)
    }
}

fn not_ours() -> Error {
    Error::new("a server that was not started here is not stopped")
}
