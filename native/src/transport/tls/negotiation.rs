use std::io;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use trunkline_core::Error;
use trunkline_core::error::{ProtocolError, TlsError, TlsErrorKind};
use trunkline_core::message::frontend::SslRequest;

/// Asks by SSLRequest whether the server encrypts. See "SSL Session Encryption" in the protocol chapter.
pub(super) async fn ask(socket: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Result<bool, Error> {
    let mut request = BytesMut::new();
    // Has no reason to fail.
    let _ = SslRequest.encode(&mut request);
    // Of what was encrypted nothing can be here yet: the handshake begins with us.
    let mut buffer = [0; 64];
    let count = exchange(socket, &request, &mut buffer).await.map_err(|error| broken(&error))?;
    let answer = buffer.get(..count).unwrap_or_default();
    let problem = match answer {
        b"S" => return Ok(true),
        b"N" => return Ok(false),
        // Whatever is sent in clear before encryption begins could be taken for part of what came encrypted.
        [b'S', ..] if ProtocolError::of_first_bytes(answer).is_none() => INJECTED,
        // Anyone on the way can have written its text, which is therefore neither read nor shown.
        [b'E', ..] => REFUSED,
        [] => CLOSED,
        answer => match ProtocolError::of_first_bytes(answer) {
            Some(error) => return Err(error.into()),
            None => STRANGE,
        },
    };
    Err(TlsError::new(TlsErrorKind::BadAnswer, problem).into())
}

async fn exchange(
    socket: &mut (impl AsyncRead + AsyncWrite + Unpin),
    request: &[u8],
    answer: &mut [u8],
) -> io::Result<usize> {
    socket.write_all(request).await?;
    socket.flush().await?;
    socket.read(answer).await
}

fn broken(error: &io::Error) -> TlsError {
    let problem = format!("the connection broke when the server was asked for encryption: {error}");
    TlsError::new(TlsErrorKind::BadAnswer, problem)
}

const INJECTED: &str = "more than the server's one byte came before encryption began: somebody on the way may have \
                        added it, so the connection was given up";
const REFUSED: &str = "the server answered the request for encryption by an error, whose text cannot be trusted: look \
                       into the server's log, or try sslmode=disable on a network that is to be trusted";
const CLOSED: &str = "the server closed the connection when it was asked for encryption: is it a PostgreSQL server, \
                      and below its limit of connections?";
const STRANGE: &str =
    "what answered the request for encryption is not a PostgreSQL server: check host and port";

#[cfg(test)]
mod tests {
    use super::*;

    /// What is made of an answer.
    async fn answered(answer: &'static [u8]) -> Result<bool, String> {
        let (mut client, mut server) = tokio::io::duplex(64);
        let serve = async {
            let mut request = [0; 8];
            server.read_exact(&mut request).await.expect("a request");
            assert_eq!(request, [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
            server.write_all(answer).await.expect("room");
            drop(server);
        };
        let (result, ()) = tokio::join!(ask(&mut client), serve);
        result.map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn one_byte_is_the_answer() {
        assert_eq!(answered(b"S").await, Ok(true));
        assert_eq!(answered(b"N").await, Ok(false));
        for (bad, word) in [
            (&b""[..], "closed the connection"),
            (b"SE", "more than the server's one byte"),
            (b"S\x16\x03", "more than the server's one byte"),
            (b"NN", "not a PostgreSQL server"),
            (b"ESFATAL\0", "by an error"),
            (b"H", "not a PostgreSQL server"),
            (b"HTTP/1.1 400", "in HTTP"),
            (b"SSH-2.0", "SSH"),
        ] {
            let error = answered(bad).await.unwrap_err();
            assert!(error.contains(word), "{bad:?}: {error}");
        }
    }
}
