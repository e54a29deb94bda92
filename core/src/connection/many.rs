//! One statement run many times in one flight, with one Sync: all of it counts, or nothing.
//!
//! ```text
//! Parse  Bind Describe Execute  Bind Execute  Bind Execute … Sync
//! ```

use alloc::boxed::Box;

use super::Connection;
use super::send::leaving;
use super::write::{check_count, write_parsed, write_query};
use crate::config::StatementMode;
use crate::error::{Error, UsageError};
use crate::operation::{CommandTag, OperationId, Outcome, Phase, Query, QueryOptions, Text};
use crate::statement::{Class, Naming};
use crate::time::Instant;
use crate::types::Parameters;

/// A portal that nobody makes: to execute it fails, which undoes what came before it in the flight.
const NO_PORTAL: &str = "trunkline: given up by the client";

impl Connection {
    /// Begins to run one statement many times, with `count` parameters each.
    /// [`Event::Described`](super::Event::Described) tells when [`Connection::push`] can give them; it holds the wire
    /// from then on until [`Connection::finish_many`].
    ///
    /// All runs are one implicit transaction: the first that fails ends it, and none has an effect. Its error tells
    /// which one it was.
    ///
    /// # Errors
    ///
    /// As [`Connection::query`]; a COPY cannot be run many times, and the simple protocol has no such flights.
    pub fn many(
        &mut self,
        now: Instant,
        sql: &str,
        options: &QueryOptions<'_>,
        count: usize,
    ) -> Result<OperationId, Error> {
        self.admit(now)?;
        if options.mode.unwrap_or(self.mode) == StatementMode::Simple {
            return Err(UsageError::call("the simple protocol cannot run one statement many times").into());
        }
        if Class::of(sql) == Class::Copy {
            return Err(UsageError::call("COPY cannot be run many times").into());
        }
        self.wire.close_opening();
        let text = self.text(sql, options);
        let mut query = Query::new(text, count, options, StatementMode::Unnamed);
        query.many = Some(Box::default());
        // What was given cannot be given again.
        query.retried = true;
        let deadline = self.deadline(now, options.timeout);
        Ok(self.start_unbound(query, deadline))
    }

    /// Runs the statement once more, with these. Wait while [`Connection::can_push`] is false.
    ///
    /// Once a run has failed, nothing more is sent: the outcome tells why.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] when a parameter does not fit: the whole is undone, and this is its outcome.
    pub fn push(&mut self, id: OperationId, parameters: &dyn Parameters) -> Result<(), Error> {
        self.check_open()?;
        let not_many = || UsageError::call("push gives parameters to what Connection::many has begun");
        let operation = self.operations.get_mut(id).ok_or_else(not_many)?;
        if operation.outcome.is_some() || operation.expired.is_some() {
            return Ok(());
        }
        let is_first = operation.phase == Phase::Described;
        let query = operation.query().ok_or_else(not_many)?;
        let (Text::Described(statement), Some(many)) = (&query.sql, &mut query.many) else {
            return Err(not_many().into());
        };
        let (statement, row, parsed) = (statement.clone(), many.pushed, query.parsed);
        let written_at = self.wire.outbox.written();
        let mut flight = match is_first {
            true => leaving(&mut self.wire, &self.statements, &self.portals),
            false => self.wire.flight(),
        };
        let written =
            check_count(statement.parameters().len(), parameters).and_then(|()| match is_first && !parsed {
                true => write_query(&mut flight, id, &statement, &Naming::Unnamed, parameters),
                false => write_parsed(&mut flight, id, &statement, parameters),
            });
        if let Err(error) = written {
            drop(flight);
            let error = error.of_run(row);
            self.give_up_many(id, error.clone());
            return Err(error);
        }
        flight.commit();
        if is_first {
            self.closes_left();
        }
        if !self.flow.can_accept(self.wire.outbox.len(), self.wire.pipeline.len()) {
            // Whoever waits until there is room again waits for answers, which the server gathers otherwise.
            let mut flight = self.wire.flight();
            flight.flush();
            flight.commit();
        }
        let Some(operation) = self.operations.get_mut(id) else { return Ok(()) };
        if is_first {
            operation.phase = Phase::Running;
            operation.written_at = written_at;
            operation.columns = statement.columns().cloned();
        }
        if let Some(many) = operation.many() {
            many.pushed += 1;
        }
        Ok(())
    }

    /// Whether parameters are wanted: it was begun and has not failed, and not too much is under way.
    pub fn can_push(&self, id: OperationId) -> bool {
        let wanted = self.operations.get(id).is_some_and(|operation| {
            operation.outcome.is_none() && matches!(operation.phase, Phase::Described | Phase::Running)
        });
        // Commands that wait behind it do not count: it would wait for them, and they for it.
        wanted && self.flow.can_accept(self.wire.outbox.len(), self.wire.pipeline.len())
    }

    /// All parameters were given: it ends with what became of them, [`Outcome::Many`].
    pub fn finish_many(&mut self, id: OperationId) {
        let Some(many) = self.operations.get_mut(id).filter(|operation| operation.outcome.is_none()) else {
            return;
        };
        if many.phase == Phase::Described {
            return self.give_up(id, Error::Skipped);
        }
        let Some(many) = many.many().filter(|many| !many.finished) else { return };
        many.finished = true;
        self.wire.sync(id);
        self.settle_many(id);
        self.wire.hold.release();
        self.pump();
    }

    /// Ends what [`Connection::many`] began: what was run so far is undone, and no more is run. The outcome is
    /// `error`.
    pub fn give_up_many(&mut self, id: OperationId, error: Error) {
        let Some(operation) = self.operations.get_mut(id).filter(|operation| operation.outcome.is_none())
        else {
            return;
        };
        if operation.phase == Phase::Described {
            return self.give_up(id, error);
        }
        let Some(many) = operation.many().filter(|many| !many.finished) else { return };
        many.finished = true;
        operation.refused = Some(error);
        let mut flight = self.wire.flight();
        // Cannot fail: the name is ours.
        if flight.execute_portal(id, NO_PORTAL, 0).is_ok() {
            flight.sync(id);
        }
        flight.commit();
        self.wire.hold.release();
        self.pump();
    }

    /// One run has ended.
    pub(super) fn many_completed(&mut self, id: OperationId, tag: CommandTag) {
        if let Some(many) = self.operations.get_mut(id).and_then(|operation| operation.many()) {
            many.tags.push(tag);
        }
        self.settle_many(id);
    }

    /// All has ended when nothing more is to come.
    fn settle_many(&mut self, id: OperationId) {
        let Some(many) = self.operations.get_mut(id).and_then(|operation| operation.many()) else { return };
        if many.finished && many.tags.len() == many.pushed {
            let tags = core::mem::take(&mut many.tags);
            self.settle(id, Ok(Outcome::Many(tags)));
        }
    }
}
