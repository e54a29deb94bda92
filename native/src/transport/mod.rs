//! What carries the bytes.

mod tcp;
#[cfg(feature = "tls")]
pub(crate) mod tls;
#[cfg(unix)]
mod unix;

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::BytesMut;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

pub(crate) use tcp::connect as connect_tcp;
#[cfg(feature = "blocking")]
pub(crate) use tcp::notice_dead_peers;
#[cfg(unix)]
pub(crate) use unix::connect as connect_unix;

/// Any duplex stream of bytes that a connection can run over.
///
/// ```no_run
/// use trunkline::config::SslMode;
/// use trunkline::{Config, Connection, Transport};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// // A pipe in memory, whose other end something else serves.
/// let (near, _far): (tokio::io::DuplexStream, _) = tokio::io::duplex(64 * 1024);
/// let stream: Box<dyn Transport> = Box::new(near);
/// let config = Config::new().user("ada").sslmode(SslMode::Disable);
/// let connection = Connection::connect_over(&config, stream).await?;
/// # Ok(()) }
/// ```
pub trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

/// The streams that are common, without a virtual call for each read, and all others.
pub(crate) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
    #[cfg(feature = "tls")]
    Tls(Box<tls::Encrypted<TcpStream>>),
    Other(Box<dyn Transport>),
}

/// How much is asked of the socket at once. The kernel's own buffer for a loopback socket hands over more than
/// 64 KiB at a time; what is not filled costs nothing.
const READ: usize = 64 * 1024;

impl Stream {
    /// Appends what is there to `input`; 0 is the end of the stream.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        input: &mut BytesMut,
    ) -> Poll<io::Result<usize>> {
        if input.capacity() - input.len() < READ / 4 {
            input.reserve(READ);
        }
        match self {
            Self::Tcp(stream) => poll_read_buf(stream, cx, input),
            #[cfg(unix)]
            Self::Unix(stream) => poll_read_buf(stream, cx, input),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => tls::poll_read(stream, cx, input),
            Self::Other(stream) => poll_read_buf(stream, cx, input),
        }
    }

    /// Whether the operating system has something to read, the end of the stream included, that the runtime may not
    /// have noticed yet. Costs a system call. False for streams that it knows nothing of.
    pub(crate) fn has_pending(&self) -> bool {
        let mut byte = [std::mem::MaybeUninit::uninit()];
        let peeked = match self {
            Self::Tcp(stream) => SockRef::from(stream).peek(&mut byte),
            #[cfg(unix)]
            Self::Unix(stream) => SockRef::from(stream).peek(&mut byte),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => SockRef::from(stream.get_ref().0.get_ref()).peek(&mut byte),
            Self::Other(_) => return false,
        };
        // It does not block: nothing there is an error too, and any other error shows with the next read.
        peeked.map_or_else(|error| error.kind() != io::ErrorKind::WouldBlock, |_| true)
    }

    /// Writes what it can of the pieces.
    pub(crate) fn poll_write<'a>(
        &mut self,
        cx: &mut Context<'_>,
        mut pieces: impl Iterator<Item = &'a [u8]>,
    ) -> Poll<io::Result<usize>> {
        let Some(first) = pieces.next() else { return Poll::Ready(Ok(0)) };
        let stream: Pin<&mut dyn Transport> = match self {
            Self::Tcp(stream) => Pin::new(stream),
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => Pin::new(stream),
            Self::Other(stream) => Pin::new(stream),
        };
        match pieces.next() {
            None => stream.poll_write(cx, first),
            Some(second) => {
                // As many as one writev is sure to take.
                let slices: Vec<IoSlice<'_>> =
                    [first, second].into_iter().chain(pieces).take(64).map(IoSlice::new).collect();
                stream.poll_write_vectored(cx, &slices)
            }
        }
    }

    /// Passes on what layers between here and the socket may hold back; a socket holds back nothing.
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(_) => Poll::Ready(Ok(())),
            #[cfg(unix)]
            Self::Unix(_) => Poll::Ready(Ok(())),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
            Self::Other(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    /// Closes the sending side, so that the server sees an end and not a reset.
    pub(crate) fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Other(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// Reads into the buffer's spare room without filling it with zeros first.
fn poll_read_buf(
    stream: &mut (impl AsyncRead + Unpin),
    cx: &mut Context<'_>,
    input: &mut BytesMut,
) -> Poll<io::Result<usize>> {
    let read = std::pin::pin!(stream.read_buf(input));
    Future::poll(read, cx)
}
