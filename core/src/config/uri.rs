use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::option::{find, unknown};
use super::value::{is_space, split};
use super::{ConfigError, Settings};

/// Where the text after `postgres://` or `postgresql://` begins, if it is such a URI.
pub(super) fn strip_scheme(text: &str) -> Option<usize> {
    ["postgresql://", "postgres://"]
        .iter()
        .find(|scheme| text.starts_with(**scheme))
        .map(|scheme| scheme.len())
}

/// A URI by libpq's rules, which are not RFC 3986's:
///
/// ```text
/// postgres://user:password@host:port,host:port/dbname?option=value&option=value
///            └─ up to the first @ before any /        └─ # and + are ordinary
/// ```
pub(super) fn parse(text: &str, start: usize) -> Result<Settings, ConfigError> {
    let mut uri = Uri { text, settings: Settings::new() };
    let rest = text.get(start..).unwrap_or_default();
    let rest = uri.user(rest)?;
    let rest = uri.hosts(rest)?;
    let rest = match rest.strip_prefix('/') {
        Some(path) => {
            let (dbname, rest) = split_at_any(path, &['?']);
            uri.set_unless_empty("dbname", dbname)?;
            rest
        }
        None => rest,
    };
    if let Some(query) = rest.strip_prefix('?') {
        uri.query(query)?;
    }
    Ok(uri.settings)
}

/// A URI being read. Pieces are slices of `text`, so that each knows its place.
struct Uri<'a> {
    text: &'a str,
    settings: Settings,
}

impl<'a> Uri<'a> {
    /// `user:password@`, if an `@` comes before any `/`.
    fn user(&mut self, rest: &'a str) -> Result<&'a str, ConfigError> {
        let (designator, after) = split_at_any(rest, &['@', '/']);
        let Some(after) = after.strip_prefix('@') else { return Ok(rest) };
        let (user, password) = split_at_any(designator, &[':']);
        self.set_unless_empty("user", user)?;
        self.set_unless_empty("password", password.strip_prefix(':').unwrap_or_default())?;
        Ok(after)
    }

    /// `host:port,host:port`. The lists are decoded as wholes, as libpq does it: an encoded comma separates.
    fn hosts(&mut self, hosts: &'a str) -> Result<&'a str, ConfigError> {
        let mut rest = hosts;
        let mut names = String::new();
        let mut ports = String::new();
        loop {
            let name = match rest.strip_prefix('[') {
                Some(bracketed) => {
                    let (name, after) = self.bracketed(rest, bracketed)?;
                    rest = after;
                    name
                }
                None => {
                    let (name, after) = split_at_any(rest, &[':', '/', '?', ',']);
                    rest = after;
                    name
                }
            };
            names.push_str(name);
            if let Some(after) = rest.strip_prefix(':') {
                let (port, after) = split_at_any(after, &['/', '?', ',']);
                ports.push_str(port);
                rest = after;
            }
            match rest.strip_prefix(',') {
                Some(after) => rest = after,
                None => break,
            }
            names.push(',');
            ports.push(',');
        }
        // Not slices of the text, so errors of decoding point at the first host.
        self.set_decoded("host", &names, hosts)?;
        self.set_decoded("port", &ports, hosts)?;
        Ok(rest)
    }

    /// An IPv6 address, after its `[`.
    fn bracketed(&self, rest: &'a str, bracketed: &'a str) -> Result<(&'a str, &'a str), ConfigError> {
        let Some((name, after)) = bracketed.split_once(']') else {
            return Err(self.error(rest, "the \"[\" of an IPv6 address is not closed"));
        };
        if name.is_empty() {
            return Err(self.error(rest, "there is no IPv6 address between \"[\" and \"]\""));
        }
        if !(after.is_empty() || after.starts_with([':', '/', '?', ','])) {
            return Err(self.error(after, "expected \":\", \"/\", \"?\" or \",\" after an IPv6 address"));
        }
        Ok((name, after))
    }

    /// `option=value&option=value`.
    fn query(&mut self, query: &'a str) -> Result<(), ConfigError> {
        let mut rest = query;
        while !rest.is_empty() {
            let (pair, after) = split_at_any(rest, &['&']);
            let Some((raw_name, raw_value)) = pair.split_once('=') else {
                return Err(self.error(rest, "there is no \"=\" in this option; expected option=value"));
            };
            if raw_value.as_bytes().contains(&b'=') {
                return Err(
                    self.error(rest, "there is a second \"=\" in this option; in a value it is written %3D")
                );
            }
            let name = self.decode(raw_name, raw_name)?;
            let value = self.decode(raw_value, raw_value)?;
            // For the sake of JDBC's users, as libpq has it.
            if name.as_str() == "ssl" && value.as_str() == "true" {
                self.settings.set("sslmode", "require")?;
            } else if find(&name).is_none()
                && rest.as_bytes().contains(&b'@')
                && self.settings.get("user").is_none()
            {
                // With an "@" only here, this may well be the end of a password that was not encoded.
                return Err(self.error(
                    rest,
                    "there is no such option; if it belongs to the password, its \"/\" and \"?\" must be \
                     percent-encoded (%2F, %3F)",
                ));
            } else if find(&name).is_none() {
                return Err(unknown(&name));
            } else {
                self.settings.set(&name, value.as_str())?;
            }
            rest = after.strip_prefix('&').unwrap_or_default();
        }
        Ok(())
    }

    fn set_unless_empty(&mut self, name: &str, raw: &'a str) -> Result<(), ConfigError> {
        self.set_decoded(name, raw, raw)
    }

    fn set_decoded(&mut self, name: &str, raw: &str, place: &'a str) -> Result<(), ConfigError> {
        if raw.is_empty() {
            return Ok(());
        }
        let value = self.decode(raw, place)?;
        self.settings.set(name, value.as_str())
    }

    /// Percent-encoding undone. Blanks at either end do not count; within, they are an error.
    fn decode(&self, raw: &str, place: &'a str) -> Result<Zeroizing<String>, ConfigError> {
        let trimmed = raw.trim_matches(' ');
        if trimmed.contains(is_space) {
            return Err(self.error(place, "there is a space in this part; write it %20"));
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(trimmed.len()));
        let mut rest = trimmed.as_bytes();
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            if byte != b'%' {
                bytes.push(byte);
                continue;
            }
            let decoded = match rest {
                [high, low, after @ ..] => {
                    rest = after;
                    hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low)
                }
                _ => None,
            };
            match decoded {
                Some(0) => return Err(self.error(place, "%00 cannot be part of any value")),
                Some(decoded) => bytes.push(decoded),
                None => {
                    return Err(self.error(
                        place,
                        "a \"%\" is not followed by two hexadecimal digits; a \"%\" itself is written %25",
                    ));
                }
            }
        }
        match core::str::from_utf8(&bytes) {
            Ok(decoded) => Ok(Zeroizing::new(decoded.into())),
            Err(_) => Err(self.error(place, "what is percent-encoded here is not UTF-8")),
        }
    }

    /// An error at a piece of the text (a slice of it up to any later place, its beginning counts).
    fn error(&self, piece: &str, problem: &str) -> ConfigError {
        let offset = (piece.as_ptr().addr()).saturating_sub(self.text.as_ptr().addr());
        ConfigError::at(self.text, offset.min(self.text.len()), problem)
    }
}

/// The text before the first of the characters, and the rest from it on.
fn split_at_any<'a>(text: &'a str, ends: &[char]) -> (&'a str, &'a str) {
    split(text, text.find(ends).unwrap_or(text.len()))
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
