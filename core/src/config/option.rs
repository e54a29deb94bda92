//! The table of options: name, environment variable, and what setting it does.

use alloc::format;
use alloc::string::String;

use super::suggest::nearest;
use super::value::{boolean, bytes, duration_or_none, number, seconds_or_none};
use super::{
    ChannelBinding, Config, ConfigError, LoadBalanceHosts, Password, ProtocolVersion, Replication,
    RequireAuth, RootCert, SslCertMode, SslMode, SslNegotiation, StatementMode, TargetSessionAttrs,
    TlsVersion,
};

/// One option that connection strings may have.
pub(super) struct ConnectionOption {
    pub(super) name: &'static str,
    /// The environment variable that gives its default.
    pub(super) variable: Option<&'static str>,
    pub(super) effect: Effect,
}

/// What setting an option does.
pub(super) enum Effect {
    /// It changes the configuration.
    Set(fn(&mut Config, &str) -> Result<(), Problem>),
    /// It is one of the lists that make the hosts together.
    Hosts,
    /// libpq knows it and we do not: why, and what to do instead.
    Unsupported(&'static str),
}

/// What is wrong with a value.
pub(super) enum Problem {
    /// It is none of these words.
    Words(&'static [&'static str]),
    /// In words, without the value.
    Text(&'static str),
}

/// The option of that name.
pub(super) fn find(name: &str) -> Option<&'static ConnectionOption> {
    OPTIONS.iter().find(|option| option.name == name)
}

/// What to say of a name that is no option.
pub(super) fn unknown(name: &str) -> ConfigError {
    // Half a password that was not quoted looks like an option: only what could be one is shown.
    let presentable = name.len() <= 63
        && name
            .chars()
            .all(|character| matches!(character, 'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' | '.'));
    if !presentable || name.is_empty() {
        return ConfigError::whole(
            "the connection string has an option whose name is not one (is a value with spaces or special \
             characters not quoted or percent-encoded?)",
        );
    }
    let alias = ALIASES.iter().find(|(alias, _)| name.eq_ignore_ascii_case(alias)).map(|&(_, meant)| meant);
    let meant = alias.or_else(|| nearest(name, OPTIONS.iter().map(|option| option.name)));
    ConfigError::option(
        name,
        match meant {
            Some(meant) => format!("there is no such option; did you mean {meant}?"),
            None => format!(
                "there is no such option; a setting of the server goes in options, as in options=-c{name}=value"
            ),
        },
    )
}

impl ConnectionOption {
    /// Applies a value.
    pub(super) fn apply(&self, config: &mut Config, value: &str) -> Result<(), ConfigError> {
        let problem = match &self.effect {
            Effect::Hosts => return Ok(()),
            Effect::Unsupported(why) => Problem::Text(why),
            Effect::Set(set) => match set(config, value) {
                Ok(()) => return Ok(()),
                Err(problem) => problem,
            },
        };
        Err(ConfigError::option(self.name, problem.describe(value)))
    }
}

impl Problem {
    fn describe(&self, value: &str) -> String {
        let words = match self {
            Self::Text(text) => return String::from(*text),
            Self::Words(words) => *words,
        };
        let presentable = value.len() <= 32
            && !value.is_empty()
            && value
                .chars()
                .all(|character| matches!(character, 'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' | '.'));
        let mut text =
            if presentable { format!("\"{value}\" is not") } else { String::from("the value is not") };
        text.push_str(if words.len() == 1 { " " } else { " one of " });
        for (index, word) in words.iter().enumerate() {
            text.push_str(if index == 0 { "" } else { ", " });
            text.push_str(word);
        }
        if let Some(meant) = nearest(value, words.iter().copied()) {
            text.push_str("; did you mean ");
            text.push_str(meant);
            text.push('?');
        }
        text
    }
}

const fn set(
    name: &'static str,
    variable: &'static str,
    set: fn(&mut Config, &str) -> Result<(), Problem>,
) -> ConnectionOption {
    let variable = if variable.is_empty() { None } else { Some(variable) };
    ConnectionOption { name, variable, effect: Effect::Set(set) }
}

const fn hosts(name: &'static str, variable: &'static str) -> ConnectionOption {
    ConnectionOption { name, variable: Some(variable), effect: Effect::Hosts }
}

/// An option of libpq's that is refused, as is its variable where leaving it out would be less safe.
const fn refused(name: &'static str, variable: Option<&'static str>, why: &'static str) -> ConnectionOption {
    ConnectionOption { name, variable, effect: Effect::Unsupported(why) }
}

