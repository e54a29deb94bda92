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

    /// The one that comes first.
    pub(crate) fn or_earlier(self, other: Self) -> Self {
        match (self.at, other.at) {
            (Some(own), Some(others)) if own <= others => self,
            (Some(_), None) => self,
            _ => other,
        }
    }

    /// Whether the moment has come.
    pub(crate) fn has_passed(self) -> bool {
        self.at.is_some_and(|at| at <= Instant::now())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_earlier_deadline_holds_and_tells_its_own_length() {
        let (long, short) = (Duration::from_secs(60), Duration::from_secs(2));
        for deadline in [
            Deadline::after(Some(long)).or_earlier(Deadline::after(Some(short))),
            Deadline::after(Some(short)).or_earlier(Deadline::after(Some(long))),
            Deadline::after(None).or_earlier(Deadline::after(Some(short))),
            Deadline::after(Some(short)).or_earlier(Deadline::after(None)),
        ] {
            let error = deadline.within("it", std::future::pending::<Result<(), Error>>()).await.unwrap_err();
            assert_eq!(error.to_string(), "no answer within 2s while waiting for it");
            assert!(deadline.has_passed());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn never_is_never() {
        let deadline = Deadline::after(None).or_earlier(Deadline::after(Some(Duration::MAX)));
        tokio::time::sleep(Duration::from_secs(1 << 30)).await;
        assert!(!deadline.has_passed());
        assert_eq!(deadline.within("it", async { Ok(1) }).await.unwrap(), 1);
    }
}
