//! What a session knows of itself: what the server reported, and what it sent unasked.

mod transaction;
mod version;

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec::Vec;

pub use transaction::{IsolationLevel, TransactionOptions};
pub use version::ServerVersion;

use crate::error::{ServerError, SqlState};
use crate::message::backend::TransactionStatus;

/// A message of NOTIFY. See PostgreSQL's ["NOTIFY"].
///
/// ```
/// use trunkline_core::Notification;
///
/// fn log(notification: &Notification) {
///     let Notification { channel, payload, process_id, .. } = notification;
///     println!("{channel}: {payload} (from process {process_id})");
/// }
/// ```
///
/// ["NOTIFY"]: https://www.postgresql.org/docs/18/sql-notify.html
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notification {
    /// The process id of the session that sent it.
    pub process_id: u32,
    /// The channel.
    pub channel: Box<str>,
    /// The payload; empty when none was given.
    pub payload: Box<str>,
}

impl Notification {
    /// A notification as a session sends it.
    ///
    /// ```
    /// use trunkline_core::Notification;
    ///
    /// let notification = Notification::new(4711, "orders", "17");
    /// assert_eq!(&*notification.channel, "orders");
    /// ```
    pub fn new(process_id: u32, channel: impl Into<Box<str>>, payload: impl Into<Box<str>>) -> Self {
        Self { process_id, channel: channel.into(), payload: payload.into() }
    }
}

/// The session's state and its mailbox.
#[derive(Debug)]
pub(crate) struct Session {
    parameters: Vec<(Box<str>, Box<str>)>,
    pub(crate) process_id: u32,
    cancel_key: Box<[u8]>,
    pub(crate) status: TransactionStatus,
    /// Whether `client_encoding` was set to another than ours.
    pub(crate) is_foreign: bool,
    /// What the last failure was, since a transaction began.
    pub(crate) failure: Option<SqlState>,
    pub(crate) notifications: VecDeque<Notification>,
    pub(crate) notices: VecDeque<ServerError>,
}

impl Session {
    pub(crate) fn new() -> Self {
        Self {
            parameters: Vec::new(),
            process_id: 0,
            cancel_key: Box::default(),
            status: TransactionStatus::Idle,
            is_foreign: false,
            failure: None,
            notifications: VecDeque::new(),
            notices: VecDeque::new(),
        }
    }

    pub(crate) fn set_key(&mut self, process_id: u32, key: &[u8]) {
        self.process_id = process_id;
        self.cancel_key = key.into();
    }

    pub(crate) fn cancel_key(&self) -> &[u8] {
        &self.cancel_key
    }

    pub(crate) fn set_parameter(&mut self, name: &str, value: &str) {
        match self.parameters.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, known)) => *known = value.into(),
            None => self.parameters.push((name.into(), value.into())),
        }
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (&**name, &**value))
    }
}
