use alloc::vec::Vec;

use super::{Config, ConfigError, Replication};

/// Parameters that have a place of their own in [`Config`].
const OWN: [&str; 6] = ["user", "database", "options", "application_name", "client_encoding", "replication"];

impl Config {
    /// What the StartupMessage says, in order: as little as will do, since poolers refuse what they do not know.
    ///
    /// `default_user` is the operating system's user, for when none is set. See ["Start-up"] in PostgreSQL's
    /// protocol chapter.
    ///
    /// ```
    /// use trunkline_core::config::Config;
    ///
    /// let config = Config::parse("dbname=shop application_name=invoices")?;
    /// let parameters = config.startup_parameters("ada");
    /// assert_eq!(parameters[..2], [("user", "ada"), ("database", "shop")]);
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    ///
    /// ["Start-up"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-START-UP
    pub fn startup_parameters<'a>(&'a self, default_user: &'a str) -> Vec<(&'a str, &'a str)> {
        let mut parameters = Vec::with_capacity(6 + self.parameters.len());
        parameters.push(("user", self.user.as_deref().unwrap_or(default_user)));
        let optional = [
            ("database", self.dbname.as_deref()),
            ("replication", (self.replication != Replication::Off).then_some(self.replication.as_str())),
            ("options", self.options.as_deref()),
            (
                "application_name",
                self.application_name.as_deref().or(self.fallback_application_name.as_deref()),
            ),
            ("client_encoding", Some("UTF8")),
        ];
        parameters.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value?))));
        parameters.extend(self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        parameters
    }

    /// A NUL would end its string in the message, and what follows would be read as more parameters: another
    /// user, say.
    pub(super) fn validate_startup(&self) -> Result<(), ConfigError> {
        for (name, value) in &self.parameters {
            if name.is_empty() {
                return Err(ConfigError::whole("a startup parameter has no name"));
            }
            if name.as_bytes().contains(&b'\0') {
                return Err(ConfigError::whole("the name of a startup parameter contains a NUL"));
            }
            if OWN.contains(&name.as_str()) {
                return Err(ConfigError::option(
                    name,
                    "it cannot be set as a startup parameter; use the option of its own",
                ));
            }
            // Protocol extensions have to be understood by the driver, not only asked for.
            if name.starts_with("_pq_.") {
                return Err(ConfigError::option(name, "protocol extensions cannot be asked for"));
            }
            if value.as_bytes().contains(&b'\0') {
                return Err(ConfigError::option(name, NUL));
            }
        }
        let texts = [
            ("user", &self.user),
            ("dbname", &self.dbname),
            ("options", &self.options),
            ("application_name", &self.application_name),
            ("fallback_application_name", &self.fallback_application_name),
        ];
        for (name, text) in texts {
            if text.as_deref().is_some_and(|text| text.as_bytes().contains(&b'\0')) {
                return Err(ConfigError::option(name, NUL));
            }
        }
        if self.password.as_ref().is_some_and(|password| password.as_bytes().contains(&0)) {
            return Err(ConfigError::option("password", NUL));
        }
        Ok(())
    }
}

const NUL: &str = "the value contains a NUL, which PostgreSQL cannot take";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_as_little_as_will_do() {
        assert_eq!(Config::new().startup_parameters("os"), [("user", "os"), ("client_encoding", "UTF8")]);
    }

    #[test]
    fn everything_set_is_said() {
        let config = Config::parse(
            "user=jane dbname=shop options=-cgeqo=off application_name=till fallback_application_name=x \
             replication=database",
        )
        .unwrap()
        .parameter("search_path", "app");
        assert_eq!(
            config.startup_parameters("os"),
            [
                ("user", "jane"),
                ("database", "shop"),
                ("replication", "database"),
                ("options", "-cgeqo=off"),
                ("application_name", "till"),
                ("client_encoding", "UTF8"),
                ("search_path", "app"),
            ]
        );
        let fallback = Config::parse("fallback_application_name=x").unwrap();
        assert!(fallback.startup_parameters("os").contains(&("application_name", "x")));
    }

    #[test]
    fn nothing_can_be_smuggled_in() {
        for config in [
            Config::new().user("a\0user\0postgres"),
            Config::new().application_name("a\0b"),
            Config::new().parameter("a\0b", "c"),
            Config::new().parameter("a", "b\0c"),
            Config::new().parameter("", "b"),
            Config::new().parameter("user", "b"),
            Config::new().parameter("_pq_.x", "b"),
            Config::new().password("a\0b"),
        ] {
            assert!(config.validate().is_err(), "{config:?}");
        }
        assert!(Config::new().user("a").parameter("b", "").validate().is_ok());
    }
}
