use core::fmt;

/// How much a word counts where it stands in a document: A the most, D the least and the default. See
/// ["Manipulating Documents"] for `setweight`.
///
/// ```
/// use trunkline_core::types::text_search::Weight;
///
/// assert!(Weight::A > Weight::D);
/// ```
///
/// ["Manipulating Documents"]: https://www.postgresql.org/docs/18/textsearch-features.html#TEXTSEARCH-MANIPULATE-TSVECTOR
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Weight {
    /// The least: the body of a text, usually.
    #[default]
    D,
    /// More than D.
    C,
    /// More than C.
    B,
    /// The most: a title, usually.
    A,
}

impl Weight {
    /// The weight of a letter in either case.
    pub(super) const fn of_letter(letter: u8) -> Option<Self> {
        match letter {
            b'a' | b'A' => Some(Self::A),
            b'b' | b'B' => Some(Self::B),
            b'c' | b'C' => Some(Self::C),
            b'd' | b'D' => Some(Self::D),
            _ => None,
        }
    }

    /// The weight of the lowest two bits.
    pub(super) const fn of_bits(bits: u16) -> Self {
        match bits & 3 {
            0 => Self::D,
            1 => Self::C,
            2 => Self::B,
            _ => Self::A,
        }
    }

    pub(super) const fn bits(self) -> u16 {
        match self {
            Self::D => 0,
            Self::C => 1,
            Self::B => 2,
            Self::A => 3,
        }
    }
}

/// The weights that an operand of a query is looked for in; none stands for all, which is the default.
///
/// ```
/// use trunkline_core::types::text_search::{Weight, Weights};
///
/// let titles: Weights = [Weight::A, Weight::B].into_iter().collect();
/// assert!(titles.contains(Weight::A) && !titles.contains(Weight::D));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Weights(u8);

impl Weights {
    /// Those of a tsquery's binary form; `None` when it has other bits than the four.
    pub(super) fn of_bits(bits: u8) -> Option<Self> {
        (bits <= 0xf).then_some(Self(bits))
    }

    pub(super) const fn bits(self) -> u8 {
        self.0
    }

    /// Adds one.
    ///
    /// ```
    /// use trunkline_core::types::text_search::{Weight, Weights};
    ///
    /// let mut headings = Weights::default();
    /// headings.insert(Weight::A);
    /// assert_eq!(headings.to_string(), "A");
    /// ```
    pub fn insert(&mut self, weight: Weight) {
        self.0 |= 1 << weight.bits();
    }

    /// Whether it is one of them.
    ///
    /// ```
    /// use trunkline_core::types::text_search::{Weight, Weights};
    ///
    /// let headings: Weights = [Weight::A, Weight::B].into_iter().collect();
    /// assert!(headings.contains(Weight::B) && !headings.contains(Weight::C));
    /// ```
    pub const fn contains(self, weight: Weight) -> bool {
        self.0 >> weight.bits() & 1 == 1
    }

    /// Whether there are none, which means all.
    ///
    /// ```
    /// assert!(trunkline_core::types::text_search::Weights::default().is_empty());
    /// ```
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Weight> for Weights {
    fn from_iter<I: IntoIterator<Item = Weight>>(weights: I) -> Self {
        let mut all = Self::default();
        weights.into_iter().for_each(|weight| all.insert(weight));
        all
    }
}

impl fmt::Display for Weights {
    /// As in a tsquery: `AB`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (weight, letter) in [(Weight::A, "A"), (Weight::B, "B"), (Weight::C, "C"), (Weight::D, "D")] {
            if self.contains(weight) {
                f.write_str(letter)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Weights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Weights({self})")
    }
}
