use std::net::SocketAddr;
#[cfg(unix)]
use std::path::PathBuf;

use trunkline_core::config::{Encryption, Host};
use trunkline_core::error::UsageError;
use trunkline_core::{Channel, Error};

use super::{Deadline, Securing};
use crate::Config;
use crate::error::Phase;
use crate::transport::{self, Stream};

/// Where a session really goes: one address of one host. Its queries are cancelled there and nowhere else.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(crate) host: Host,
    pub(crate) address: Address,
    /// Whether it is encrypted; in an open session, whether it is in truth.
    pub(crate) encryption: Encryption,
}

/// What the host's name came to.
#[derive(Debug, Clone)]
pub(crate) enum Address {
    Tcp(SocketAddr),
    #[cfg(unix)]
    Unix(PathBuf),
    /// Whatever the program's own hook makes of the host.
    Hook,
    /// A stream that the caller opened; only the caller could open another.
    Given,
}

impl Endpoint {
    /// Opens a socket to the address, and encrypts it as configured.
    ///
    /// # Errors
    ///
    /// What went wrong and in which phase.
    pub(crate) async fn dial(
        &self,
        config: &Config,
        deadline: Deadline,
    ) -> Result<(Stream, Channel), (Phase, Error)> {
        let in_tcp = |error| (Phase::Tcp, error);
        let in_tls = |error| (Phase::Tls, error);
        match &self.address {
            Address::Tcp(address) => {
                let socket = transport::connect_tcp(*address, &config.keepalive);
                let socket = deadline.within_io("the TCP connection", socket).await.map_err(in_tcp)?;
                self.securing(config, deadline).tcp(socket).await.map_err(in_tls)
            }
            // Its bytes never leave this machine, and no server encrypts them.
            #[cfg(unix)]
            Address::Unix(path) => {
                let socket = transport::connect_unix(path);
                let socket = deadline.within_io("the Unix socket", socket).await.map_err(in_tcp)?;
                Ok((Stream::Unix(socket), Channel { local: true, ..Channel::default() }))
            }
            Address::Hook => {
                let stream = config.hooks.open_stream(&self.host);
                let stream =
                    deadline.within_io("the program's own transport", stream).await.map_err(in_tcp)?;
                self.securing(config, deadline).given(stream).await.map_err(in_tls)
            }
            Address::Given => {
                let problem =
                    "the connection runs over a stream that was given to it, and cannot open another";
                Err(in_tcp(UsageError::call(problem).into()))
            }
        }
    }

    pub(super) fn securing<'a>(&'a self, config: &'a Config, deadline: Deadline) -> Securing<'a> {
        Securing { config, host: &self.host, encryption: self.encryption, deadline }
    }
}

impl Address {
    /// Whether the first attempt at it is encrypted.
    pub(super) fn first_attempt(&self, config: &Config) -> Encryption {
        match self {
            Self::Tcp(_) => config.tls.mode.first_attempt(),
            #[cfg(unix)]
            Self::Unix(_) => Encryption::Off,
            // Whoever opened the stream knows what it leads through: only what has to be encrypted is, once more.
            Self::Hook | Self::Given if config.tls.mode.requires_tls() => Encryption::Required,
            Self::Hook | Self::Given => Encryption::Off,
        }
    }
}
