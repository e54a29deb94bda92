//! LISTEN and NOTIFY.

mod listener;
mod mailbox;
mod notifications;
mod subscriptions;
mod worker;

pub use listener::{Listener, ListenerBuilder, Signal, Subscription};
pub use notifications::Notifications;
pub(crate) use subscriptions::Subscriptions;
