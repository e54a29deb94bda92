use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use trunkline_core::types::{Registry, TypeCodec, TypeName};
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
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// // create type mood as enum ('sad', 'happy')
    /// connection.fetch_row("select 'happy'::mood", ()).await?;
    /// for learned in connection.types().registry().types() {
    ///     println!("{}.{} has the OID {}", learned.schema(), learned.name(), learned.oid());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn registry(&self) -> Registry {
        self.lock().clone()
    }

    /// Sets what a type's values are read and written as, on every connection that shares these: of its arrays, and of
    /// all that is made of it, too. Statements that were described before are described again.
    ///
    /// The name is as in `pg_type`: `"name"` in whatever schema, `"schema.name"`, or `("schema", "name")`; an array's is
    /// its element's with `[]`. The type can be built in, or a database's own of any kind. It need not be known yet, and
    /// may never be: types are learned when they are met, and a codec for a name that no type has does nothing.
    ///
    /// What a codec is, see [`TypeCodec`]: another type that this one is the same as, its text, or a
    /// [`ValueCodec`](crate::types::ValueCodec) of the program's. The last serves [`Value`](crate::types::Value) and what
    /// is made of it, rows that are serialised among them; host types are asked no less for it.
    ///
    /// Where columns are asked for in text, SQL that this connection has not seen is described first, which takes
    /// another round trip. In a [`batch`](crate::Connection::batch) statements without parameters are not: their values
    /// come in binary, and are written out for the codec where that can be done.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), Box<dyn std::error::Error>> {
    /// use trunkline::types::{Type, TypeCodec};
    ///
    /// // create type meters (like = int4, input = …); create extension cube
    /// connection.types().set_codec("meters", TypeCodec::like(Type::INT4));
    /// connection.types().set_codec(("public", "cube"), TypeCodec::text());
    /// let cube = connection.fetch_val::<String, _>("select cube(1, 2)", ()).await?;
    /// assert_eq!(cube.as_deref(), Some("(1),(2)"));
    /// # Ok(()) }
    /// ```
    pub fn set_codec(&self, name: impl Into<TypeName>, codec: impl Into<TypeCodec>) {
        self.statements().clear();
        self.change(|registry| registry.set_codec(name, codec));
    }

    /// Takes back what was set by that name; told whether anything was.
    ///
    /// ```
    /// use trunkline::Types;
    /// use trunkline::types::TypeCodec;
    ///
    /// let types = Types::default();
    /// types.set_codec("cube", TypeCodec::text());
    /// assert!(types.remove_codec("cube"));
    /// assert!(!types.remove_codec("cube"));
    /// ```
    pub fn remove_codec(&self, name: impl Into<TypeName>) -> bool {
        self.statements().clear();
        self.change(|registry| registry.remove_codec(name))
    }

    /// Forgets all of it but the codecs, and the descriptions of statements on every connection that shares it, which
    /// then ask again: for after changes of the schema that the server does not tell of.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), trunkline::Error> {
    /// connection.execute_script("alter type mood add value 'curious'").await?;
    /// connection.types().forget_all();
    /// # Ok(()) }
    /// ```
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
