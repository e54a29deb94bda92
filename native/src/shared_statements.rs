use std::collections::HashMap;

use trunkline_core::Statement;

/// The descriptions of statements that connections to one database share.
#[derive(Default)]
pub(crate) struct Statements(HashMap<Box<str>, Statement>);

/// As many as are kept; each is also kept by the connections that use it.
const MAX: usize = 1000;

/// SQL that is longer is somebody's data more often than it is used again.
const MAX_SQL: usize = 64 * 1024;

impl Statements {
    pub(crate) fn get(&self, sql: &str) -> Option<Statement> {
        self.0.get(sql).cloned()
    }

    pub(crate) fn set(&mut self, sql: &str, statement: Option<&Statement>) {
        let Some(statement) = statement.filter(|_| sql.len() <= MAX_SQL) else {
            self.0.remove(sql);
            return;
        };
        if let Some(known) = self.0.get_mut(sql) {
            *known = statement.clone();
            return;
        }
        if self.0.len() >= MAX {
            // Any: what is in use comes back with the next connection that has it described.
            let any = self.0.keys().next().cloned();
            any.and_then(|any| self.0.remove(&any));
        }
        self.0.insert(sql.into(), statement.clone());
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
