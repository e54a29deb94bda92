use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use socket2::SockRef;
use trunkline_core::config::{Host, HostAddress, HostPlan, ServerRole, Verdict};
use trunkline_core::error::UsageError;
use trunkline_core::{Channel, Error};

use super::Connection;
use crate::clock;
use crate::config::{Config, FromFile};
use crate::connect::{failure, transport};
use crate::error::{Attempt, ConnectError, Phase};
use crate::transport::notice_dead_peers;

impl Connection {
    /// Connects as [`crate::Connection::connect`] does, to the first host that answers and will do; over TCP alone.
    ///
    /// ```no_run
    /// use trunkline::blocking::Connection;
    ///
    /// let connection = Connection::connect("postgres://ada@localhost/app")?;
    /// # Ok::<(), trunkline::ConnectError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// One [`ConnectError`] with every attempt, within `connect_timeout` for each.
    pub fn connect(text: &str) -> Result<Self, ConnectError> {
        Self::connect_with(&Config::parse(text).map_err(ConnectError::config)?)
    }

    /// Connects as configured, and looks at no environment.
    ///
    /// ```no_run
    /// use trunkline::Config;
    /// use trunkline::blocking::Connection;
    ///
    /// let connection = Connection::connect_with(&Config::new().host("127.0.0.1").user("ada"))?;
    /// # Ok::<(), trunkline::ConnectError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Connection::connect`]; a configuration with hooks is refused, since nobody waits for their futures here.
    pub fn connect_with(config: &Config) -> Result<Self, ConnectError> {
        let config = config.completed().map_err(ConnectError::config)?;
        if let Some(hook) = config.hooks.first_set() {
            let problem = format!("{hook} is for connections under tokio: a blocking one cannot wait for it");
            return Err(ConnectError::config(UsageError::Config(problem.into())));
        }
        if config.tls.mode.requires_tls() {
            let problem = format!(
                "sslmode={} is for connections under tokio: a blocking one does not encrypt",
                config.tls.mode
            );
            return Err(ConnectError::config(UsageError::Config(problem.into())));
        }
        let total = config.total_connect_timeout.map(|limit| (Instant::now(), limit));
        let mut plan = HostPlan::new(&config, clock::random().into());
        let mut attempts = Vec::new();
        while let Some(host) = plan.next_host() {
            if host.socket_path().is_some() && config.hosts.is_empty() {
                continue;
            }
            let error = match Self::to_host(&config, &host, &mut plan, total) {
                Ok(connection) => return Ok(connection),
                Err((phase, error)) => Attempt { host: host.to_string(), phase, error },
            };
            let is_over = HostPlan::is_final(&error.error) || limit(&config, total) == Some(Duration::ZERO);
            attempts.push(error);
            if is_over {
                break;
            }
        }
        Err(ConnectError { attempts })
    }

    fn to_host(
        config: &Config,
        host: &Host,
        plan: &mut HostPlan,
        total: Option<(Instant, Duration)>,
    ) -> Result<Self, (Phase, Error)> {
        let mut addresses = addresses(host).map_err(|error| (Phase::Dns, error))?;
        plan.arrange(&mut addresses);
        let mut failure = (Phase::Dns, UsageError::call("the name has no address").into());
        for address in addresses {
            let limit = limit(config, total);
            let stream = match limit {
                Some(limit) => TcpStream::connect_timeout(&address, limit.max(Duration::from_millis(1))),
                None => TcpStream::connect(address),
            };
            let prepared = stream.and_then(|stream| {
                stream.set_nodelay(true)?;
                notice_dead_peers(SockRef::from(&stream), &config.keepalive)?;
                Ok(stream)
            });
            let opened = match prepared {
                Ok(stream) => Self::open(config, host, stream, limit),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    Err((Phase::Tcp, Error::Timeout("the TCP connection", limit.unwrap_or_default())))
                }
                Err(error) => Err((Phase::Tcp, transport(&error))),
            };
            let judged = opened.and_then(|mut connection| match connection.judge(plan) {
                Ok(()) => Ok(connection),
                Err(error) => {
                    let _ = connection.close();
                    Err((Phase::Role, error))
                }
            });
            match judged {
                Ok(connection) => return Ok(connection),
                Err((phase, error)) if HostPlan::is_final(&error) => return Err((phase, error)),
                Err(failed) => failure = failed,
            }
        }
        Err(failure)
    }

    fn open(
        config: &Config,
        host: &Host,
        stream: TcpStream,
        limit: Option<Duration>,
    ) -> Result<Self, (Phase, Error)> {
        let in_startup = |error| (Phase::Startup, error);
        let (password, problem) = match &config.password {
            Some(_) => (None, None),
            None => match config.password_of_file(host) {
                FromFile::Password(password) => (Some(password), None),
                FromFile::Nothing => (None, None),
                FromFile::Unusable(problem) => (None, Some(problem)),
            },
        };
        let nonce = clock::nonce().map_err(|error| in_startup(transport(&error)))?;
        let channel = Channel { encrypted: false, local: host.is_local(), ..Channel::default() };
        let settings = config.for_session(password).connect_timeout(limit);
        let core = trunkline_core::Connection::new(&settings, channel, clock::now(), nonce);
        let mut connection = Self { core: core.map_err(in_startup)?, stream, input: BytesMut::new() };
        while !connection.core.is_ready() {
            if let Some(error) = connection.core.error() {
                return Err(failure(connection.core.startup_stage(), error, problem));
            }
            connection.step();
        }
        Ok(connection)
    }

    /// Whether the server is one of those that were asked for.
    fn judge(&mut self, plan: &mut HostPlan) -> Result<(), Error> {
        let mut role = ServerRole::reported(|name| self.core.parameter(name));
        loop {
            match plan.judge(&role) {
                Verdict::Refuse(found) => return Err(plan.refusal(found)),
                Verdict::Ask(question) => {
                    let answer = self.fetch_val(question.sql(), ())?;
                    role.answered(question, answer.unwrap_or_default());
                }
                _ => return Ok(()),
            }
        }
    }
}

/// How long one address may take now.
fn limit(config: &Config, total: Option<(Instant, Duration)>) -> Option<Duration> {
    let left = total.map(|(begun, limit)| limit.saturating_sub(begun.elapsed()));
    config.connect_timeout.into_iter().chain(left).min()
}

fn addresses(host: &Host) -> Result<Vec<SocketAddr>, Error> {
    match (&host.address, host.hostaddr) {
        (_, Some(address)) => Ok(vec![SocketAddr::new(address, host.port)]),
        (HostAddress::Tcp(name), None) => {
            let found = (name.as_str(), host.port).to_socket_addrs();
            found.map(Iterator::collect).map_err(|error| transport(&error))
        }
        _ => {
            let problem = "a blocking connection goes over TCP: give a host name or an address";
            Err(UsageError::Config(problem.into()).into())
        }
    }
}
