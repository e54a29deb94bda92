use alloc::format;

use super::value::is_space;
use super::{ConfigError, Settings};

impl Settings {
    /// The options of one service of a service file; `None` when the file does not have it.
    ///
    /// See ["The Connection Service File"] in PostgreSQL's libpq chapter. Lookups in LDAP are not done.
    ///
    /// ```
    /// use trunkline_core::config::Settings;
    ///
    /// let file = "[shop]\nhost=db.example.com\nuser=ada\n\n[test]\nhost=localhost\n";
    /// let shop = Settings::from_service_file(file, "shop")?.unwrap();
    /// assert_eq!(shop.get("host"), Some("db.example.com"));
    /// assert!(Settings::from_service_file(file, "nowhere")?.is_none());
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A line of that service which is not `option=value`, an unknown option, or one service naming another.
    ///
    /// ["The Connection Service File"]: https://www.postgresql.org/docs/18/libpq-pgservice.html
    pub fn from_service_file(text: &str, service: &str) -> Result<Option<Self>, ConfigError> {
        let mut found = None;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim_matches(is_space);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(section) = line.strip_prefix('[') {
                if found.is_some() {
                    break;
                }
                if section.strip_suffix(']') == Some(service) {
                    found = Some(Self::new());
                }
                continue;
            }
            let Some(settings) = &mut found else { continue };
            let number = index + 1;
            if line.starts_with("ldap") {
                return Err(ConfigError::line(number, "services from LDAP are not supported"));
            }
            let Some((name, value)) = line.split_once('=') else {
                return Err(ConfigError::line(number, "expected option=value"));
            };
            if matches!(name, "service" | "servicefile") {
                return Err(ConfigError::line(number, "a service cannot name another service"));
            }
            settings.set(name, value).map_err(|error| ConfigError::line(number, format!("{error}")))?;
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use proptest::prelude::*;

    use super::*;

    const FILE: &str = "# all\n[test]\nhost=db\n  user=jane  \noptions=-c a=b\n\n[other]\nhost=x\nbroken\n";

    #[test]
    fn a_service_is_found_by_name() {
        let settings = Settings::from_service_file(FILE, "test").unwrap().unwrap();
        assert_eq!(settings.get("host"), Some("db"));
        assert_eq!(settings.get("user"), Some("jane"));
        assert_eq!(settings.get("options"), Some("-c a=b"));
        assert!(Settings::from_service_file(FILE, "none").unwrap().is_none());
    }

    #[test]
    fn errors_name_the_line() {
        let error = Settings::from_service_file(FILE, "other").unwrap_err();
        assert_eq!(error.to_string(), "service file, line 9: expected option=value");
        for bad in ["[s]\nservice=x", "[s]\nhots=x", "[s]\nldap://x"] {
            let text = Settings::from_service_file(bad, "s").unwrap_err().to_string();
            assert!(text.starts_with("service file, line 2: "), "{text}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_files_never_panic(text in any::<String>()) {
            let _ = Settings::from_service_file(&alloc::format!("[s]\n{text}"), "s");
        }
    }
}
