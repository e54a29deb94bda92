use super::{Config, ConfigError, LoadBalanceHosts, TargetSessionAttrs};

impl Config {
    /// Refuses the options that are understood but that nothing acts on yet: to ignore them would be to do
    /// something else than was asked for, such as to connect to another server.
    ///
    /// # Errors
    ///
    /// The first such option that is set.
    pub fn check_supported(&self) -> Result<(), ConfigError> {
        let missing = [
            ("service", self.service.is_some()),
            ("passfile", self.passfile.is_some()),
            ("target_session_attrs", self.target_session_attrs != TargetSessionAttrs::Any),
            ("load_balance_hosts", self.load_balance_hosts != LoadBalanceHosts::Disable),
            ("pipeline", !self.pipeline),
        ];
        match missing.iter().find(|(_, set)| *set) {
            Some((name, _)) => Err(ConfigError::option(name, "it is not supported yet; leave it out")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_ignored_is_refused() {
        assert!(Config::parse("postgres://ada@h/app").unwrap().check_supported().is_ok());
        for option in [
            "service=x",
            "passfile=/x",
            "target_session_attrs=primary",
            "load_balance_hosts=random",
            "pipeline=false",
        ] {
            let config = Config::parse(&alloc::format!("postgres://ada@h/app?{option}")).unwrap();
            assert!(config.check_supported().is_err(), "{option}");
        }
    }
}
