use std::io;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use trunkline_core::error::{TlsError, TlsErrorKind};
use trunkline_core::message::frontend::SslRequest;

/// Asks by SSLRequest whether the server encrypts. See "SSL Session Encryption" in the protocol chapter.
pub(super) async fn ask(socket: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Result<bool, TlsError> {
    let mut request = BytesMut::new();
    // Has no reason to fail.
    let _ = SslRequest.encode(&mut request);
    let mut answer = [0; 2];
    let count = exchange(socket, &request, &mut answer).await.map_err(|error| broken(&error))?;
    match (answer, count) {
        ([b'S', _], 1) => Ok(true),
        ([b'N', _], 1) => Ok(false),
        // Whatever is sent in clear before encryption begins could be taken for part of what came encrypted.
        ([b'S', _], 2) => Err(TlsError::new(TlsErrorKind::BadAnswer, INJECTED)),
        // Anyone on the way can have written its text, which is therefore neither read nor shown.
        ([b'E', _], _) => Err(TlsError::new(TlsErrorKind::BadAnswer, REFUSED)),
        (_, 0) => Err(TlsError::new(TlsErrorKind::BadAnswer, CLOSED)),
        _ => Err(TlsError::new(TlsErrorKind::BadAnswer, STRANGE)),
    }
}

async fn exchange(
    socket: &mut (impl AsyncRead + AsyncWrite + Unpin),
    request: &[u8],
    answer: &mut [u8; 2],
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
    async fn answered(answer: &'static [u8]) -> Result<bool, TlsErrorKind> {
        let (mut client, mut server) = tokio::io::duplex(64);
        let serve = async {
            let mut request = [0; 8];
            server.read_exact(&mut request).await.expect("a request");
            assert_eq!(request, [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
            server.write_all(answer).await.expect("room");
            drop(server);
        };
        let (result, ()) = tokio::join!(ask(&mut client), serve);
        result.map_err(|error| error.kind())
    }

    #[tokio::test]
    async fn one_byte_is_the_answer() {
        assert_eq!(answered(b"S").await, Ok(true));
        assert_eq!(answered(b"N").await, Ok(false));
        for bad in [&b""[..], b"SE", b"S\x16\x03", b"NN", b"ESFATAL\0", b"H", b"HTTP/1.1"] {
            assert_eq!(answered(bad).await, Err(TlsErrorKind::BadAnswer), "{bad:?}");
        }
    }
}
