use alloc::string::String;

use zeroize::Zeroizing;

use super::{Config, Host, HostAddress, Password};

impl Config {
    /// The password that a password file (`~/.pgpass`) has for one host, database and user.
    ///
    /// `text` is the file's; that nobody else can read it is for the shell to check. See ["The Password File"] in
    /// PostgreSQL's libpq chapter. Its backslashes are undone, in what is matched and in the password. A Unix
    /// socket is found by its directory, or as `localhost`.
    ///
    /// ```
    /// use trunkline_core::config::Config;
    ///
    /// let file = "# host:port:database:user:password\ndb:*:shop:ada:correct\\:horse\n";
    /// let config = Config::parse("host=db dbname=shop user=ada")?;
    /// let password = config.password_from_file(file, &config.hosts[0], "operator").unwrap();
    /// assert_eq!(password.as_str(), "correct:horse");
    /// # Ok::<(), trunkline_core::config::ConfigError>(())
    /// ```
    ///
    /// ["The Password File"]: https://www.postgresql.org/docs/18/libpq-pgpass.html
    pub fn password_from_file(&self, text: &str, host: &Host, default_user: &str) -> Option<Password> {
        let user = self.user.as_deref().unwrap_or(default_user);
        let dbname = self.dbname.as_deref().unwrap_or(user);
        text.lines().find_map(|line| password_of_line(line, host, dbname, user))
    }
}

/// The password of one line, `host:port:database:user:password`, if it is about these.
fn password_of_line(line: &str, host: &Host, dbname: &str, user: &str) -> Option<Password> {
    let line = line.trim_end_matches('\r');
    if line.starts_with('#') {
        return None;
    }
    let (entry_host, rest) = split_field(line)?;
    let (entry_port, rest) = split_field(rest)?;
    let (entry_dbname, rest) = split_field(rest)?;
    let (entry_user, rest) = split_field(rest)?;
    let host_matches = match &host.address {
        HostAddress::Tcp(name) => matches(entry_host, name),
        HostAddress::Unix(directory) => matches(entry_host, directory) || matches(entry_host, "localhost"),
    };
    let port = alloc::format!("{}", host.port);
    let all = host_matches
        && matches(entry_port, &port)
        && matches(entry_dbname, dbname)
        && matches(entry_user, user);
    // What follows a colon after the password is left for fields to come.
    all.then(|| Password::new(unescape(split_field(rest).map_or(rest, |(password, _)| password)).as_str()))
}

/// The field before the first colon that no backslash stands before, and the text after it.
fn split_field(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    let colon = text.bytes().position(|byte| {
        let ends = byte == b':' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    Some((text.get(..colon)?, text.get(colon + 1..)?))
}

fn matches(field: &str, wanted: &str) -> bool {
    field == "*" || unescape(field).as_str() == wanted
}

fn unescape(field: &str) -> Zeroizing<String> {
    let mut plain = Zeroizing::new(String::with_capacity(field.len()));
    let mut characters = field.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.push(characters.next().unwrap_or('\\')),
            _ => plain.push(character),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn find(text: &str, host: &str) -> Option<String> {
        let config = Config::new().user("jane").dbname("shop");
        config.password_from_file(text, &Host::new(host, 5432), "os").map(|password| password.as_str().into())
    }

    #[test]
    fn the_first_line_that_fits_wins() {
        let file = "# comment\n\nother:5432:shop:jane:no\ndb:5432:*:*:yes\n*:*:*:*:late\n";
        assert_eq!(find(file, "db").as_deref(), Some("yes"));
        assert_eq!(find(file, "elsewhere").as_deref(), Some("late"));
        assert_eq!(find("db:5433:*:*:no", "db"), None);
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(find(r"db:*:*:*:a\:b\\c", "db").as_deref(), Some(r"a:b\c"));
        assert_eq!(find(r"\:\:1:*:*:*:x", "::1").as_deref(), Some("x"));
        assert_eq!(find(r"db:*:*:*:a\", "db").as_deref(), Some(r"a\"));
        assert_eq!(find(r"\*:*:*:*:x", "db"), None);
    }

    #[test]
    fn sockets_match_by_directory_or_localhost() {
        assert_eq!(find("/tmp:*:*:*:x", "/tmp").as_deref(), Some("x"));
        assert_eq!(find("localhost:*:*:*:x", "/tmp").as_deref(), Some("x"));
        assert_eq!(find("/run:*:*:*:x", "/tmp"), None);
    }

    #[test]
    fn the_database_is_called_like_the_user_when_there_is_none() {
        let config = Config::new().user("jane");
        let host = Host::new("db", 5432);
        assert!(config.password_from_file("db:5432:jane:jane:x", &host, "os").is_some());
        assert!(Config::new().password_from_file("db:5432:os:os:x", &host, "os").is_some());
    }

    #[test]
    fn windows_line_ends_are_not_part_of_it() {
        assert_eq!(find("db:*:*:*:x\r\n", "db").as_deref(), Some("x"));
    }

    proptest! {
        #[test]
        fn arbitrary_files_never_panic(text in any::<String>()) {
            let _ = find(&text, "db");
        }

        #[test]
        fn any_password_survives_escaping(password in "[^\r\n]{1,20}") {
            let line = alloc::format!("*:*:*:*:{}", password.replace('\\', r"\\").replace(':', r"\:"));
            prop_assert_eq!(find(&line, "db"), Some(password));
        }
    }
}
