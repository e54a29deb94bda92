use std::borrow::Cow;
use std::time::{Duration, Instant};

use trunkline_core::sql::redact;
use trunkline_core::{CommandTag, Error};

use super::Hooks;
use crate::driver::Driver;

/// What [`Config::on_query`](crate::Config::on_query) is told.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct QueryEvent<'a> {
    /// The SQL, without what its string constants hold. Parameters are never told.
    pub sql: &'a str,
    /// The process id of the server's side.
    pub server_pid: u32,
    /// How far it is.
    pub stage: QueryStage<'a>,
}

/// How far a query is.
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

/// A query that somebody watches, from its beginning to its end.
pub(crate) struct Observed<'a>(Option<Box<Watched<'a>>>);

struct Watched<'a> {
    hooks: &'a Hooks,
    sql: Cow<'a, str>,
    server_pid: u32,
    started: Instant,
    ended: bool,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl<'a> Observed<'a> {
    /// Costs nothing when nobody watches.
    pub(crate) fn start(driver: &'a Driver, sql: &'a str) -> Self {
        let hooks = driver.config.observers();
        #[cfg(feature = "tracing")]
        let traced = super::span::is_wanted();
        #[cfg(not(feature = "tracing"))]
        let traced = false;
        if hooks.on_query.is_none() && !traced {
            return Self(None);
        }
        let sql = redact(sql);
        let watched = Watched {
            #[cfg(feature = "tracing")]
            span: super::span::query(&driver.config, &driver.endpoint, &sql),
            hooks,
            sql,
            server_pid: driver.lock().core.process_id(),
            started: Instant::now(),
            ended: false,
        };
        watched.tell(QueryStage::Started);
        Self(Some(Box::new(watched)))
    }

    /// Its end, however it came.
    pub(crate) fn end<T>(self, result: Result<T, Error>, tag: impl Fn(&T) -> CommandTag) -> Result<T, Error> {
        if let Some(mut watched) = self.0 {
            watched.ended = true;
            let elapsed = watched.started.elapsed();
            #[cfg(feature = "tracing")]
            super::span::ended(&watched.span, result.as_ref().map(&tag));
            match &result {
                Ok(value) => watched.tell(QueryStage::Ended { elapsed, tag: tag(value) }),
                Err(error) => watched.tell(QueryStage::Failed { elapsed, error }),
            }
        }
        result
    }
}

impl Watched<'_> {
    fn tell(&self, stage: QueryStage<'_>) {
        if let Some(hook) = &self.hooks.on_query {
            hook(&QueryEvent { sql: &self.sql, server_pid: self.server_pid, stage });
        }
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.tell(QueryStage::Dropped { elapsed: self.started.elapsed() });
        }
    }
}
