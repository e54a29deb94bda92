//! Servers start, answer, refuse, and leave nothing behind.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helpers are tests, too")]

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

use trunkline_test_server::{Auth, Error, NEWEST, OLDEST, Server};

/// Sends the StartupMessage of `user`; gives the first answer's tag and its first four bytes as a number.
fn startup(mut stream: impl Read + Write, user: &str) -> (char, u32) {
    let mut message = vec![0, 0, 0, 0, 0, 3, 0, 0];
    message.extend(format!("user\0{user}\0database\0postgres\0\0").bytes());
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    message[..4].copy_from_slice(&length);
    stream.write_all(&message).unwrap();
    let mut answer = [0; 9];
    stream.read_exact(&mut answer).unwrap();
    (char::from(answer[0]), u32::from_be_bytes(answer[5..].try_into().unwrap()))
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

const OK: (char, u32) = ('R', 0);
const CLEARTEXT: (char, u32) = ('R', 3);
const MD5: (char, u32) = ('R', 5);
const SASL: (char, u32) = ('R', 10);

#[test]
fn every_method_is_asked_of_its_user() -> Result<(), Error> {
    for version in [OLDEST, NEWEST] {
        let server = Server::builder(version).user("al ice", Auth::Password, "x").start()?;
        let expected = [
            ("postgres", SASL),
            ("trust_user", OK),
            ("password_user", CLEARTEXT),
            ("md5_user", MD5),
            ("scram_user", SASL),
            ("al ice", CLEARTEXT),
        ];
        for (user, answer) in expected {
            assert_eq!(startup(connect(&server), user), answer, "{user} on {version}");
            assert!(server.url_for(user)?.ends_with(&format!("@127.0.0.1:{}/postgres", server.port())));
        }
        assert!(server.url_for("mallory").is_err());
    }
    Ok(())
}

#[test]
fn a_server_on_a_socket_alone_has_no_port() -> Result<(), Error> {
    let server = Server::builder(NEWEST).unix_socket().auth(Auth::Trust).start()?;
    let path = server.socket_dir().unwrap().join(format!(".s.PGSQL.{}", server.port()));
    assert_eq!(startup(UnixStream::connect(path).unwrap(), "postgres"), OK);
    assert!(server.url().contains("?host=%2F"), "{}", server.url());
    assert_eq!(server.socket_url()?, server.url());
    Ok(())
}

#[test]
fn a_dropped_server_is_gone_with_its_files() -> Result<(), Error> {
    let server = Server::start(NEWEST)?;
    let directory = server.socket_dir().unwrap().to_path_buf();
    assert!(directory.join("data/PG_VERSION").exists());
    let mut session = connect(&server);
    assert_eq!(startup(&session, "trust_user"), OK);
    drop(server);
    assert!(!directory.exists());
    // Not the port, which another process may listen on by now. What was said before the end may be lost with it.
    let mut last_words = Vec::new();
    let ended = session.read_to_end(&mut last_words).map_err(|error| error.kind());
    assert!(matches!(ended, Ok(_) | Err(ErrorKind::ConnectionReset)), "{ended:?}");
    Ok(())
}

#[test]
fn a_refused_setting_is_an_error_with_the_server_s_words() {
    let error = Server::builder(NEWEST).setting("max_connections", "many").start().unwrap_err().to_string();
    assert!(error.contains("PostgreSQL 18 did not start") && error.contains("max_connections"), "{error}");
}

#[test]
fn an_unknown_version_is_refused() {
    let error = Server::start(9).unwrap_err().to_string();
    assert_eq!(error, "there is no PostgreSQL 9 to start: versions 13 to 18 are known");
}

#[test]
fn the_shared_server_is_started_once() -> Result<(), Error> {
    let (one, two) = (Server::shared(NEWEST)?, Server::shared(NEWEST)?);
    assert!(std::ptr::eq(one, two));
    assert!(one.socket_dir().is_none_or(Path::is_dir));
    Ok(())
}

#[test]
fn a_stopped_server_starts_again_where_it_was() -> Result<(), Error> {
    let mut server = Server::start(NEWEST)?;
    let directory = server.socket_dir().unwrap().to_path_buf();
    let url = server.url();
    for _ in 0..2 {
        server.stop()?;
        assert!(TcpStream::connect(("127.0.0.1", server.port())).is_err());
        assert!(server.stop().is_err(), "there is nothing to stop");
        server.start_again()?;
        assert_eq!(startup(connect(&server), "trust_user"), OK);
        assert_eq!(server.url(), url);
    }
    drop(server);
    assert!(!directory.exists());
    Ok(())
}

#[test]
fn a_standby_follows_its_primary() -> Result<(), Error> {
    for version in [OLDEST, NEWEST] {
        let (primary, standby) = Server::builder(version).start_with_standby()?;
        for server in [&primary, &standby] {
            assert_eq!(startup(connect(server), "trust_user"), OK, "{version}");
        }
        assert!(standby.log()?.contains("entering standby mode"), "{}", standby.log()?);
    }
    Ok(())
}
