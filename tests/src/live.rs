//! What the tests against real servers share: every version, deadlines, and a stream that is watched.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use trunkline::{Config, Connection, Error};

use crate::server::Server;

/// The versions whose behaviour is promised: the oldest, the newest, and one between.
pub const VERSIONS: [u16; 3] = [13, 15, 18];

/// Runs a test against a server of each version, one after the other. A failure tells on which.
pub fn on_every_version(test: impl AsyncFn(&'static Server)) {
    for version in VERSIONS {
        on_version(version, &test);
    }
}

/// Runs a test against a server of one version.
pub fn on_version(version: u16, test: impl AsyncFn(&'static Server)) {
    let _told = Told(version);
    block_on(test(shared(version)));
}

/// The server of that version which the tests of this process share.
pub fn shared(version: u16) -> &'static Server {
    Server::shared(version).unwrap_or_else(|error| panic!("no PostgreSQL {version}: {error}"))
}

/// Runs a future on a runtime of its own. One that takes longer than a minute hangs, and fails.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        tokio::time::timeout(Duration::from_secs(60), future).await.expect("the test hangs")
    })
}

/// Connects as the superuser.
pub async fn connect(server: &Server) -> Connection {
    connect_with(server, "").await
}

/// Connects as the superuser with more options, as `name=value&…`.
pub async fn connect_with(server: &Server, options: &str) -> Connection {
    let mut url = server.url();
    if !options.is_empty() {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(options);
    }
    Connection::connect(&url).await.unwrap_or_else(|error| panic!("{error}"))
}

/// Connects as the superuser over TCP, through a stream that is watched.
pub async fn connect_watched(server: &Server, options: &str) -> (Connection, Watch) {
    let config = Config::parse(&server.url()).expect("the server's URL");
    let config = if options.is_empty() { config } else { with_options(server, options) };
    let stream = TcpStream::connect(("127.0.0.1", server.port())).await.expect("the server listens");
    stream.set_nodelay(true).expect("a socket");
    let (watched, watch) = Watched::new(stream);
    let connection = Connection::connect_over(&config, watched).await.unwrap_or_else(|e| panic!("{e}"));
    (connection, watch)
}

fn with_options(server: &Server, options: &str) -> Config {
    let url = server.url();
    let separator = if url.contains('?') { '&' } else { '?' };
    Config::parse(&format!("{url}{separator}{options}")).expect("options of the test")
}

/// The SQLSTATE of a failure, or what failed instead.
pub fn sqlstate<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Ok(value) => format!("Ok({value:?})"),
        Err(error) => error.sqlstate().map_or_else(|| error.to_string(), ToString::to_string),
    }
}

/// The text of a failure.
pub fn message<T: std::fmt::Debug, E: std::fmt::Display>(result: Result<T, E>) -> String {
    result.map_or_else(|error| error.to_string(), |value| format!("Ok({value:?})"))
}

/// Polls a future `polls` times, as often as it is woken, then drops it: whether it ended before that.
pub async fn poll_then_drop(future: impl Future, polls: usize) -> bool {
    let mut future = Box::pin(future);
    let mut left = polls;
    std::future::poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending if left == 0 => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Says which version a failure was on.
struct Told(u16);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this was on PostgreSQL {}", self.0);
        }
    }
}

/// What went through a [`Watched`] stream; and how it goes through.
#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Seen>>);

/// Calls that moved bytes, and the bytes.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Writes that took bytes.
    pub writes: usize,
    /// Reads that gave bytes.
    pub reads: usize,
    /// All bytes written.
    pub written: Vec<u8>,
    /// All bytes read.
    pub read: Vec<u8>,
    /// For each read, how many bytes had been written before it, and how many been read after it.
    pub turns: Vec<(usize, usize)>,
    /// At most so many bytes for each call, and a pause after each; 0 is as many as there are.
    trickle: usize,
    /// Whether a write, and a read, paused the last time.
    paused: [bool; 2],
}

impl Watch {
    /// What was seen since the last call.
    pub fn take(&self) -> Seen {
        let mut seen = self.0.lock().expect("a lock");
        let trickle = seen.trickle;
        std::mem::replace(&mut *seen, Seen { trickle, ..Seen::default() })
    }

    /// From now on the stream moves at most so many bytes for each call, and is pending every other time.
    pub fn trickle(&self, bytes: usize) {
        self.0.lock().expect("a lock").trickle = bytes;
    }
}

/// As much as a read of [`Watched`] gives at most.
const READ: usize = 16 * 1024;

/// A stream that is watched.
pub struct Watched<S> {
    stream: S,
    watch: Watch,
}

impl<S> Watched<S> {
    /// The stream, and what tells of it.
    pub fn new(stream: S) -> (Self, Watch) {
        let watch = Watch::default();
        (Self { stream, watch: watch.clone() }, watch)
    }

    /// How many bytes may move now; none while it pauses.
    fn quota(&self, cx: &Context<'_>, way: usize, wanted: usize) -> Poll<usize> {
        let mut seen = self.watch.0.lock().expect("a lock");
        if seen.trickle == 0 {
            return Poll::Ready(wanted);
        }
        let paused = &mut seen.paused[way];
        *paused = !*paused;
        if *paused {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(wanted.min(seen.trickle))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let quota = ready!(self.quota(cx, 1, out.remaining()));
        let mut bytes = vec![0; quota.min(READ)];
        let mut part = ReadBuf::new(&mut bytes);
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut part))?;
        out.put_slice(part.filled());
        let mut seen = self.watch.0.lock().expect("a lock");
        seen.reads += usize::from(!part.filled().is_empty());
        seen.read.extend_from_slice(part.filled());
        let turn = (seen.written.len(), seen.read.len());
        seen.turns.push(turn);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let quota = ready!(self.quota(cx, 0, bytes.len()));
        let count = ready!(Pin::new(&mut self.stream).poll_write(cx, &bytes[..quota]))?;
        let mut seen = self.watch.0.lock().expect("a lock");
        seen.writes += 1;
        seen.written.extend_from_slice(&bytes[..count]);
        Poll::Ready(Ok(count))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let all: Vec<u8> = pieces.iter().flat_map(|piece| piece.iter().copied()).collect();
        let quota = ready!(self.quota(cx, 0, all.len()));
        let count = if quota == all.len() {
            ready!(Pin::new(&mut self.stream).poll_write_vectored(cx, pieces))?
        } else {
            ready!(Pin::new(&mut self.stream).poll_write(cx, &all[..quota]))?
        };
        let mut seen = self.watch.0.lock().expect("a lock");
        seen.writes += 1;
        seen.written.extend_from_slice(&all[..count]);
        Poll::Ready(Ok(count))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
