//! Portals: the rows of a query, fetched a portion at a time.
//!
//! ```text
//! in a block:  Bind Execute(n) Sync    Execute(n) Sync  …  Close Sync     others may go between
//! outside:     Bind Execute(n) Flush   Execute(n) Flush …  Sync           it holds the wire: Sync would end it
//! ```

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::write::write_command;
use super::{Connection, Event};
use crate::config::StatementMode;
use crate::error::{Error, UsageError};
use crate::message::backend::TransactionStatus;
use crate::operation::{CommandTag, Kind, OperationId, Outcome, Phase, Portal, Query, QueryOptions};
use crate::pipeline::Flight;
use crate::statement::Class;
use crate::time::Instant;

/// The portals' names, and those that are to be closed with the next flight.
#[derive(Debug, Default)]
pub(super) struct Portals {
    named: u32,
    closing: Vec<Arc<str>>,
}

impl Portals {
    fn name(&mut self) -> Arc<str> {
        self.named = self.named.wrapping_add(1);
        let mut name = alloc::string::String::from("trunkline_portal_");
        push_number(&mut name, self.named);
        name.into()
    }

    pub(super) fn closing(&self) -> &[Arc<str>] {
        &self.closing
    }

    pub(super) fn closed(&mut self) {
        self.closing.clear();
    }
}

impl Connection {
    /// Runs one statement with `count` parameters and gives its rows in portions, of `rows` the first (0 for all).
    /// [`Event::Described`](super::Event) tells when [`Connection::bind`] can give the parameters, and
    /// [`Event::Suspended`](super::Event) that a portion has come: [`Connection::fetch`] asks for the next one.
    /// With the last it ends like a query.
    ///
    /// In a transaction block other commands may go between the portions. Outside, a portal lives no longer than its
    /// flight, so that it holds the wire until it ends.
    ///
    /// # Errors
    ///
    /// As [`Connection::query`]; the simple protocol has no portals, and COPY has no rows.
    pub fn portal(
        &mut self,
        now: Instant,
        sql: &str,
        options: &QueryOptions<'_>,
        count: usize,
        rows: u32,
    ) -> Result<OperationId, Error> {
        self.admit(now)?;
        if options.mode.unwrap_or(self.mode) == StatementMode::Simple {
            return Err(UsageError::call("the simple protocol cannot give rows in portions").into());
        }
        if Class::of(sql) == Class::Copy {
            return Err(UsageError::call("COPY has no rows that could come in portions").into());
        }
        let text = self.text(sql, options);
        let mut query = Query::new(text, count, options, self.mode);
        query.whole = false;
        query.portal = Some(Box::new(Portal::new(self.portals.name(), rows, options.timeout)));
        let deadline = self.deadline(now, options.timeout);
        Ok(self.start_unbound(query, deadline))
    }

