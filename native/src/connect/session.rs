use std::sync::Arc;
use std::time::Duration;

use trunkline_core::auth::OAuthDiscovery;
use trunkline_core::config::{Encryption, OAuth};
use trunkline_core::error::{CloseReason, UsageError};
use trunkline_core::{Channel, Connection, Error, StartupStage};

use super::{Address, Deadline, Endpoint, transport};
use crate::Config;
use crate::clock;
use crate::config::FromFile;
use crate::driver::Driver;
use crate::error::Phase;
use crate::transport::Stream;

/// Opens a session over a stream that leads to the server.
pub(super) async fn open(
    config: &Arc<Config>,
    mut endpoint: Endpoint,
    (stream, channel): (Stream, Channel),
    deadline: Deadline,
) -> Result<Driver, (Phase, Error)> {
    let asked = config.hooks.password(config, &endpoint.host);
    let given = deadline
        .within("the password provider of this program", asked)
        .await
        .map_err(|error| (Phase::Auth, error))?;
    let from_file = match (&given, &config.password) {
        (None, None) => config.password_of_file(&endpoint.host),
        _ => FromFile::Nothing,
    };
    let (password, problem) = match from_file {
        FromFile::Password(password) => (Some(password), None),
        FromFile::Nothing => (given, None),
        FromFile::Unusable(problem) => (None, Some(problem)),
    };
    let in_startup = |error| (Phase::Startup, error);
    let nonce = clock::nonce().map_err(|error| in_startup(transport(&error)))?;
    let mut settings = config.for_session(password);
    let asked = token(config, &endpoint);
    let token = deadline.within("the token callback of this program", asked).await;
    settings.oauth = token.map_err(|error| (Phase::Auth, error))?;
    // What is dialled for this session later, to cancel a query, is protected as well as it is.
    endpoint.encryption = if channel.encrypted { Encryption::Required } else { Encryption::Off };
    let core = Connection::new(&settings, channel, clock::now(), nonce);
    let driver = Driver::new(core.map_err(in_startup)?, stream, Arc::clone(config), endpoint);
    match deadline.within("the session to open", driver.open()).await {
        Ok(()) => Ok(driver),
        Err(error) => {
            let state = driver.lock();
            if let Some(discovery) = state.core.oauth_discovery() {
                config.hooks.discovered(&driver.endpoint.host, discovery);
            }
            Err(failure(state.core.startup_stage(), error, problem))
        }
    }
}

/// What to say when the server asks for an OAuth token. The program is asked for one when it is known what the server
/// wants: it has told that in the first session that ended for want of a token. A stream that is there once alone
/// has no such first session.
async fn token(config: &Config, endpoint: &Endpoint) -> Result<OAuth, Error> {
    let discovery = match (config.hooks.discovery(&endpoint.host), &endpoint.address) {
        (None, Address::Given) => OAuthDiscovery::default(),
        (None, _) if config.hooks.gives_tokens() => return Ok(OAuth::Discover),
        (discovery, _) => discovery.unwrap_or_default(),
    };
    let token = config.hooks.bearer_token(config, &endpoint.host, discovery).await?;
    Ok(token.map_or_else(|| config.oauth.clone(), OAuth::Token))
}

/// In which phase a start-up failed, and the error: with what was wrong with the password file, if that is why.
pub(crate) fn failure(stage: StartupStage, error: Error, problem: Option<String>) -> (Phase, Error) {
    let awaited = match stage {
        StartupStage::Greeting => "the server to answer the start-up",
        StartupStage::Authenticated => "the session to open",
        _ => "the server to let us in",
    };
    let error = match error {
        Error::Timeout(_, limit) => Error::Timeout(awaited, limit),
        error => error,
    };
    let refused = error.as_server().is_some_and(|error| error.code.class() == "28");
    if matches!(&error, Error::Closed(closed) if matches!(closed.reason, CloseReason::Tls(_))) {
        // With TLS 1.3 a server judges our certificate when the session is under way already.
        return (Phase::Tls, error);
    }
    match (stage, problem) {
        (StartupStage::PasswordMissing, Some(problem)) => {
            let problem = format!("the server asks for a password, and none was given; {problem}");
            (Phase::Auth, UsageError::Config(problem.into()).into())
        }
        (StartupStage::PasswordMissing | StartupStage::Authenticating, _) => (Phase::Auth, error),
        _ if refused => (Phase::Auth, error),
        _ => (Phase::Startup, error),
    }
}

/// Says good-bye to a server that will not do.
pub(super) async fn part(driver: Driver) {
    driver.lock().core.terminate();
    // It notices the closed stream by itself when this takes too long.
    let _ = tokio::time::timeout(PARTING, driver.shutdown()).await;
}

const PARTING: Duration = Duration::from_secs(1);
