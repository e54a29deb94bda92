use std::time::Duration;

use trunkline_core::config::{
    ConfigError, Host, HostAddress, LoadBalanceHosts, Settings, SslMode, TargetSessionAttrs,
};
use trunkline_core::{Channel, Config, Connection, Error, Instant};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error;
use crate::json::{Object, array};
use crate::rows::Codecs;

/// How to reach a server, and what to be for it: a connection string, options and the environment together.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Configuration {
    config: Config,
    /// Not in `config`: JavaScript's own timer holds for all that connecting takes. A second one for the start-up
    /// alone would end at the same moment, and which of them came first would decide what the error says.
    connect_timeout: Option<Duration>,
    codecs: Codecs,
}

#[wasm_bindgen]
impl Configuration {
    /// Reads a connection string. `options` are libpq's names and texts that go before it, `environment` variables
    /// that go after it: names and values in turn, each ended by a NUL; `codecs` are those of the program. Times are in milliseconds; 0 is for ever,
    /// and less than that is what the texts say.
    #[wasm_bindgen(constructor)]
    pub fn new(
        url: &str,
        options: &str,
        environment: &str,
        codecs: &str,
        connect_timeout: f64,
        command_timeout: f64,
    ) -> Result<Self, JsValue> {
        let mut config = configure(url, options, environment)
            .map_err(|error| JsValue::from(error::config(&error.to_string())))?;
        let told = config.connect_timeout.take();
        let connect_timeout = if connect_timeout >= 0.0 { duration(connect_timeout) } else { told };
        if command_timeout >= 0.0 {
            config.limits.command_timeout = duration(command_timeout);
        }
        Ok(Self { config, connect_timeout, codecs: Codecs::parse(codecs) })
    }

    /// Where to connect to, as JSON: the hosts with how each is `shown`, its `host` or the `path` of its socket and
    /// its `port`; whether nothing may be sent before the connection is encrypted; the time for each host and for
    /// all, in milliseconds, 0 for ever.
    pub fn target(&self) -> String {
        let hosts = self.hosts();
        let hosts = hosts.iter().map(|host| {
            let mut object = Object::new();
            object.text("shown", &host.to_string());
            object.number("port", host.port.into());
            match (&host.address, host.hostaddr) {
                (_, Some(address)) => object.text("host", &address.to_string()),
                (HostAddress::Tcp(name), None) => object.text("host", name),
                _ => object.optional("path", host.socket_path().as_deref()),
            }
            object.finish()
        });
        let mode = self.config.tls.mode;
        let timeout = self.connect_timeout.map_or(0, |timeout| timeout.as_millis().max(1));
        let mut object = Object::new();
        object.json("hosts", &array(hosts));
        object
            .boolean("needsTls", matches!(mode, SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull));
        object.number("connectTimeout", u64::try_from(timeout).unwrap_or(u64::MAX));
        object.finish()
    }
}

impl Configuration {
    pub(crate) fn codecs(&self) -> Codecs {
        self.codecs.clone()
    }

    /// Begins a session with the host of that index. It is JavaScript that gives up when it takes too long.
    pub(crate) fn begin(&self, host: usize, now: Instant, nonce: [u8; 24]) -> Result<Connection, Error> {
        let local = self.hosts().get(host).is_some_and(Host::is_local);
        Connection::new(&self.config, Channel { encrypted: false, local, ..Channel::default() }, now, nonce)
    }

    fn hosts(&self) -> Vec<Host> {
        if self.config.hosts.is_empty() {
            return Host::defaults(self.config.default_port);
        }
        self.config.hosts.clone()
    }
}

fn configure(url: &str, options: &str, environment: &str) -> Result<Config, ConfigError> {
    let mut settings = Settings::parse(url)?;
    for (name, value) in pairs(options) {
        settings.set(name, value)?;
    }
    let environment = Settings::from_environment(|name| {
        pairs(environment).find(|(known, _)| *known == name).map(|(_, value)| value.into())
    });
    let config = settings.or(environment).into_config()?;
    refuse_unsupported(&config)?;
    Ok(config)
}

/// Refuses the options that are understood but that nothing in JavaScript acts on yet: to ignore them would be to do
/// something else than was asked for, such as to connect to another server.
fn refuse_unsupported(config: &Config) -> Result<(), ConfigError> {
    let missing = [
        ("service", config.service.is_some()),
        ("passfile", config.passfile.is_some()),
        ("target_session_attrs", config.target_session_attrs != TargetSessionAttrs::Any),
        ("load_balance_hosts", config.load_balance_hosts != LoadBalanceHosts::Disable),
        ("total_connect_timeout", config.total_connect_timeout.is_some()),
    ];
    match missing.iter().find(|(_, set)| *set) {
        Some((name, _)) => Err(ConfigError::option(name, "it is not supported yet; leave it out")),
        None => Ok(()),
    }
}

/// Names and values in turn, each ended by a NUL.
fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut parts = text.split_terminator('\0');
    std::iter::from_fn(move || Some((parts.next()?, parts.next()?)))
}

/// A time in milliseconds; 0 is no limit.
fn duration(milliseconds: f64) -> Option<Duration> {
    (milliseconds > 0.0).then(|| Duration::try_from_secs_f64(milliseconds / 1e3).unwrap_or(Duration::MAX))
}
