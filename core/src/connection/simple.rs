//! Queries over the simple protocol: one statement, its parameters written into the SQL, its result as text.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Connection;
use super::commands::contains_word;
use crate::config::StatementMode;
use crate::error::{Error, UsageError};
use crate::operation::{CommandTag, Kind, OperationId, Phase, Query, QueryOptions, Text};
use crate::row::{Column, Columns};
use crate::statement::{inline, push_unknown};
use crate::time::Instant;
use crate::types::Parameters;

impl Connection {
    pub(super) fn query_simply(
        &mut self,
        now: Instant,
        sql: &str,
        options: &QueryOptions<'_>,
        parameters: &dyn Parameters,
    ) -> Result<OperationId, Error> {
        let types = options.statement.map_or(options.types, |statement| statement.parameters());
        let text = inline(sql, types, parameters)?;
        let deadline = self.deadline(now, options.timeout);
        let sql = Text::Undescribed { sql: (&*text).into(), types: [].into() };
        let mut query = Query::new(sql, parameters.count(), options, StatementMode::Simple);
        // What can be repaired by another try is what was remembered of a statement, and nothing is.
        query.retried = true;
        let id = self.start(Kind::Query(query), deadline);
        self.send(id, contains_word(&text, "copy"), |flight| flight.query(id, &text))
    }

    pub(super) fn simple_columns(&mut self, id: OperationId, columns: Vec<Column>) {
        let mut unknown = Vec::new();
        columns.iter().for_each(|column| push_unknown(&mut unknown, &column.type_));
        let Some(operation) = self.operations.get_mut(id) else { return };
        if operation.columns.is_some() || operation.phase == Phase::Ending {
            operation.refused = Some(several_statements());
        }
        operation.columns = Some(Arc::new(Columns::from(columns)));
        self.await_types(id, unknown, None);
    }

    pub(super) fn simple_completed(&mut self, id: OperationId, tag: CommandTag) {
        let Some(operation) = self.operations.get_mut(id) else { return };
        if operation.phase == Phase::Ending {
            operation.refused = Some(several_statements());
        }
        self.completed(id, tag);
    }
}

fn several_statements() -> Error {
    UsageError::call(
        "the SQL has several statements, and a query is one: they were run; for scripts there is execute_script",
    )
    .into()
}
