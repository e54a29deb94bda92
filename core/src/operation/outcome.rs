use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::row::{Columns, RowBatch};
use crate::statement::Statement;

/// What an operation came to.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Outcome {
    /// A query ran to its end.
    Executed(CommandTag),
    /// A statement was run many times: what each run did.
    Many(Vec<CommandTag>),
    /// A simple query ran to its end: one result for each of its statements.
    Script(Vec<StatementResult>),
    /// A statement was described.
    Prepared(Statement),
    /// A statement was closed.
    Closed,
}

impl Outcome {
    /// What it did: the last of it, when it was several things; empty for what does nothing to data.
    pub fn tag(&self) -> CommandTag {
        match self {
            Self::Executed(tag) => *tag,
            Self::Many(tags) => tags.last().copied().unwrap_or_default(),
            Self::Script(results) => results.last().map(|result| result.tag).unwrap_or_default(),
            Self::Prepared(_) | Self::Closed => CommandTag::default(),
        }
    }
}

/// The result of one statement of a simple query.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct StatementResult {
    /// Its columns; `None` when it returns no rows at all.
    pub columns: Option<Arc<Columns>>,
    /// Its rows, in text format.
    pub rows: Vec<RowBatch>,
    /// What it did.
    pub tag: CommandTag,
    pub(crate) complete: bool,
}

/// What a command did, as the server says it: `INSERT 0 5`, `SELECT 3`, `CREATE TABLE`. Empty for an empty query.
///
/// ```
/// use trunkline_core::CommandTag;
///
/// let tag = CommandTag::new("INSERT 0 5");
/// assert_eq!((tag.command(), tag.rows()), ("INSERT", 5));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CommandTag {
    len: u8,
    text: [u8; CAPACITY],
}

/// PostgreSQL's own buffer for a tag is 64 bytes.
const CAPACITY: usize = 63;

impl CommandTag {
    /// The tag of that text; what a server could not have sent (over 63 bytes) is cut.
    ///
    /// ```
    /// use trunkline_core::CommandTag;
    ///
    /// assert_eq!(CommandTag::new("CREATE TABLE").as_str(), "CREATE TABLE");
    /// ```
    pub fn new(text: &str) -> Self {
        let mut len = text.len().min(CAPACITY);
        while !text.is_char_boundary(len) {
            len -= 1;
        }
        let mut tag = Self::default();
        if let (Some(place), Some(text)) = (tag.text.get_mut(..len), text.as_bytes().get(..len)) {
            place.copy_from_slice(text);
            tag.len = u8::try_from(len).unwrap_or(0);
        }
        tag
    }

    /// The whole tag.
    ///
    /// ```
    /// use trunkline_core::CommandTag;
    ///
    /// assert_eq!(CommandTag::new("UPDATE 3").as_str(), "UPDATE 3");
    /// assert_eq!(CommandTag::default().as_str(), "");
    /// ```
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The same, for a comparison that needs no check of the encoding.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.text.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// The command without its numbers: `INSERT`, `CREATE TABLE`.
    ///
    /// ```
    /// use trunkline_core::CommandTag;
    ///
    /// assert_eq!(CommandTag::new("INSERT 0 5").command(), "INSERT");
    /// assert_eq!(CommandTag::new("DROP TABLE").command(), "DROP TABLE");
    /// ```
    pub fn command(&self) -> &str {
        self.as_str().trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ')
    }

    /// How many rows were inserted, updated, deleted, merged, fetched, moved or copied; 0 for other commands.
    ///
    /// ```
    /// use trunkline_core::CommandTag;
    ///
    /// assert_eq!(CommandTag::new("DELETE 12").rows(), 12);
    /// assert_eq!(CommandTag::new("VACUUM").rows(), 0);
    /// ```
    pub fn rows(&self) -> u64 {
        self.as_str().rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or(0)
    }
}

impl Default for CommandTag {
    fn default() -> Self {
        Self { len: 0, text: [0; CAPACITY] }
    }
}

impl fmt::Display for CommandTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CommandTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CommandTag({:?})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_and_rows() {
        for (text, command, rows) in [
            ("INSERT 0 5", "INSERT", 5),
            ("SELECT 3", "SELECT", 3),
            ("CREATE TABLE", "CREATE TABLE", 0),
            ("", "", 0),
            ("COPY 18446744073709551615", "COPY", u64::MAX),
        ] {
            let tag = CommandTag::new(text);
            assert_eq!((tag.as_str(), tag.command(), tag.rows()), (text, command, rows));
        }
    }

    #[test]
    fn a_tag_too_long_is_cut_between_characters() {
        let long = alloc::format!("x{}", "é".repeat(60));
        assert_eq!(CommandTag::new(&long).as_str(), &long[..63]);
    }
}