    /// Asks for the next portion of a portal that is suspended, `rows` of them (0 for all that are left).
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] when it is not suspended, [`Error::Closed`] when the connection is closed.
    pub fn fetch(&mut self, now: Instant, id: OperationId, rows: u32) -> Result<(), Error> {
        let name = self.resume(now, id, rows, false)?;
        self.write_portion(id, |flight| Ok(flight.execute_portal(id, &name, rows)?))
    }

    /// Goes past the next `rows` of a portal that is suspended, without having them sent.
    /// [`Event::Suspended`](super::Event) follows, and [`Connection::moved`] tells how many there were. See PostgreSQL's
    /// "MOVE".
    ///
    /// # Errors
    ///
    /// As [`Connection::fetch`].
    pub fn forward(&mut self, now: Instant, id: OperationId, rows: u32) -> Result<(), Error> {
        let name = self.resume(now, id, rows, true)?;
        let mut sql = alloc::string::String::from("MOVE FORWARD ");
        push_number(&mut sql, rows.min(i32::MAX.unsigned_abs()));
        sql.push_str(" IN ");
        sql.push_str(&name);
        self.write_portion(id, |flight| write_command(flight, id, &sql))
    }

    /// How many rows the last [`Connection::forward`] of a portal went past.
    pub fn moved(&self, id: OperationId) -> u64 {
        self.operations.get(id).and_then(|operation| operation.portal()).map_or(0, |portal| portal.moved)
    }

    /// Whether a portion of a portal has come, and the next can be asked for.
    pub fn is_suspended(&self, id: OperationId) -> bool {
        self.operations.get(id).is_some_and(|operation| operation.phase == Phase::Suspended)
    }

    /// Whether a portal that waits for its caller holds the wire, so that other commands wait for that too.
    pub fn is_held_by_portal(&self) -> bool {
        self.wire.hold.holder().is_some_and(|holder| self.is_suspended(holder))
    }

    /// Closes a portal that is suspended: it ends as [`Outcome::Closed`].
    ///
    /// # Errors
    ///
    /// As [`Connection::fetch`].
    pub fn close_portal(&mut self, id: OperationId) -> Result<(), Error> {
        self.check_suspended(id)?;
        self.end_portal(id);
        Ok(())
    }

    /// A portal is about to be bound: its name, the size of its first portion, and whether it is in a block.
    pub(super) fn bind_portal(&mut self, id: OperationId) -> Option<(Arc<str>, u32, bool)> {
        let in_block = self.is_in_block();
        let portal = self.operations.get_mut(id)?.portal_mut()?;
        portal.in_block = in_block;
        portal.closed = false;
        Some((Arc::clone(&portal.name), portal.rows, in_block))
    }

    fn check_suspended(&self, id: OperationId) -> Result<(), Error> {
        self.check_open()?;
        match self.is_suspended(id) {
            true => Ok(()),
            false => {
                Err(UsageError::call("a portal gives more when Event::Suspended has told that it can").into())
            }
        }
    }

    /// A suspended portal goes on.
    fn resume(&mut self, now: Instant, id: OperationId, rows: u32, moving: bool) -> Result<Arc<str>, Error> {
        self.check_suspended(id)?;
        let not_suspended = || UsageError::call("what is no portal gives no portions");
        let timeout = self.operations.get(id).and_then(|operation| operation.portal()?.timeout);
        let deadline = self.deadline(now, timeout);
        let written_at = self.wire.outbox.written();
        let operation = self.operations.get_mut(id).ok_or_else(not_suspended)?;
        operation.phase = Phase::Running;
        operation.written_at = written_at;
        let portal = operation.portal_mut().ok_or_else(not_suspended)?;
        portal.rows = rows;
        portal.moving = moving;
        let name = Arc::clone(&portal.name);
        self.set_deadline(id, deadline);
        Ok(name)
    }

    fn write_portion(
        &mut self,
        id: OperationId,
        write: impl Fn(&mut Flight<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.holds_wire(id) {
            let mut flight = self.wire.flight();
            write(&mut flight)?;
            flight.flush();
            flight.commit();
            return Ok(());
        }
        let sent = self.send(id, false, |flight| {
            write(flight)?;
            flight.sync(id);
            Ok::<_, Error>(())
        });
        sent.map(drop)
    }

    /// Whether its rows come in portions.
    pub(super) fn is_portal(&self, id: OperationId) -> bool {
        self.operations.get(id).is_some_and(|operation| operation.portal().is_some())
    }

    /// Whether it is a portal outside of a transaction block.
    pub(super) fn holds_wire(&self, id: OperationId) -> bool {
        let portal = self.operations.get(id).and_then(|operation| operation.portal());
        portal.is_some_and(|portal| !portal.in_block)
    }

    /// Whether a transaction block is open, or will be by what was sent before. When it cannot be told (a script is
    /// under way), it is not: to hold the wire is right in both.
    fn is_in_block(&self) -> bool {
        let begins = |id| match self.operations.get(id).map(|operation| &operation.kind) {
            Some(Kind::Control { opens }) => *opens,
            Some(Kind::Query(query)) => query.sql.class() == Class::Begin,
            _ => false,
        };
        self.session.status != TransactionStatus::Idle
            || self.wire.pipeline.operations().any(begins)
            || self.ending.iter().copied().any(begins)
    }

    /// PortalSuspended, or the end of a MOVE.
    pub(super) fn portion_came(&mut self, id: OperationId) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        let Some(portal) = operation.portal_mut() else { return };
        portal.has_portion = true;
        if !portal.in_block {
            self.suspend(id);
        }
    }

    /// CommandComplete of a portal; told whether it was a MOVE's, after which it goes on.
    pub(super) fn portal_completed(&mut self, id: OperationId, tag: CommandTag) -> bool {
        let portal = self.operations.get_mut(id).and_then(|operation| operation.portal_mut());
        let Some(portal) = portal else { return false };
        if !core::mem::take(&mut portal.moving) {
            if !portal.in_block {
                self.wire.sync(id);
            }
            return false;
        }
        portal.moved = tag.rows();
        self.portion_came(id);
        true
    }

    /// ReadyForQuery came for a portal; told whether it goes on after that.
    pub(super) fn portal_ready(&mut self, id: OperationId) -> bool {
        let portal = self.operations.get(id).and_then(|operation| operation.portal());
        let goes_on = portal.is_some_and(|portal| portal.has_portion);
        if goes_on {
            self.suspend(id);
        }
        goes_on
    }

    fn suspend(&mut self, id: OperationId) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        if let Some(portal) = operation.portal_mut() {
            portal.has_portion = false;
        }
        operation.phase = Phase::Suspended;
        let unwanted = operation.is_unwanted();
        self.set_deadline(id, None);
        if unwanted { self.end_portal(id) } else { self.events.push_back(Event::Suspended(id)) }
    }

    /// Closes a suspended portal: by its name, or by the Sync that it held back.
    pub(super) fn end_portal(&mut self, id: OperationId) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        operation.outcome = Some(Ok(Outcome::Closed));
        operation.phase = Phase::Ending;
        let Some(portal) = operation.portal_mut() else { return };
        portal.closed = true;
        let name = Arc::clone(&portal.name);
        if portal.in_block {
            // Cannot fail: the name is ours, and holds no NUL.
            let _ = self.send(id, false, |flight| {
                flight.close_portal(id, &name)?;
                flight.sync(id);
                Ok::<_, Error>(())
            });
            return;
        }
        self.wire.hold.release();
        self.wire.sync(id);
        self.pump();
    }

    /// A portal that has ended in a transaction block is still there: it is closed with the next flight.
    pub(super) fn close_later(&mut self, id: OperationId) {
        let portal = self.operations.get_mut(id).and_then(|operation| operation.portal_mut());
        if let Some(portal) = portal.filter(|portal| portal.in_block && !portal.closed) {
            portal.closed = true;
            self.portals.closing.push(Arc::clone(&portal.name));
        }
    }
}

/// Appends a number without the machinery of formatting.
fn push_number(text: &mut alloc::string::String, number: u32) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    text.push(char::from_digit(number % 10, 10).unwrap_or('0'));
}
