//! A connection cut in the middle, wherever that is.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::net::{TcpListener, TcpStream};
use trunkline::{Config, Connection, Error};
use trunkline_tests::live::{Seen, Watched, connect_watched, on_every_version, on_version};
use trunkline_tests::server::Server;

/// What a session does: described queries, several at once, a failure, a script.
async fn session(connection: &Connection) -> Result<(), Error> {
    connection.fetch_val::<i32, _>("select $1::int4", (1,)).await?;
    let (first, second, third) = tokio::join!(
        connection.fetch("select 1", ()),
        connection.fetch("select 1/0", ()),
        connection.fetch("select i from generate_series(1, 20) i", ()),
    );
    first?;
    if second.as_ref().is_err_and(|error| matches!(error, Error::Closed(_))) {
        second?;
    }
    third?;
    connection.execute_script("select 'one'; select 'two'").await?;
    Ok(())
}

fn trusting(server: &Server) -> Config {
    Config::new()
        .host_port("127.0.0.1", server.port())
        .user("trust_user")
        .dbname("postgres")
        .password("hunter2")
}

/// One clear error that does not blame the caller and shows no secret.
fn check(error: &str, at: usize) {
    assert!(error.contains("closed the stream without a word"), "cut after {at} bytes: {error}");
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn a_conversation_cut_after_any_byte_ends_in_one_clear_error() {
    on_every_version(async |server| {
        let url = server.url_for("trust_user").unwrap();
        let config = Config::parse(&url).unwrap();
        let stream = TcpStream::connect(("127.0.0.1", server.port())).await.unwrap();
        let (watched, watch) = Watched::new(stream);
        let connection = Connection::connect_over(&config, watched).await.unwrap();
        session(&connection).await.unwrap();
        let recorded = watch.take();
        drop(connection);
        assert!(recorded.read.len() > 500);

        for cut in 0..=recorded.read.len() {
            let (ours, theirs) = duplex(1 << 20);
            let peer = tokio::spawn(replay(recorded.clone(), cut, theirs));
            match Connection::connect_over(&trusting(server), ours).await {
                Err(error) => check(&error.to_string(), cut),
                Ok(connection) => {
                    match session(&connection).await {
                        Ok(()) => assert_eq!(cut, recorded.read.len()),
                        Err(error) => check(&error.to_string(), cut),
                    }
                    let after = connection.fetch("select 1", ()).await.unwrap_err();
                    check(&after.to_string(), cut);
                }
            }
            peer.await.unwrap();
        }
    });
}

/// Says what a server said, each time when it has heard as much as that one had; after so many bytes it hangs up.
async fn replay(recorded: Seen, cut: usize, mut stream: DuplexStream) {
    let (mut heard, mut said) = (Vec::new(), 0);
    for (written, read) in recorded.turns {
        while heard.len() < written {
            if stream.read_buf(&mut heard).await.unwrap() == 0 {
                return;
            }
        }
        let end = read.min(cut);
        stream.write_all(&recorded.read[said..end]).await.unwrap();
        said = end;
        if said == cut {
            break;
        }
    }
    stream.shutdown().await.unwrap();
    // What comes is read until the other side goes too.
    let _ = stream.read_to_end(&mut heard).await;
}

#[test]
fn a_real_session_cut_by_something_between_ends_within_its_deadline() {
    on_version(18, async |server| {
        let (connection, watch) = connect_watched(server, "").await;
        session(&connection).await.unwrap();
        let whole = watch.take().read.len();
        // SCRAM's messages are among them; a prime step reaches every part of every message in a few runs.
        for cut in (0..whole).step_by(13) {
            let port = cutting_proxy(server.port(), cut).await;
            let config = Config::parse(&server.url()).unwrap();
            let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let run = async {
                let connection =
                    Connection::connect_over(&config, stream).await.map_err(|e| e.to_string())?;
                session(&connection).await.map_err(|error| error.to_string())
            };
            let error =
                tokio::time::timeout(Duration::from_secs(10), run).await.expect("it hangs").unwrap_err();
            assert!(
                error.contains("closed the stream without a word") || error.contains("the network failed"),
                "cut after {cut} bytes: {error}"
            );
        }
    });
}

/// Lets so many bytes of the server through, then hangs up on both.
async fn cutting_proxy(server: u16, mut left: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (client, _) = listener.accept().await.unwrap();
        let upstream = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
        let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
            (client.into_split(), upstream.into_split());
        let sending = tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
        let mut bytes = [0; 4096];
        while left > 0 {
            let count = match from_server.read(&mut bytes).await {
                Ok(count @ 1..) => count.min(left),
                _ => break,
            };
            if to_client.write_all(&bytes[..count]).await.is_err() {
                break;
            }
            left -= count;
        }
        sending.abort();
    });
    port
}
