use alloc::sync::Arc;

use super::Connection;
use super::cancel::Cancels;
use super::commands::drop_rows;
use super::event::Event;
use crate::config::StatementMode;
use crate::error::{CloseReason, Closed, Error, ServerError};
use crate::message::backend::TransactionStatus;
use crate::operation::{Kind, OperationId, Outcome, Phase};
use crate::statement::StatementName;
use crate::time::Instant;
use crate::types::has_fields;

/// What to do about a name that the session does not have, or has from somebody else.
const POOLED: &str = "the session has other statements than this connection gave it: behind a pooler of transactions \
                      set statement_mode=unnamed; DEALLOCATE and DISCARD are for outside of transactions";

impl Connection {
    /// An operation has its outcome, and waits for the ReadyForQuery that ends its flight.
    pub(super) fn settle(&mut self, id: OperationId, outcome: Result<Outcome, Error>) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        if operation.phase == Phase::Finished {
            return;
        }
        operation.outcome = Some(outcome);
        if operation.phase != Phase::Ending {
            operation.phase = Phase::Ending;
            self.ending.push_back(id);
        }
    }

    /// ReadyForQuery came for the flight of `last`: every operation in it has ended.
    pub(super) fn flight_ended(&mut self, last: OperationId) {
        while let Some(id) = self.ending.pop_front() {
            self.conclude(id);
        }
        let goes_on = self.portal_ready(last);
        // Ended without an outcome of its own: forgotten, or given up before it ran.
        if self
            .operations
            .get(last)
            .is_some_and(|operation| !goes_on && !has_ended(operation.phase) && !self.is_on_hold(last))
        {
            self.conclude(last);
        }
        self.cancels_answered();
        self.pump();
    }

    fn is_on_hold(&self, id: OperationId) -> bool {
        self.wire.hold.holder() == Some(id) || self.wire.hold.is_waiting(id)
    }

    /// An operation's flight has ended: it has too, unless it can be tried again.
    fn conclude(&mut self, id: OperationId) {
        if self.wire.hold.holder() == Some(id) {
            self.wire.hold.release();
        }
        if self.is_prologue(id) {
            return self.prologue_ended(id);
        }
        let Some(operation) = self.operations.get(id) else { return };
        if matches!(operation.kind, Kind::Introspect { .. }) {
            return self.introspected(id);
        }
        if matches!((&operation.kind, &operation.outcome), (Kind::Control { opens: true }, Some(Err(_)))) {
            self.not_begun(id);
            return self.finish(id);
        }
        let (failed, waits) = (matches!(operation.outcome, Some(Err(_))), operation.waits_for_types());
        if failed && self.try_again(id) {
            return;
        }
        if waits { self.set_phase(id, Phase::Learning) } else { self.finish(id) }
    }

    /// Sends a query once more when what failed was our cache and not the query: nothing was delivered, and no
    /// transaction is open that the failure could have aborted.
    fn try_again(&mut self, id: OperationId) -> bool {
        let status = self.session.status;
        let Some(operation) = self.operations.get_mut(id) else { return false };
        // A BEGIN that was sent after it would take the second try into its block.
        let openers = self.wire.block_openers.saturating_sub(usize::from(operation.opens_block));
        let idle = status == TransactionStatus::Idle && openers == 0;
        let (Some(Err(Error::Server(error))), false) = (&operation.outcome, operation.is_unwanted()) else {
            return false;
        };
        let Some(problem) = StaleStatement::of(error) else { return false };
        let Kind::Query(query) = &mut operation.kind else { return false };
        let key = query.sql.key();
        match problem {
            StaleStatement::Missing => self.statements.unassigned(key),
            StaleStatement::Exists => self.statements.assigned(key, StatementName::of(key.sql, key.types)),
            StaleStatement::Changed | StaleStatement::NoBinaryOutput => self.statements.remove(key),
            StaleStatement::OtherFields => {
                let parameters = query.sql.parameters().iter().filter(|type_| has_fields(type_));
                parameters.for_each(|type_| self.registry.forget(type_.oid()));
                self.statements.remove(key);
            }
        }
        if query.retried || query.batched || !idle {
            if let (Some(Err(Error::Server(error))), StaleStatement::Missing | StaleStatement::Exists) =
                (&mut operation.outcome, problem)
            {
                Arc::make_mut(error).hint.get_or_insert_with(|| POOLED.into());
            }
            return false;
        }
        query.retried = true;
        // Without a name: several that fail together would each give it, and all but one fail again.
        query.mode = StatementMode::Unnamed;
        query.parsed = false;
        query.naming = false;
        if !matches!(problem, StaleStatement::Missing | StaleStatement::Exists) {
            query.forget_description();
        }
        operation.outcome = None;
        operation.columns = None;
        operation.awaited = None;
        operation.waited = false;
        operation.unchecked = None;
        operation.named.clear();
        self.learning.leave(id);
        self.wait_unbound(id);
        true
    }

    /// The caller can take the outcome now.
    pub(super) fn finish(&mut self, id: OperationId) {
        self.close_later(id);
        self.set_deadline(id, None);
        let Some(operation) = self.operations.get_mut(id) else { return };
        if operation.phase == Phase::Finished {
            return;
        }
        operation.phase = Phase::Finished;
        if core::mem::take(&mut operation.opens_block) {
            self.wire.block_openers = self.wire.block_openers.saturating_sub(1);
        }
        if operation.outcome.is_none() {
            // A Close needs no answer of its own: that the statement was not there is no error.
            let closed = matches!(operation.kind, Kind::Close);
            operation.outcome = Some(if closed { Ok(Outcome::Closed) } else { Err(Error::Skipped) });
        }
        if operation.forgotten || operation.is_ours() {
            self.remove(id);
        } else if operation.expired.is_none() {
            self.events.push_back(Event::Finished(id));
        }
    }

    /// An operation's deadline has passed: the caller gets that at once, and the server is asked to cancel it.
    pub(super) fn expire(&mut self, now: Instant, id: OperationId) {
        if self.is_prologue(id) {
            return self.prologue_expired();
        }
        let Some(operation) = self.operations.get_mut(id) else { return };
        let limit = operation.deadline.take().map_or_else(Default::default, |(_, limit)| limit);
        operation.expired = Some(Error::Timeout("the end of a query", limit));
        self.events.push_back(Event::Finished(id));
        self.withdraw(id);
        // It has had its time.
        self.cancel_after(now);
    }

    /// Takes an operation out, with all that is held for it.
    pub(super) fn remove(&mut self, id: OperationId) -> Option<Result<Outcome, Error>> {
        let operation = self.operations.get_mut(id)?;
        if let Some((deadline, _)) = operation.deadline {
            self.deadlines.remove(deadline, id);
        }
        if operation.opens_block {
            self.wire.block_openers = self.wire.block_openers.saturating_sub(1);
        }
        drop_rows(&mut self.flow, operation);
        let outcome = operation.outcome.take();
        self.operations.remove(id);
        outcome
    }

    /// Closes the connection, and with it everything under way.
    pub(super) fn close_because(&mut self, reason: CloseReason) {
        if self.closed.is_some() {
            return;
        }
        let sent = self.wire.outbox.sent();
        let nothing_ran = self.prologue_failure().is_some();
        for id in self.operations.ids() {
            let waits = self.wire.hold.is_waiting(id);
            self.stop_waiting(id);
            let Some(operation) = self.operations.get_mut(id) else { continue };
            // An error is final whatever follows it; success is not, before ReadyForQuery tells of the commit.
            if !matches!(operation.outcome, Some(Err(_))) && !has_ended(operation.phase) {
                let may_have_run = !waits && !nothing_ran && operation.may_have_run(sent);
                operation.outcome = Some(Err(reason.to_error(may_have_run)));
            }
            self.finish(id);
        }
        self.ending.clear();
        self.learning.clear();
        self.wire.pipeline.clear();
        self.wire.hold.clear();
        self.wire.outbox.clear();
        self.cancels = Cancels::default();
        let startup = self.startup.take();
        self.discovery = startup.and_then(|startup| startup.into_discovery());
        self.closed = Some(reason);
        self.events.push_back(Event::Closed);
    }
}

