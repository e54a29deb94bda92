use alloc::vec::Vec;
use core::time::Duration;

use super::Connection;
use super::send::leaving;
use crate::error::{Error, ProtocolError, UsageError};
use crate::message::backend::{FieldDescription, ParameterDescription, RowDescription};
use crate::operation::{Kind, OperationId, Outcome, Phase, Query, Text};
use crate::pipeline::Waiting;
use crate::row::Column;
use crate::statement::Statement;
use crate::time::Instant;
use crate::types::{Registry, Type};

use super::event::Event;

impl Connection {
    /// Starts a query that is bound later: once it has the wire, and its parameters' types are known.
    pub(super) fn start_unbound(
        &mut self,
        query: Query,
        deadline: Option<(Instant, Duration)>,
    ) -> OperationId {
        let id = self.start(Kind::Query(query), deadline);
        self.wait_unbound(id);
        self.pump();
        id
    }

    /// Lets a query wait for the wire with nothing to send yet.
    pub(super) fn wait_unbound(&mut self, id: OperationId) {
        self.set_phase(id, Phase::Waiting);
        self.wire.hold.wait(Waiting { operation: id, flight: None, holds: true });
    }

    /// The wire is free for an operation whose parameters wait for their types: asks for them, unless somebody
    /// else's question was answered meanwhile.
    pub(super) fn describe(&mut self, id: OperationId) {
        self.wire.left(id, true);
        if self.operations.get(id).is_some_and(|operation| operation.phase == Phase::Described) {
            // Somebody else's question was answered while it waited, and the caller knows already.
            return;
        }
        let Some(query) = self.operations.get_mut(id).and_then(|operation| operation.query()) else {
            return self.wire.hold.release();
        };
        if let Some((statement, _)) = self.statements.find(query.sql.key()) {
            let statement = statement.clone();
            return self.described(id, statement);
        }
        let oids: Vec<u32> = query.sql.types().iter().map(Type::oid).collect();
        let mut flight = leaving(&mut self.wire, &self.statements, &self.portals);
        let written = flight
            .parse(id, "", query.sql.sql(), &oids)
            .and_then(|()| flight.describe_statement(id, ""))
            .map(|()| flight.flush());
        match written {
            Ok(()) => {
                flight.commit();
                query.parsed = true;
                self.closes_left();
                self.set_phase(id, Phase::Describing);
            }
            Err(error) => {
                drop(flight);
                self.give_up(id, error.into());
            }
        }
    }

    /// ParameterDescription.
    pub(super) fn receive_parameters(&mut self, id: OperationId, body: &[u8]) -> Result<(), ProtocolError> {
        let description = ParameterDescription::decode(body)
            .map_err(|problem| ProtocolError::malformed(ParameterDescription::TAG, problem))?;
        if let Some(query) = self.operations.get_mut(id).and_then(|operation| operation.query()) {
            let types = description.types.into_iter().map(|oid| self.registry.get(oid));
            query.parameters = Some(types.collect());
        }
        Ok(())
    }

    /// RowDescription (or NoData) of a statement: the description is complete.
    pub(super) fn statement_described(&mut self, id: OperationId, columns: Option<Vec<Column>>) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        let is_prepare = matches!(operation.kind, Kind::Prepare(_));
        let Some(query) = operation.query() else { return };
        let parameters = query.parameters.take().unwrap_or_default();
        let statement = Statement::new(query.sql.sql(), query.sql.types(), parameters, columns);
        let waits = self.await_types(id, statement.unknown_types(), Some(&statement));
        self.remember(statement.clone());
        if is_prepare {
            self.settle(id, Ok(Outcome::Prepared(statement)));
        } else if !waits {
            self.statement_known(id, statement);
        }
    }

    /// A statement's description is complete, with its types as far as they can be known: for the operation that
    /// asked, and for those that wait to ask the same.
    pub(super) fn statement_known(&mut self, id: OperationId, statement: Statement) {
        let same: Vec<OperationId> = self
            .wire
            .hold
            .undescribed()
            .filter(|waiting| {
                self.operations.get(*waiting).is_some_and(|operation| operation.waits_for(&statement))
            })
            .collect();
        self.described(id, statement.clone());
        for waiting in same {
            self.described(waiting, statement.clone());
        }
        self.pump();
    }

    /// RowDescription (or NoData) of a portal: the columns of the rows that follow.
    pub(super) fn portal_described(&mut self, id: OperationId, columns: Option<Vec<Column>>) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        let Kind::Query(query) = &operation.kind else { return };
        let known = match &query.sql {
            Text::Described(statement) => statement.columns(),
            Text::Undescribed { .. } => None,
        };
        if let (Some(known), Some(columns)) = (known, &columns)
            && known.iter().eq(columns)
            // One that the caller had may be of a time when its types could not be learned.
            && self.statements.get(query.sql.key()).is_some()
        {
            return;
        }
        let parameters = query.sql.parameters().to_vec();
        let as_sent = columns.clone().map(|columns| alloc::sync::Arc::new(columns.into()));
        let statement = Statement::new(query.sql.sql(), query.sql.types(), parameters, columns);
        operation.columns = as_sent;
        self.await_types(id, statement.unknown_types(), Some(&statement));
        self.remember(statement);
    }

    /// An operation's types are known: the caller is to bind, or nobody needs to.
    fn described(&mut self, id: OperationId, statement: Statement) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        let unwanted = operation.is_unwanted();
        operation.phase = Phase::Described;
        let Some(query) = operation.query() else { return };
        let (expected, given) = (statement.parameters().len(), query.parameter_count);
        query.sql = Text::Described(statement);
        if unwanted {
            self.give_up(id, Error::Skipped);
        } else if expected != given {
            self.give_up(id, UsageError::ParameterCount { expected, given }.into());
        } else if given == 0 && query.many.is_none() {
            if let Err(error) = self.bind_described(id, &()) {
                self.give_up(id, error);
            }
        } else {
            self.events.push_back(Event::Described(id));
        }
    }

    /// Ends an operation that is described and will not be bound. What it asked the server so far is closed
    /// with a Sync of its own.
    pub(super) fn give_up(&mut self, id: OperationId, error: Error) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        operation.outcome = Some(Err(error));
        let asked = operation.query().is_some_and(|query| query.parsed);
        if self.wire.hold.holder() != Some(id) {
            self.wire.hold.remove(id);
        } else {
            self.wire.hold.release();
            if asked {
                self.set_phase(id, Phase::Ending);
                return self.wire.sync(id);
            }
        }
        self.finish(id);
    }

    pub(super) fn set_phase(&mut self, id: OperationId, phase: Phase) {
        if let Some(operation) = self.operations.get_mut(id) {
            operation.phase = phase;
        }
    }
}

/// The columns of a RowDescription.
pub(super) fn columns(registry: &Registry, body: &[u8]) -> Result<Vec<Column>, ProtocolError> {
    let description = RowDescription::decode(body)
        .map_err(|problem| ProtocolError::malformed(RowDescription::TAG, problem))?;
    Ok(description.fields.iter().map(|field| column(registry, field)).collect())
}

fn column(registry: &Registry, field: &FieldDescription<'_>) -> Column {
    Column {
        table: field.table,
        attribute: field.attribute,
        modifier: field.modifier,
        ..Column::new(field.name, registry.get(field.type_oid), field.format)
    }
}
