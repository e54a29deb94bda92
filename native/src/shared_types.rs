use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use trunkline_core::types::Registry;
use trunkline_core::{QueryOptions, Statement};

use crate::shared_statements::Statements;

/// What is known of a database's own types: enums, composites, domains, those of extensions.
///
/// A connection asks the catalog for each type when it meets it first, all at once with what it is made of, and
/// remembers. A handle is cheap to clone, and [`Connection::sharing`](crate::Connection::sharing) makes connections
/// to one database share what it holds, so that one of them asks for all. They share the descriptions of statements
/// as well: what one has run, the others run in one flight at their first use too.
///
/// ```no_run
/// # async fn run(config: trunkline::Config) -> Result<(), Box<dyn std::error::Error>> {
/// use trunkline::{Connection, Types};
///
/// let types = Types::default();
/// let first = Connection::connect_with(&config).await?.sharing(&types);
/// let second = Connection::connect_with(&config).await?.sharing(&types);
/// first.fetch("select 'happy'::mood", ()).await?;
/// assert_eq!(second.types().registry().find(None, "mood").map(|mood| mood.schema()), Some("public"));
/// # Ok(()) }
/// ```
#[derive(Clone, Default)]
pub struct Types(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// The registry's, to be looked at without the lock.
    generation: AtomicU64,
    registry: Mutex<Registry>,
    /// The statements that were described with these types.
    statements: Mutex<Statements>,
}

impl Types {
    /// All that is known now.
    pub fn registry(&self) -> Registry {
        self.lock().clone()
    }

    /// Forgets all of it, and the descriptions of statements on every connection that shares it, which then ask
    /// again: for after changes of the schema that the server does not tell of.
    pub fn forget_all(&self) {
        self.statements().clear();
        self.change(Registry::forget_all);
    }

    /// A statement that another connection has had described.
    pub(crate) fn described_elsewhere(&self, sql: &str, options: &QueryOptions<'_>) -> Option<Statement> {
        // Given types would have to be compared, and need no description.
        if options.types.is_empty() { self.statements().get(sql) } else { None }
    }

    /// What a connection knows of a statement after it has run it: for the others, in place of what they know.
    pub(crate) fn described(&self, sql: &str, statement: Option<&Statement>) {
        self.statements().set(sql, statement);
    }

    fn statements(&self) -> MutexGuard<'_, Statements> {
        self.0.statements.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what a connection has learned, and gives all there is.
    pub(crate) fn merge(&self, learned: &Registry) -> Registry {
        self.change(|registry| {
            registry.merge(learned);
            registry.clone()
        })
    }

    /// Whether there is anything else than there was at a generation.
    pub(crate) fn changed_since(&self, generation: u64) -> bool {
        self.0.generation.load(Ordering::Acquire) != generation
    }

    fn change<T>(&self, change: impl FnOnce(&mut Registry) -> T) -> T {
        let mut registry = self.lock();
        let changed = change(&mut registry);
        self.0.generation.store(registry.generation(), Ordering::Release);
        changed
    }

    fn lock(&self) -> MutexGuard<'_, Registry> {
        // A poisoned lock would mean a panic in core, which has none; the registry is still whole.
        self.0.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the types' names.
impl fmt::Debug for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.registry().types()).finish()
    }
}
