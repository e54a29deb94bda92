use std::sync::Arc;

/// What is undone of a connection's last use, ahead of its next user's first query and in the same flight.
///
/// Transactions are rolled back in any case, as soon as the connection is given back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Reset {
    /// Everything that a session remembers, except its prepared statements: settings, roles, temporary tables, cursors,
    /// advisory locks, LISTEN, sequences' last values. See "DISCARD" in PostgreSQL's reference.
    #[default]
    Full,
    /// Nothing but the transaction: for programs that change nothing of a session, and behind poolers that hand out
    /// sessions by the transaction, where nothing of a session is one's own.
    TransactionOnly,
    /// A script of one's own: for servers and poolers that do not know all of what [`Reset::Full`] sends. It is part of
    /// a longer one that ends the session when it fails.
    Script(String),
}

/// With `exit_on_error` the server ends the session if any of it fails, before it reads the query behind it: nobody gets
/// a session that was not reset. RESET ALL undoes that too.
const FULL: &str = "SET exit_on_error = on; RESET SESSION AUTHORIZATION; CLOSE ALL; UNLISTEN *; \
    SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES; RESET ALL";

impl Reset {
    /// What is sent; none when nothing is to be.
    pub(super) fn script(&self) -> Option<Arc<str>> {
        match self {
            Self::Full => Some(FULL.into()),
            Self::TransactionOnly => None,
            Self::Script(script) => {
                Some(format!("SET exit_on_error = on; {script}; RESET exit_on_error").into())
            }
        }
    }
}
