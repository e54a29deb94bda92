use std::borrow::Cow;

use trunkline_core::Error;
use trunkline_core::error::UsageError;

use super::{Config, Password};

impl Config {
    /// The configuration with what only the operating system knows: the user.
    ///
    /// # Errors
    ///
    /// What cannot be, before anything is tried.
    pub(crate) fn completed(&self) -> Result<Self, Error> {
        self.validate()?;
        let mut config = self.clone();
        if let Some(service) = &config.service {
            let problem = format!(
                "the service \"{}\" was not looked up: use Config::parse or Config::from_env, which do",
                service.escape_debug()
            );
            return Err(UsageError::Config(problem.into()).into());
        }
        if cfg!(not(feature = "tls")) && config.tls.mode.requires_tls() {
            let problem = format!(
                "sslmode={} needs the feature tls of the crate trunkline, which was left out: turn it on, or use \
                 sslmode=disable on a network that is to be trusted",
                config.tls.mode
            );
            return Err(UsageError::Config(problem.into()).into());
        }
        if config.user.is_none() {
            let names = if cfg!(windows) { ["USERNAME", "USER"] } else { ["USER", "LOGNAME"] };
            config.user =
                names.iter().find_map(|name| std::env::var(name).ok()).filter(|user| !user.is_empty());
        }
        Ok(config)
    }

    /// The settings of one session: with its password and what SASLprep makes of it, and without a timeout, since
    /// there is one clock for all that connecting takes.
    pub(crate) fn for_session(&self, password: Option<Password>) -> trunkline_core::Config {
        let mut settings = trunkline_core::Config::clone(self);
        settings.connect_timeout = None;
        if let Some(password) = password {
            settings = settings.password(password);
        }
        if let Some(password) = settings.password.as_ref().filter(|password| !password.as_str().is_ascii()) {
            // What SASLprep refuses is used as it is, as PostgreSQL does.
            if let Ok(Cow::Owned(prepared)) = stringprep::saslprep(password.as_str()) {
                settings.scram_password = Some(Password::new(prepared));
            }
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_nobody_looked_up_is_not_passed_over() {
        let config = Config::from(trunkline_core::Config::parse("service=app").unwrap());
        assert!(config.completed().unwrap_err().to_string().contains("Config::parse"));
    }

    #[test]
    fn passwords_beyond_ascii_are_prepared_for_scram() {
        let settings = Config::new().for_session(Some("\u{2168}".into()));
        assert_eq!(settings.scram_password, Some("IX".into()));
        assert_eq!(settings.password, Some("\u{2168}".into()));
    }
}
