//! How to reach a server and what to be for it: settings, the texts and files that they come in, and what a program
//! does itself of connecting.

mod builder;
mod complete;
mod files;
mod hooks;
mod passfile;
mod service;

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

pub(crate) use hooks::Hooks;
pub use hooks::{OAuthRequest, PasswordRequest};
pub(crate) use passfile::FromFile;
// The type of that name here goes before core's.
pub use trunkline_core::config::*;
use trunkline_core::error::BoxError;
use trunkline_core::{Error, ServerError};

use crate::connection::Connection;
use crate::error::ConnectError;
use crate::observe::{self, QueryEvent};
use crate::transport::Transport;

/// Everything there is to say about a connection before it is made: settings, and hooks of the program's.
///
/// Made from a connection string ([`Config::parse`]), from the environment ([`Config::from_env`]), or step by step
/// from nothing ([`Config::new`]). Its fields are those of [`trunkline_core::Config`]. `Debug` shows no password and
/// nothing of a hook.
///
/// ```no_run
/// use std::time::Duration;
/// use trunkline::Config;
/// use trunkline::config::TargetSessionAttrs;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let connection = Config::parse("postgres://ada@db1,db2/app")?
///     .target_session_attrs(TargetSessionAttrs::ReadWrite)
///     .connect_timeout(Duration::from_secs(5))
///     .connect()
///     .await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Default)]
pub struct Config {
    settings: trunkline_core::Config,
    pub(crate) hooks: Hooks,
    observers: observe::Hooks,
}

