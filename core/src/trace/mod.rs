//! The last messages that came, for error reports.

use core::fmt;

/// How many messages are remembered.
const DEPTH: usize = 16;

/// A ring of the last messages that came: the tag, and how many of the same came in a row. Never their contents,
/// which may be secret.
#[derive(Debug, Clone, Copy)]
pub struct Trace {
    ring: [Option<(u8, u32)>; DEPTH],
    newest: usize,
}

impl Default for Trace {
    fn default() -> Self {
        Self { ring: [None; DEPTH], newest: 0 }
    }
}

impl Trace {
    /// Remembers a message.
    pub fn record(&mut self, tag: u8) {
        if let Some(Some((last, count))) = self.ring.get_mut(self.newest)
            && *last == tag
        {
            *count = count.saturating_add(1);
            return;
        }
        self.newest = (self.newest + 1) % DEPTH;
        if let Some(place) = self.ring.get_mut(self.newest) {
            *place = Some((tag, 1));
        }
    }
}

/// `R S×14 K Z`: oldest first.
impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let oldest = self.ring.iter().cycle().skip(self.newest + 1).take(DEPTH);
        for (at, (tag, count)) in oldest.flatten().enumerate() {
            let space = if at == 0 { "" } else { " " };
            write!(f, "{space}{}", tag.escape_ascii())?;
            if *count > 1 {
                write!(f, "×{count}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn it_remembers_the_newest_in_order() {
        let mut trace = Trace::default();
        for _ in 0..3 {
            trace.record(b'2');
            trace.record(b'D');
            trace.record(b'D');
        }
        assert_eq!(trace.to_string(), "2 D×2 2 D×2 2 D×2");
        for tag in b'a'..=b'z' {
            trace.record(tag);
        }
        assert!(trace.to_string().ends_with("y z"));
        assert_eq!(trace.to_string().split(' ').count(), DEPTH);
    }
}
