use crate::rows::{Rows, address};

/// What happened, as words that JavaScript reads after a call; known to `js/src/engine/events.ts`.
#[derive(Debug, Default)]
pub(super) struct Events(Vec<u32>);

/// An event's first word.
#[derive(Debug, Clone, Copy)]
#[repr(u32)]
enum Tag {
    Ready = 0,
    Described = 1,
    Rows = 2,
    Finished = 3,
    Failed = 4,
    Notice = 5,
    Notification = 6,
    Closed = 7,
    Script = 8,
    Prepared = 9,
}

impl Events {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn address(&self) -> u32 {
        address(self.0.as_ptr())
    }

    pub(super) fn words(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(0)
    }

    pub(super) fn ready(&mut self) {
        self.push(Tag::Ready, &[]);
    }

    /// The types of an operation's parameters are known: `bind` is awaited.
    pub(super) fn described(&mut self, operation: u32) {
        self.push(Tag::Described, &[operation]);
    }

    pub(super) fn rows(&mut self, operation: u32, shape: u32, rows: Rows) {
        self.push(Tag::Rows, &[operation, shape, rows.rows, rows.slot, rows.segment, rows.segments]);
    }

    /// An operation ended well; `command` is the index of the command's name, `rows` what it counted.
    pub(super) fn finished(&mut self, operation: u32, command: u32, rows: u64) {
        let [a, b, c, d, e, f, g, h] = rows.to_le_bytes();
        let (low, high) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
        self.push(Tag::Finished, &[operation, command, low, high]);
    }

    /// An operation failed; the error is the object of that index.
    pub(super) fn failed(&mut self, operation: u32, object: u32) {
        self.push(Tag::Failed, &[operation, object]);
    }

    pub(super) fn notice(&mut self, object: u32) {
        self.push(Tag::Notice, &[object]);
    }

    pub(super) fn notification(&mut self, object: u32) {
        self.push(Tag::Notification, &[object]);
    }

    pub(super) fn closed(&mut self, object: u32) {
        self.push(Tag::Closed, &[object]);
    }

    pub(super) fn script(&mut self, operation: u32, object: u32) {
        self.push(Tag::Script, &[operation, object]);
    }

    pub(super) fn prepared(&mut self, operation: u32, object: u32) {
        self.push(Tag::Prepared, &[operation, object]);
    }

    fn push(&mut self, tag: Tag, words: &[u32]) {
        self.0.push(tag as u32);
        self.0.extend_from_slice(words);
    }
}
