use alloc::string::String;
use core::time::Duration;

use super::{
    ChannelBinding, Config, Host, Keepalive, LoadBalanceHosts, OAuth, Password, ProtocolVersion, Replication,
    RequireAuth, RootCert, SslMode, SslNegotiation, StatementMode, TargetSessionAttrs,
};

/// Step by step. What these take is checked by [`validate`](Config::validate).
impl Config {
    /// Adds a host: a name, an IP address, or the directory of a Unix socket. Its port is
    /// [`port`](Self::port)'s.
    #[must_use]
    pub fn host(mut self, address: impl Into<String>) -> Self {
        self.hosts.push(Host::new(address, self.default_port));
        self
    }

    /// Adds a host with a port of its own.
    #[must_use]
    pub fn host_port(mut self, address: impl Into<String>, port: u16) -> Self {
        self.hosts.push(Host::new(address, port));
        self
    }

    /// Sets the port of every host, of those already there and those to come.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.default_port = port;
        for host in &mut self.hosts {
            host.port = port;
        }
        self
    }

    /// Sets the role to be.
    #[must_use]
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Sets the database.
    #[must_use]
    pub fn dbname(mut self, dbname: impl Into<String>) -> Self {
        self.dbname = Some(dbname.into());
        self
    }

    /// Sets the password.
    #[must_use]
    pub fn password(mut self, password: impl Into<Password>) -> Self {
        self.scram_password = None;
        self.password = Some(password.into());
        self
    }

    /// Sets how the connection is called in the server's views and logs.
    #[must_use]
    pub fn application_name(mut self, name: impl Into<String>) -> Self {
        self.application_name = Some(name.into());
        self
    }

    /// Sets how it is called unless the user of the program says otherwise.
    #[must_use]
    pub fn fallback_application_name(mut self, name: impl Into<String>) -> Self {
        self.fallback_application_name = Some(name.into());
        self
    }

    /// Sets command-line options for the server, such as `-csearch_path=app`.
    #[must_use]
    pub fn options(mut self, options: impl Into<String>) -> Self {
        self.options = Some(options.into());
        self
    }

    /// Adds a setting of the server to the StartupMessage, in place of one of that name.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        self.parameters.retain(|(known, _)| *known != name);
        self.parameters.push((name, value.into()));
        self
    }

    /// Sets the file in which passwords are looked for, such as `~/.pgpass`.
    #[must_use]
    pub fn passfile(mut self, path: impl Into<String>) -> Self {
        self.passfile = Some(path.into());
        self
    }

    /// Makes it a replication connection.
    #[must_use]
    pub fn replication(mut self, replication: Replication) -> Self {
        self.replication = replication;
        self
    }

    /// Sets how long each address of each host is tried; `None` is for ever.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = timeout.into();
        self
    }

    /// Sets how long all of them are tried together; `None` is as long as it takes.
    #[must_use]
    pub fn total_connect_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.total_connect_timeout = timeout.into();
        self
    }

    /// Sets whether to encrypt, and what to check.
    #[must_use]
    pub fn sslmode(mut self, mode: SslMode) -> Self {
        self.tls.mode = mode;
        self
    }

    /// Sets how TLS begins.
    #[must_use]
    pub fn sslnegotiation(mut self, negotiation: SslNegotiation) -> Self {
        self.tls.negotiation = negotiation;
        self
    }

    /// Sets where the certificates of trusted authorities are.
    #[must_use]
    pub fn sslrootcert(mut self, root_cert: RootCert) -> Self {
        self.tls.root_cert = Some(root_cert);
        self
    }

    /// Sets whether SCRAM is bound to TLS.
    #[must_use]
    pub fn channel_binding(mut self, channel_binding: ChannelBinding) -> Self {
        self.channel_binding = channel_binding;
        self
    }

    /// Sets which ways of authentication are acceptable.
    #[must_use]
    pub fn require_auth(mut self, require_auth: RequireAuth) -> Self {
        self.require_auth = require_auth;
        self
    }

    /// Sets what to do when the server asks for an OAuth bearer token.
    #[must_use]
    pub fn oauth(mut self, oauth: OAuth) -> Self {
        self.oauth = oauth;
        self
    }

    /// Sets whether the password may cross a network in clear.
    #[must_use]
    pub fn allow_cleartext(mut self, allow: bool) -> Self {
        self.allow_cleartext = allow;
        self
    }

    /// Sets which servers are good enough.
    #[must_use]
    pub fn target_session_attrs(mut self, attrs: TargetSessionAttrs) -> Self {
        self.target_session_attrs = attrs;
        self
    }

    /// Sets in which order hosts are tried.
    #[must_use]
    pub fn load_balance_hosts(mut self, order: LoadBalanceHosts) -> Self {
        self.load_balance_hosts = order;
        self
    }

    /// Sets the oldest protocol to accept and the one to ask for.
    #[must_use]
    pub fn protocol_versions(mut self, min: ProtocolVersion, max: ProtocolVersion) -> Self {
        self.min_protocol_version = min;
        self.max_protocol_version = max;
        self
    }

    /// Sets how long a command may take when the call does not say; `None` is as long as it takes.
    #[must_use]
    pub fn command_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.limits.command_timeout = timeout.into();
        self
    }

    /// Sets how many prepared statements to keep on the server; 0 keeps none.
    #[must_use]
    pub fn statement_cache_size(mut self, statements: usize) -> Self {
        self.limits.statement_cache_size = statements;
        self
    }

    /// Sets the longest message to accept, in bytes.
    #[must_use]
    pub fn max_message_len(mut self, bytes: usize) -> Self {
        self.limits.max_message_len = bytes;
        self
    }

    /// Sets how the operating system notices that a peer is gone.
    #[must_use]
    pub fn keepalive(mut self, keepalive: Keepalive) -> Self {
        self.keepalive = keepalive;
        self
    }

    /// Sets how statements are run when the call does not say.
    #[must_use]
    pub fn statement_mode(mut self, mode: StatementMode) -> Self {
        self.statement_mode = mode;
        self
    }

    /// Sets whether commands are sent before earlier ones are answered.
    #[must_use]
    pub fn pipeline(mut self, pipeline: bool) -> Self {
        self.pipeline = pipeline;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_for_every_host_and_a_host_can_have_its_own() {
        let config = Config::new().host("a").port(6432).host("b").host_port("c", 1);
        let ports: alloc::vec::Vec<u16> = config.hosts.iter().map(|host| host.port).collect();
        assert_eq!(ports, [6432, 6432, 1]);
    }

    #[test]
    fn the_last_parameter_of_a_name_wins() {
        let config = Config::new().parameter("geqo", "on").parameter("geqo", "off");
        assert_eq!(config.parameters, [("geqo".into(), "off".into())]);
    }

    #[test]
    fn timeouts_take_a_duration_or_none() {
        assert_eq!(Config::new().connect_timeout(None).connect_timeout, None);
        let second = Duration::from_secs(1);
        assert_eq!(Config::new().command_timeout(second).limits.command_timeout, Some(second));
    }
}
