use core::fmt;

/// A server's version, read from its `server_version`: `18.4`, `15.3 (Debian 15.3-1)`, `17beta1`.
///
/// ```
/// use trunkline_core::ServerVersion;
///
/// let version = ServerVersion { major: 17, minor: 2 };
/// assert!(version < ServerVersion { major: 18, minor: 0 });
/// assert_eq!(version.to_string(), "17.2");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerVersion {
    /// The major version, such as 18.
    pub major: u32,
    /// The minor version, such as 4; 0 for versions under development.
    pub minor: u32,
}

impl ServerVersion {
    /// The version that a text begins with.
    ///
    /// ```
    /// use trunkline_core::ServerVersion;
    ///
    /// let version = ServerVersion::parse("15.3 (Debian 15.3-1)");
    /// assert_eq!(version, Some(ServerVersion { major: 15, minor: 3 }));
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split(|c: char| !c.is_ascii_digit());
        let major = numbers.next()?.parse().ok()?;
        let has_minor = text.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('.');
        let minor =
            if has_minor { numbers.next().and_then(|minor| minor.parse().ok()).unwrap_or(0) } else { 0 };
        Some(Self { major, minor })
    }
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_servers_write_them() {
        for (text, major, minor) in [
            ("18.4", 18, 4),
            ("15.3 (Debian 15.3-1)", 15, 3),
            ("17beta1", 17, 0),
            ("9.6.24", 9, 6),
            ("19devel", 19, 0),
        ] {
            assert_eq!(ServerVersion::parse(text), Some(ServerVersion { major, minor }), "{text}");
        }
        assert_eq!(ServerVersion::parse("devel"), None);
        assert_eq!(ServerVersion::parse(""), None);
    }
}
