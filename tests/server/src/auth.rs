use std::fmt::Write;

/// How a server asks a user to prove who they are (PostgreSQL documentation, "Authentication Methods").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Asks nothing.
    Trust,
    /// The password in clear text.
    Password,
    /// A salted MD5 hash of it.
    Md5,
    /// SCRAM-SHA-256.
    Scram,
}

/// The superuser of every server.
pub const SUPERUSER: &str = "postgres";

/// The password of every user of every server, unlike any user's name, so that a test can look for it in a log.
pub const PASSWORD: &str = "correct-horse";

/// A role for each method, there in every server, so that no test of a method needs a server of its own.
pub const USERS: [(&str, Auth); 4] = [
    ("trust_user", Auth::Trust),
    ("password_user", Auth::Password),
    ("md5_user", Auth::Md5),
    ("scram_user", Auth::Scram),
];

#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) password: String,
    pub(crate) auth: Auth,
}

impl Auth {
    const fn method(self) -> &'static str {
        match self {
            Self::Trust => "trust",
            Self::Password => "password",
            Self::Md5 => "md5",
            Self::Scram => "scram-sha-256",
        }
    }

    /// How the password has to be stored: the hash that `md5` asks for cannot be computed from a SCRAM verifier.
    const fn encryption(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Trust | Self::Password | Self::Scram => "scram-sha-256",
        }
    }
}

/// pg_hba.conf: a line for each known user, then SCRAM for the roles that tests create.
pub(crate) fn host_based_access(superuser: Auth, users: &[User]) -> String {
    let mut text = String::new();
    let known = users.iter().map(|user| (user.name.as_str(), user.auth));
    for (name, auth) in known.chain([(SUPERUSER, superuser)]) {
        line(&mut text, &format!("\"{}\"", name.replace('"', "\"\"")), auth);
    }
    line(&mut text, "all", Auth::Scram);
    text
}

fn line(text: &mut String, user: &str, auth: Auth) {
    let method = auth.method();
    for kind in ["local", "host"] {
        let address = if kind == "host" { "127.0.0.1/32" } else { "" };
        let _ = writeln!(text, "{kind} all,replication {user} {address} {method}");
    }
}

/// The SQL that makes the users, one statement a line, as single-user mode wants it.
pub(crate) fn create_roles(superuser: Auth, users: &[User]) -> String {
    let mut sql = String::new();
    for user in users {
        let _ = writeln!(sql, "SET password_encryption = '{}';", user.auth.encryption());
        let _ = writeln!(
            sql,
            "CREATE ROLE \"{}\" LOGIN PASSWORD '{}';",
            user.name.replace('"', "\"\""),
            user.password.replace('\'', "''")
        );
        // What a user of one's own database may do, and no more.
        let _ = writeln!(sql, "GRANT CREATE ON DATABASE postgres TO \"{}\";", user.name.replace('"', "\"\""));
    }
    let _ = writeln!(sql, "SET password_encryption = '{}';", superuser.encryption());
    let _ = writeln!(sql, "ALTER ROLE {SUPERUSER} PASSWORD '{PASSWORD}';");
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alice() -> User {
        User { name: "al\"ice".into(), password: "it's".into(), auth: Auth::Md5 }
    }

    #[test]
    fn names_and_passwords_are_quoted() {
        let sql = create_roles(Auth::Scram, &[alice()]);
        assert!(
            sql.contains(
                "SET password_encryption = 'md5';\nCREATE ROLE \"al\"\"ice\" LOGIN PASSWORD 'it''s';"
            )
        );
        assert!(
            host_based_access(Auth::Trust, &[alice()])
                .starts_with("local all,replication \"al\"\"ice\"  md5\n")
        );
    }

    #[test]
    fn the_line_for_all_comes_last() {
        let text = host_based_access(Auth::Password, &[]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "local all,replication \"postgres\"  password",
                "host all,replication \"postgres\" 127.0.0.1/32 password",
                "local all,replication all  scram-sha-256",
                "host all,replication all 127.0.0.1/32 scram-sha-256",
            ]
        );
    }
}
