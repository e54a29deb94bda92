use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::Backend;
use super::session::Session;

/// The client's end of a session with a [`Backend`]. What is written is answered at once: there is no task and no
/// time in it.
#[derive(Debug)]
pub(super) struct Stream {
    session: Session,
    input: BytesMut,
    reader: Option<Waker>,
}

impl Stream {
    pub(super) fn new(backend: Backend) -> Self {
        Self { session: Session::new(backend), input: BytesMut::new(), reader: None }
    }

    fn wake(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let length = self.session.out.len().min(buffer.remaining());
        if length == 0 && !self.session.is_over() {
            self.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        buffer.put_slice(&self.session.out.split_to(length));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        this.input.extend_from_slice(bytes);
        this.session.handle(&mut this.input);
        this.wake();
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.session.end();
        self.wake();
        Poll::Ready(Ok(()))
    }
}
