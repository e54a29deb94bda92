//! Everything that can be wrong with what comes from outside: each gives one clear error, within its deadline, and
//! never the password. They are in `bad_input/*.txt`, to be read aloud.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};
use trunkline::Connection;
use trunkline_tests::live::{connect, connect_with, message, on_version};

const SECRET: &str = "s3kr1t-passw0rd";

/// The error of connecting by `text`, which has to come soon and to keep the secret.
async fn refused(what: &str, text: &str) -> String {
    let begun = Instant::now();
    let error = match Connection::connect(text).await {
        Err(error) => error,
        Ok(_) => panic!("{what}: it connected"),
    };
    let (shown, debugged) = (error.to_string(), format!("{error:?}"));
    assert!(begun.elapsed() < Duration::from_secs(10), "{what} took {:?}", begun.elapsed());
    for text in [&shown, &debugged] {
        assert!(!text.contains(SECRET), "{what} shows the password: {text}");
    }
    shown
}

/// A server that says `words` to everyone, and then hangs up, or stays.
async fn impostor(words: Vec<u8>, stays: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut heard = [0; 1024];
            let _ = stream.read(&mut heard).await;
            let _ = stream.write_all(&words).await;
            if stays {
                kept.push(stream);
            }
        }
    });
    port
}

/// The error of talking to such a server, without the port, which is another each time.
async fn impostor_says(what: &str, words: impl Into<Vec<u8>>, stays: bool, sslmode: &str) -> String {
    let port = impostor(words.into(), stays).await;
    let url = format!("postgres://ada:{SECRET}@127.0.0.1:{port}/app?connect_timeout=2&sslmode={sslmode}");
    refused(what, &url).await.replace(&format!(":{port}"), ":PORT")
}

/// Compares what was said with the file of what is to be said, which is there to be read.
fn check(said: &[(&str, String)], expected: &str) {
    let said: String =
        said.iter().map(|(what, error)| format!("# {what}\n{}\n\n", portable(error))).collect();
    for (said, expected) in said.split("\n\n").zip(expected.split("\n\n")) {
        assert_eq!(said, expected);
    }
    assert_eq!(said, expected);
}

/// Without the number of an error of the operating system, which each has its own of.
fn portable(error: &str) -> String {
    let mut parts = error.split(" (os error ");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, part| text + part.split_once(')').unwrap().1)
}

#[test]
fn every_wrong_connection_string_is_told_with_its_place() {
    on_version(18, async |_| {
        let mut said = Vec::new();
        for (what, url) in [
            ("another scheme", format!("mysql://ada:{SECRET}@host/app")),
            ("an unknown option", format!("postgres://ada:{SECRET}@host/app?sslmod=prefer")),
            ("an unknown keyword", format!("host=h user=ada password={SECRET} conect_timeout=5")),
            ("a setting of the server", format!("postgres://ada:{SECRET}@host/app?search_path=app")),
            ("a wrong value", format!("postgres://ada:{SECRET}@host/app?sslmode=requires")),
            ("a wrong time", format!("postgres://ada:{SECRET}@host/app?connect_timeout=soon")),
            ("a wrong port", format!("postgres://ada:{SECRET}@host:54x2/app")),
            ("a port out of range", format!("postgres://ada:{SECRET}@host:70000/app")),
            ("a broken escape", format!("postgres://ada:{SECRET}%zz@host/app")),
            ("an unclosed quote", format!("host=h password='{SECRET}")),
            ("a password with a space", format!("host=h password={SECRET} word user=ada")),
            ("a NUL in the user", format!("postgres://a%00da:{SECRET}@host/app")),
        ] {
            said.push((what, refused(what, &url).await));
        }
        check(&said, include_str!("bad_input/connection_strings.txt"));
    });
}