/// Whether its outcome is one that nothing changes any more.
const fn has_ended(phase: Phase) -> bool {
    matches!(phase, Phase::Learning | Phase::Finished)
}

/// A failure that says something of what we remember, and nothing of the query.
#[derive(Debug, Clone, Copy)]
enum StaleStatement {
    /// The server does not know the name: deallocated, or another server behind a pooler.
    Missing,
    /// The server knows the name already. It is made of the SQL, so it is the same statement.
    Exists,
    /// The columns have changed since it was prepared, or a type is gone.
    Changed,
    /// A type of the result has no binary form.
    NoBinaryOutput,
    /// A composite type has other fields than it was described with.
    OtherFields,
}

/// A type was dropped, and perhaps made again, since a statement was prepared or its parameters described. An
/// internal error's text is in English everywhere.
const DROPPED_TYPE: &str = "cache lookup failed for type ";

impl StaleStatement {
    fn of(error: &ServerError) -> Option<Self> {
        // The routine tells these apart from the same codes raised for other reasons, in every language.
        match (error.code.as_str(), error.routine.as_deref()) {
            ("26000", _) => Some(Self::Missing),
            ("42P05", _) => Some(Self::Exists),
            ("0A000", Some("RevalidateCachedQuery")) => Some(Self::Changed),
            // An array or range finds out what its elements lack when its first value is sent.
            ("42883", Some("getTypeBinaryOutputInfo" | "array_send" | "get_range_io_data")) => {
                Some(Self::NoBinaryOutput)
            }
            ("XX000", _) if error.message.starts_with(DROPPED_TYPE) => Some(Self::Changed),
            ("42804", Some("record_recv")) => Some(Self::OtherFields),
            _ => None,
        }
    }
}

impl CloseReason {
    /// The error of an operation that it ended.
    pub(super) fn to_error(&self, may_have_run: bool) -> Error {
        Error::Closed(Arc::new(Closed::new(self.clone(), may_have_run)))
    }
}
