//! Cancelling what runs on the server, so that it never hits what runs next.
//!
//! A CancelRequest names a session and not a query: it hits whatever runs when it arrives. So one that nobody asked
//! for by name is sent only while nobody wants anything of what is on the wire, and no other command is sent from
//! then on until the server has answered *and* the channel of the request was closed, which the server does when it
//! has passed the request on.
//!
//! ```text
//! abandon ─▶ Grace ─▶ Due ─▶ Asked (Event::CancelWanted) ─▶ on its way ─▶ closed, and ReadyForQuery came ─▶ go on
//!              │        │       │                               │ (still running: once more, later)
//!              └────────┴───────┴── ReadyForQuery came ─▶ go on  └─▶ Grace
//! ```

use alloc::vec::Vec;
use core::time::Duration;

use bytes::BytesMut;

use super::{Connection, Event};
use crate::error::CloseReason;
use crate::message::frontend::CancelRequest;
use crate::operation::{Kind, Operation, OperationId, Phase};
use crate::pipeline::expect::Step;
use crate::time::Instant;

/// How long what was abandoned may take to end by itself: most queries do, and a request costs the server a process.
const GRACE: Duration = Duration::from_millis(10);
/// How long after a request that came to nothing (too early, or lost) the next one follows; doubled each time.
const AGAIN: Duration = Duration::from_millis(500);
const MAX_DOUBLINGS: u32 = 6;
/// How long a request may be on its way.
const LIMIT: Duration = Duration::from_secs(15);

/// What is being cancelled.
#[derive(Debug, Default)]
pub(super) struct Cancels {
    stage: Stage,
    /// Requests whose channel is not closed yet.
    open: u32,
    /// ReadyForQuery has not come since the last of them was sent.
    unanswered: bool,
    /// When the last of them is given up, and the connection with it.
    until: Instant,
    /// Requests that came to nothing.
    failures: u32,
}

/// How far a request is that nobody but the connection itself asks for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    #[default]
    None,
    /// What runs, and nobody wants, has until then to end by itself.
    Grace(Instant),
    /// It took too long; what is wanted may still be on the wire before it.
    Due,
    /// The shell was asked to send a request.
    Asked,
}

impl Cancels {
    /// Whether no command may be sent: a request could hit it.
    fn blocks(&self) -> bool {
        self.stage != Stage::None || self.open > 0 || self.unanswered
    }

    /// When there is something to do.
    pub(super) fn timeout(&self) -> Option<Instant> {
        let limit = (self.open > 0).then_some(self.until);
        let grace = match self.stage {
            Stage::Grace(until) => Some(until),
            _ => None,
        };
        limit.into_iter().chain(grace).min()
    }
}

impl Connection {
    /// As [`Connection::forget`], and cancels it on the server when it does not end soon:
    /// [`Event::CancelWanted`] asks the shell to.
    ///
    /// What stands behind others on the wire is cancelled when it is its turn; what others stand behind is not,
    /// since they could be hit. Nor is anything that begins or ends a transaction.
    pub fn abandon(&mut self, now: Instant, id: OperationId) {
        self.forget(id);
        self.cancel_after(now + GRACE);
    }

    /// Asks to cancel whatever runs, by the bytes that are returned: to be sent on a channel of its own to the same
    /// server, with the same encryption, which is then read to its end, and [`Connection::cancel_closed`] told.
    /// `None` when nothing runs, or the server gave no key.
    ///
    /// Commands given meanwhile wait. What was sent before may be hit in place of what is meant.
    pub fn cancel(&mut self, now: Instant) -> Option<Vec<u8>> {
        let runs = self.wire.pipeline.front().is_some_and(|first| first.step != Step::Sync);
        if !self.is_ready() || !runs || self.wire.is_opening() {
            return None;
        }
        let request = CancelRequest { process_id: self.session.process_id, key: self.session.cancel_key() };
        let mut bytes = BytesMut::new();
        request.encode(&mut bytes).ok()?;
        self.cancels.open = self.cancels.open.saturating_add(1);
        self.cancels.unanswered = true;
        self.cancels.until = now + LIMIT;
        self.update_block();
        Some(bytes.to_vec())
    }

    /// Answers [`Event::CancelWanted`], once a channel is open: as [`Connection::cancel`], but `None` when what was
    /// to be cancelled has ended meanwhile.
    pub fn cancel_unwanted(&mut self, now: Instant) -> Option<Vec<u8>> {
        if self.cancels.stage != Stage::Asked || !self.is_all_unwanted() {
            return None;
        }
        self.cancel(now)
    }

    /// The channel of a request was closed by the server, or failed. When that was no use, another request follows.
    pub fn cancel_closed(&mut self, now: Instant) {
        self.cancels.open = self.cancels.open.saturating_sub(1);
        self.cancel_failed(now);
    }

