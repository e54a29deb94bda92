use std::borrow::Cow;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use trunkline_core::config::{Host, HostAddress, Password, Settings, SslMode};
use trunkline_core::error::{CloseReason, Closed, UsageError};
use trunkline_core::{Channel, Config, Connection, Error};

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
    let config = complete(config)?;
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
    let config = complete(config)?;
    let attempt = |error| Attempt { host: "the given stream".to_owned(), phase: Phase::Startup, error };
    open(&config, Stream::Other(transport), Channel::default())
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

async fn connect_host(config: &Config, host: &Host, attempts: &mut Vec<Attempt>) -> Option<Driver> {
    #[cfg(unix)]
    if let Some(path) = host.socket_path() {
        // A default directory that does not exist is no attempt that anyone wants to hear of.
        if config.hosts.is_empty() && !std::path::Path::new(&path).exists() {
            return None;
        }
        let stream = within(config, "the Unix socket", crate::transport::connect_unix(&path)).await;
        return match stream {
            Ok(stream) => opened(config, Stream::Unix(stream), host, path, attempts).await,
            Err(error) => failed(attempts, path, Phase::Tcp, error),
        };
    }
    let addresses = match addresses(config, host).await {
        Ok(addresses) => addresses,
        Err(error) => return failed(attempts, host.to_string(), Phase::Dns, error),
    };
    for address in &addresses {
        let named = if addresses.len() > 1 { format!("{host} ({address})") } else { host.to_string() };
        match within(config, "the TCP connection", crate::transport::connect_tcp(*address)).await {
            Ok(stream) => {
                let driver = opened(config, Stream::Tcp(stream), host, named, attempts).await;
                if driver.is_some() || attempts.last().is_some_and(|attempt| is_final(&attempt.error)) {
                    return driver;
                }
            }
            Err(error) => drop(failed(attempts, named, Phase::Tcp, error)),
        }
    }
    None
}

async fn addresses(config: &Config, host: &Host) -> Result<Vec<SocketAddr>, Error> {
    let name = match (&host.address, host.hostaddr) {
        (_, Some(address)) => return Ok(vec![SocketAddr::new(address, host.port)]),
        (HostAddress::Tcp(name), None) => name,
        _ => {
            let problem = "Unix sockets do not exist on this platform".to_owned();
            return Err(UsageError::Config(problem.into()).into());
        }
    };
    if let Ok(address) = name.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, host.port)]);
    }
    let found = within(config, "DNS", tokio::net::lookup_host((name.as_str(), host.port))).await?;
    Ok(found.collect())
}

async fn opened(
    config: &Config,
    stream: Stream,
    host: &Host,
    named: String,
    attempts: &mut Vec<Attempt>,
) -> Option<Driver> {
    match open(config, stream, Channel { encrypted: false, local: host.is_local(), ..Channel::default() })
        .await
    {
        Ok(driver) => Some(driver),
        Err(error) => failed(attempts, named, Phase::Startup, error),
    }
}

async fn open(config: &Config, stream: Stream, channel: Channel) -> Result<Driver, Error> {
    let nonce = clock::nonce().map_err(|error| transport(&error))?;
    let driver = Driver::new(Connection::new(config, channel, clock::now(), nonce)?, stream);
    driver.open().await?;
    Ok(driver)
}

fn failed(attempts: &mut Vec<Attempt>, host: String, phase: Phase, error: Error) -> Option<Driver> {
    attempts.push(Attempt { host, phase, error });
    None
}

/// Whether no other host would say anything else: the server has judged who we are, not how it is.
fn is_final(error: &Error) -> bool {
    match error {
        Error::Usage(_) => true,
        error => error.as_server().is_some_and(|error| error.code.class() == "28"),
    }
}

async fn within<T>(
    config: &Config,
    awaited: &'static str,
    future: impl Future<Output = io::Result<T>>,
) -> Result<T, Error> {
    let limit = config.connect_timeout.unwrap_or(Duration::MAX);
    match tokio::time::timeout(limit, future).await {
        Ok(done) => done.map_err(|error| transport(&error)),
        Err(_) => Err(Error::Timeout(awaited, limit)),
    }
}

pub(crate) fn transport(error: &io::Error) -> Error {
    let advice = match error.kind() {
        io::ErrorKind::ConnectionRefused => "; does a server run there, and listen on this address and port?",
        io::ErrorKind::NotFound => "; does a server run there, and is this the directory of its socket?",
        _ => "",
    };
    let closed = Closed::new(CloseReason::Transport(format!("{error}{advice}").into()), false);
    Error::Closed(std::sync::Arc::new(closed))
}
