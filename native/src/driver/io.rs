//! Moving bytes between core and the stream.

use std::io;
use std::task::{Context, Poll};

use bytes::Buf;

use super::{Seat, State};
use crate::clock;

/// How many reads follow each other before other tasks have their turn: a server that sends without an end would keep
/// them from it, the one that is to cancel just that among them.
const READS: u32 = 8;

impl State {
    /// Writes and reads once; pending when neither can go on. What happened is dispatched.
    pub(super) fn drive(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let _ = self.poll_write(cx);
        self.dispatch();
        if self.core.is_closed() {
            return Poll::Ready(());
        }
        self.poll_timer(cx);
        if !self.core.wants_read() {
            return Poll::Pending;
        }
        if self.reads == READS {
            self.reads = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.reads += 1;
        match self.stream.poll_read(cx, &mut self.input) {
            Poll::Pending => {
                self.reads = 0;
                return Poll::Pending;
            }
            Poll::Ready(Ok(0)) => self.core.handle_eof(),
            Poll::Ready(Ok(_)) => self.core.handle_input(&mut self.input),
            Poll::Ready(Err(error)) => self.stream_failed(&error),
        }
        self.dispatch();
        if let Some(id) = self.feeding.filter(|id| self.core.can_push(*id)) {
            self.seats.wake(Seat::of(id));
        }
        Poll::Ready(())
    }

    pub(super) fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.core.wants_write() {
            let written = match self.stream.poll_write(cx, self.core.outbox().chunks()) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(0)) => Err(io::Error::other("the stream takes no more bytes")),
                Poll::Ready(written) => written,
            };
            match written {
                Ok(count) => {
                    self.core.outbox().advance(count);
                    self.tell_of_room();
                    self.unflushed = true;
                }
                Err(error) => self.write_failed(cx, &error),
            }
        }
        if self.unflushed {
            match self.stream.poll_flush(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(flushed) => {
                    self.unflushed = false;
                    if let Err(error) = flushed {
                        self.write_failed(cx, &error);
                    }
                }
            }
        }
        Poll::Ready(())
    }

    fn write_failed(&mut self, cx: &mut Context<'_>, error: &io::Error) {
        self.read_last_words(cx);
        self.stream_failed(error);
        self.core.outbox().clear();
    }

    fn stream_failed(&mut self, error: &io::Error) {
        #[cfg(feature = "tls")]
        if let Some(error) = crate::transport::tls::error_of(error) {
            return self.core.handle_tls_error(error);
        }
        self.core.handle_transport_error(&error.to_string());
    }

    /// A stream that takes no more bytes may still give what the server said before it closed it.
    fn read_last_words(&mut self, cx: &mut Context<'_>) {
        while !self.core.is_closed() {
            match self.stream.poll_read(cx, &mut self.input) {
                Poll::Ready(Ok(1..)) => self.core.handle_input(&mut self.input),
                Poll::Ready(Err(error)) => return self.stream_failed(&error),
                _ => return,
            }
        }
    }

    /// Reads what is there, without waiting: what a server says to nobody in particular, its last words among it.
    pub(super) fn look(&mut self, cx: &mut Context<'_>) {
        while !self.core.is_closed() {
            match self.stream.poll_read(cx, &mut self.input) {
                Poll::Pending => return,
                Poll::Ready(Ok(0)) => self.core.handle_eof(),
                Poll::Ready(Ok(_)) => self.core.handle_input(&mut self.input),
                Poll::Ready(Err(error)) => self.core.handle_transport_error(&error.to_string()),
            }
            self.dispatch();
        }
    }

    /// Ends what has waited too long, and sets the alarm for what is next.
    fn poll_timer(&mut self, cx: &mut Context<'_>) {
        while let Some(deadline) = self.core.poll_timeout().map(clock::at) {
            let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
            if sleep.deadline() != deadline {
                sleep.as_mut().reset(deadline);
            }
            if sleep.as_mut().poll(cx).is_pending() {
                break;
            }
            self.core.handle_timeout(clock::now());
            self.dispatch();
        }
    }

    /// Bytes were sent: who waits for room may have some.
    fn tell_of_room(&mut self) {
        if let Some(id) = self.wants_room.take() {
            self.seats.wake(Seat::of(id));
        }
    }
}
