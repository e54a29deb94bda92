use std::future::poll_fn;
use std::sync::Weak;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};
use trunkline_core::sql::quote_identifier;
use trunkline_core::{Error, Notification, backoff};

use super::ListenerBuilder;
use super::mailbox::Mailbox;
use crate::clock;
use crate::connection::Connection;
use crate::driver::Seat;

/// What a [`Listener`](super::Listener) is told.
pub(super) enum Command {
    /// Somebody listens to a channel, and is told when the server knows.
    Listen { channel: Box<str>, mailbox: Weak<Mailbox>, told: oneshot::Sender<Result<(), Error>> },
    /// Somebody does no longer.
    Forget,
}

/// Keeps the connection, and hands out what comes.
pub(super) struct Worker {
    settings: ListenerBuilder,
    orders: mpsc::UnboundedReceiver<Command>,
    subscribers: Vec<(Box<str>, Weak<Mailbox>)>,
    /// Who came while there was no connection.
    waiting: Vec<Command>,
}

/// What a worker waits for.
enum Happened {
    Order(Command),
    Notified(Notification),
    Silence,
    Lost,
    /// The last handle was dropped.
    Unwanted,
}

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

impl Worker {
    pub(super) fn new(settings: ListenerBuilder, orders: mpsc::UnboundedReceiver<Command>) -> Self {
        Self { settings, orders, subscribers: Vec::new(), waiting: Vec::new() }
    }

    /// Works until nobody wants it any more.
    pub(super) async fn run(mut self, mut connection: Connection) {
        while self.serve(&connection).await {
            drop(connection);
            connection = match self.reconnect().await {
                Some(connection) => connection,
                None => break,
            };
        }
        for mailbox in self.subscribers.iter().filter_map(|(_, mailbox)| mailbox.upgrade()) {
            mailbox.close();
        }
    }

    /// Hands out what comes, until the connection is lost; false when nobody wants it any more.
    async fn serve(&mut self, connection: &Connection) -> bool {
        let number = connection.driver().lock().subscriptions.add_all();
        for order in std::mem::take(&mut self.waiting) {
            self.obey(connection, order).await;
        }
        let mut quiet_until = Instant::now() + self.settings.heartbeat;
        loop {
            match self.next(connection, number, quiet_until).await {
                Happened::Order(order) => self.obey(connection, order).await,
                Happened::Notified(notification) => self.deliver(&notification),
                Happened::Silence => {
                    if timeout(PATIENCE, connection.script("")).await.is_err() {
                        return true;
                    }
                }
                Happened::Lost => return true,
                Happened::Unwanted => return false,
            }
            quiet_until = Instant::now() + self.settings.heartbeat;
        }
    }

    async fn next(&mut self, connection: &Connection, number: u32, quiet_until: Instant) -> Happened {
        let mut silence = std::pin::pin!(sleep_until(quiet_until));
        poll_fn(|cx| {
            if let Poll::Ready(order) = self.orders.poll_recv(cx) {
                return Poll::Ready(order.map_or(Happened::Unwanted, Happened::Order));
            }
            let seat = Seat::Subscription(number);
            let heard = connection.driver().lock().poll_seat(seat, cx, |state| {
                let notified = state.subscriptions.take(number).map(Happened::Notified);
                notified.or_else(|| state.core.is_closed().then_some(Happened::Lost))
            });
            if heard.is_ready() {
                return heard;
            }
            silence.as_mut().poll(cx).map(|()| Happened::Silence)
        })
        .await
    }

    async fn obey(&mut self, connection: &Connection, order: Command) {
        match order {
            Command::Listen { channel, mailbox, told } => {
                let listened = listen(connection, &[&*channel]).await;
                if listened.is_err() && connection.is_closed() {
                    // The next connection will.
                    return self.waiting.push(Command::Listen { channel, mailbox, told });
                }
                if listened.is_ok() {
                    self.subscribers.push((channel, mailbox));
                }
                // Who does not wait for it any more has dropped its mailbox too.
                let _ = told.send(listened);
            }
            Command::Forget => self.forget(connection).await,
        }
    }

    /// Channels that nobody listens to any more are not listened to.
    async fn forget(&mut self, connection: &Connection) {
        let before: Vec<Box<str>> = self.subscribers.iter().map(|(channel, _)| channel.clone()).collect();
        self.subscribers.retain(|(_, mailbox)| mailbox.strong_count() > 0);
        for channel in before {
            let is_wanted = self.subscribers.iter().any(|(wanted, _)| *wanted == channel);
            if let (false, Ok(name)) = (is_wanted, quote_identifier(&channel)) {
                // When it fails the connection is lost, and the next one does not listen to it.
                let _ = timeout(PATIENCE, connection.execute_script(&format!("UNLISTEN {name}"))).await;
            }
        }
    }

    fn deliver(&self, notification: &Notification) {
        let of_channel = self.subscribers.iter().filter(|(channel, _)| *channel == notification.channel);
        for mailbox in of_channel.filter_map(|(_, mailbox)| mailbox.upgrade()) {
            mailbox.put(notification);
        }
    }

    /// Connects again, however long it takes, and listens to all channels again; then tells that something may have
    /// been missed. `None` when nobody wants it any more.
    async fn reconnect(&mut self) -> Option<Connection> {
        for failures in 0.. {
            let (first, longest) = (self.settings.first_delay, self.settings.longest_delay);
            let at = Instant::now() + backoff(first, longest, failures, clock::random());
            self.wait_until(at).await?;
            let Ok(connection) = self.settings.config.connect().await else { continue };
            let channels: Vec<&str> = self.subscribers.iter().map(|(channel, _)| &**channel).collect();
            if listen(&connection, &channels).await.is_ok() {
                for mailbox in self.subscribers.iter().filter_map(|(_, mailbox)| mailbox.upgrade()) {
                    mailbox.missed();
                }
                return Some(connection);
            }
        }
        None
    }

    /// Waits, and lets those who come wait too.
    async fn wait_until(&mut self, at: Instant) -> Option<()> {
        loop {
            match tokio::time::timeout_at(at, self.orders.recv()).await {
                Err(_) => return Some(()),
                Ok(Some(Command::Forget)) => {
                    self.subscribers.retain(|(_, mailbox)| mailbox.strong_count() > 0);
                }
                Ok(Some(order)) => self.waiting.push(order),
                Ok(None) => return None,
            }
        }
    }
}

async fn listen(connection: &Connection, channels: &[&str]) -> Result<(), Error> {
    let mut script = String::new();
    for channel in channels {
        script.push_str(&format!("LISTEN {};", quote_identifier(channel)?));
    }
    match timeout(PATIENCE, connection.execute_script(&script)).await {
        Ok(listened) => listened.map(|_| ()),
        Err(_) => Err(Error::Timeout("the server to listen", PATIENCE)),
    }
}
