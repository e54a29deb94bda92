use std::net::SocketAddr;
#[cfg(unix)]
use std::path::PathBuf;

use trunkline_core::config::Host;
use trunkline_core::error::UsageError;
use trunkline_core::{Channel, Error};

use super::Deadline;
use crate::Config;
use crate::error::Phase;
use crate::transport::{self, Stream};

/// Where a session really goes: one address of one host. Its queries are cancelled there and nowhere else.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(crate) host: Host,
    pub(crate) address: Address,
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
        let stream = match &self.address {
            Address::Tcp(address) => {
                let socket = transport::connect_tcp(*address, &config.keepalive);
                Stream::Tcp(deadline.within_io("the TCP connection", socket).await.map_err(in_tcp)?)
            }
            #[cfg(unix)]
            Address::Unix(path) => {
                let socket = transport::connect_unix(path);
                Stream::Unix(deadline.within_io("the Unix socket", socket).await.map_err(in_tcp)?)
            }
            Address::Hook => {
                let stream = config.hooks.open_stream(&self.host);
                let stream =
                    deadline.within_io("the program's own transport", stream).await.map_err(in_tcp)?;
                // Where it leads, and who can listen, is not known here.
                return Ok((Stream::Other(stream), Channel::default()));
            }
            Address::Given => {
                let problem =
                    "the connection runs over a stream that was given to it, and cannot open another";
                return Err(in_tcp(UsageError::call(problem).into()));
            }
        };
        Ok((stream, Channel { encrypted: false, local: self.host.is_local() }))
    }
}
