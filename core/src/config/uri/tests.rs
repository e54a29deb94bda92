use alloc::format;
use alloc::string::ToString;

use proptest::prelude::*;

use super::*;
use crate::config::{Config, Host};

fn options(text: &str) -> Result<Settings, ConfigError> {
    Settings::parse(text)
}

/// URIs, and the options that they set.
const GOOD: &[(&str, &[(&str, &str)])] = &[
    ("postgresql://", &[]),
    ("postgres://", &[]),
    ("postgresql:///", &[]),
    ("postgresql://?", &[]),
    ("postgresql:///?", &[]),
    ("postgresql://@", &[]),
    ("postgresql://:@", &[]),
    ("postgresql://host", &[("host", "host")]),
    ("postgresql://host/", &[("host", "host")]),
    ("postgresql://host:1234", &[("host", "host"), ("port", "1234")]),
    ("postgresql://host:", &[("host", "host")]),
    ("postgresql://host:/db", &[("host", "host"), ("dbname", "db")]),
    ("postgresql://:1234", &[("port", "1234")]),
    ("postgresql://:1234/db", &[("port", "1234"), ("dbname", "db")]),
    ("postgresql:///db", &[("dbname", "db")]),
    ("postgresql://host/db", &[("host", "host"), ("dbname", "db")]),
    ("postgresql://user@", &[("user", "user")]),
    ("postgresql://user@/db", &[("user", "user"), ("dbname", "db")]),
    ("postgresql://user@host", &[("user", "user"), ("host", "host")]),
    ("postgresql://user@host:1/db", &[("user", "user"), ("host", "host"), ("port", "1"), ("dbname", "db")]),
    ("postgresql://user:@host", &[("user", "user"), ("host", "host")]),
    ("postgresql://user:pw@host", &[("user", "user"), ("password", "pw"), ("host", "host")]),
    ("postgresql://:pw@host", &[("password", "pw"), ("host", "host")]),
    ("postgresql://user:p:w@host", &[("password", "p:w")]),
    ("postgresql://user:p%40w@host", &[("password", "p@w")]),
    ("postgresql://user:p%2Fw%3Fx@host", &[("password", "p/w?x")]),
    ("postgresql://user:a+b#c@host", &[("password", "a+b#c")]),
    ("postgresql://user:pw@ho@st", &[("password", "pw"), ("host", "ho@st")]),
    ("postgresql://user:p=w&x@host", &[("password", "p=w&x")]),
    // The look-ahead for "@" does not stop at "?".
    ("postgresql://a?user=b@c", &[("user", "a?user=b"), ("host", "c")]),
    ("postgresql://%75ser@host", &[("user", "user")]),
    ("postgresql://us%C3%A9r@host", &[("user", "usér")]),
    ("postgresql://usér@host", &[("user", "usér")]),
    ("postgresql://[::1]", &[("host", "::1")]),
    ("postgresql://[::1]:5433/db", &[("host", "::1"), ("port", "5433"), ("dbname", "db")]),
    ("postgresql://user@[2001:db8::1234]/", &[("user", "user"), ("host", "2001:db8::1234")]),
    ("postgresql://[fe80::1%25eth0]", &[("host", "fe80::1%eth0")]),
    ("postgresql://[::1]?user=a", &[("host", "::1"), ("user", "a")]),
    ("postgresql://[::1],[::2]:2", &[("host", "::1,::2"), ("port", ",2")]),
    ("postgresql://a:1,b:2/db", &[("host", "a,b"), ("port", "1,2"), ("dbname", "db")]),
    ("postgresql://a,b:2", &[("host", "a,b"), ("port", ",2")]),
    ("postgresql://a,b", &[("host", "a,b"), ("port", ",")]),
    ("postgresql://u:p@a,b,c?sslmode=require", &[("host", "a,b,c"), ("sslmode", "require")]),
    ("postgresql://%2Ftmp/db", &[("host", "/tmp"), ("dbname", "db")]),
    ("postgresql://%2Fvar%2Flib%2fpg:5433", &[("host", "/var/lib/pg"), ("port", "5433")]),
    ("postgresql://a%2Cb", &[("host", "a,b")]),
    ("postgresql:///db?host=/tmp", &[("host", "/tmp"), ("dbname", "db")]),
    ("postgresql://?host=/path/to/socket/dir", &[("host", "/path/to/socket/dir")]),
    ("postgresql://host?user=a", &[("host", "host"), ("user", "a")]),
    ("postgresql://host/?user=a", &[("host", "host"), ("user", "a")]),
    ("postgresql://host/db?user=a&port=2", &[("dbname", "db"), ("user", "a"), ("port", "2")]),
    ("postgresql://host/db?user=a&", &[("user", "a")]),
    ("postgresql://a@host?user=b", &[("user", "b")]),
    ("postgresql://host?user=a&user=b", &[("user", "b")]),
    ("postgresql://host/a?dbname=b", &[("dbname", "b")]),
    ("postgresql://host1?host=host2", &[("host", "host2")]),
    ("postgresql://host?u%73er=a", &[("user", "a")]),
    ("postgresql://host?user=", &[("user", "")]),
    ("postgresql://host?password=a%3Db%26c", &[("password", "a=b&c")]),
    ("postgresql://host?application_name=a+b%20c", &[("application_name", "a+b c")]),
    ("postgresql://host?options=-c%20geqo%3Doff", &[("options", "-c geqo=off")]),
    ("postgresql://host?ssl=true", &[("sslmode", "require")]),
    ("postgresql://host/db#frag", &[("dbname", "db#frag")]),
    ("postgresql://host/a/b", &[("dbname", "a/b")]),
    ("postgresql://host/a%2Fb", &[("dbname", "a/b")]),
    ("postgresql://host/a:b@c", &[("dbname", "a:b@c")]),
    ("postgresql://host/db%20", &[("dbname", "db ")]),
    ("postgresql:// host /db ", &[("host", "host"), ("dbname", "db")]),
    ("postgresql://host?connect_timeout= 10", &[("connect_timeout", "10")]),
];

