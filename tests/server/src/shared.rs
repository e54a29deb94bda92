use std::{
    env,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use crate::{Error, PASSWORD, Result, SUPERUSER, Server, USERS, url};

/// The environment variable with the URL of a server of the person's own. Tests then use it for every version.
pub const TEST_URL: &str = "TRUNKLINE_TEST_URL";

/// The environment variable with servers that are already running for these tests: `13=postgres://…,18=postgres://…`.
pub const TEST_URLS: &str = "TRUNKLINE_TEST_URLS";

/// The directories of the Unix sockets of [`TEST_URLS`]: `13=/tmp/…,18=/tmp/…`.
pub const TEST_SOCKETS: &str = "TRUNKLINE_TEST_SOCKETS";

/// A server that was not started by this process.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) url: String,
    pub(crate) socket: Option<PathBuf>,
    /// Whether it was started by this crate, in another process, and so has our users.
    has_users: bool,
}

impl Server {
    /// The server that the tests of this process share, started when it is first asked for.
    ///
    /// With [`TEST_URL`] or [`TEST_URLS`] in the environment it is the one named there.
    ///
    /// # Errors
    ///
    /// See [`ServerBuilder::start`](crate::ServerBuilder::start).
    pub fn shared(version: u16) -> Result<&'static Self> {
        static SERVERS: Mutex<Vec<&'static Server>> = Mutex::new(Vec::new());
        let mut servers = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = servers.iter().find(|server| server.version() == version) {
            return Ok(server);
        }
        let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let given = given(version, variable(TEST_URL), variable(TEST_URLS), variable(TEST_SOCKETS));
        let server = match given {
            Some(given) => Self::given(version, given),
            None => Self::start(version)?,
        };
        // Never dropped: the supervisor notices the end of the process.
        let server: &'static Self = Box::leak(Box::new(server));
        servers.push(server);
        Ok(server)
    }
}

impl Given {
    pub(crate) fn url_for(&self, user: &str) -> Result<String> {
        let known = user == SUPERUSER || USERS.iter().any(|(name, _)| *name == user);
        if !self.has_users || !known {
            return Err(Error::new(format!(
                "the server at {} was not started for this test: it has no user {user:?} that we know",
                url::without_password(&self.url)
            )));
        }
        url::with_user(&self.url, user, PASSWORD)
            .ok_or_else(|| Error::new(format!("{TEST_URLS} has a broken URL")))
    }

    pub(crate) fn socket_url(&self, port: u16) -> Result<String> {
        match &self.socket {
            Some(directory) => Ok(url::unix(SUPERUSER, PASSWORD, directory, port)),
            None => Err(Error::new(format!(
                "where is the Unix socket of {}? Say it in {TEST_SOCKETS}, or unset {TEST_URL}",
                url::without_password(&self.url)
            ))),
        }
    }
}

fn given(
    version: u16,
    own: Option<String>,
    running: Option<String>,
    sockets: Option<String>,
) -> Option<Given> {
    if let Some(url) = own {
        return Some(Given { url, socket: None, has_users: false });
    }
    let url = entry(&running?, version)?;
    let socket = sockets.and_then(|list| entry(&list, version)).map(PathBuf::from);
    Some(Given { url, socket, has_users: true })
}

fn entry(list: &str, version: u16) -> Option<String> {
    let mut entries = list.split(',').filter_map(|entry| entry.trim().split_once('='));
    entries.find(|(key, _)| key.parse() == Ok(version)).map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_servers() {
        let text = |text: &str| Some(text.to_owned());
        let urls = || text("13=postgres://a:b@h:1/d,18=postgres://a:b@h:2/d?x=y");
        assert_eq!(given(18, text("postgres://own"), urls(), None).unwrap().url, "postgres://own");
        let eighteen = given(18, None, urls(), text("18=/tmp/x")).unwrap();
        assert_eq!(eighteen.url, "postgres://a:b@h:2/d?x=y");
        assert_eq!(eighteen.url_for("md5_user").unwrap(), "postgres://md5_user:correct-horse@h:2/d?x=y");
        assert!(eighteen.url_for("nobody_known").is_err());
        assert_eq!(
            eighteen.socket_url(2).unwrap(),
            "postgres://postgres:correct-horse@/postgres?host=%2Ftmp%2Fx&port=2"
        );
        assert_eq!(given(15, None, urls(), None), None);
        assert_eq!(given(15, None, None, None), None);
    }

    #[test]
    fn a_server_of_ones_own_has_no_users_of_ours_and_its_password_stays_secret() {
        let own = given(18, Some("postgres://me:hunter2@host/db".to_owned()), None, None).unwrap();
        let error = own.url_for("md5_user").unwrap_err().to_string();
        assert!(error.contains("postgres://host/db") && !error.contains("hunter2"), "{error}");
    }
}
