use alloc::string::String;

use super::Settings;
use super::option::OPTIONS;

/// Variables that set something of the server and have no option.
const PARAMETERS: [(&str, &str); 3] =
    [("PGTZ", "TimeZone"), ("PGDATESTYLE", "DateStyle"), ("PGGEQO", "geqo")];

impl Settings {
    /// The options that libpq's environment variables set. See ["Environment Variables"] in PostgreSQL's libpq
    /// chapter.
    ///
    /// `variable` gives the value of the one that it is asked for, such as `PGHOST`. An empty variable is as
    /// good as none. The file names among them (`PGPASSFILE`, `PGSERVICEFILE`) are for the shell to open.
    ///
    /// ```
    /// use trunkline_core::config::Settings;
    ///
    /// let settings = Settings::from_environment(|name| std::env::var(name).ok());
    /// let config = settings.into_config()?;
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    ///
    /// ["Environment Variables"]: https://www.postgresql.org/docs/18/libpq-envars.html
    pub fn from_environment(mut variable: impl FnMut(&str) -> Option<String>) -> Self {
        let mut settings = Self::new();
        let mut read = |name: &str| variable(name).filter(|value| !value.is_empty());
        for option in OPTIONS {
            if let Some(value) = option.variable.and_then(&mut read) {
                // A variable cannot hold a NUL, and the name is from the table.
                let _ = settings.set(option.name, value);
            }
        }
        for (variable, parameter) in PARAMETERS {
            if let Some(value) = read(variable) {
                settings.set_parameter(parameter, value);
            }
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SslMode;

    fn of(variables: &[(&str, &str)]) -> Settings {
        Settings::from_environment(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into())
        })
    }

    #[test]
    fn variables_set_their_options() {
        let config = of(&[("PGHOST", "a,b"), ("PGPORT", "1"), ("PGPASSWORD", "x"), ("PGSSLMODE", "require")])
            .into_config()
            .unwrap();
        assert_eq!(config.hosts.len(), 2);
        assert_eq!(config.password.unwrap().as_str(), "x");
        assert_eq!(config.tls.mode, SslMode::Require);
    }

    #[test]
    fn settings_of_the_server_become_startup_parameters() {
        let config = of(&[("PGTZ", "UTC")]).into_config().unwrap();
        assert_eq!(config.parameters, [("TimeZone".into(), "UTC".into())]);
    }

    #[test]
    fn an_empty_variable_is_none() {
        let config = of(&[("PGSSLMODE", ""), ("PGPORT", "")]).into_config().unwrap();
        assert_eq!(config, crate::config::Config::new());
    }

    #[test]
    fn what_would_be_less_safe_if_ignored_is_refused() {
        assert!(of(&[("PGREQUIREPEER", "postgres")]).into_config().is_err());
        assert!(of(&[("PGGSSENCMODE", "require")]).into_config().is_err());
    }
}
