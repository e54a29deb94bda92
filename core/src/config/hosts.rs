use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

use super::ConfigError;
use super::value::number;

/// PostgreSQL's own port, for hosts that are not given another.
pub const DEFAULT_PORT: u16 = 5432;

/// One place where a server may be.
///
/// ```
/// use trunkline_core::config::Host;
///
/// assert_eq!(Host::new("db.example.com", 5432).to_string(), "db.example.com:5432");
/// assert_eq!(Host::new("::1", 5433).to_string(), "[::1]:5433");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Host {
    /// What it is called, which is also what its certificate has to name.
    pub address: HostAddress,
    /// The address to connect to instead of asking DNS for the name (`hostaddr`).
    pub hostaddr: Option<IpAddr>,
    /// Its port; on a Unix socket, the number in the socket's name.
    pub port: u16,
}

/// What a host is called.
///
/// ```
/// use trunkline_core::config::{Config, HostAddress};
///
/// let config = Config::parse("host=/run/postgresql,db.example.com")?;
/// assert_eq!(config.hosts[0].address, HostAddress::Unix("/run/postgresql".into()));
/// assert_eq!(config.hosts[1].address, HostAddress::Tcp("db.example.com".into()));
/// # Ok::<(), trunkline_core::config::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostAddress {
    /// A name, or an IP address, to reach over TCP.
    Tcp(String),
    /// The directory of a Unix socket; with `@` at its beginning, in Linux's abstract namespace.
    Unix(String),
}

impl HostAddress {
    /// By libpq's rule: what begins with `/` or `@` is a Unix socket's directory, all else a name.
    ///
    /// ```
    /// use trunkline_core::config::HostAddress;
    ///
    /// assert_eq!(HostAddress::new("@app"), HostAddress::Unix("@app".into()));
    /// assert_eq!(HostAddress::new("10.0.0.7"), HostAddress::Tcp("10.0.0.7".into()));
    /// ```
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.starts_with(['/', '@']) { Self::Unix(text) } else { Self::Tcp(text) }
    }
}

impl Host {
    /// The host of that name (or socket directory) and port.
    ///
    /// ```
    /// use trunkline_core::config::Host;
    ///
    /// let host = Host::new("db.example.com", 6432);
    /// assert_eq!((host.port, host.hostaddr), (6432, None));
    /// ```
    pub fn new(address: impl Into<String>, port: u16) -> Self {
        Self { address: HostAddress::new(address), hostaddr: None, port }
    }

    /// Where to look when no host was given: the usual socket directories, then `localhost`.
    ///
    /// libpq knows one socket directory, the one it was compiled for; there are three in common use. A shell
    /// passes over those that it cannot reach or that do not exist.
    ///
    /// ```
    /// use trunkline_core::config::Host;
    ///
    /// let last = Host::defaults(5432).pop();
    /// assert_eq!(last, Some(Host::new("localhost", 5432)));
    /// ```
    pub fn defaults(port: u16) -> Vec<Self> {
        ["/run/postgresql", "/var/run/postgresql", "/tmp", "localhost"]
            .map(|host| Self::new(host, port))
            .into()
    }

    /// The Unix socket itself, for hosts that are one.
    ///
    /// ```
    /// use trunkline_core::config::Host;
    ///
    /// let host = Host::new("/run/postgresql", 5432);
    /// assert_eq!(host.socket_path().as_deref(), Some("/run/postgresql/.s.PGSQL.5432"));
    /// assert_eq!(Host::new("db", 5432).socket_path(), None);
    /// ```
    pub fn socket_path(&self) -> Option<String> {
        match &self.address {
            HostAddress::Unix(directory) => {
                Some(format!("{}/.s.PGSQL.{}", directory.trim_end_matches('/'), self.port))
            }
            HostAddress::Tcp(_) => None,
        }
    }

