//! Learning the types that are not built in.
//!
//! An operation that meets some *waits for types*: nothing of it is shown (no columns, rows, Described or Finished)
//! before an introspection, an operation of our own, has asked the catalog for them.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{Connection, Event};
use crate::config::StatementMode;
use crate::error::Error;
use crate::message::backend::TransactionStatus;
use crate::operation::introspect::{self, Oids};
use crate::operation::{Awaited, Kind, OperationId, Outcome, Phase};
use crate::pipeline::{Binding, Flight};
use crate::row::Columns;
use crate::statement::Statement;
use crate::types::{Registry, Type, oid};
use crate::wire::Format;

/// In a transaction block an introspection that failed would fail the block, without one.
const SAVEPOINT: &str = "savepoint trunkline_types";
const ROLLBACK: &str = "rollback to savepoint trunkline_types; release savepoint trunkline_types";

impl Connection {
    /// What this connection knows of the database's own types.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Gives it what other connections to the same database have learned, merged with what
    /// [`Connection::registry`] told. Costs next to nothing.
    ///
    /// When all was forgotten there since, or other codecs were set, the descriptions of statements are forgotten
    /// here too.
    pub fn set_registry(&mut self, registry: Registry) {
        if !registry.has_codecs_of(&self.registry) {
            self.statements.clear();
        }
        if registry.forgotten() > self.registry.forgotten() {
            self.statements.clear();
            self.learning.outdate();
        }
        self.registry = registry;
    }

    /// Forgets the database's own types and the descriptions of statements: the schema has changed in a way that
    /// does not show by itself, such as an enum with a new label.
    pub fn reload_types(&mut self) {
        let mut registry = self.registry.clone();
        registry.forget_all();
        self.set_registry(registry);
    }

    /// Makes an operation wait for types, if there are any; told whether it does. Not twice, and not in a failed
    /// transaction block, in which nothing can be asked.
    pub(super) fn await_types(
        &mut self,
        id: OperationId,
        oids: Vec<u32>,
        statement: Option<&Statement>,
    ) -> bool {
        let Some(operation) = self.operations.get_mut(id) else { return false };
        if oids.is_empty() || operation.waited || self.session.status == TransactionStatus::Failed {
            return false;
        }
        operation.waited = true;
        self.learning.want(id, &oids);
        if !operation.is_whole() {
            let untaken = operation.untaken();
            self.flow.taken(untaken);
            // They were within another limit.
            let _ = self.flow.withhold(untaken);
        }
        operation.awaited =
            Some(Box::new(Awaited { oids, statement: statement.cloned(), is_optional: false }));
        true
    }

    /// Keeps a description, unless its types could not be learned: they are asked for again the next time.
    pub(super) fn remember(&mut self, statement: Statement) {
        if statement.unknown_types().is_empty() {
            self.statements.described(statement);
        }
    }

    /// Asks for the types that are wanted, unless a cancel request could hit the question, or it is somebody else's turn.
    pub(super) fn ask_for_types(&mut self) {
        if self.learning.wants_any() && !self.wire.hold.is_blocked() && self.wire.may_follow(true) {
            self.ask();
        }
    }

    /// Sends an introspection for the types that are wanted. An operation that holds the wire for its description
    /// has it closed by a Sync, and is parsed again; behind another (COPY) nothing can be asked in time.
    fn ask(&mut self) {
        let oids = self.learning.take_wanted();
        match self.send_introspection(&oids) {
            Some(id) => self.learning.asked(id, oids),
            None => {
                for id in &self.learning.give_up() {
                    self.types_learned(*id, false);
                }
            }
        }
    }

    fn send_introspection(&mut self, oids: &[u32]) -> Option<OperationId> {
        let mut closes = false;
        if let Some(holder) = self.wire.hold.holder() {
            let holder = self.operations.get_mut(holder)?;
            if !matches!(holder.phase, Phase::Describing | Phase::Described) {
                return None;
            }
            let query = holder.query()?;
            closes = core::mem::take(&mut query.parsed);
            if closes {
                // It is its first use still, which gives no name.
                query.mode = StatementMode::Unnamed;
            }
        }
        let id = self.start(Kind::Introspect { learned: false }, None);
        let in_block = self.session.status != TransactionStatus::Idle || self.wire.block_openers > 0;
        let sql = introspect::sql(self.session.parameter("server_version"));
        let mut flight = self.wire.flight();
        if closes {
            flight.sync(OperationId::NONE);
        }
        if write_introspection(&mut flight, id, &sql, oids, in_block).is_ok() {
            flight.commit();
            return Some(id);
        }
        // Cannot be: the query is ours, and nobody has so many types.
        drop(flight);
        self.remove(id);
        None
    }

