use alloc::collections::VecDeque;

use bytes::BytesMut;

use crate::config::{Config, StatementMode};
use crate::operation::OperationId;
use crate::pipeline::{Expected, Flight, Hold, Pipeline, Waiting};
use crate::wire::Outbox;

/// The sending side: what goes out, the replies it will get, and what waits for the wire.
#[derive(Debug, Default)]
pub(super) struct Wire {
    pub(super) outbox: Outbox,
    pub(super) pipeline: Pipeline,
    pub(super) hold: Hold,
    /// An open command ([`Connection::begin`](super::Connection::begin)) that nothing has followed yet.
    opening: Option<OperationId>,
    /// Operations under way that may open a transaction block.
    pub(super) block_openers: usize,
    /// What may leave while a flight is under way.
    pub(super) behind: Behind,
}

/// What may leave behind a flight that is under way.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
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

    /// Whether a flight is under way, and what is next may not be behind it.
    pub(super) fn awaits_its_turn(&self) -> bool {
        !self.may_leave(self.hold.is_next_synced())
    }

    fn may_leave(&self, synced: bool) -> bool {
        self.pipeline.is_empty()
            || match self.behind {
                Behind::Anything => true,
                Behind::Synced => synced,
                Behind::Nothing => false,
            }
    }

    /// A flight that leaves now, whoever holds the wire: for the holder itself.
    pub(super) fn flight(&mut self) -> Flight<'_> {
        Flight::new(self.outbox.tail(), self.pipeline.queue())
    }

    /// Writes a flight: at once when the wire is free, else into the queue behind the holder.
    ///
    /// `holds` makes the operation hold the wire until it ends.
    pub(super) fn send<E>(
        &mut self,
        operation: OperationId,
        holds: bool,
        write: impl FnOnce(&mut Flight<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let flight = if self.is_free() {
            let may_be_unsynced = self.opening.is_some() || self.may_leave(false);
            let mut flight = self.flight();
            write(&mut flight)?;
            if may_be_unsynced || flight.is_synced() {
                flight.commit();
                self.left(operation, holds);
                return Ok(());
            }
            flight.take()
        } else {
            Self::detached(write)?
        };
        self.hold.wait(Waiting { operation, flight: Some(flight), holds });
        Ok(())
    }

    /// Whether a command can leave that the next flight completes.
    pub(super) fn can_open(&self) -> bool {
        self.is_free() && self.behind != Behind::Nothing && self.may_leave(false)
    }

    /// Writes a command that holds the wire, but not against the flight that comes next: they leave as one.
    pub(super) fn open<E>(
        &mut self,
        operation: OperationId,
        write: impl FnOnce(&mut Flight<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut flight = self.flight();
        write(&mut flight)?;
        flight.commit();
        self.left(operation, true);
        self.opening = Some(operation);
        Ok(())
    }

    /// Nothing is to follow it in its flight.
    pub(super) fn take_opening(&mut self) -> Option<OperationId> {
        self.opening.take()
    }

    /// Whether a flight can leave now: nobody holds the wire, or it is the one that goes with what does; and no
    /// cancel request can hit it.
    pub(super) fn is_free(&self) -> bool {
        let is_unheld = !self.hold.is_held() && !self.awaits_its_turn();
        !self.hold.is_blocked() && (is_unheld || self.opening.is_some())
    }

    /// Whether the next thing on the server is a command that waits for its flight to be completed.
    pub(super) fn is_opening(&self) -> bool {
        self.opening.is_some_and(|id| self.pipeline.is_next(id))
    }

    /// The next command that waits, when it can leave.
    pub(super) fn next(&mut self) -> Option<Waiting> {
        if self.is_free() { self.hold.take_waiting() } else { None }
    }

    /// A flight of this operation was put on the wire.
    pub(super) fn left(&mut self, operation: OperationId, holds: bool) {
        self.opening = None;
        if holds {
            self.hold.hold(operation);
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
