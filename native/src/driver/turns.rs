//! Whose turn it is to drive.

use std::task::{Context, Poll, Waker};

use tokio::runtime::Handle;
use trunkline_core::{Connection, OperationId};

use super::{Seat, State};
use crate::cancel::Reaper;

impl State {
    /// Drives until that gives something for the owner of an operation, who sleeps meanwhile. It must give something
    /// once the operation has ended.
    pub(crate) fn poll_for<T>(
        &mut self,
        id: OperationId,
        cx: &mut Context<'_>,
        mut take: impl FnMut(&mut Connection) -> Option<T>,
    ) -> Poll<T> {
        let polled = self.poll_seat(Seat::of(id), cx, |state| take(&mut state.core));
        if polled.is_ready() {
            self.taken = self.taken.wrapping_add(1);
            self.feeding.take_if(|feeding| *feeding == id);
        }
        polled
    }

    /// Drives until that gives something for whoever sits there, and sleeps meanwhile.
    pub(crate) fn poll_seat<T>(
        &mut self,
        seat: Seat,
        cx: &mut Context<'_>,
        mut take: impl FnMut(&mut Self) -> Option<T>,
    ) -> Poll<T> {
        let waker = self.seats.take(seat);
        let mut is_idle = false;
        loop {
            let stopped = !self.core.wants_read();
            if let Some(taken) = take(self) {
                self.leave_seat(seat);
                if stopped {
                    self.seats.wake_driver();
                }
                return Poll::Ready(taken);
            }
            if is_idle {
                self.sleep(seat, cx, waker);
                return Poll::Pending;
            }
            is_idle = self.drive(cx).is_pending();
            if is_idle {
                // The socket would wake this one now.
                self.seats.set_driver(seat);
            }
        }
    }

    /// The same for the owner of a COPY, which what is sent can make room for.
    pub(crate) fn poll_room<T>(
        &mut self,
        id: OperationId,
        cx: &mut Context<'_>,
        ready: impl FnMut(&mut Connection) -> Option<T>,
    ) -> Poll<T> {
        let polled = self.poll_for(id, cx, ready);
        self.wants_room = polled.is_pending().then_some(id);
        polled
    }

    /// Writes what can be written now, for an operation that needs not wait for it.
    pub(crate) fn push(&mut self, id: OperationId, cx: &mut Context<'_>) {
        // It is awake, and need not be told of the room that it makes itself.
        self.seats.take(Seat::of(id));
        if self.drive(cx).is_pending() {
            self.seats.set_driver(Seat::of(id));
            self.hand_over(id);
        }
    }

    /// Sleeps there until it is woken; `waker` is the one that it had before.
    pub(super) fn sleep(&mut self, seat: Seat, cx: &Context<'_>, waker: Option<Waker>) {
        let same = waker.filter(|waker| waker.will_wake(cx.waker()));
        self.seats.sleep(seat, same.unwrap_or_else(|| cx.waker().clone()));
    }

    /// An operation was forgotten before its end: those that waited for it may have something to write now, while
    /// whoever drives sleeps until there is something to read.
    pub(super) fn leave(&mut self, id: OperationId) {
        self.dispatch();
        self.hand_over(id);
        self.nudge();
    }

    /// There may be something to write, to read again, or another moment to wake at.
    pub(super) fn nudge(&mut self) {
        if !self.seats.wake_driver() && self.core.wants_write() {
            let _ = self.poll_write(&mut Context::from_waker(Waker::noop()));
        }
    }

    /// Whoever waited for the operation does so no longer.
    pub(super) fn hand_over(&mut self, from: OperationId) {
        self.feeding.take_if(|feeding| *feeding == from);
        self.leave_seat(Seat::of(from));
    }

    /// Whoever sat there has gone: somebody else drives.
    pub(crate) fn leave_seat(&mut self, seat: Seat) {
        self.seats.leave(seat);
        self.reap();
    }

    /// Has somebody drive until what is being cancelled has ended. Without a runtime, whoever waits next does.
    fn reap(&mut self) {
        if !self.core.is_cancelling() || self.reaper.as_ref().is_some_and(|reaper| !reaper.is_finished()) {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            self.reaper = Some(runtime.spawn(Reaper(self.this.clone())));
        }
    }

    /// The reaper's turn.
    pub(crate) fn poll_reap(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.core.is_cancelling() {
            if self.drive(cx).is_pending() && self.core.is_cancelling() {
                self.seats.sleep(Seat::Reaper, cx.waker().clone());
                self.seats.set_driver(Seat::Reaper);
                return Poll::Pending;
            }
        }
        // Whatever waited for it.
        let _ = self.poll_write(cx);
        self.reaper = None;
        self.seats.leave(Seat::Reaper);
        Poll::Ready(())
    }
}
