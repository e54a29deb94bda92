use std::sync::Arc;
use std::time::{Duration, Instant};

use trunkline_core::sql::redact;
use trunkline_core::{CommandTag, Error};

use crate::Config;
use crate::driver::Driver;

/// What [`Config::on_query`](crate::Config::on_query) is told.
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new()
/// #     .on("select 'secret'")
/// #     .returns(["text"], [("secret",)]);
/// let seen = Arc::new(Mutex::new(Vec::new()));
/// let log = Arc::clone(&seen);
/// let config = backend.config().on_query(move |query| log.lock().unwrap().push(query.sql.to_owned()));
/// config.connect().await?.fetch_row("select 'secret'", ()).await?;
/// // Once when it began, and once when it ended.
/// assert_eq!(*seen.lock().unwrap(), ["select '…'", "select '…'"]);
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct QueryEvent<'a> {
    /// The SQL, without what its string constants hold. Parameters are never told.
    pub sql: &'a str,
    /// The process id of the server's side.
    pub server_pid: u32,
    /// What is done with it.
    pub action: QueryAction,
    /// How far it is.
    pub stage: QueryStage<'a>,
}

/// What is done with a statement.
///
/// ```
/// use trunkline::{Config, QueryAction, QueryStage};
///
/// let config = Config::new().host("db").on_query(|query| {
///     if query.action == QueryAction::Run && let QueryStage::Ended { elapsed, .. } = query.stage {
///         println!("{elapsed:?}: {}", query.sql);
///     }
/// });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QueryAction {
    /// It is run.
    Run,
    /// It is described, and not run: [`Connection::prepare`](crate::Connection::prepare). Its end has no tag.
    Prepare,
}

/// How far a query is.
///
/// ```
/// use trunkline::{Config, QueryStage};
///
/// let config = Config::new().host("db").on_query(|query| match query.stage {
///     QueryStage::Ended { elapsed, tag } => println!("{tag} in {elapsed:?}"),
///     QueryStage::Failed { error, .. } => println!("{error}: {}", query.sql),
///     QueryStage::Dropped { elapsed } => println!("nobody waited longer than {elapsed:?}"),
///     _ => {}
/// });
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum QueryStage<'a> {
    /// It is about to be sent.
    Started,
    /// It has ended well.
    Ended {
        /// How long it took, in all.
        elapsed: Duration,
        /// What it did.
        tag: CommandTag,
    },
    /// It has failed.
    Failed {
        /// How long it took, in all.
        elapsed: Duration,
        /// Why.
        error: &'a Error,
    },
    /// Nobody waits for it any more.
    Dropped {
        /// How long it had taken by then.
        elapsed: Duration,
    },
}

/// A query that somebody may watch, from its beginning to its end.
pub(crate) struct Observed(Option<Box<Watched>>);

struct Watched {
    config: Arc<Config>,
    sql: String,
    action: QueryAction,
    server_pid: u32,
    started: Instant,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl Observed {
    /// It is about to be run. Costs nothing when nobody watches.
    pub(crate) fn start(driver: &Driver, sql: &str) -> Self {
        Self::of(driver, sql, QueryAction::Run)
    }

    /// It is about to be described.
    pub(crate) fn prepare(driver: &Driver, sql: &str) -> Self {
        Self::of(driver, sql, QueryAction::Prepare)
    }

    fn of(driver: &Driver, sql: &str, action: QueryAction) -> Self {
        #[cfg(feature = "tracing")]
        let traced = super::span::is_wanted();
        #[cfg(not(feature = "tracing"))]
        let traced = false;
        if driver.config.observers().on_query.is_none() && !traced {
            return Self(None);
        }
        let sql = redact(sql).into_owned();
        let watched = Watched {
            #[cfg(feature = "tracing")]
            span: super::span::query(&driver.config, &driver.endpoint, &sql, action),
            config: Arc::clone(&driver.config),
            sql,
            action,
            server_pid: driver.lock().core.process_id(),
            started: Instant::now(),
        };
        watched.tell(QueryStage::Started);
        Self(Some(Box::new(watched)))
    }

    /// What it came to; after that, nothing more is told of it.
    pub(crate) fn ended(&mut self, result: Result<CommandTag, &Error>) {
        let Some(watched) = self.0.take() else { return };
        let elapsed = watched.started.elapsed();
        #[cfg(feature = "tracing")]
        super::span::ended(&watched.span, result);
        watched.tell(match result {
            Ok(tag) => QueryStage::Ended { elapsed, tag },
            Err(error) => QueryStage::Failed { elapsed, error },
        });
    }

    /// The same on the way of what it came to.
    pub(crate) fn end<T>(
        mut self,
        result: Result<T, Error>,
        tag: impl Fn(&T) -> CommandTag,
    ) -> Result<T, Error> {
        self.ended(result.as_ref().map(tag));
        result
    }

    /// The same, when the way goes on unless it has failed.
    pub(crate) fn go_on<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        result.inspect_err(|error| self.ended(Err(error)))
    }
}

impl Watched {
    fn tell(&self, stage: QueryStage<'_>) {
        if let Some(hook) = &self.config.observers().on_query {
            let Self { sql, action, server_pid, .. } = self;
            hook(&QueryEvent { sql, server_pid: *server_pid, action: *action, stage });
        }
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        if let Some(watched) = self.0.take() {
            watched.tell(QueryStage::Dropped { elapsed: watched.started.elapsed() });
        }
    }
}