const GSS: &str = "GSSAPI is not supported by this driver; leave the option out";
const OAUTH: &str =
    "OAuth tokens come from a callback of the program, not from connection strings; leave the option out";
const SCRAM_KEY: &str = "SCRAM keys in place of a password are not supported; give the password";

/// In the order of PostgreSQL's "Parameter Key Words", then this driver's own.
pub(super) static OPTIONS: &[ConnectionOption] = &[
    hosts("host", "PGHOST"),
    hosts("hostaddr", "PGHOSTADDR"),
    hosts("port", "PGPORT"),
    set("dbname", "PGDATABASE", |config, value| text(&mut config.dbname, value)),
    set("user", "PGUSER", |config, value| text(&mut config.user, value)),
    set("password", "PGPASSWORD", |config, value| secret(&mut config.password, value)),
    set("passfile", "PGPASSFILE", |config, value| text(&mut config.passfile, value)),
    set("require_auth", "PGREQUIREAUTH", |config, value| {
        store(&mut config.require_auth, RequireAuth::parse(value).map_err(Problem::Text)?)
    }),
    set("channel_binding", "PGCHANNELBINDING", |config, value| {
        word(&mut config.channel_binding, value, ChannelBinding::from_word, ChannelBinding::WORDS)
    }),
    set("connect_timeout", "PGCONNECT_TIMEOUT", |config, value| {
        let timeout =
            seconds_or_none(value).ok_or(Problem::Text("not a whole number of seconds (0 is no limit)"))?;
        store(&mut config.connect_timeout, timeout)
    }),
    set("client_encoding", "PGCLIENTENCODING", |_, value| {
        let plain = value.to_ascii_lowercase().replace(['-', '_', ' '], "");
        match plain.as_str() {
            "utf8" | "unicode" | "auto" | "" => Ok(()),
            _ => Err(Problem::Text("this driver talks to the server in UTF8 only; leave the option out")),
        }
    }),
    set("options", "PGOPTIONS", |config, value| text(&mut config.options, value)),
    set("application_name", "PGAPPNAME", |config, value| text(&mut config.application_name, value)),
    set("fallback_application_name", "", |config, value| text(&mut config.fallback_application_name, value)),
    set("keepalives", "", |config, value| switch(&mut config.keepalive.enabled, value)),
    set("keepalives_idle", "", |config, value| store(&mut config.keepalive.idle, seconds(value)?)),
    set("keepalives_interval", "", |config, value| store(&mut config.keepalive.interval, seconds(value)?)),
    set("keepalives_count", "", |config, value| {
        let count: u32 = number(value).ok_or(Problem::Text(WHOLE_NUMBER))?;
        store(&mut config.keepalive.count, (count > 0).then_some(count))
    }),
    set("tcp_user_timeout", "", |config, value| {
        let millis: u32 =
            number(value).ok_or(Problem::Text("not a whole number of milliseconds (0 is the system's)"))?;
        let timeout = core::time::Duration::from_millis(millis.into());
        store(&mut config.keepalive.user_timeout, (millis > 0).then_some(timeout))
    }),
    set("replication", "", |config, value| {
        let kind = Replication::parse(value).ok_or(Problem::Words(Replication::WORDS))?;
        store(&mut config.replication, kind)
    }),
    set("gssencmode", "PGGSSENCMODE", |_, value| match value {
        "disable" | "prefer" => Ok(()),
        "require" => {
            Err(Problem::Text("GSSAPI encryption is not supported by this driver; use sslmode=verify-full"))
        }
        _ => Err(Problem::Words(&["disable", "prefer"])),
    }),
    set("sslmode", "PGSSLMODE", |config, value| {
        word(&mut config.tls.mode, value, SslMode::from_word, SslMode::WORDS)
    }),
    set("sslnegotiation", "PGSSLNEGOTIATION", |config, value| {
        word(&mut config.tls.negotiation, value, SslNegotiation::from_word, SslNegotiation::WORDS)
    }),
    set("sslcompression", "PGSSLCOMPRESSION", |_, value| match boolean(value) {
        Some(false) => Ok(()),
        _ => Err(Problem::Text(
            "TLS compression gives secrets away (CRIME) and is not supported; leave the option out",
        )),
    }),
    set("sslcert", "PGSSLCERT", |config, value| text(&mut config.tls.cert, value)),
    set("sslkey", "PGSSLKEY", |config, value| text(&mut config.tls.key, value)),
    set("sslpassword", "", |config, value| secret(&mut config.tls.key_password, value)),
    set("sslcertmode", "PGSSLCERTMODE", |config, value| {
        word(&mut config.tls.cert_mode, value, SslCertMode::from_word, SslCertMode::WORDS)
    }),
    set("sslrootcert", "PGSSLROOTCERT", |config, value| {
        store(&mut config.tls.root_cert, (!value.is_empty()).then(|| RootCert::parse(value)))
    }),
    set("sslcrl", "PGSSLCRL", |config, value| text(&mut config.tls.crl, value)),
    set("sslcrldir", "PGSSLCRLDIR", |config, value| text(&mut config.tls.crl_dir, value)),
    set("sslsni", "PGSSLSNI", |config, value| switch(&mut config.tls.sni, value)),
    set("sslkeylogfile", "", |config, value| text(&mut config.tls.key_log_file, value)),
    set("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION", |config, value| match value {
        // Older ones were never offered: asking for at least them is asking for nothing.
        "" | "TLSv1" | "TLSv1.1" => Ok(()),
        _ => word(&mut config.tls.min_version, value, TlsVersion::from_word, TlsVersion::WORDS),
    }),
    set("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION", |config, value| match value {
        "" => Ok(()),
        _ => {
            let version = TlsVersion::from_word(value).ok_or(Problem::Words(TlsVersion::WORDS))?;
            store(&mut config.tls.max_version, Some(version))
        }
    }),
    refused(
        "requirepeer",
        Some("PGREQUIREPEER"),
        "checking the owner of a Unix socket is not supported by this driver; leave the option out and protect the \
         socket's directory",
    ),
    refused("krbsrvname", None, GSS),
    refused("gsslib", None, GSS),
    refused("gssdelegation", None, GSS),
    refused("scram_client_key", None, SCRAM_KEY),
    refused("scram_server_key", None, SCRAM_KEY),
    set("service", "PGSERVICE", |config, value| text(&mut config.service, value)),
    set("servicefile", "PGSERVICEFILE", |config, value| text(&mut config.service_file, value)),
    set("target_session_attrs", "PGTARGETSESSIONATTRS", |config, value| {
        word(
            &mut config.target_session_attrs,
            value,
            TargetSessionAttrs::from_word,
            TargetSessionAttrs::WORDS,
        )
    }),
    set("load_balance_hosts", "PGLOADBALANCEHOSTS", |config, value| {
        word(&mut config.load_balance_hosts, value, LoadBalanceHosts::from_word, LoadBalanceHosts::WORDS)
    }),
    set("min_protocol_version", "PGMINPROTOCOLVERSION", |config, value| {
        protocol_version(&mut config.min_protocol_version, value)
    }),
    set("max_protocol_version", "PGMAXPROTOCOLVERSION", |config, value| {
        protocol_version(&mut config.max_protocol_version, value)
    }),
    refused("oauth_issuer", None, OAUTH),
    refused("oauth_client_id", None, OAUTH),
    refused("oauth_client_secret", None, OAUTH),
    refused("oauth_scope", None, OAUTH),
    set("total_connect_timeout", "", |config, value| {
        store(&mut config.total_connect_timeout, duration_or_none(value).ok_or(Problem::Text(TIME))?)
    }),
    set("allow_cleartext", "", |config, value| switch(&mut config.allow_cleartext, value)),
    set("statement_mode", "", |config, value| {
        word(&mut config.statement_mode, value, StatementMode::from_word, StatementMode::WORDS)
    }),
    set("pipeline", "", |config, value| switch(&mut config.pipeline, value)),
    set("command_timeout", "", |config, value| {
        store(&mut config.limits.command_timeout, duration_or_none(value).ok_or(Problem::Text(TIME))?)
    }),
    set("statement_cache_size", "", |config, value| count(&mut config.limits.statement_cache_size, value)),
    set("statement_cache_bytes", "", |config, value| size(&mut config.limits.statement_cache_bytes, value)),
    set("max_message_len", "", |config, value| size(&mut config.limits.max_message_len, value)),
    set("high_water", "", |config, value| size(&mut config.limits.high_water, value)),
    set("learning_limit", "", |config, value| size(&mut config.limits.learning_limit, value)),
    set("outbox_mark", "", |config, value| size(&mut config.limits.outbox_mark, value)),
    set("outbox_limit", "", |config, value| size(&mut config.limits.outbox_limit, value)),
    set("pipeline_depth", "", |config, value| count(&mut config.limits.pipeline_depth, value)),
    set("max_scram_iterations", "", |config, value| {
        store(&mut config.limits.scram_iterations, number(value).ok_or(Problem::Text(WHOLE_NUMBER))?)
    }),
];

