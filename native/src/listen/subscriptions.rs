use std::collections::VecDeque;

use trunkline_core::Notification;

/// How many notifications wait for somebody who does not take them; older ones are dropped then.
const QUEUE: usize = 16 * 1024;

/// Who listens on a connection, and what waits for them.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions {
    next: u32,
    list: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    number: u32,
    /// `None` for all of them.
    channel: Option<Box<str>>,
    queue: VecDeque<Notification>,
    dropped: u64,
}

impl Subscriptions {
    /// Somebody listens to a channel; told the number.
    pub(crate) fn add(&mut self, channel: &str) -> u32 {
        self.push(Some(channel.into()))
    }

    /// Somebody hears whatever comes.
    pub(crate) fn add_all(&mut self) -> u32 {
        self.push(None)
    }

    fn push(&mut self, channel: Option<Box<str>>) -> u32 {
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        self.list.push(Entry { number, channel, queue: VecDeque::new(), dropped: 0 });
        number
    }

    /// Somebody does no longer; told the channel when nobody else listens to it.
    pub(crate) fn remove(&mut self, number: u32) -> Option<Box<str>> {
        let at = self.list.iter().position(|entry| entry.number == number)?;
        let channel = self.list.swap_remove(at).channel?;
        (!self.is_wanted(&channel)).then_some(channel)
    }

    /// Gives a notification to all who listen to its channel, and tells who they are.
    pub(crate) fn deliver(&mut self, notification: &Notification, mut told: impl FnMut(u32)) {
        for entry in self.list.iter_mut().filter(|entry| entry.hears(&notification.channel)) {
            if entry.queue.len() == QUEUE {
                entry.queue.pop_front();
                entry.dropped += 1;
            }
            entry.queue.push_back(notification.clone());
            told(entry.number);
        }
    }

    /// The next notification for this number.
    pub(crate) fn take(&mut self, number: u32) -> Option<Notification> {
        self.entry(number)?.queue.pop_front()
    }

    /// How many were dropped since the last call, because they were not taken.
    pub(crate) fn take_dropped(&mut self, number: u32) -> u64 {
        self.entry(number).map_or(0, |entry| std::mem::take(&mut entry.dropped))
    }

    /// All who listen.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.list.iter().map(|entry| entry.number)
    }

    fn entry(&mut self, number: u32) -> Option<&mut Entry> {
        self.list.iter_mut().find(|entry| entry.number == number)
    }

    fn is_wanted(&self, channel: &str) -> bool {
        self.list.iter().any(|entry| entry.channel.as_deref() == Some(channel))
    }
}

impl Entry {
    fn hears(&self, channel: &str) -> bool {
        self.channel.as_deref().is_none_or(|own| own == channel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notification(channel: &str, payload: &str) -> Notification {
        Notification::new(1, channel, payload)
    }

    #[test]
    fn a_notification_goes_to_all_of_its_channel_and_to_nobody_else() {
        let mut all = Subscriptions::default();
        let (one, two, other) = (all.add("a"), all.add("a"), all.add("b"));
        let mut told = Vec::new();
        all.deliver(&notification("a", "x"), |number| told.push(number));
        assert_eq!(told, [one, two]);
        assert_eq!(all.take(one).map(|taken| taken.payload), Some("x".into()));
        assert!(all.take(two).is_some() && all.take(two).is_none() && all.take(other).is_none());
        assert_eq!(all.remove(one), None);
        assert_eq!(all.remove(two).as_deref(), Some("a"));
    }

    #[test]
    fn what_is_not_taken_has_an_end_and_is_counted() {
        let mut all = Subscriptions::default();
        let number = all.add("a");
        for _ in 0..QUEUE + 3 {
            all.deliver(&notification("a", ""), |_| {});
        }
        assert_eq!(all.take_dropped(number), 3);
        assert_eq!(all.take_dropped(number), 0);
        assert_eq!(std::iter::from_fn(|| all.take(number)).count(), QUEUE);
    }
}
