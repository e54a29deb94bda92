use alloc::boxed::Box;

use super::{Weight, Weights, word};
use crate::types::codec::ParseError;

/// A part of a [`TsQuery`](super::TsQuery).
///
/// ```
/// use trunkline_core::types::TsQuery;
/// use trunkline_core::types::text_search::QueryItem;
///
/// let query: TsQuery = "fat <2> rat".parse()?;
/// assert_eq!(query.items()[0], QueryItem::Phrase(2));
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum QueryItem {
    /// A word: the document has it.
    Operand(Operand),
    /// `!`: the document does not match the item that follows.
    Not,
    /// `&`: it matches both.
    And,
    /// `|`: it matches one of both at least.
    Or,
    /// `<->`, or with a number for other distances than 1, `<2>`: the right one that many words after the left one.
    Phrase(u16),
}

/// A word to search for.
///
/// ```
/// use trunkline_core::types::TsQuery;
/// use trunkline_core::types::text_search::{Operand, Weight};
///
/// let titles = Operand::new("star")?.prefix().weights([Weight::A]);
/// assert_eq!(TsQuery::from(titles).to_string(), "'star':*A");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Operand {
    pub(super) word: Box<str>,
    pub(super) prefix: bool,
    pub(super) weights: Weights,
}

impl QueryItem {
    /// How many it takes.
    pub(super) const fn operands(&self) -> usize {
        match self {
            Self::Operand(_) => 0,
            Self::Not => 1,
            Self::And | Self::Or | Self::Phrase(_) => 2,
        }
    }
}

impl Operand {
    /// Documents that have this word.
    ///
    /// ```
    /// use trunkline_core::types::text_search::Operand;
    ///
    /// assert!(Operand::new("star").is_ok() && Operand::new("").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// When it is empty, has more than 2,046 bytes, or has a NUL.
    pub fn new(word: &str) -> Result<Self, ParseError> {
        Ok(Self { word: word::checked(word)?, prefix: false, weights: Weights::default() })
    }

    /// The same for words that begin with it (`:*`).
    ///
    /// ```
    /// use trunkline_core::types::text_search::Operand;
    ///
    /// assert!(Operand::new("super")?.prefix().is_prefix());
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    #[must_use]
    pub const fn prefix(mut self) -> Self {
        self.prefix = true;
        self
    }

    /// The same where the word has one of these weights (`:AB`).
    ///
    /// ```
    /// use trunkline_core::types::text_search::{Operand, Weight};
    ///
    /// let heading = Operand::new("star")?.weights([Weight::A, Weight::B]);
    /// assert!(heading.allowed_weights().contains(Weight::B));
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    #[must_use]
    pub fn weights(mut self, weights: impl IntoIterator<Item = Weight>) -> Self {
        self.weights = weights.into_iter().collect();
        self
    }

    /// The word.
    ///
    /// ```
    /// assert_eq!(trunkline_core::types::text_search::Operand::new("star")?.word(), "star");
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn word(&self) -> &str {
        &self.word
    }

    /// Whether words that begin with it match too.
    ///
    /// ```
    /// assert!(!trunkline_core::types::text_search::Operand::new("star")?.is_prefix());
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub const fn is_prefix(&self) -> bool {
        self.prefix
    }

    /// Where it is looked for.
    ///
    /// ```
    /// // None stands for all.
    /// assert!(trunkline_core::types::text_search::Operand::new("star")?.allowed_weights().is_empty());
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub const fn allowed_weights(&self) -> Weights {
        self.weights
    }
}
