use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use trunkline_core::Notification;

use super::Signal;

/// How many signals wait for a subscriber.
const ROOM: usize = 16 * 1024;

/// What waits for one subscriber.
#[derive(Debug, Default)]
pub(super) struct Mailbox(Mutex<Inside>);

#[derive(Debug, Default)]
struct Inside {
    signals: VecDeque<Signal>,
    waker: Option<Waker>,
    closed: bool,
}

impl Mailbox {
    /// Where there is no room, all that waited is thrown away: that something was missed is all that is left to say.
    pub(super) fn put(&self, notification: &Notification) {
        self.change(|inside| {
            if inside.signals.len() >= ROOM {
                inside.signals.clear();
                inside.signals.push_back(Signal::Missed);
            }
            inside.signals.push_back(Signal::Notification(notification.clone()));
        });
    }

    /// Something may have been missed; once is enough.
    pub(super) fn missed(&self) {
        self.change(|inside| {
            if inside.signals.back() != Some(&Signal::Missed) {
                inside.signals.push_back(Signal::Missed);
            }
        });
    }

    /// Nothing will come any more.
    pub(super) fn close(&self) {
        self.change(|inside| inside.closed = true);
    }

    pub(super) fn poll(&self, cx: &mut Context<'_>) -> Poll<Option<Signal>> {
        let mut inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match inside.signals.pop_front() {
            Some(signal) => Poll::Ready(Some(signal)),
            None if inside.closed => Poll::Ready(None),
            None => {
                inside.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut Inside)) {
        let waker = {
            let mut inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut inside);
            inside.waker.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_become_one_word() {
        let mailbox = Mailbox::default();
        let mut cx = Context::from_waker(Waker::noop());
        for _ in 0..=ROOM {
            mailbox.put(&Notification::new(1, "a", "x"));
        }
        assert_eq!(mailbox.poll(&mut cx), Poll::Ready(Some(Signal::Missed)));
        assert!(matches!(mailbox.poll(&mut cx), Poll::Ready(Some(Signal::Notification(_)))));
        mailbox.missed();
        mailbox.missed();
        mailbox.close();
        assert_eq!(mailbox.poll(&mut cx), Poll::Ready(Some(Signal::Missed)));
        assert_eq!(mailbox.poll(&mut cx), Poll::Ready(None));
    }
}
