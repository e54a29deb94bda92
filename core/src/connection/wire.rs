use alloc::collections::VecDeque;

use bytes::BytesMut;

use crate::config::{Config, StatementMode};
use crate::operation::OperationId;
use crate::pipeline::{Expected, Flight, Hold, Pipeline, Waiting, is_skipped_whole};
use crate::wire::Outbox;

/// The sending side: what goes out, the replies it will get, and what waits for the wire.
#[derive(Debug, Default)]
pub(super) struct Wire {
    pub(super) outbox: Outbox,
    pub(super) pipeline: Pipeline,
    pub(super) hold: Hold,
    /// Operations under way that may open a transaction block.
    pub(super) block_openers: usize,
    /// What may leave while a flight is under way.
    behind: Behind,
}

/// What may leave behind a flight that is under way.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Behind {
    #[default]
    Anything,
    /// What ends with a Sync (`statement_mode=unnamed`): the answers to anything else are lost where a pooler hands
    /// the session on at the ReadyForQuery before.
    Synced,
    /// `pipeline=false`.
    Nothing,
}

impl Behind {
    fn new(config: &Config) -> Self {
        match config.statement_mode {
            _ if !config.pipeline => Self::Nothing,
            StatementMode::Unnamed => Self::Synced,
            StatementMode::Named | StatementMode::Simple => Self::Anything,
        }
    }
}

impl Wire {
    /// Nothing sent yet.
    pub(super) fn new(config: &Config) -> Self {
        Self { behind: Behind::new(config), ..Self::default() }
    }

    /// Whether what ends with a Sync, or has none yet, may leave behind what is under way.
    pub(super) fn may_follow(&self, synced: bool) -> bool {
        self.pipeline.is_empty()
            || match self.behind {
                Behind::Anything => true,
                Behind::Synced => synced,
                Behind::Nothing => false,
            }
    }

    /// Whose turn it is: whether a flight that ends with a Sync, or has none yet, can leave. It can when nobody holds the
    /// wire, or goes with who opens it; and when no cancel request can hit it.
    fn admits(&self, synced: bool) -> bool {
        let is_unheld = !self.hold.is_held() && self.may_follow(synced);
        !self.hold.is_blocked() && (is_unheld || self.hold.opening().is_some())
    }

    /// Whether a flight that ends with a Sync would leave at once.
    pub(super) fn is_free(&self) -> bool {
        self.hold.next().is_none() && self.admits(true)
    }

    /// A flight that leaves now, whoever holds the wire: for the holder itself.
    pub(super) fn flight(&mut self) -> Flight<'_> {
        Flight::new(self.outbox.tail(), self.pipeline.queue())
    }

    /// Writes a flight, and `ahead` of it what goes with one that leaves at once; told whether it does. Else it waits for
    /// its turn, without.
    ///
    /// `holds` makes the operation hold the wire until it ends.
    pub(super) fn send<E>(
        &mut self,
        operation: OperationId,
        holds: bool,
        ahead: impl FnOnce(&mut Flight<'_>),
        write: impl Fn(&mut Flight<'_>) -> Result<(), E>,
    ) -> Result<bool, E> {
        if self.is_free() {
            let (admits_unsynced, is_opening) = (self.admits(false), self.hold.opening().is_some());
            let mut flight = self.flight();
            ahead(&mut flight);
            write(&mut flight)?;
            if (admits_unsynced || flight.is_synced()) && (!is_opening || flight.is_skipped_whole()) {
                flight.commit();
                self.left(operation, holds);
                return Ok(true);
            }
        }
        let flight = Self::detached(write)?;
        self.wait(Waiting { operation, flight: Some(flight), holds });
        Ok(false)
    }

    /// Lets a command wait for its turn.
    pub(super) fn wait(&mut self, waiting: Waiting) {
        let joins = match &waiting.flight {
            Some((_, expected)) => is_skipped_whole(expected.iter()),
            None => true,
        };
        if !joins {
            self.close_opening();
        }
        self.hold.wait(waiting);
    }

    /// Writes a command that holds the wire, but not against the flight that comes next: they leave as one. False when it
    /// cannot be.
    pub(super) fn open<E>(
        &mut self,
        operation: OperationId,
        write: impl FnOnce(&mut Flight<'_>) -> Result<(), E>,
    ) -> Result<bool, E> {
        let can_open = self.behind != Behind::Nothing && self.hold.opening().is_none();
        if !(can_open && self.is_free() && self.admits(false)) {
            return Ok(false);
        }
        let mut flight = self.flight();
        write(&mut flight)?;
        flight.commit();
        self.hold.open(operation);
        Ok(true)
    }

    /// Ends what was to be completed by the next flight: none follows that it would skip as a whole.
    pub(super) fn close_opening(&mut self) {
        if let Some(id) = self.hold.opening() {
            self.sync(id);
            self.hold.hold(id);
        }
    }

    /// Whether the next thing on the server is a command that waits for its flight to be completed.
    pub(super) fn is_opening(&self) -> bool {
        self.hold.opening().is_some_and(|id| self.pipeline.is_next(id))
    }

    /// The next command that waits, when it can leave.
    pub(super) fn next(&mut self) -> Option<Waiting> {
        let synced = self.hold.next()?.is_synced();
        if self.admits(synced) { self.hold.take_waiting() } else { None }
    }

    /// A flight of this operation was put on the wire; it completes what was open.
    pub(super) fn left(&mut self, operation: OperationId, holds: bool) {
        match (holds, self.hold.opening()) {
            (true, _) => self.hold.hold(operation),
            (false, Some(opening)) => self.hold.hold(opening),
            (false, None) => {}
        }
    }

    /// Writes a flight into buffers of its own.
    pub(super) fn detached<E>(
        write: impl FnOnce(&mut Flight<'_>) -> Result<(), E>,
    ) -> Result<(BytesMut, VecDeque<Expected>), E> {
        let (mut bytes, mut expected) = (BytesMut::new(), VecDeque::new());
        let mut flight = Flight::new(&mut bytes, &mut expected);
        write(&mut flight)?;
        flight.commit();
        Ok((bytes, expected))
    }

    /// Puts a flight that waited on the wire.
    pub(super) fn launch(&mut self, (bytes, expected): (BytesMut, VecDeque<Expected>)) {
        self.outbox.tail().extend_from_slice(&bytes);
        self.pipeline.queue().extend(expected);
    }

    /// Sends the Sync of what was sent without.
    pub(super) fn sync(&mut self, operation: OperationId) {
        let mut flight = self.flight();
        flight.sync(operation);
        flight.commit();
    }
}
