use std::time::Duration;

use super::{
    ChannelBinding, Config, Keepalive, LoadBalanceHosts, OAuth, Password, ProtocolVersion, Replication,
    RequireAuth, RootCert, SslMode, SslNegotiation, StatementMode, TargetSessionAttrs,
};

/// Core's methods of the same names, on what has hooks besides.
macro_rules! forward {
    ($($(#[$meta:meta])* $name:ident($($argument:ident: $type:ty),+);)+) => {
        /// Step by step. What these take is checked when connecting.
        impl Config {
            $($(#[$meta])*
            #[must_use]
            pub fn $name(mut self, $($argument: $type),+) -> Self {
                let settings = std::mem::take(&mut self.settings);
                self.settings = settings.$name($($argument),+);
                self
            })+
        }
    };
}

forward! {
    /// Adds a host: a name, an IP address, or the directory of a Unix socket. Its port is [`port`](Self::port)'s.
    host(address: impl Into<String>);
    /// Adds a host with a port of its own.
    host_port(address: impl Into<String>, port: u16);
    /// Sets the port of every host, of those already there and those to come.
    port(port: u16);
    /// Sets the role to be.
    user(user: impl Into<String>);
    /// Sets the database.
    dbname(dbname: impl Into<String>);
    /// Sets the password.
    password(password: impl Into<Password>);
    /// Sets the file in which passwords are looked for. None is, unless it is set here or by [`Config::parse`].
    passfile(path: impl Into<String>);
    /// Sets how the connection is called in the server's views and logs.
    application_name(name: impl Into<String>);
    /// Sets how it is called unless the user of the program says otherwise.
    fallback_application_name(name: impl Into<String>);
    /// Sets command-line options for the server, such as `-csearch_path=app`.
    options(options: impl Into<String>);
    /// Adds a setting of the server to the StartupMessage, in place of one of that name.
    parameter(name: impl Into<String>, value: impl Into<String>);
    /// Makes it a replication connection.
    replication(replication: Replication);
    /// Sets how long each address of each host is tried; `None` is for ever.
    connect_timeout(timeout: impl Into<Option<Duration>>);
    /// Sets how long all of them are tried together; `None` is as long as it takes.
    total_connect_timeout(timeout: impl Into<Option<Duration>>);
    /// Sets whether to encrypt, and what to check.
    sslmode(mode: SslMode);
    /// Sets how TLS begins.
    sslnegotiation(negotiation: SslNegotiation);
    /// Sets where the certificates of trusted authorities are.
    sslrootcert(root_cert: RootCert);
    /// Sets whether SCRAM is bound to TLS.
    channel_binding(channel_binding: ChannelBinding);
    /// Sets which ways of authentication are acceptable.
    require_auth(require_auth: RequireAuth);
    /// Sets what to do when the server asks for an OAuth bearer token and no callback gives one.
    oauth(oauth: OAuth);
    /// Sets whether the password may cross a network in clear.
    allow_cleartext(allow: bool);
    /// Sets which servers are good enough.
    target_session_attrs(attrs: TargetSessionAttrs);
    /// Sets in which order hosts are tried.
    load_balance_hosts(order: LoadBalanceHosts);
    /// Sets the oldest protocol to accept and the one to ask for.
    protocol_versions(min: ProtocolVersion, max: ProtocolVersion);
    /// Sets how long a command may take when the call does not say; `None` is as long as it takes.
    command_timeout(timeout: impl Into<Option<Duration>>);
    /// Sets how many prepared statements to keep on the server; 0 keeps none.
    statement_cache_size(statements: usize);
    /// Sets the longest message to accept, in bytes.
    max_message_len(bytes: usize);
    /// Sets how the operating system notices that a peer is gone.
    keepalive(keepalive: Keepalive);
    /// Sets how statements are run when the call does not say.
    statement_mode(mode: StatementMode);
    /// Sets whether commands are sent before earlier ones are answered.
    pipeline(pipeline: bool);
}