/// What other drivers call them.
static ALIASES: &[(&str, &str)] = &[
    ("database", "dbname"),
    ("db", "dbname"),
    ("username", "user"),
    ("pwd", "password"),
    ("pass", "password"),
    ("hostname", "host"),
    ("server", "host"),
    ("ssl", "sslmode"),
    ("timeout", "connect_timeout"),
    ("connection_timeout", "connect_timeout"),
    ("statement_timeout", "command_timeout"),
    ("max_cached_statements", "statement_cache_size"),
    ("prepared_statements", "statement_mode"),
    ("prepare", "statement_mode"),
    ("appname", "application_name"),
    ("schema", "options"),
];

const WHOLE_NUMBER: &str = "not a whole number";
const TIME: &str = "not a time such as 30, 30s, 500ms or 2min (0 is no limit)";

fn store<T>(slot: &mut T, value: T) -> Result<(), Problem> {
    *slot = value;
    Ok(())
}

/// An empty text is as good as none, as in libpq.
fn text(slot: &mut Option<String>, value: &str) -> Result<(), Problem> {
    store(slot, (!value.is_empty()).then(|| value.into()))
}

fn secret(slot: &mut Option<Password>, value: &str) -> Result<(), Problem> {
    store(slot, (!value.is_empty()).then(|| value.into()))
}

