use std::error::Error as StdError;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::Config;
use crate::connection::Connection;

/// What a hook may fail with.
pub(crate) type BoxError = Box<dyn StdError + Send + Sync>;

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// A hook that is called with a connection.
pub(crate) type ConnectionHook = Arc<dyn Fn(HookConnection) -> Answer<()> + Send + Sync>;

/// A hook that makes a connection.
pub(crate) type Connector = Arc<dyn Fn(Arc<Config>) -> Answer<Connection> + Send + Sync>;

/// A hook that hears of leaks.
pub(crate) type LeakHook = Arc<dyn Fn(&LeakReport) + Send + Sync>;

/// What the program does itself of a pool's work.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    pub(crate) connect: Option<Connector>,
    pub(crate) init: Option<ConnectionHook>,
    pub(crate) setup: Option<ConnectionHook>,
    pub(crate) reset: Option<ConnectionHook>,
    pub(crate) on_leak: Option<LeakHook>,
}

/// A connection of a pool while a hook has it. Not to be kept: when the hook has ended it is somebody else's.
///
/// ```
/// use trunkline::pool::HookConnection;
///
/// async fn greet(connection: HookConnection) -> Result<(), trunkline::Error> {
///     println!("session {} is new", connection.server_pid());
///     connection.execute("set search_path = app", ()).await.map(drop)
/// }
/// let pool = trunkline::Pool::builder().setup(greet);
/// ```
#[derive(Debug)]
pub struct HookConnection(pub(crate) Connection);

/// Somebody has had a connection of a pool for longer than `leak_after`.
///
/// ```
/// use std::time::Duration;
/// use trunkline::pool::LeakReport;
///
/// fn warn(leak: &LeakReport) {
///     eprintln!("{} has kept a connection for {:?}", leak.place, leak.held);
/// }
/// let pool = trunkline::Pool::builder().leak_after(Duration::from_secs(60)).on_leak(warn);
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct LeakReport {
    /// Where in the program it was taken.
    pub place: &'static Location<'static>,
    /// How long ago.
    pub held: Duration,
    /// The process id of the server's side.
    pub server_pid: u32,
}

/// The hook as it is kept.
pub(crate) fn boxed<F, E>(hook: impl Fn(HookConnection) -> F + Send + Sync + 'static) -> ConnectionHook
where
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<BoxError>,
{
    Arc::new(move |connection| {
        let done = hook(connection);
        Box::pin(async { done.await.map_err(Into::into) })
    })
}

impl Deref for HookConnection {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for HookConnection {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}

impl fmt::Display for LeakReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, held, server_pid } = self;
        write!(
            f,
            "the connection with server process {server_pid}, taken from the pool at {place}, was not given back for \
             {held:.1?}"
        )
    }
}

/// Tells which there are.
impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("connect", &self.connect.is_some())
            .field("init", &self.init.is_some())
            .field("setup", &self.setup.is_some())
            .field("reset", &self.reset.is_some())
            .field("on_leak", &self.on_leak.is_some())
            .finish()
    }
}
