//! From a configuration to an open session.

mod addresses;
mod deadline;
mod endpoint;

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use trunkline_core::config::{Host, Password, Settings, SslMode};
use trunkline_core::error::{CloseReason, Closed, UsageError};
use trunkline_core::{Channel, Connection, Error};

pub(crate) use deadline::Deadline;
pub(crate) use endpoint::{Address, Endpoint};

use crate::Config;
use crate::clock;
use crate::driver::Driver;
use crate::error::{Attempt, ConnectError, Phase};
use crate::transport::{Stream, Transport};

/// The configuration of a connection string, on top of the environment's.
pub(crate) fn config(text: &str) -> Result<Config, Error> {
    let environment = Settings::from_environment(|name| std::env::var(name).ok());
    Ok(Settings::parse(text)?.or(environment).into_config()?)
}

/// Tries each host in turn, and each of its addresses.
pub(crate) async fn connect(config: &Config) -> Result<Driver, ConnectError> {
    let config = Arc::new(complete(config)?);
    let mut attempts = Vec::new();
    for host in config.hosts_or_default() {
        match connect_host(&config, &host, &mut attempts).await {
            Some(driver) => return Ok(driver),
            // Another host has the same users and the same password.
            None if attempts.last().is_some_and(|attempt| is_final(&attempt.error)) => break,
            None => {}
        }
    }
    Err(ConnectError { attempts })
}

/// Opens a session over a stream that is there already.
pub(crate) async fn over(config: &Config, transport: Box<dyn Transport>) -> Result<Driver, ConnectError> {
    let config = Arc::new(complete(config)?);
    let host = config.hosts_or_default().into_iter().next().unwrap_or_else(|| Host::new("localhost", 5432));
    let deadline = Deadline::after(config.connect_timeout);
    let endpoint = Endpoint { host, address: Address::Given };
    let attempt = |error| Attempt { host: "the given stream".to_owned(), phase: Phase::Startup, error };
    open(&config, endpoint, (Stream::Other(transport), Channel::default()), deadline)
        .await
        .map_err(|error| ConnectError { attempts: vec![attempt(error)] })
}

/// Adds what only the operating system or Unicode's tables know.
pub(crate) fn complete(config: &Config) -> Result<Config, ConnectError> {
    config.check_supported().map_err(|error| ConnectError::config(Error::from(error)))?;
    let mut config = config.clone();
    if matches!(config.tls.mode, SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull) {
        let problem = format!(
            "sslmode={} needs TLS, which this version does not speak yet: use sslmode=prefer or disable, and only on \
             networks that are to be trusted",
            config.tls.mode.as_str()
        );
        return Err(ConnectError::config(UsageError::Config(problem.into())));
    }
    if config.user.is_none() {
        let names = if cfg!(windows) { ["USERNAME", "USER"] } else { ["USER", "LOGNAME"] };
        config.user = names.iter().find_map(|name| std::env::var(name).ok()).filter(|user| !user.is_empty());
    }
    if let Some(password) = config.password.as_ref().filter(|password| !password.as_str().is_ascii()) {
        // What SASLprep refuses is used as it is, as PostgreSQL does.
        if let Ok(Cow::Owned(prepared)) = stringprep::saslprep(password.as_str()) {
            config.scram_password = Some(Password::new(prepared));
        }
    }
    Ok(config)
}

async fn connect_host(config: &Arc<Config>, host: &Host, attempts: &mut Vec<Attempt>) -> Option<Driver> {
    let deadline = Deadline::after(config.connect_timeout);
    let mut failed = |host, (phase, error)| attempts.push(Attempt { host, phase, error });
    let addresses = match addresses::addresses(host, deadline).await {
        Ok(addresses) => addresses,
        Err(error) => {
            failed(host.to_string(), (Phase::Dns, error));
            return None;
        }
    };
    let several = addresses.len() > 1;
    for address in addresses {
        let named = match &address {
            Address::Tcp(address) if several => format!("{host} ({address})"),
            // A default directory that does not exist is no attempt that anyone wants to hear of.
            #[cfg(unix)]
            Address::Unix(path) if config.hosts.is_empty() && !path.exists() => continue,
            _ => host.to_string(),
        };
        let endpoint = Endpoint { host: host.clone(), address };
        match dial_and_open(config, endpoint, deadline).await {
            Ok(driver) => return Some(driver),
            Err(failure) => {
                let is_final = is_final(&failure.1);
                failed(named, failure);
                if is_final {
                    return None;
                }
            }
        }
    }
    None
}

async fn dial_and_open(
    config: &Arc<Config>,
    endpoint: Endpoint,
    deadline: Deadline,
) -> Result<Driver, (Phase, Error)> {
    let carrier = endpoint.dial(config, deadline).await?;
    open(config, endpoint, carrier, deadline).await.map_err(|error| (Phase::Startup, error))
}

async fn open(
    config: &Arc<Config>,
    endpoint: Endpoint,
    (stream, channel): (Stream, Channel),
    deadline: Deadline,
) -> Result<Driver, Error> {
    let nonce = clock::nonce().map_err(|error| transport(&error))?;
    let core = Connection::new(config, channel, clock::now(), nonce)?;
    let driver = Driver::new(core, stream, Arc::clone(config), endpoint);
    deadline.within("the session to open", driver.open()).await?;
    Ok(driver)
}

/// Whether no other host would say anything else: the server has judged who we are, not how it is.
fn is_final(error: &Error) -> bool {
    match error {
        Error::Usage(_) => true,
        error => error.as_server().is_some_and(|error| error.code.class() == "28"),
    }
}

pub(crate) fn transport(error: &io::Error) -> Error {
    let advice = match error.kind() {
        io::ErrorKind::ConnectionRefused => "; does a server run there, and listen on this address and port?",
        io::ErrorKind::NotFound => "; does a server run there, and is this the directory of its socket?",
        _ => "",
    };
    let closed = Closed::new(CloseReason::Transport(format!("{error}{advice}").into()), false);
    Error::Closed(Arc::new(closed))
}
