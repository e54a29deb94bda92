//! Descriptions that a change of the schema has left behind.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Connection;
use crate::operation::{OperationId, Text};
use crate::row::{Columns, RowBatch};
use crate::statement::Statement;
use crate::types::agrees;

impl Connection {
    /// Compares the first values of composite types with the descriptions of these, which a change of theirs leaves
    /// as they were: what does not agree is learned again.
    pub(super) fn compare_fields(&mut self, id: OperationId, rows: &RowBatch) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        let Some(columns) = &operation.columns else { return };
        let unchecked = match operation.unchecked.take() {
            Some(unchecked) => unchecked,
            None => comparable(columns),
        };
        let (mut still_unchecked, mut outdated, mut known) = (Vec::new(), Vec::new(), false);
        for &position in &unchecked {
            let value = (0..rows.len()).find_map(|row| rows.field(row, position));
            let (Some(value), Some(column)) = (value, columns.get(position)) else {
                still_unchecked.push(position);
                continue;
            };
            if !agrees(&column.type_, value) {
                let current = self.registry.get(column.type_.oid());
                // Another operation, or another connection, may have learned it meanwhile.
                if current.is_known() && agrees(&current, value) {
                    known = true;
                } else {
                    outdated.push(column.type_.oid());
                }
            }
        }
        operation.unchecked = Some(still_unchecked);
        if outdated.is_empty() && !known {
            return;
        }
        outdated.iter().for_each(|oid| self.registry.forget(*oid));
        let statement = self.statement_of(id);
        if self.await_types(id, outdated, statement.as_ref()) {
            return;
        }
        if let Some(columns) = self.operations.get_mut(id).and_then(|operation| operation.columns.as_mut()) {
            *columns = Arc::new(columns.with_types(&self.registry));
        }
        if let Some(statement) = statement {
            self.statements.described(statement.with_types(&self.registry));
        }
    }

    /// The statement that an operation runs, as it was described.
    pub(super) fn statement_of(&mut self, id: OperationId) -> Option<Statement> {
        let query = self.operations.get_mut(id)?.query()?;
        match &query.sql {
            Text::Described(statement) => Some(statement.clone()),
            Text::Undescribed { .. } => self.statements.find(query.sql.key()).map(|(found, _)| found.clone()),
        }
    }
}

/// The positions of the columns whose values tell of fields.
fn comparable(columns: &Columns) -> Vec<usize> {
    let mut positions = Vec::new();
    for (position, column) in columns.iter().enumerate() {
        if column.has_fields() {
            positions.push(position);
        }
    }
    positions
}
