use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Sleep;
use trunkline_core::types::Parameters;
use trunkline_core::{CommandTag, Connection, Error, OperationId, Outcome, RowBatch};

use super::{Driver, Seat, Started, State};
use crate::observe::Guard;

/// Waits for an operation to end, and drives the connection meanwhile.
///
/// Dropping it abandons the operation: its replies are parsed past, and when they do not end soon it is cancelled.
pub(crate) struct Wait<'a, G> {
    driver: &'a Driver,
    id: Option<OperationId>,
    alone: bool,
    give: G,
    stall: Option<Stall>,
}

/// What the owner of an operation gives while it waits.
pub(crate) trait Give: Unpin {
    /// Its parameters' types are known now.
    fn described(&mut self, core: &mut Connection, id: OperationId) -> Result<(), Error>;

    /// Gives more, as long as there is room; told whether there is nothing left.
    fn more(&mut self, _core: &mut Connection, _id: OperationId) -> bool {
        true
    }
}

impl Give for &(dyn Parameters + Sync) {
    fn described(&mut self, core: &mut Connection, id: OperationId) -> Result<(), Error> {
        core.bind(id, *self)
    }
}

/// A stream or a cursor stands before an answer, and nobody reads it.
struct Stall {
    /// How often something was read before.
    taken: u64,
    sleep: Pin<Box<Sleep>>,
}

/// How long an answer waits for somebody to read what stands before it. Most often it is the same task that holds the
/// stream or cursor, and would wait for itself for ever.
const STALL: Duration = Duration::from_secs(30);

/// What a query came to: its rows, the columns they have, and the outcome.
pub(crate) struct Answer {
    pub(crate) columns: Option<Arc<trunkline_core::Columns>>,
    pub(crate) rows: Vec<RowBatch>,
    pub(crate) outcome: Outcome,
}

impl Answer {
    /// What the query did, or the last run of it.
    pub(crate) fn tag(&self) -> CommandTag {
        self.outcome.tag()
    }
}

impl<'a, G: Give> Wait<'a, G> {
    pub(super) fn new(driver: &'a Driver, started: Started, give: G) -> Self {
        Self { driver, id: Some(started.id), alone: started.alone, give, stall: None }
    }

    /// Waits until that is true of the operation. On an error it is over.
    fn poll_until(
        &mut self,
        cx: &mut Context<'_>,
        arrived: fn(&Connection, OperationId) -> bool,
    ) -> Poll<Result<(OperationId, Guard<'_>), Error>> {
        let Some(id) = self.id else { return Poll::Pending };
        let mut guard = self.driver.lock();
        let state = &mut *guard;
        // It is awake: what it drives itself need not wake it once more.
        let seat = Seat::of(id);
        let waker = state.seats.take(seat);
        if !std::mem::replace(&mut self.alone, true) {
            // Others are under way: let those who are about to join the flight do so, and write it once.
            state.sleep(seat, cx, waker);
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        loop {
            if state.take_described(id) {
                if let Err(error) = self.give.described(&mut state.core, id) {
                    self.id = None;
                    state.leave(id);
                    return Poll::Ready(Err(error));
                }
                state.dispatch();
                if !state.described.is_empty() {
                    // They were told in the same breath: what they bind leaves in one write with this.
                    state.sleep(seat, cx, waker);
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
            }
            if arrived(&state.core, id) {
                state.hand_over(id);
                return Poll::Ready(Ok((id, guard)));
            }
            if !self.give.more(&mut state.core, id) {
                state.feeding = Some(id);
            }
            if state.drive(cx).is_pending() {
                // The socket would wake this one now.
                state.seats.set_driver(seat);
                // Everything that was dispatched meanwhile may have been ours.
                if state.described.contains(&id) || arrived(&state.core, id) {
                    continue;
                }
                if let Poll::Ready(awaited) = poll_stall(&mut self.stall, state, cx) {
                    self.id = None;
                    drop(guard);
                    self.driver.abandon(id);
                    return Poll::Ready(Err(Error::Timeout(awaited, STALL)));
                }
                state.sleep(seat, cx, waker);
                return Poll::Pending;
            }
        }
    }

    /// Waits for the first rows, or the end: rows are then for the caller to take, and the operation its own.
    pub(crate) async fn begun(mut self) -> Result<OperationId, Error> {
        let begun =
            |core: &Connection, id| core.has_rows(id) || core.is_suspended(id) || core.is_finished(id);
        let id = poll_fn(|cx| self.poll_until(cx, begun).map_ok(|(id, _)| id)).await?;
        self.id = None;
        Ok(id)
    }
}

/// Ready when nobody has read for long what stands before an answer, with what that is.
fn poll_stall(stall: &mut Option<Stall>, state: &State, cx: &mut Context<'_>) -> Poll<&'static str> {
    let awaited = if state.core.is_held_by_portal() {
        "a cursor outside of a transaction to be closed"
    } else if state.core.is_held_by_copy() {
        "a COPY before it to be ended"
    } else if !state.core.wants_read() && !state.core.is_closed() {
        "the rows of a stream before it to be read"
    } else {
        *stall = None;
        return Poll::Pending;
    };
    if stall.as_ref().is_none_or(|stall| stall.taken != state.taken) {
        *stall = Some(Stall { taken: state.taken, sleep: Box::pin(tokio::time::sleep(STALL)) });
    }
    stall.as_mut().map_or(Poll::Pending, |stall| stall.sleep.as_mut().poll(cx).map(|()| awaited))
}

impl<G: Give> Future for Wait<'_, G> {
    type Output = Result<Answer, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let (id, mut state) = std::task::ready!(this.poll_until(cx, Connection::is_finished))?;
        let answer = state.answer(id);
        drop(state);
        this.id = None;
        // There always is one: it has ended.
        answer.map_or(Poll::Pending, Poll::Ready)
    }
}

impl<G> Drop for Wait<'_, G> {
    fn drop(&mut self) {
        if let Some(id) = self.id.take() {
            self.driver.abandon(id);
        }
    }
}