    /// No channel could be opened for [`Event::CancelWanted`]: tries again later.
    pub fn cancel_failed(&mut self, now: Instant) {
        if self.cancels.stage == Stage::Asked {
            let doublings = self.cancels.failures.min(MAX_DOUBLINGS);
            self.cancels.failures = self.cancels.failures.saturating_add(1);
            self.cancels.stage = Stage::Grace(now + AGAIN * (1 << doublings));
        }
        self.settle_cancels();
    }

    /// Whether something is being cancelled, or about to be.
    pub fn is_cancelling(&self) -> bool {
        self.cancels.blocks()
    }

    /// Cancels what is last on the wire when it has not ended by then, if nobody wants it.
    pub(super) fn cancel_after(&mut self, until: Instant) {
        let unwanted = self.wire.pipeline.last().is_some_and(|last| {
            let runs = |operation: &Operation| operation.phase != Phase::Ending;
            self.is_unwanted(last.operation) && self.operations.get(last.operation).is_some_and(runs)
        });
        if !unwanted || !self.is_ready() {
            return;
        }
        match self.cancels.stage {
            Stage::None | Stage::Due => self.cancels.stage = Stage::Grace(until),
            Stage::Grace(later) => self.cancels.stage = Stage::Grace(until.min(later)),
            Stage::Asked => {}
        }
        self.update_block();
    }

    /// Time has passed.
    pub(super) fn time_cancels(&mut self, now: Instant) {
        if self.cancels.open > 0 && self.cancels.until <= now {
            // It may still arrive, whatever runs then.
            let why = "a cancel request was neither answered nor refused in time";
            return self.close_because(CloseReason::Transport(why.into()));
        }
        if matches!(self.cancels.stage, Stage::Grace(until) if until <= now) {
            self.cancels.stage = Stage::Due;
            self.settle_cancels();
        }
    }

    /// ReadyForQuery came: of what was to be cancelled, or of what stood before it.
    pub(super) fn cancels_answered(&mut self) {
        if !self.cancels.blocks() {
            return;
        }
        let was_sent = core::mem::take(&mut self.cancels.unanswered);
        let came_late = matches!(self.cancels.stage, Stage::Grace(_)) && self.cancels.failures > 0;
        if came_late || was_sent && self.cancels.stage == Stage::Asked {
            // It hit its mark; what follows is unwanted too.
            self.cancels.failures = 0;
            self.cancels.stage = Stage::Due;
        }
        self.settle_cancels();
    }

    /// Messages came: when no reply is owed any more, nothing can be hit.
    pub(super) fn cancels_heard(&mut self) {
        if self.wire.hold.is_blocked() && self.wire.pipeline.is_empty() {
            self.settle_cancels();
        }
    }

    /// What is to be done now: to ask for a request, to wait, or to let others go on.
    fn settle_cancels(&mut self) {
        if self.wire.pipeline.is_empty() {
            self.cancels.unanswered = false;
            self.cancels.stage = Stage::None;
            self.cancels.failures = 0;
        }
        if self.cancels.stage == Stage::Due && self.cancels.open == 0 && self.is_all_unwanted() {
            self.cancels.stage = Stage::Asked;
            self.events.push_back(Event::CancelWanted);
        } else if self.cancels.stage == Stage::Asked && !self.is_all_unwanted() {
            self.cancels.stage = Stage::Due;
        }
        self.update_block();
        if !self.cancels.blocks() {
            self.pump();
            self.ask_for_types();
        }
    }

    fn update_block(&mut self) {
        self.wire.hold.block(self.cancels.blocks());
    }

    /// Whether whatever a request can hit is wanted by nobody.
    fn is_all_unwanted(&self) -> bool {
        self.wire.pipeline.front().is_some_and(|first| first.step != Step::Sync)
            && self.wire.pipeline.operations().all(|id| self.is_unwanted(id) || self.is_begin(id))
    }

    /// Whether it does no harm when a request hits this: nobody wants it, and no transaction begins or ends by it.
    /// Half a COMMIT, or a ROLLBACK that did not happen, is worse than one that takes its time.
    fn is_unwanted(&self, id: OperationId) -> bool {
        let Some(operation) = self.operations.get(id) else { return id == OperationId::NONE };
        operation.is_unwanted() && !operation.controls_transaction()
    }

    /// Whether it is the BEGIN that travels with another statement. It has long been executed when a request comes,
    /// though its answer is kept back by the server until there is more to send.
    fn is_begin(&self, id: OperationId) -> bool {
        self.operations
            .get(id)
            .is_some_and(|operation| matches!(operation.kind, Kind::Control { opens: true }))
    }
}