    /// A flight of an introspection has ended: in a transaction block it has two.
    pub(super) fn introspected(&mut self, id: OperationId) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        let Kind::Introspect { learned } = &mut operation.kind else { return };
        if matches!(operation.outcome, Some(Ok(_))) && !*learned && self.learning.believes(id) {
            *learned = true;
            let types = introspect::types(&operation.rows);
            if !types.is_empty() {
                self.registry.learn(types);
                self.events.push_back(Event::TypesLearned);
            }
        }
        let succeeded = *learned;
        if self.wire.pipeline.is_next(id) {
            return;
        }
        self.remove(id);
        let answered = self.learning.answered(id);
        for &waiting in &answered.waiting {
            match self.operations.get(waiting).and_then(|operation| operation.awaited.as_ref()) {
                Some(awaited) if answered.outdated => self.learning.want(waiting, &awaited.oids),
                _ => self.types_learned(waiting, succeeded),
            }
        }
    }

    /// The catalog was asked for the types that an operation waits for, or could not be.
    fn types_learned(&mut self, id: OperationId, succeeded: bool) {
        let Some(awaited) = self.stop_waiting(id) else { return };
        let statement = awaited.statement.map(|statement| statement.with_types(&self.registry));
        let Some(operation) = self.operations.get_mut(id) else { return };
        if let Some(statement) = statement {
            let prepared = match &mut operation.outcome {
                Some(Ok(Outcome::Prepared(prepared))) => Some(prepared),
                _ => None,
            };
            if let Some(prepared) = prepared {
                *prepared = statement.clone();
            }
            let describes = operation.phase == Phase::Describing;
            if succeeded {
                // Whatever is not known by now is not in the catalog.
                self.statements.described(statement.clone());
            } else {
                self.remember(statement.clone());
            }
            if describes {
                return self.statement_known(id, statement);
            }
        }
        if self.operations.get(id).is_some_and(|operation| operation.phase == Phase::Learning) {
            self.finish(id);
        }
    }

    /// What an operation has waits no longer: its rows can be taken.
    pub(super) fn stop_waiting(&mut self, id: OperationId) -> Option<Awaited> {
        let operation = self.operations.get_mut(id)?;
        let awaited = operation.awaited.take()?;
        let with_types = |columns: &mut Arc<Columns>| *columns = Arc::new(columns.with_types(&self.registry));
        operation.columns.iter_mut().for_each(with_types);
        if let Some(Ok(Outcome::Script(results))) = &mut operation.outcome {
            results.iter_mut().filter_map(|result| result.columns.as_mut()).for_each(with_types);
        }
        if !operation.is_whole() {
            let untaken = operation.untaken();
            self.flow.release(untaken);
            self.flow.arrived(untaken);
        }
        if !operation.is_unwanted() && !operation.rows.is_empty() && !operation.is_whole() {
            operation.announced = true;
            self.events.push_back(Event::Rows(id));
        }
        Some(*awaited)
    }
}

fn write_introspection(
    flight: &mut Flight<'_>,
    id: OperationId,
    sql: &str,
    oids: &[u32],
    in_block: bool,
) -> Result<(), Error> {
    if in_block {
        flight.query(OperationId::NONE, SAVEPOINT)?;
    }
    flight.parse(id, "", sql, &[oid::OID_ARRAY])?;
    let (types, parameters) = (&[Type::OID_ARRAY], &Oids(oids));
    flight.bind(id, &Binding { statement: "", types, parameters, results: &[Format::Binary] })?;
    flight.execute(id);
    flight.sync(id);
    if in_block {
        // Whose status is the block's again.
        flight.query(id, ROLLBACK)?;
    }
    Ok(())
}
