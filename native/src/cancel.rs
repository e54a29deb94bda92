//! Cancelling what runs on the server, over a channel of its own.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::BytesMut;
use tokio::runtime::Handle;
use trunkline_core::{Connection, Error, Instant};

use crate::clock;
use crate::connect::Deadline;
use crate::driver::Driver;
use crate::error::{Attempt, ConnectError, Phase};
use crate::transport::Stream;

/// How long dialling, asking, and hearing that the server has taken the request may take together.
const LIMIT: Duration = Duration::from_secs(10);

impl crate::Connection {
    /// What cancels whatever this connection runs, from anywhere. See [`CancelToken::cancel`].
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), Box<dyn std::error::Error>> {
    /// let token = connection.cancel_token();
    /// # let stop_button = async {};
    /// tokio::spawn(async move {
    ///     stop_button.await;
    ///     token.cancel().await
    /// });
    /// connection.execute("vacuum full", ()).await?;
    /// # Ok(()) }
    /// ```
    pub fn cancel_token(&self) -> CancelToken {
        CancelToken(Arc::downgrade(&self.driver))
    }
}

/// Cancels what a connection runs, from anywhere: see
/// [`Connection::cancel_token`](crate::Connection::cancel_token).
///
/// It does not keep the connection open.
///
/// ```
/// # #[cfg(feature = "testing")] #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let backend = trunkline::testing::Backend::new();
/// # let connection = backend.connect().await?;
/// // It can be kept anywhere, and outlive the connection.
/// let token = connection.cancel_token();
/// drop(connection);
/// token.cancel().await?;
/// # Ok(()) }
/// # #[cfg(not(feature = "testing"))] fn main() {}
/// ```
#[derive(Clone)]
pub struct CancelToken(pub(crate) Weak<Driver>);

impl CancelToken {
    /// Asks the server to cancel what the connection runs now, over a channel of its own to the same address and with
    /// the same encryption, and returns when the server has taken the request.
    ///
    /// The query that is hit ends with SQLSTATE `57014` (`query_canceled`). When nothing runs, nothing is done. Queries
    /// begun meanwhile wait until it is certain that they cannot be hit; of several that were pipelined before, the
    /// server hits the one that runs when the request arrives. See ["Canceling Requests in Progress"] in PostgreSQL's
    /// protocol chapter.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached, or does not take the request, within ten seconds. Whether there was still
    /// something to cancel cannot be told.
    ///
    /// # Cancel safety
    ///
    /// Once polled, dropping the future does not take the request back.
    ///
    /// ```no_run
    /// # async fn run(connection: trunkline::Connection) -> Result<(), Box<dyn std::error::Error>> {
    /// let token = connection.cancel_token();
    /// let (slept, cancelled) = tokio::join!(connection.execute("select pg_sleep(60)", ()), async {
    ///     tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    ///     token.cancel().await
    /// });
    /// cancelled?;
    /// assert_eq!(slept.unwrap_err().sqlstate().unwrap().as_str(), "57014");
    /// # Ok(()) }
    /// ```
    ///
    /// ["Canceling Requests in Progress"]: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
    pub async fn cancel(&self) -> Result<(), ConnectError> {
        let Some(driver) = self.0.upgrade() else { return Ok(()) };
        if driver.lock().core.is_idle() {
            return Ok(());
        }
        let host = driver.endpoint.host.to_string();
        drop(driver);
        // In a task of its own, which ends what it began.
        let request = tokio::spawn(request(self.0.clone(), Connection::cancel));
        let failure = match request.await {
            Ok(done) => done.err(),
            Err(_) => {
                Some((Phase::Tcp, Error::usage(trunkline_core::error::UsageError::call("the runtime ended"))))
            }
        };
        failure.map_or(Ok(()), |(phase, error)| {
            Err(ConnectError { attempts: vec![Attempt { host, phase, error }] })
        })
    }
}

/// Says nothing of the key.
impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelToken").finish_non_exhaustive()
    }
}

/// Sends a request for what nobody wants any more, in the background.
pub(crate) fn send_unwanted(driver: Weak<Driver>) -> bool {
    let task = async move {
        // Core tries again by itself.
        let _ = request(driver, Connection::cancel_unwanted).await;
    };
    Handle::try_current().map(|runtime| runtime.spawn(task)).is_ok()
}

/// Dials, and sends what core gives then, if there is still something to cancel. The connection may be closed any time.
async fn request(
    driver: Weak<Driver>,
    take: fn(&mut Connection, Instant) -> Option<Vec<u8>>,
) -> Result<(), (Phase, Error)> {
    let Some((config, endpoint)) =
        driver.upgrade().map(|driver| (Arc::clone(&driver.config), driver.endpoint.clone()))
    else {
        return Ok(());
    };
    let tell = |told: fn(&mut Connection, Instant)| {
        if let Some(driver) = driver.upgrade() {
            driver.tell(|core| told(core, clock::now()));
        }
    };
    let deadline = Deadline::after(Some(LIMIT));
    let mut stream = match endpoint.dial(&config, deadline).await {
        Ok((stream, _)) => stream,
        Err(failure) => {
            tell(Connection::cancel_failed);
            return Err(failure);
        }
    };
    let Some(bytes) = driver.upgrade().and_then(|driver| take(&mut driver.lock().core, clock::now())) else {
        tell(Connection::cancel_failed);
        return Ok(());
    };
    let sent = deadline.within("the server to take a cancel request", async {
        exchange(&mut stream, &bytes).await;
        Ok(())
    });
    // Too late, nobody knows what it may hit: core ends the connection, unless it ends before.
    sent.await.map_err(|error| (Phase::Startup, error))?;
    tell(Connection::cancel_closed);
    Ok(())
}

/// Sends the request and waits for the server to close the channel. A channel that fails is closed too.
async fn exchange(stream: &mut Stream, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match poll_fn(|cx| stream.poll_write(cx, std::iter::once(bytes))).await {
            Ok(count @ 1..) => bytes = bytes.get(count..).unwrap_or_default(),
            _ => return,
        }
    }
    if poll_fn(|cx| stream.poll_flush(cx)).await.is_err() {
        return;
    }
    let mut input = BytesMut::new();
    while let Ok(1..) = poll_fn(|cx| stream.poll_read(cx, &mut input)).await {
        input.clear();
    }
}

/// Drives a connection on which something was dropped or ran out of time, until that has ended on the server too.
pub(crate) struct Reaper(pub(crate) Weak<Driver>);

impl Future for Reaper {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match self.0.upgrade() {
            Some(driver) => driver.lock().poll_reap(cx),
            None => Poll::Ready(()),
        }
    }
}
