//! Connection URIs (PostgreSQL documentation, "Connection URIs"): making ours, and changing the user of one.

use std::{fmt::Write, path::Path};

/// `postgres://user:password@127.0.0.1:port/postgres`.
pub(crate) fn tcp(user: &str, password: &str, port: u16) -> String {
    format!("postgres://{}:{}@127.0.0.1:{port}/postgres", escape(user), escape(password))
}

/// The same over the Unix socket in `directory`.
pub(crate) fn unix(user: &str, password: &str, directory: &Path, port: u16) -> String {
    let directory = escape(&directory.to_string_lossy());
    format!("postgres://{}:{}@/postgres?host={directory}&port={port}", escape(user), escape(password))
}

/// The URL with another user and password.
pub(crate) fn with_user(url: &str, user: &str, password: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at_checked(end)?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    Some(format!("{scheme}://{}:{}@{host}{tail}", escape(user), escape(password)))
}

/// The URL as it may be shown.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "(not a URL)".to_owned() };
    let rest = rest.split('?').next().unwrap_or_default();
    format!("{scheme}://{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host))
}

/// The port of the URL's first host, else PostgreSQL's own.
pub(crate) fn port(url: &str) -> u16 {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default().split(',').next().unwrap_or_default();
    host.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or(5432)
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => {
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_of_a_url_is_replaced() {
        let url = tcp("postgres", "p@ss", 5433);
        assert_eq!(url, "postgres://postgres:p%40ss@127.0.0.1:5433/postgres");
        assert_eq!(with_user(&url, "a b", "c:d").unwrap(), "postgres://a%20b:c%3Ad@127.0.0.1:5433/postgres");
        assert_eq!(with_user("postgres://host/db?x=y", "u", "p").unwrap(), "postgres://u:p@host/db?x=y");
        assert_eq!(port(&url), 5433);
        assert_eq!(port("postgres://[::1]:7,other:8/db"), 7);
        assert_eq!(port("postgres:///db"), 5432);
    }

    #[test]
    fn a_socket_directory_is_a_host_parameter() {
        assert_eq!(unix("u", "p", Path::new("/tmp/x"), 5), "postgres://u:p@/postgres?host=%2Ftmp%2Fx&port=5");
    }
}
