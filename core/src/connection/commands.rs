use core::time::Duration;

use super::Connection;
use super::wire::Wire;
use crate::error::{CloseReason, Error};
use crate::flow::Flow;
use crate::message::frontend::Terminate;
use crate::operation::{Kind, Operation, OperationId, Phase, Query, QueryOptions, Text};
use crate::statement::{Key, Statement, StatementName};
use crate::time::Instant;
use crate::types::Type;
use crate::wire::Unencodable;

impl Connection {
    /// Runs SQL that may be several statements, without parameters; the results come as text.
    ///
    /// # Errors
    ///
    /// As [`Connection::query`].
    pub fn simple_query(&mut self, now: Instant, sql: &str) -> Result<OperationId, Error> {
        self.admit(now)?;
        let deadline = self.deadline(now, None);
        let id = self.start(Kind::Simple(alloc::vec::Vec::new(), sql.into()), deadline);
        // A COPY FROM STDIN anywhere in it would take what follows for its data. To look for the word is cheap,
        // and a wrong guess only costs the neighbours their overlap.
        let holds = contains_word(sql, "copy");
        self.send(id, holds, |flight| flight.query(id, sql))
    }

    /// Describes a statement and gives it a name on this connection.
    ///
    /// # Errors
    ///
    /// As [`Connection::query`].
    pub fn prepare(&mut self, now: Instant, sql: &str, types: &[Type]) -> Result<OperationId, Error> {
        self.admit(now)?;
        let deadline = self.deadline(now, None);
        let text = Text::Undescribed { sql: sql.into(), types: types.into() };
        let query = Query::new(text, 0, &QueryOptions::default(), self.mode);
        let id = self.start(Kind::Prepare(query), deadline);
        self.send(id, false, |flight| {
            let oids: alloc::vec::Vec<u32> = types.iter().map(Type::oid).collect();
            flight.parse(id, "", sql, &oids)?;
            flight.describe_statement(id, "")?;
            flight.sync(id);
            Ok::<_, Error>(())
        })
    }

    /// Closes a statement on this connection. That it is not there is no error.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] when the connection is closed.
    pub fn close_statement(&mut self, now: Instant, statement: &Statement) -> Result<OperationId, Error> {
        self.admit(now)?;
        let deadline = self.deadline(now, None);
        self.statements.remove(Key { sql: statement.sql(), types: statement.given_types() });
        let id = self.start(Kind::Close, deadline);
        self.send(id, false, |flight| {
            flight.sync(id);
            Ok::<_, Error>(())
        })
    }

    /// The caller no longer wants an operation: what comes for it is parsed past, and what was not sent never is.
    pub fn forget(&mut self, id: OperationId) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        operation.forgotten = true;
        drop_rows(&mut self.flow, operation);
        if operation.is_finished() {
            self.remove(id);
            return;
        }
        self.withdraw(id);
    }

    /// What was not sent of an operation that nobody wants never is.
    pub(super) fn withdraw(&mut self, id: OperationId) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        if operation.phase == Phase::Described {
            self.give_up(id, Error::Skipped);
            return self.pump();
        }
        if operation.phase == Phase::Running && operation.many().is_some() {
            return self.give_up_many(id, Error::Skipped);
        }
        if operation.phase == Phase::Suspended {
            return self.end_portal(id);
        }
        if operation.query().is_some_and(|query| query.naming) {
            return self.withdraw_all_but_its_name(id);
        }
        if self.wire.hold.remove(id) {
            return self.finish(id);
        }
        self.give_up_copy(id);
    }

    /// What waits behind it may count on the name that its Parse would have given: in a transaction block it
    /// could not be tried again.
    fn withdraw_all_but_its_name(&mut self, id: OperationId) {
        let Some(waiting) = self.wire.hold.find(id).filter(|waiting| waiting.is_alone(id)) else { return };
        let Some(query) = self.operations.get_mut(id).and_then(|operation| operation.query()) else { return };
        let Text::Described(statement) = &query.sql else { return };
        let name = StatementName::of(statement.sql(), statement.given_types());
        let oids: alloc::vec::Vec<u32> = statement.parameters().iter().map(Type::oid).collect();
        let flight = Wire::detached(|flight| {
            flight.parse(id, name.as_str(), statement.sql(), &oids)?;
            flight.sync(id);
            Ok::<_, Unencodable>(())
        });
        // Cannot fail: it was written before.
        if let Ok(flight) = flight {
            waiting.flight = Some(flight);
            waiting.holds = false;
        }
    }

    /// Ends the session: Terminate is in the outbox, and every operation under way is closed.
    pub fn terminate(&mut self) {
        if self.closed.is_some() {
            return;
        }
        self.close_because(CloseReason::Caller);
        // Cannot fail: it has no parts.
        let _ = Terminate.encode(self.wire.outbox.tail());
    }

    /// Inserts an operation about to be written.
    pub(super) fn start(&mut self, kind: Kind, deadline: Option<(Instant, Duration)>) -> OperationId {
        let mut operation = Operation::new(kind, Phase::Running);
        operation.written_at = self.wire.outbox.written();
        if operation.opens_block {
            self.wire.block_openers += 1;
        }
        let id = self.operations.insert(operation);
        self.set_deadline(id, deadline);
        id
    }

    /// Lets waiting commands go while the wire is free.
    pub(super) fn pump(&mut self) {
        if self.wire.hold.len() > 0 {
            // Before they take the wire.
            self.ask_for_types();
        }
        while let Some(waiting) = self.wire.next() {
            let id = waiting.operation;
            let written = self.wire.outbox.written();
            for id in waiting.operations() {
                if let Some(operation) = self.operations.get_mut(id) {
                    operation.written_at = written;
                }
            }
            match waiting.flight {
                Some(flight) => {
                    self.wire.launch(flight);
                    self.wire.left(id, waiting.holds);
                }
                None => self.describe(id),
            }
        }
    }
}

/// Drops rows and COPY data that nobody takes any more.
pub(super) fn drop_rows(flow: &mut Flow, operation: &mut Operation) {
    let untaken = operation.untaken();
    operation.drop_untaken();
    if operation.withholds() && !operation.is_whole() {
        flow.release(untaken);
    } else if !operation.is_whole() {
        flow.taken(untaken);
    }
}

pub(super) fn contains_word(sql: &str, word: &str) -> bool {
    sql.as_bytes().windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}
