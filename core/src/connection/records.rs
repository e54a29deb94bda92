//! The types of what anonymous records hold, which nothing but the values tells.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Connection;
use crate::operation::{Operation, OperationId};
use crate::row::{Columns, RowBatch};
use crate::types::NamedTypes;

impl Connection {
    /// Looks at the types that values of a batch name. What is known of them goes with the columns; for those that
    /// are not known the rows wait, once for each.
    pub(super) fn name_types(&mut self, id: OperationId, rows: &RowBatch) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        let Some(columns) = operation.columns.clone() else { return };
        let named = named_types(&columns, rows);
        let is_known = |oid: &u32| self.registry.get(*oid).is_known();
        let (known, mut unknown): (Vec<u32>, Vec<u32>) = named.custom().iter().copied().partition(is_known);
        let is_news = |oid: u32| {
            columns.iter().any(|column| column.names_types() && !column.type_.named(oid).is_known())
        };
        let news = known.into_iter().any(is_news);
        unknown.retain(|oid| !operation.named.contains(oid));
        operation.named.extend(&unknown);
        let waits = !unknown.is_empty() && self.await_named_types(id, unknown);
        if news && !waits {
            let columns = Arc::new(columns.with_types(&self.registry));
            let statement = self.statement_of(id);
            if let Some(operation) = self.operations.get_mut(id) {
                operation.columns = Some(columns);
            }
            if let Some(statement) = statement {
                self.statements.described(statement.with_types(&self.registry));
            }
        }
    }

    /// An operation that waits already waits for these too; one that did, does so again.
    fn await_named_types(&mut self, id: OperationId, oids: Vec<u32>) -> bool {
        let statement = self.statement_of(id);
        let Some(operation) = self.operations.get_mut(id) else { return false };
        if let Some(awaited) = &mut operation.awaited {
            awaited.oids.extend(oids);
            self.learning.leave(id);
            self.learning.want(id, &awaited.oids);
            return true;
        }
        operation.waited = false;
        let waits = self.await_types(id, oids, statement.as_ref());
        if let Some(awaited) = self.operations.get_mut(id).and_then(Operation::awaited) {
            awaited.is_optional = true;
        }
        waits
    }
}

fn named_types(columns: &Columns, rows: &RowBatch) -> NamedTypes {
    let mut named = NamedTypes::default();
    for (position, column) in columns.iter().enumerate() {
        if !column.names_types() {
            continue;
        }
        for row in 0..rows.len() {
            if let Some(raw) = rows.field(row, position) {
                named.look_at(column.type_.oid(), raw);
            }
        }
    }
    named
}
