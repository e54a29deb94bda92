use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use trunkline_core::Error;
use trunkline_core::auth::OAuthDiscovery;
use trunkline_core::error::BoxError;

use super::{Config, Host, Password};
use crate::transport::Transport;

/// What a password is wanted for: see [`Config::password_provider`].
///
/// ```
/// # async fn read_secret(_: String) -> Result<String, std::io::Error> { Ok(String::new()) }
/// use trunkline::config::PasswordRequest;
///
/// let config = trunkline::Config::new().host("db").password_provider(|request: PasswordRequest| async move {
///     let database = request.dbname.unwrap_or(request.user);
///     Ok(read_secret(format!("postgres/{database}")).await?)
/// });
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PasswordRequest {
    /// The host that was reached.
    pub host: Host,
    /// The role to be.
    pub user: String,
    /// The database; without one the server takes the one that is called like the user.
    pub dbname: Option<String>,
}

/// What a bearer token is wanted for: see [`Config::oauth_token`].
///
/// ```
/// # async fn fetch_token(_: &str) -> Result<String, std::io::Error> { Ok(String::new()) }
/// use trunkline::config::OAuthRequest;
///
/// let config = trunkline::Config::new().host("db").oauth_token(|request: OAuthRequest| async move {
///     match request.discovery_url.as_deref() {
///         Some(url) if !url.starts_with("https://login.example.com/") => Err("that is not our provider".into()),
///         _ => Ok(fetch_token(request.scope.as_deref().unwrap_or("openid")).await?),
///     }
/// });
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OAuthRequest {
    /// The host that was reached.
    pub host: Host,
    /// The role to be.
    pub user: String,
    /// Where the server says its OAuth provider describes itself (`openid-configuration`). It is the server's word:
    /// compare it with the issuer that you trust.
    pub discovery_url: Option<String>,
    /// The scope that the server wants.
    pub scope: Option<String>,
}

type Answer<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;
type Hook<Q, T, E> = Arc<dyn Fn(Q) -> Answer<T, E> + Send + Sync>;

/// What the program does itself of connecting.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    password_provider: Option<Hook<PasswordRequest, Password, BoxError>>,
    oauth_token: Option<Hook<OAuthRequest, Password, BoxError>>,
    transport: Option<Hook<Host, Box<dyn Transport>, io::Error>>,
    /// Where servers said that they want tokens from: asking them costs a session.
    discoveries: Arc<Mutex<Vec<(Host, OAuthDiscovery)>>>,
}

impl Hooks {
    pub(super) fn set_password_provider<F, P>(
        &mut self,
        provider: impl Fn(PasswordRequest) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = Result<P, BoxError>> + Send + 'static,
        P: Into<Password>,
    {
        self.password_provider = Some(secret(provider));
    }

    pub(super) fn set_oauth_token<F, P>(
        &mut self,
        provider: impl Fn(OAuthRequest) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = Result<P, BoxError>> + Send + 'static,
        P: Into<Password>,
    {
        self.oauth_token = Some(secret(provider));
    }

    pub(super) fn set_transport<F, T>(&mut self, open: impl Fn(Host) -> F + Send + Sync + 'static)
    where
        F: Future<Output = io::Result<T>> + Send + 'static,
        T: Transport + 'static,
    {
        self.transport = Some(Arc::new(move |host| {
            let opening = open(host);
            Box::pin(async move { Ok(Box::new(opening.await?) as Box<dyn Transport>) })
        }));
    }

    /// Whether streams are opened by the program.
    pub(crate) fn opens_streams(&self) -> bool {
        self.transport.is_some()
    }

    /// A stream to the host, opened by the program.
    pub(crate) async fn open_stream(&self, host: &Host) -> io::Result<Box<dyn Transport>> {
        match &self.transport {
            Some(open) => open(host.clone()).await,
            None => Err(io::Error::other("there is no transport hook any more")),
        }
    }

    /// The password that the program gives for a connection; none when it gives no passwords.
    pub(crate) async fn password(&self, config: &Config, host: &Host) -> Result<Option<Password>, Error> {
        let Some(provider) = &self.password_provider else { return Ok(None) };
        let request = PasswordRequest {
            host: host.clone(),
            user: config.user.clone().unwrap_or_default(),
            dbname: config.dbname.clone(),
        };
        provider(request).await.map(Some).map_err(|error| {
            // What it says is the program's own.
            Error::Auth(format!("the password provider of this program failed: {error}").into())
        })
    }

    /// The bearer token that the program gives; none when it gives none.
    pub(crate) async fn bearer_token(
        &self,
        config: &Config,
        host: &Host,
        discovery: OAuthDiscovery,
    ) -> Result<Option<Password>, Error> {
        let Some(provider) = &self.oauth_token else { return Ok(None) };
        let request = OAuthRequest {
            host: host.clone(),
            user: config.user.clone().unwrap_or_default(),
            discovery_url: discovery.openid_configuration,
            scope: discovery.scope,
        };
        provider(request).await.map(Some).map_err(|error| {
            Error::Auth(format!("the provider of OAuth tokens of this program failed: {error}").into())
        })
    }

    /// Whether bearer tokens are given by the program.
    pub(crate) fn gives_tokens(&self) -> bool {
        self.oauth_token.is_some()
    }

    /// Where the host's server wants tokens from, if it told already.
    pub(crate) fn discovery(&self, host: &Host) -> Option<OAuthDiscovery> {
        let known = self.discoveries.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(of, _)| of == host).map(|(_, discovery)| discovery.clone())
    }

    /// The host's server told where it wants tokens from.
    pub(crate) fn discovered(&self, host: &Host, discovery: &OAuthDiscovery) {
        let mut known = self.discoveries.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(of, _)| of != host);
        known.push((host.clone(), discovery.clone()));
    }

    /// What a shell that cannot wait for futures has to refuse.
    #[cfg(feature = "blocking")]
    pub(crate) fn first_set(&self) -> Option<&'static str> {
        let set = [
            ("password_provider", self.password_provider.is_some()),
            ("oauth_token", self.oauth_token.is_some()),
            ("transport", self.transport.is_some()),
        ];
        set.iter().find(|(_, set)| *set).map(|(name, _)| *name)
    }
}

/// A hook that gives something secret, of whatever type.
fn secret<Q, F, P>(provider: impl Fn(Q) -> F + Send + Sync + 'static) -> Hook<Q, Password, BoxError>
where
    F: Future<Output = Result<P, BoxError>> + Send + 'static,
    P: Into<Password>,
{
    Arc::new(move |request| {
        let asking = provider(request);
        Box::pin(async move { asking.await.map(Into::into) })
    })
}

/// Which of them are set.
impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("password_provider", &self.password_provider.is_some())
            .field("oauth_token", &self.oauth_token.is_some())
            .field("transport", &self.transport.is_some())
            .finish()
    }
}
