use alloc::string::String;

use zeroize::Zeroizing;

use super::value::{is_space, split};
use super::{ConfigError, Settings};

/// `keyword = value` pairs by libpq's rules: blanks around `=` do not count, values with blanks stand in single
/// quotes, a backslash takes the next character as it is.
pub(super) fn parse(text: &str) -> Result<Settings, ConfigError> {
    refuse_other_schemes(text)?;
    let mut settings = Settings::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let start = text.len() - rest.len();
        let name_end = rest.find(|character| character == '=' || is_space(character)).unwrap_or(rest.len());
        let (name, after) = split(rest, name_end);
        // The word is not shown: a value that should have been quoted ends up here, a password for one.
        let Some(after) = after.trim_start_matches(is_space).strip_prefix('=') else {
            return Err(ConfigError::at(
                text,
                start,
                "there is no \"=\" after this word; expected keyword=value (values with spaces stand in single \
                 quotes), or a URI that begins with postgres://",
            ));
        };
        if name.is_empty() {
            return Err(ConfigError::at(text, start, "there is no keyword before \"=\""));
        }
        let (value, after) = take_value(text, after.trim_start_matches(is_space))?;
        settings.set(name, value.as_str())?;
        rest = after.trim_start_matches(is_space);
    }
    Ok(settings)
}

/// A value with its quotes and backslashes undone, and the text after it.
fn take_value<'a>(text: &str, rest: &'a str) -> Result<(Zeroizing<String>, &'a str), ConfigError> {
    // Room for all of it, so that growing leaves no copy of a password behind.
    let mut value = Zeroizing::new(String::with_capacity(rest.len()));
    let (quoted, body) = match rest.strip_prefix('\'') {
        Some(body) => (true, body),
        None => (false, rest),
    };
    let mut characters = body.chars();
    loop {
        let before = characters.as_str();
        match characters.next() {
            None if quoted => {
                let start = text.len() - rest.len();
                return Err(ConfigError::at(text, start, "the single quote that begins here is not closed"));
            }
            None => return Ok((value, "")),
            Some('\'') if quoted => return Ok((value, characters.as_str())),
            Some(character) if !quoted && is_space(character) => return Ok((value, before)),
            // A backslash at the very end stands for nothing.
            Some('\\') => value.extend(characters.next()),
            Some(character) => value.push(character),
        }
    }
}

/// A URI that is not quite PostgreSQL's would be complained about as a keyword that nobody wrote.
fn refuse_other_schemes(text: &str) -> Result<(), ConfigError> {
    let end = text.as_bytes().windows(3).position(|three| three == b"://");
    let Some(scheme) = end.and_then(|end| text.get(..end)) else { return Ok(()) };
    let trimmed = scheme.trim_start_matches(is_space);
    if trimmed.contains(|character| character == '=' || is_space(character)) {
        return Ok(());
    }
    if trimmed.eq_ignore_ascii_case("postgres") || trimmed.eq_ignore_ascii_case("postgresql") {
        return Err(ConfigError::at(
            text,
            0,
            "a URI begins with postgres:// or postgresql:// in lower case, and nothing before it",
        ));
    }
    Err(ConfigError::at(
        text,
        0,
        "this URI is not one of PostgreSQL's; it begins with postgres:// or postgresql://",
    ))
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    fn value<'a>(settings: &'a Settings, name: &str) -> &'a str {
        settings.get(name).unwrap_or("<none>")
    }

    /// Text, and the options that it sets.
    const GOOD: &[(&str, &[(&str, &str)])] = &[
        ("", &[]),
        ("   \t\n", &[]),
        ("user=jane", &[("user", "jane")]),
        ("user = jane", &[("user", "jane")]),
        ("user= jane  dbname =shop", &[("user", "jane"), ("dbname", "shop")]),
        ("user\n=\njane\ndbname=shop", &[("user", "jane"), ("dbname", "shop")]),
        ("user='jane doe'", &[("user", "jane doe")]),
        ("user=''", &[("user", "")]),
        ("user='a'dbname='b'", &[("user", "a"), ("dbname", "b")]),
        (r"user='it\'s'", &[("user", "it's")]),
        (r"user=it\'s", &[("user", "it's")]),
        (r"user=a\ b", &[("user", "a b")]),
        (r"user=a\\b", &[("user", r"a\b")]),
        (r"user='a\\'", &[("user", r"a\")]),
        (r"user=a\", &[("user", "a")]),
        (r"user=\n", &[("user", "n")]),
        ("user=a'b'c", &[("user", "a'b'c")]),
        ("user=a=b", &[("user", "a=b")]),
        ("user=a user=b", &[("user", "b")]),
        ("user=é password=ü", &[("user", "é"), ("password", "ü")]),
        ("password=%41+#", &[("password", "%41+#")]),
        ("host=a,b port=1,2", &[("host", "a,b"), ("port", "1,2")]),
        ("user= ", &[("user", "")]),
        ("user=", &[("user", "")]),
        ("options='-c geqo=off'", &[("options", "-c geqo=off")]),
        ("user=x dbname=postgres://y", &[("user", "x"), ("dbname", "postgres://y")]),
    ];

    #[test]
    fn pairs_are_read_by_libpqs_rules() {
        for (text, expected) in GOOD {
            let settings = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            for (name, expected) in *expected {
                assert_eq!(value(&settings, name), *expected, "{text}");
            }
        }
    }

    #[test]
    fn the_blank_after_an_empty_value_belongs_to_the_next_pair() {
        // libpq skips blanks after "=", so this is a user called "dbname=shop".
        assert_eq!(value(&parse("user= dbname=shop").unwrap(), "user"), "dbname=shop");
    }

    #[test]
    fn errors_say_where_and_show_no_secret() {
        for (text, position) in [
            ("jane", 1),
            ("user=jane dbname", 11),
            ("user name=x", 1),
            ("user='jane", 6),
            ("=x", 1),
            ("password=my s3cret", 13),
            ("é=1 user='", 0),
            ("mysql://u:s3cret@h/d", 1),
            (" postgres://u:s3cret@h/d", 1),
            ("POSTGRES://u:s3cret@h/d", 1),
        ] {
            let error = parse(text).unwrap_err();
            assert!(!error.to_string().contains("s3cret"), "{error}");
            if position > 0 {
                assert_eq!(error.position(), Some(position), "{text}: {error}");
            }
        }
        assert!(parse("usr=x").unwrap_err().to_string().contains("did you mean user?"));
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = parse(&text);
        }

        #[test]
        fn near_misses_never_panic(text in r"((user|host|x)[ =']{0,3}[a-z'\\ é]{0,6} ?){0,4}") {
            let _ = parse(&text);
        }

        #[test]
        fn quoting_round_trips(password in "[^\0]{0,20}", user in "[^\0]{0,20}") {
            let quote = |text: &str| text.replace('\\', r"\\").replace('\'', r"\'");
            let pieces: Vec<String> =
                [("password", &password), ("user", &user)].iter().map(|(name, value)| alloc::format!("{name}='{}'", quote(value))).collect();
            let settings = parse(&pieces.join(" ")).unwrap();
            prop_assert_eq!(value(&settings, "password"), password);
            prop_assert_eq!(value(&settings, "user"), user);
        }
    }
}
