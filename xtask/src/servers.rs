use trunkline_test_server::{Result, Server, TEST_SOCKETS, TEST_URL, TEST_URLS, install};

use crate::run::Spinner;

/// The servers that a run of the tests shares. Stopped when dropped.
pub(crate) struct Servers {
    started: Vec<Server>,
    /// The one of the person's own, instead.
    own: Option<String>,
}

impl Servers {
    /// The oldest that is supported, one of the middle, the newest; or what `TRUNKLINE_TEST_URL` names.
    pub(crate) fn start() -> Result<Self> {
        if let Some(url) = std::env::var(TEST_URL).ok().filter(|url| !url.is_empty()) {
            println!("✓ testing against the server in {TEST_URL}");
            return Ok(Self { started: Vec::new(), own: Some(url) });
        }
        install()?;
        let spinner = Spinner::start("starting PostgreSQL 13, 15 and 18");
        let started = [13, 15, 18].into_iter().map(Server::start).collect::<Result<Vec<_>>>();
        spinner.finish(started.is_ok());
        Ok(Self { started: started?, own: None })
    }

    /// For each server, what to call it in a table, and the environment of a program that tests against it alone.
    pub(crate) fn each(&self) -> Vec<(String, Vec<(&'static str, String)>)> {
        if let Some(url) = &self.own {
            return vec![("own".to_owned(), vec![(TEST_URL, url.clone())])];
        }
        self.started.iter().map(|server| (server.version().to_string(), environment(&[server]))).collect()
    }

    /// The same for a program that tests against all of them.
    pub(crate) fn all(&self) -> (String, Vec<(&'static str, String)>) {
        if let Some(url) = &self.own {
            return ("own".to_owned(), vec![(TEST_URL, url.clone())]);
        }
        let names: Vec<String> = self.started.iter().map(|server| server.version().to_string()).collect();
        (names.join(", "), environment(&self.started.iter().collect::<Vec<_>>()))
    }
}

fn environment(servers: &[&Server]) -> Vec<(&'static str, String)> {
    let list = |text: &dyn Fn(&Server) -> String| {
        let entries = servers.iter().map(|server| format!("{}={}", server.version(), text(server)));
        entries.collect::<Vec<_>>().join(",")
    };
    let socket =
        |server: &Server| server.socket_dir().map(|path| path.display().to_string()).unwrap_or_default();
    vec![(TEST_URLS, list(&Server::url)), (TEST_SOCKETS, list(&socket))]
}
