use crate::rows::{length, size};

/// What cannot be told in numbers, in JSON: errors, notices and descriptions, until the next chunk.
#[derive(Debug, Default)]
pub(super) struct Objects(Vec<String>);

impl Objects {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Keeps one, and tells its index.
    pub(super) fn keep(&mut self, object: String) -> u32 {
        self.0.push(object);
        length(self.0.len() - 1)
    }

    /// The one of an index, once.
    pub(super) fn take(&mut self, index: u32) -> Option<String> {
        self.0.get_mut(size(index)).map(core::mem::take)
    }

    pub(super) fn take_last(&mut self) -> Option<String> {
        self.0.pop()
    }
}