impl Config {
    /// The defaults, and nothing from the environment or a file: no host, no user, `sslmode=prefer`.
    ///
    /// ```
    /// use trunkline::Config;
    ///
    /// let config = Config::new().host("db.example.com").user("ada").password("correct horse").dbname("shop");
    /// assert_eq!(config.hosts.len(), 1);
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// The configuration of a connection string: a URI, or keywords and values. What it does not say is taken from
    /// the service that it (or `PGSERVICE`) names, then from the `PG*` variables of the environment; the password
    /// file is the usual one. So does libpq.
    ///
    /// For the text alone, take [`trunkline_core::Config::parse`] and [`From`].
    ///
    /// # Errors
    ///
    /// [`Error::Usage`]: what is not a connection string by libpq's rules, options that do not exist, values they
    /// cannot have, a service file that cannot be read, a service that is in none.
    ///
    /// ```
    /// let config = trunkline::Config::parse("host=db user=ada connect_timeout=5")?;
    /// assert_eq!(config.user.as_deref(), Some("ada"));
    /// # Ok::<(), trunkline::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::read(Settings::parse(text)?)
    }

    /// The configuration of the environment: its `PG*` variables, and the service that `PGSERVICE` names.
    ///
    /// # Errors
    ///
    /// As [`Config::parse`].
    ///
    /// ```
    /// let config = trunkline::Config::from_env()?.application_name("worker");
    /// # Ok::<(), trunkline::Error>(())
    /// ```
    pub fn from_env() -> Result<Self, Error> {
        Self::read(Settings::new())
    }

    /// These settings, over those of the service and the environment.
    fn read(settings: Settings) -> Result<Self, Error> {
        let environment = Settings::from_environment(|name| std::env::var(name).ok());
        let settings = service::with_service(settings, environment, &files::Places::of_this_system())?;
        let mut config = Self::from(settings.into_config()?);
        // It was looked up.
        config.service = None;
        if config.passfile.is_none() {
            config.passfile = files::Places::of_this_system().passfile();
        }
        Ok(config)
    }

    /// Connects.
    ///
    /// # Errors
    ///
    /// As [`Connection::connect_with`].
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let connection = trunkline::Config::new().host("/run/postgresql").dbname("app").connect().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Cancel safety
    ///
    /// As [`Connection::connect`].
    pub async fn connect(&self) -> Result<Connection, ConnectError> {
        Connection::connect_with(self).await
    }

    /// Has every query told to the program: when it is sent, and when and how it ends. Of its SQL the string constants
    /// are blotted out, and parameters are never told. What [`prepare`](crate::Connection::prepare) describes is told too,
    /// as [`QueryAction::Prepare`](crate::QueryAction::Prepare).
    ///
    /// The hook is run by whoever runs the query, so it should not take long.
    ///
    /// ```
    /// use trunkline::{Config, QueryStage};
    ///
    /// let config = Config::new().host("db").on_query(|query| {
    ///     if let QueryStage::Ended { elapsed, .. } = query.stage && elapsed.as_millis() > 100 {
    ///         eprintln!("slow, {elapsed:?}: {}", query.sql);
    ///     }
    /// });
    /// ```
    #[must_use]
    pub fn on_query(mut self, hook: impl Fn(&QueryEvent<'_>) + Send + Sync + 'static) -> Self {
        self.observers.on_query = Some(Arc::new(hook));
        self
    }

    /// Has the server's notices told to the program, such as those of `RAISE NOTICE`. See ["Messages and Errors"] in
    /// PostgreSQL's "PL/pgSQL" chapter.
    ///
    /// ```
    /// let config = trunkline::Config::new().host("db").on_notice(|notice| eprintln!("{notice}"));
    /// ```
    ///
    /// ["Messages and Errors"]: https://www.postgresql.org/docs/18/plpgsql-errors-and-messages.html
    #[must_use]
    pub fn on_notice(mut self, hook: impl Fn(&ServerError) + Send + Sync + 'static) -> Self {
        self.observers.on_notice = Some(Arc::new(hook));
        self
    }

    /// Has the end of a connection told to the program, once, with what ended it: the server, the network, or the program
    /// itself, which closed or dropped it.
    ///
    /// ```
    /// let config = trunkline::Config::new().host("db").on_close(|why| eprintln!("{why}"));
    /// ```
    #[must_use]
    pub fn on_close(mut self, hook: impl Fn(&Error) + Send + Sync + 'static) -> Self {
        self.observers.on_close = Some(Arc::new(hook));
        self
    }

    pub(crate) fn observers(&self) -> &observe::Hooks {
        &self.observers
    }

    /// Has passwords given by the program, anew for every physical connection: for tokens that expire, or secrets that
    /// change. It is called when the server has been reached and before it is greeted, whether it will ask or not, and
    /// within `connect_timeout`. It goes before the password of the connection string and the password file.
    ///
    /// ```
    /// # async fn token(_: String) -> Result<String, std::io::Error> { Ok(String::new()) }
    /// let config = trunkline::Config::new().host("db").user("ada").password_provider(|request| async move {
    ///     Ok(token(format!("{} at {}", request.user, request.host)).await?)
    /// });
    /// ```
    #[must_use]
    pub fn password_provider<F, P>(
        mut self,
        provider: impl Fn(PasswordRequest) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<P, BoxError>> + Send + 'static,
        P: Into<Password>,
    {
        self.hooks.set_password_provider(provider);
        self
    }

    /// Has bearer tokens given by the program, for servers that ask for OAuth (PostgreSQL 18 and later).
    ///
    /// The server tells what it wants a token for by ending a session, so the first connection to a host takes two;
    /// what it told is then kept with this configuration and its clones. It is called for every physical connection
    /// after that, within `connect_timeout`. For streams that are given ([`Connection::connect_over`]) it is called
    /// without knowing what the server wants. A token is good for whoever has it: use `sslmode=verify-full`.
    ///
    /// ```
    /// let config = trunkline::Config::new().host("db").user("ada").oauth_token(|request| async move {
    ///     let file = format!("/run/tokens/{}", request.user);
    ///     Ok(std::fs::read_to_string(file)?)
    /// });
    /// ```
    #[must_use]
    pub fn oauth_token<F, P>(mut self, provider: impl Fn(OAuthRequest) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<P, BoxError>> + Send + 'static,
        P: Into<Password>,
    {
        self.hooks.set_oauth_token(provider);
        self
    }

    /// Has the streams to the hosts opened by the program: for tunnels, proxies, connectors of clouds. No name is
    /// looked up then and no socket option set. It is called for every host that is tried, within `connect_timeout`,
    /// and whenever a query has to be cancelled.
    ///
    /// ```
    /// use tokio::net::TcpStream;
    ///
    /// let config = trunkline::Config::new().host("db.internal").user("ada").transport(|host| async move {
    ///     let mut stream = TcpStream::connect("proxy.example.com:1080").await?;
    ///     // … ask the proxy for `host` here …
    ///     Ok(stream)
    /// });
    /// ```
    #[must_use]
    pub fn transport<F, T>(mut self, open: impl Fn(Host) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = std::io::Result<T>> + Send + 'static,
        T: Transport + 'static,
    {
        self.hooks.set_transport(open);
        self
    }
}

/// The settings alone, without a hook.
impl From<trunkline_core::Config> for Config {
    fn from(settings: trunkline_core::Config) -> Self {
        Self { settings, ..Self::default() }
    }
}

impl Deref for Config {
    type Target = trunkline_core::Config;

    fn deref(&self) -> &Self::Target {
        &self.settings
    }
}

impl DerefMut for Config {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.settings
    }
}

/// Shows no password, and nothing of a hook but that it is there.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("settings", &self.settings).field("hooks", &self.hooks).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let config = Config::parse("postgres://ada:hunter2@h/app")
            .unwrap()
            .password_provider(|_| async { Ok("hunter3") })
            .transport(|_| async { Ok(tokio::io::empty()) });
        let shown = format!("{config:?}");
        assert!(!shown.contains("hunter"), "{shown}");
        assert!(shown.contains("password_provider: true") && shown.contains("oauth_token: false"), "{shown}");
    }

    #[test]
    fn nothing_is_read_for_a_new_one() {
        assert_eq!(*Config::new(), trunkline_core::Config::new());
    }
}