#[test]
fn every_wrong_server_is_told_for_what_it_is() {
    on_version(18, async |server| {
        let mut said = Vec::new();
        let http = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
        for (what, words) in [
            ("an HTTP server", http.as_bytes()),
            ("an SSH server", b"SSH-2.0-OpenSSH_9.9\r\n"),
            ("a mail server", b"220 mail.example.com ESMTP\r\n"),
            ("a MySQL server", b"\x4a\0\0\0\x0a8.4.0\0\x08\0\0\0"),
            ("a Redis server", b"-ERR unknown command\r\n"),
            ("a TLS server", b"\x15\x03\x01\0\x02\x02\x46"),
            ("garbage", b"\xde\xad\xbe\xef\xde\xad\xbe\xef"),
            ("a length that lies", b"R\0\0\0\x02"),
            ("a message too long for the start", b"E\x7f\xff\xff\xff"),
            ("an error half said", b"E\0\0\0\x40SFATAL\0"),
            ("a message that cannot come here", b"Z\0\0\0\x05I"),
            ("an unknown way to authenticate", b"R\0\0\0\x08\0\0\0\x63"),
            ("SCRAM without a mechanism of ours", b"R\0\0\0\x10\0\0\0\x0aWEAK-1\0\0"),
            ("nothing", b""),
        ] {
            said.push((what, impostor_says(what, words, false, "disable").await));
        }
        said.push(("silence", impostor_says("silence", "", true, "disable").await));
        said.push((
            "half a message and silence",
            impostor_says("half a message", "R\0\0", true, "disable").await,
        ));

        for (what, words, stays) in [
            ("asked to encrypt: an HTTP server", http.as_bytes(), false),
            ("asked to encrypt: a TLS server", b"\x15\x03\x01\0\x02\x02\x46", false),
            ("asked to encrypt: garbage", b"\xde\xad\xbe\xef\xde\xad\xbe\xef", false),
            ("asked to encrypt: an error", b"E\0\0\0\x1cSFATAL\0C53300\0Mtoo many\0\0", false),
            ("asked to encrypt: a yes and more", b"S\0\0\0\x04", false),
            ("asked to encrypt: a yes and no more", b"S", false),
            ("asked to encrypt: another letter", b"Y", false),
            ("asked to encrypt: nothing", b"", false),
            ("asked to encrypt: silence", b"", true),
        ] {
            said.push((what, impostor_says(what, words, stays, "require").await));
        }

        // Taken, so that nobody else takes it, and nobody listens.
        let taken = TcpSocket::new_v4().unwrap();
        taken.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let nobody = taken.local_addr().unwrap().port();
        let url = format!("postgres://ada:{SECRET}@127.0.0.1:{nobody}/app");
        said.push(("nobody", refused("nobody", &url).await.replace(&format!(":{nobody}"), ":PORT")));
        let two = format!("postgres://ada:{SECRET}@127.0.0.1:{nobody},localhost:{nobody}/app");
        let two = refused("nobody at two", &two).await.replace(&format!(":{nobody}"), ":PORT");
        said.push(("nobody at either of two hosts", two.lines().take(2).collect::<Vec<_>>().join("\n")));
        let url = format!("postgres://ada:{SECRET}@/app?host=/nonexistent");
        said.push(("a socket that is not there", refused("a socket that is not there", &url).await));

        let real = format!("127.0.0.1:{}", server.port());
        for (what, url) in [
            ("a wrong password", format!("postgres://postgres:{SECRET}@{real}/postgres")),
            ("an unknown user", format!("postgres://nobody_here:{SECRET}@{real}/postgres")),
        ] {
            said.push((what, refused(what, &url).await.replace(&real, "HOST:PORT")));
        }
        let url = server
            .url()
            .replace("/postgres?", "/no_such_database?")
            .replace(&format!("{real}/postgres"), &format!("{real}/no_such_database"));
        let what = "an unknown database";
        said.push((what, refused(what, &url).await.replace(&real, "HOST:PORT")));
        check(&said, include_str!("bad_input/servers.txt"));
    });
}

#[test]
fn a_name_that_has_no_address_is_told_as_such() {
    on_version(18, async |_| {
        // Too long for DNS, so that no network is asked. What the resolver says differs from system to system.
        let name = "no-such-host".repeat(6);
        let error = refused("no address", &format!("postgres://ada:{SECRET}@{name}/app")).await;
        let expected = format!("cannot connect to PostgreSQL: {name}:5432 (dns): ");
        assert!(error.starts_with(&expected), "{error}");
    });
}

#[test]
fn every_wrong_command_is_told_and_the_connection_goes_on() {
    on_version(18, async |server| {
        let c = connect(server).await;
        c.execute("create temp table t (i int4)", ()).await.unwrap();
        let mut said = Vec::new();
        let mut say = |what: &'static str, error: String| said.push((what, error));
        say("a NUL in the SQL", message(c.fetch("select 'a\0b'", ()).await));
        say("a NUL in SQL with parameters", message(c.fetch("select $1 -- \0", (1,)).await));
        say("a NUL in a script", message(c.execute_script("select 1; \0").await));
        say("a NUL in SQL to prepare", message(c.prepare("select \0").await));
        say("a NUL in a text", message(c.fetch("select $1::text", ("a\0b",)).await));
        say("a wrong host type", message(c.fetch("select $1::int4", ("one",)).await));
        say("a number out of range", message(c.fetch("select $1::int2", (70_000,)).await));
        say("a wrong element", message(c.fetch("select $1::int4[]", (vec!["one"],)).await));
        say("too few parameters", message(c.fetch("select $1::int4, $2::int4", (1,)).await));
        say("too many parameters", message(c.fetch("select $1::int4", (1, 2)).await));
        say("none of the parameters", message(c.fetch("select $1::int4 + 0", ()).await));
        say("several statements at once", message(c.fetch("select 1; select 2", ()).await));
        say("a syntax error", message(c.fetch("select *\nfrom pg_class wher true", ()).await));
        say("an unknown table", message(c.fetch("select * from no_such_table", ()).await));
        say("COPY as a command", message(c.execute("copy t to stdout", ()).await));
        say("COPY FROM STDIN as a command", message(c.execute("copy t from stdin", ()).await));
        say("COPY FROM STDIN in a script", message(c.execute_script("copy t from stdin; select 1").await));
        say("a column of another type", message(c.fetch_val::<i32, _>("select 'x'::text as name", ()).await));
        say(
            "NULL for a value",
            message(c.fetch_one("select null::int4 as n", ()).await.unwrap().get::<i32>(0)),
        );
        say(
            "a column that is not there",
            message(c.fetch_one("select 1 as n", ()).await.unwrap().get::<i32>("m")),
        );
        say("a row that is not there", message(c.fetch_one("select 1 limit 0", ()).await));
        assert_eq!(c.fetch_val::<i32, _>("select 1", ()).await.unwrap(), Some(1));
        check(&said, include_str!("bad_input/commands.txt"));
    });
}

#[test]
fn a_message_longer_than_the_limit_closes_the_connection() {
    on_version(18, async |server| {
        let c = connect_with(server, "max_message_len=1MB").await;
        assert!(c.fetch("select repeat('x', 1000000)", ()).await.is_ok());
        let long = message(c.fetch("select repeat('x', 2000000)", ()).await);
        assert_eq!(
            long,
            "the connection is closed: the server broke the protocol: message 'D' of 2000011 bytes is longer than the \
             limit of 1048576 (max_message_len) (the statement may or may not have been run)"
        );
        assert!(c.is_closed());
        let after = message(c.fetch("select 1", ()).await);
        assert_eq!(format!("{after} (the statement may or may not have been run)"), long);
    });
}
