use std::io;
use std::time::Duration;

use tokio::time::Instant;
use trunkline_core::Error;

use super::transport;

/// The moment until which something has to be done, and how long that was at first, for error messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    at: Option<Instant>,
    limit: Duration,
}

impl Deadline {
    /// That far from now; `None`, and what is past the end of the clock, is never.
    pub(crate) fn after(limit: Option<Duration>) -> Self {
        let at = limit.and_then(|limit| Instant::now().checked_add(limit));
        Self { at, limit: limit.unwrap_or(Duration::MAX) }
    }

    /// What the future gives, unless the moment comes first.
    pub(crate) async fn within<T>(
        self,
        awaited: &'static str,
        future: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        match self.at {
            None => future.await,
            Some(at) => match tokio::time::timeout_at(at, future).await {
                Ok(done) => done,
                Err(_) => Err(Error::Timeout(awaited, self.limit)),
            },
        }
    }

    /// The same for what the operating system does.
    pub(crate) async fn within_io<T>(
        self,
        awaited: &'static str,
        future: impl Future<Output = io::Result<T>>,
    ) -> Result<T, Error> {
        self.within(awaited, async { future.await.map_err(|error| transport(&error)) }).await
    }
}
