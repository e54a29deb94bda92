use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Connection;
use crate::error::Error;
use crate::operation::{CommandTag, Kind, OperationId, Outcome, StatementResult};
use crate::row::Column;
use crate::statement::{Class, push_unknown};

/// The results of a simple query: one for each of its statements.
impl Connection {
    /// RowDescription: a statement's rows follow.
    pub(super) fn script_columns(&mut self, id: OperationId, columns: Vec<Column>) {
        if self.script(id).is_none() {
            return self.simple_columns(id, columns);
        }
        if let Some(results) = self.script(id) {
            results.push(StatementResult { columns: Some(Arc::new(columns.into())), ..Default::default() });
        }
    }

    /// CommandComplete: a statement ended; one that returns no rows begins with it too.
    pub(super) fn script_tag(&mut self, id: OperationId, tag: CommandTag) {
        if self.script(id).is_none() {
            return self.simple_completed(id, tag);
        }
        let Some(results) = self.script(id) else { return };
        match results.last_mut() {
            Some(open) if open.columns.is_some() && !open.complete => {
                open.tag = tag;
                open.complete = true;
            }
            _ => results.push(StatementResult { tag, complete: true, ..Default::default() }),
        }
    }

    /// ReadyForQuery: all ended, if none failed.
    pub(super) fn script_ended(&mut self, id: OperationId) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        if operation.outcome.is_some() {
            return;
        }
        let refused = operation.refused.take();
        let Kind::Simple(results, sql) = &mut operation.kind else { return };
        // Of several statements it cannot be told which one was the COMMIT.
        let rolled_back =
            matches!(results.as_slice(), [only] if Class::of(sql).was_rolled_back(only.tag.as_bytes()));
        let outcome = match refused {
            Some(refused) => Err(refused),
            None if rolled_back => Err(Error::RolledBack),
            None => Ok(Outcome::Script(core::mem::take(results))),
        };
        if let Ok(Outcome::Script(results)) = &outcome {
            let mut oids = Vec::new();
            for columns in results.iter().filter_map(|result| result.columns.as_deref()) {
                columns.iter().for_each(|column| push_unknown(&mut oids, &column.type_));
            }
            self.await_types(id, oids, None);
        }
        self.settle(id, outcome);
    }

    fn script(&mut self, id: OperationId) -> Option<&mut Vec<StatementResult>> {
        match &mut self.operations.get_mut(id)?.kind {
            Kind::Simple(results, _) => Some(results),
            _ => None,
        }
    }
}
