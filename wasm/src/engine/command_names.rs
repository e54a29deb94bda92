use crate::rows::{length, size};

/// The names of commands that have come, so that each crosses once; there are some two hundred in PostgreSQL.
#[derive(Debug, Default)]
pub(super) struct CommandNames(Vec<Box<str>>);

/// More are taken for the last one.
const MOST: usize = 1024;

impl CommandNames {
    /// The index of a name.
    pub(super) fn index(&mut self, name: &str) -> u32 {
        let known = self.0.iter().position(|known| **known == *name);
        let index = known.unwrap_or_else(|| {
            if self.0.len() < MOST {
                self.0.push(name.into());
            }
            self.0.len() - 1
        });
        length(index)
    }

    pub(super) fn name(&self, index: u32) -> Option<&str> {
        self.0.get(size(index)).map(|name| &**name)
    }
}
