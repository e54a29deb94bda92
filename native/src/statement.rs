use trunkline_core::{Columns, types::Type};

/// A described statement. It belongs to no connection: where it runs and is not prepared yet, it is prepared in
/// the same flight.
#[derive(Debug, Clone)]
pub struct Statement(pub(crate) trunkline_core::Statement);

impl Statement {
    /// Its SQL.
    pub fn sql(&self) -> &str {
        self.0.sql()
    }

    /// The types of its parameters, `$1` first.
    pub fn parameters(&self) -> &[Type] {
        self.0.parameters()
    }

    /// The columns of its result; `None` when it returns no rows at all.
    pub fn columns(&self) -> Option<&Columns> {
        self.0.columns().map(|columns| &**columns)
    }
}

/// What can be run: SQL text, or a prepared [`Statement`].
pub trait Query {
    /// The SQL.
    fn sql(&self) -> &str;

    /// The statement, when it is described.
    fn statement(&self) -> Option<&Statement> {
        None
    }
}

impl Query for str {
    fn sql(&self) -> &str {
        self
    }
}

impl Query for String {
    fn sql(&self) -> &str {
        self
    }
}

impl Query for Statement {
    fn sql(&self) -> &str {
        self.sql()
    }

    fn statement(&self) -> Option<&Statement> {
        Some(self)
    }
}
