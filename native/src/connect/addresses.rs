use std::net::{IpAddr, SocketAddr};

use trunkline_core::Error;
use trunkline_core::config::{Host, HostAddress};
use trunkline_core::error::UsageError;

use super::{Address, Deadline};
use crate::Config;

/// The addresses of a host, in the order to try them.
pub(super) async fn addresses(
    config: &Config,
    host: &Host,
    deadline: Deadline,
) -> Result<Vec<Address>, Error> {
    if config.hooks.opens_streams() {
        return Ok(vec![Address::Hook]);
    }
    #[cfg(unix)]
    if let Some(path) = host.socket_path() {
        return Ok(vec![Address::Unix(path.into())]);
    }
    let name = match (&host.address, host.hostaddr) {
        (_, Some(address)) => return Ok(vec![Address::Tcp(SocketAddr::new(address, host.port))]),
        (HostAddress::Tcp(name), None) => name,
        _ => {
            let problem = "Unix sockets do not exist on this platform".to_owned();
            return Err(UsageError::Config(problem.into()).into());
        }
    };
    if let Ok(address) = name.parse::<IpAddr>() {
        return Ok(vec![Address::Tcp(SocketAddr::new(address, host.port))]);
    }
    let found = deadline.within_io("DNS", tokio::net::lookup_host((name.as_str(), host.port))).await?;
    Ok(found.map(Address::Tcp).collect())
}