fn word<T>(
    slot: &mut T,
    value: &str,
    from_word: fn(&str) -> Option<T>,
    words: &'static [&'static str],
) -> Result<(), Problem> {
    store(slot, from_word(value).ok_or(Problem::Words(words))?)
}

fn switch(slot: &mut bool, value: &str) -> Result<(), Problem> {
    store(slot, boolean(value).ok_or(Problem::Words(&["1", "0", "true", "false", "on", "off", "yes", "no"]))?)
}

fn seconds(value: &str) -> Result<Option<core::time::Duration>, Problem> {
    seconds_or_none(value).ok_or(Problem::Text("not a whole number of seconds (0 is the system's)"))
}

fn count(slot: &mut usize, value: &str) -> Result<(), Problem> {
    store(slot, number(value).ok_or(Problem::Text(WHOLE_NUMBER))?)
}

fn size(slot: &mut usize, value: &str) -> Result<(), Problem> {
    store(slot, bytes(value).ok_or(Problem::Text("not a number of bytes such as 65536, 64kB or 16MB"))?)
}

fn protocol_version(slot: &mut ProtocolVersion, value: &str) -> Result<(), Problem> {
    let version = match value {
        "latest" => Some(ProtocolVersion::LATEST),
        _ => ProtocolVersion::from_word(value),
    };
    store(slot, version.ok_or(Problem::Words(&["3.0", "3.2", "latest"]))?)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn no_name_is_there_twice() {
        for (index, option) in OPTIONS.iter().enumerate() {
            assert!(OPTIONS[index + 1..].iter().all(|other| other.name != option.name), "{}", option.name);
        }
    }

    #[test]
    fn aliases_lead_to_options_and_are_none() {
        for (alias, meant) in ALIASES {
            assert!(find(meant).is_some(), "{meant}");
            assert!(find(alias).is_none(), "{alias}");
        }
    }

    #[test]
    fn unknown_options_are_named_with_a_suggestion() {
        assert_eq!(
            unknown("sslmod").to_string(),
            "connection option sslmod: there is no such option; did you mean sslmode?"
        );
        assert!(unknown("database").to_string().ends_with("did you mean dbname?"));
        assert!(unknown("search_path").to_string().contains("options=-csearch_path=value"));
        assert!(!unknown("p@ss/word").to_string().contains("ss/word"));
    }

    #[test]
    fn a_wrong_word_is_told_the_right_ones() {
        let error = find("sslmode").unwrap().apply(&mut Config::new(), "verify_full").unwrap_err();
        assert_eq!(
            error.to_string(),
            "connection option sslmode: \"verify_full\" is not one of disable, allow, prefer, require, verify-ca, \
             verify-full; did you mean verify-full?"
        );
    }
}