const NAMES: [&str; 10] = [
    "host",
    "port",
    "user",
    "password",
    "dbname",
    "sslmode",
    "application_name",
    "options",
    "hostaddr",
    "service",
];

#[test]
fn uris_are_read_by_libpqs_rules() {
    for (text, expected) in GOOD {
        let settings = options(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        for (name, expected) in *expected {
            assert_eq!(settings.get(name), Some(*expected), "{text}: {name}");
        }
        let long = text.replacen("postgresql://", "postgres://", 1);
        for name in NAMES {
            assert_eq!(options(&long).unwrap().get(name), settings.get(name), "{long}: {name}");
        }
    }
}

#[test]
fn nothing_is_set_that_was_not_said() {
    for text in ["postgresql://", "postgresql://@", "postgresql:///?", "postgresql://:@/"] {
        for name in NAMES {
            assert_eq!(options(text).unwrap().get(name), None, "{text}: {name}");
        }
    }
    assert_eq!(options("postgresql://host:").unwrap().get("port"), None);
}

/// URIs, where the error is, and a part of what it says.
const BAD: &[(&str, Option<usize>, &str)] = &[
    ("postgresql://[::1", Some(14), "not closed"),
    ("postgresql://[]", Some(14), "no IPv6 address"),
    ("postgresql://[::1]z", Some(19), "after an IPv6 address"),
    ("postgresql://host?user", Some(19), "no \"=\""),
    ("postgresql://host?user=a&&port=1", Some(26), "no \"=\""),
    ("postgresql://host?user=a=b", Some(19), "%3D"),
    ("postgresql://host?zzz=a", None, "there is no such option"),
    ("postgresql://host?sslmod=a", None, "did you mean sslmode?"),
    ("postgresql://host?username=a", None, "did you mean user?"),
    ("postgresql://host?USER=a", None, "did you mean user?"),
    ("postgresql://host?ssl=yes", None, "did you mean sslmode?"),
    ("postgresql://host?=a", None, "option"),
    ("postgresql://%", Some(14), "hexadecimal"),
    ("postgresql://%1", Some(14), "hexadecimal"),
    ("postgresql://%zz", Some(14), "hexadecimal"),
    ("postgresql://user%00@host", Some(14), "%00"),
    ("postgresql://a:%00@host", Some(16), "%00"),
    ("postgresql://host/a%00b", Some(19), "%00"),
    ("postgresql://%ff@host", Some(14), "UTF-8"),
    ("postgresql://ho st", Some(14), "%20"),
    ("postgresql://host/a b", Some(19), "%20"),
    ("postgresql://é/a b", Some(16), "%20"),
    ("postgresql://host:5432x", None, "option port"),
    ("postgresql://host:0", None, "option port"),
    ("postgresql://host:65536", None, "option port"),
    ("postgresql://a,b?port=1,2,3", None, "3 ports for 2 hosts"),
    ("postgresql://::1", None, "option port"),
    ("postgresql://host?sslmode=on", None, "one of disable"),
    ("postgresql://host?gssencmode=require", None, "not supported"),
    ("postgresql://host?requirepeer=x", None, "not supported"),
    ("postgresql://host?client_encoding=latin1", None, "UTF8 only"),
    ("postgresql://host?connect_timeout=soon", None, "seconds"),
    ("postgresql://host?connect_timeout=", None, "seconds"),
    ("postgresql://host?target_session_attrs=master", None, "read-write"),
    ("postgresql://host?sslnegotiation=direct", None, "sslmode require"),
    ("postgresql://host?sslrootcert=system", None, "verify-full"),
    ("postgresql://host?min_protocol_version=3.2", None, "higher than"),
    ("postgresql://host?max_protocol_version=3.1", None, "3.0, 3.2, latest"),
    ("postgresql://host?require_auth=md5,!scram-sha-256", None, "cannot be mixed"),
];

#[test]
fn errors_say_what_and_where() {
    for (text, position, part) in BAD {
        let error = Config::parse(text).expect_err(text);
        assert_eq!(error.position(), *position, "{text}: {error}");
        assert!(error.to_string().contains(part), "{text}: {error}");
    }
}

#[test]
fn errors_show_no_password() {
    for text in [
        "postgres://jane:s3cret@host?zzz=1",
        "postgres://jane:s3cret@ho st",
        "postgres://jane:s3cret%@host",
        "postgres://jane:s3cret%zz@host",
        "postgres://jane:s3cret/x@host",
        "postgres://jane:1/?s3cret=x@host",
        "postgres://jane:1/?s3cret@host",
        "postgres://host?password=s3cret%zz",
        "postgres://jane:s3cret@host:port",
        "postgres://jane:s3cret@[::1",
    ] {
        let error = Config::parse(text).expect_err(text);
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{text}: {error}");
    }
}

#[test]
fn a_whole_one() {
    let config = Config::parse(
        "postgres://jane:pw@a:1,[::1],%2Ftmp/shop?connect_timeout=0&sslmode=verify-full&sslrootcert=system\
         &keepalives_idle=5&statement_mode=unnamed&command_timeout=500ms&max_message_len=64MB&pipeline=off",
    )
    .unwrap();
    assert_eq!(config.hosts, [Host::new("a", 1), Host::new("::1", 5432), Host::new("/tmp", 5432)]);
    assert_eq!(config.connect_timeout, None);
    assert_eq!(config.keepalive.idle, Some(core::time::Duration::from_secs(5)));
    assert_eq!(config.limits.command_timeout, Some(core::time::Duration::from_millis(500)));
    assert_eq!(config.limits.max_message_len, 64 << 20);
    assert!(!config.pipeline);
    assert!(!format!("{config:?}").contains("pw"));
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        let _ = Config::parse(&text);
        let _ = Config::parse(&format!("postgres://{text}"));
    }

    #[test]
    fn near_misses_never_panic(text in r"postgres://[a:@/?,%0=&\[\] é]{0,24}") {
        if let Err(error) = Config::parse(&text) {
            prop_assert!(error.position().is_none_or(|position| position <= text.chars().count() + 1));
        }
    }

    #[test]
    fn what_is_encoded_comes_back(
        user in "[^\0]{1,12}", password in "[^\0]{1,12}", dbname in "[^\0]{1,12}", name in "[^\0]{1,12}",
        host in "[a-z][a-z0-9.-]{0,12}", port in 1_u16..,
    ) {
        let uri = format!(
            "postgres://{}:{}@{}:{port}/{}?application_name={}",
            encode(&user), encode(&password), encode(&host), encode(&dbname), encode(&name)
        );
        let expected = Config::new().port(port).host(host).user(user).password(password).dbname(dbname)
            .application_name(name);
        prop_assert_eq!(Config::parse(&uri).unwrap(), expected);
    }
}