    /// Whether nothing of the conversation leaves this machine, as far as names can tell: a Unix socket, a
    /// loopback address, or `localhost`.
    ///
    /// ```
    /// use trunkline_core::config::Host;
    ///
    /// assert!(Host::new("localhost", 5432).is_local() && Host::new("/tmp", 5432).is_local());
    /// assert!(!Host::new("db.example.com", 5432).is_local());
    /// ```
    pub fn is_local(&self) -> bool {
        match (&self.address, self.hostaddr) {
            (HostAddress::Unix(_), _) => true,
            (HostAddress::Tcp(_), Some(address)) => address.is_loopback(),
            (HostAddress::Tcp(name), None) => {
                name.eq_ignore_ascii_case("localhost")
                    || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
            }
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.address {
            HostAddress::Unix(_) => f.write_str(&self.socket_path().unwrap_or_default()),
            HostAddress::Tcp(name) if name.as_bytes().contains(&b':') => write!(f, "[{name}]:{}", self.port),
            HostAddress::Tcp(name) => write!(f, "{name}:{}", self.port),
        }
    }
}

/// The hosts of the three comma-separated lists, by libpq's rules, and the port for hosts to come.
///
/// Hosts, addresses and ports are matched by position; a single port is everyone's. An empty host means the
/// default ones, an empty port 5432. No host at all gives an empty list.
pub(super) fn combine(
    host: Option<&str>,
    hostaddr: Option<&str>,
    port: Option<&str>,
) -> Result<(Vec<Host>, u16), ConfigError> {
    let names = list(host);
    let addresses = list(hostaddr);
    let ports = list(port).into_iter().map(parse_port).collect::<Result<Vec<u16>, _>>()?;
    if !names.is_empty() && !addresses.is_empty() && names.len() != addresses.len() {
        let problem = format!(
            "{} addresses for {} hosts: give one for each, an empty one where DNS should be asked",
            addresses.len(),
            names.len()
        );
        return Err(ConfigError::option("hostaddr", problem));
    }
    let count = names.len().max(addresses.len());
    if ports.len() > 1 && ports.len() != count {
        let problem =
            format!("{} ports for {} hosts: give one for all, or one for each", ports.len(), count.max(1));
        return Err(ConfigError::option("port", problem));
    }
    let shared_port = ports.first().copied().unwrap_or(DEFAULT_PORT);

    let mut hosts = Vec::with_capacity(count);
    for index in 0..count {
        let port = if ports.len() > 1 { ports.get(index).copied() } else { None }.unwrap_or(shared_port);
        let name = names.get(index).copied().unwrap_or_default();
        let hostaddr = match addresses.get(index).copied().unwrap_or_default() {
            "" => None,
            text => Some(parse_address(text)?),
        };
        match (name, hostaddr) {
            ("", None) => hosts.extend(Host::defaults(port)),
            ("", Some(address)) => {
                hosts.push(Host { address: HostAddress::Tcp(format!("{address}")), hostaddr, port });
            }
            (name, hostaddr) => hosts.push(Host { address: HostAddress::new(name), hostaddr, port }),
        }
    }
    Ok((hosts, if ports.len() == 1 { shared_port } else { DEFAULT_PORT }))
}

fn list(text: Option<&str>) -> Vec<&str> {
    match text {
        None | Some("") => Vec::new(),
        Some(text) => text.split(',').collect(),
    }
}

fn parse_port(text: &str) -> Result<u16, ConfigError> {
    if text.is_empty() {
        return Ok(DEFAULT_PORT);
    }
    // The text is not shown: a password with an unescaped '/' in a URI ends up here.
    number(text).filter(|&port| port != 0).ok_or_else(|| {
        ConfigError::option(
            "port",
            "not a number from 1 to 65535 (in a URI, a '/', ':' or '@' of the password must be percent-encoded: \
             %2F, %3A, %40)",
        )
    })
}

fn parse_address(text: &str) -> Result<IpAddr, ConfigError> {
    text.parse().map_err(|_| {
        ConfigError::option("hostaddr", "not an IPv4 or IPv6 address; names belong in the option host")
    })
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    fn shown(host: &str, hostaddr: &str, port: &str) -> Result<Vec<String>, String> {
        match combine(Some(host), Some(hostaddr), Some(port)) {
            Ok((hosts, _)) => Ok(hosts.iter().map(ToString::to_string).collect()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn ports_go_with_hosts_by_position() {
        assert_eq!(shown("a,b", "", "1,2").unwrap(), ["a:1", "b:2"]);
        assert_eq!(shown("a,b", "", "7").unwrap(), ["a:7", "b:7"]);
        assert_eq!(shown("a,b", "", ",2").unwrap(), ["a:5432", "b:2"]);
        assert!(shown("a,b", "", "1,2,3").unwrap_err().contains("3 ports for 2 hosts"));
        assert!(shown("", "", "1,2").unwrap_err().contains("2 ports for 1 hosts"));
    }

    #[test]
    fn addresses_go_with_hosts_by_position() {
        let (hosts, _) = combine(Some("a,b"), Some("10.0.0.1,"), None).unwrap();
        assert_eq!(hosts[0].hostaddr, Some("10.0.0.1".parse().unwrap()));
        assert_eq!(hosts[1].hostaddr, None);
        assert_eq!(shown("", "::1", "5433").unwrap(), ["[::1]:5433"]);
        assert!(shown("a", "1.1.1.1,2.2.2.2", "").is_err());
        assert!(shown("a", "example.com", "").is_err());
    }

    #[test]
    fn an_empty_host_means_the_default_ones() {
        assert_eq!(shown("a,", "", "").unwrap().len(), 1 + Host::defaults(1).len());
        let (hosts, port) = combine(None, None, Some("5433")).unwrap();
        assert!(hosts.is_empty());
        assert_eq!(port, 5433);
    }

    #[test]
    fn bad_ports_are_refused_and_not_shown() {
        for port in ["0", "65536", "-1", "x", "hunter2", "5432x", "1 2"] {
            let text = shown("a", "", port).unwrap_err();
            assert!(text.starts_with("connection option port: not a number"), "{text}");
            assert!(!text.contains("hunter2"));
        }
    }

    #[test]
    fn sockets() {
        let host = Host::new("/tmp/", 5433);
        assert_eq!(host.socket_path().as_deref(), Some("/tmp/.s.PGSQL.5433"));
        assert_eq!(Host::new("@pg", 1).socket_path().as_deref(), Some("@pg/.s.PGSQL.1"));
        assert_eq!(Host::new("db", 1).socket_path(), None);
    }

    #[test]
    fn local_is_what_stays_on_this_machine() {
        for local in ["/tmp", "localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"] {
            assert!(Host::new(local, 1).is_local(), "{local}");
        }
        for remote in ["db", "localhost.example.com", "10.0.0.1", "::2"] {
            assert!(!Host::new(remote, 1).is_local(), "{remote}");
        }
        let mut aliased = Host::new("localhost", 1);
        aliased.hostaddr = Some("10.0.0.1".parse().unwrap());
        assert!(!aliased.is_local());
    }
}
