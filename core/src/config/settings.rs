use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use super::option::{OPTIONS, find, unknown};
use super::{Config, ConfigError, hosts, keyword_value, uri};

/// Options as they were written, each once, before they become a [`Config`].
///
/// It is what lets sources be laid over each other, by libpq's order of precedence: connection string, service
/// file, environment.
///
/// ```
/// use trunkline_core::config::Settings;
///
/// let variables = [("PGHOST", "db"), ("PGUSER", "jane")];
/// let environment = Settings::from_environment(|name| {
///     variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into())
/// });
/// let config = Settings::parse("postgres:///shop?user=joe")?.or(environment).into_config()?;
/// assert_eq!(config.user.as_deref(), Some("joe"));
/// assert_eq!(config.hosts.len(), 1);
/// # Ok::<(), trunkline_core::config::ConfigError>(())
/// ```
#[derive(Clone, Default)]
pub struct Settings {
    /// Names and values: a handful. Any value may be, or hold, a secret.
    values: Vec<(&'static str, Zeroizing<String>)>,
    /// Settings of the server.
    parameters: Vec<(String, String)>,
}

impl Settings {
    /// No option set.
    ///
    /// ```
    /// use trunkline_core::config::{Config, Settings};
    ///
    /// assert_eq!(Settings::new().into_config()?, Config::new());
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// The options of a connection string: a URI (`postgres://` or `postgresql://`), or keywords and values.
    ///
    /// See ["Connection Strings"] in PostgreSQL's libpq chapter; its rules are followed to the letter, and the last
    /// of an option given twice wins.
    ///
    /// ```
    /// use trunkline_core::config::Settings;
    ///
    /// let settings = Settings::parse("postgres://ada@db/shop")?;
    /// assert_eq!(settings.get("user"), Some("ada"));
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What is not a connection string, and options that do not exist. Values are looked at by
    /// [`into_config`](Self::into_config).
    ///
    /// ["Connection Strings"]: https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        match uri::strip_scheme(text) {
            Some(start) => uri::parse(text, start),
            None => keyword_value::parse(text),
        }
    }

    /// Sets one option, in place of what was set before.
    ///
    /// ```
    /// use trunkline_core::config::Settings;
    ///
    /// let mut settings = Settings::parse("host=db user=ada")?;
    /// settings.set("user", "grace")?;
    /// assert_eq!(settings.get("user"), Some("grace"));
    /// assert!(settings.set("usr", "ada").is_err());
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such option.
    pub fn set(&mut self, name: &str, value: impl Into<String>) -> Result<(), ConfigError> {
        self.set_text(name, Zeroizing::new(value.into()))
    }

    fn set_text(&mut self, name: &str, value: Zeroizing<String>) -> Result<(), ConfigError> {
        let option = find(name).ok_or_else(|| unknown(name))?;
        if value.as_bytes().contains(&b'\0') {
            return Err(ConfigError::option(name, "the value contains a NUL, which PostgreSQL cannot take"));
        }
        self.values.retain(|(known, _)| *known != option.name);
        self.values.push((option.name, value));
        Ok(())
    }

    /// These options, and those of `lower` that are not among them.
    ///
    /// ```
    /// use trunkline_core::config::Settings;
    ///
    /// let given = Settings::parse("dbname=shop")?;
    /// let settings = given.or(Settings::parse("dbname=test user=ada")?);
    /// assert_eq!((settings.get("dbname"), settings.get("user")), (Some("shop"), Some("ada")));
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    #[must_use]
    pub fn or(mut self, lower: Self) -> Self {
        for (name, value) in lower.values {
            if self.get(name).is_none() {
                self.values.push((name, value));
            }
        }
        for (name, value) in lower.parameters {
            if self.parameters.iter().all(|(known, _)| *known != name) {
                self.parameters.push((name, value));
            }
        }
        self
    }

    /// An option's text, if it is set.
    ///
    /// ```
    /// use trunkline_core::config::Settings;
    ///
    /// let settings = Settings::parse("service=shop")?;
    /// assert_eq!(settings.get("service"), Some("shop"));
    /// assert_eq!(settings.get("host"), None);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The configuration that the options make, with defaults for the others.
    ///
    /// ```
    /// use trunkline_core::config::Settings;
    ///
    /// let config = Settings::parse("host=a,b port=5433")?.into_config()?;
    /// assert!(config.hosts.iter().all(|host| host.port == 5433));
    /// assert!(Settings::parse("port=high")?.into_config().is_err());
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A value that its option cannot have, or options that contradict each other.
    pub fn into_config(self) -> Result<Config, ConfigError> {
        let mut config = Config::new();
        for option in OPTIONS {
            if let Some(value) = self.get(option.name) {
                option.apply(&mut config, value)?;
            }
        }
        (config.hosts, config.default_port) =
            hosts::combine(self.get("host"), self.get("hostaddr"), self.get("port"))?;
        config.parameters = self.parameters;
        config.validate()?;
        Ok(config)
    }

    /// A setting of the server, from a variable that has no option.
    pub(super) fn set_parameter(&mut self, name: &str, value: String) {
        self.parameters.push((name.into(), value));
    }
}

impl fmt::Debug for Settings {
    /// Names only: what an option holds may be secret, or half of one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.values.iter().map(|(name, _)| format!("{name}=…")).collect();
        f.debug_struct("Settings").field("values", &names).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_upper_settings_win() {
        let upper = Settings::parse("user=a").unwrap();
        let lower = Settings::parse("user=b dbname=c").unwrap();
        let settings = upper.or(lower);
        assert_eq!(settings.get("user"), Some("a"));
        assert_eq!(settings.get("dbname"), Some("c"));
    }

    #[test]
    fn debug_shows_no_values() {
        let settings = Settings::parse("user=jane password=s3cret").unwrap();
        let shown = format!("{settings:?}");
        assert!(shown.contains("password") && !shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn an_unknown_option_cannot_be_set() {
        assert!(Settings::new().set("hots", "x").is_err());
        assert!(Settings::new().set("host", "a\0b").is_err());
    }
}
