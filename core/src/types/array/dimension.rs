use alloc::boxed::Box;
use core::fmt;

/// The most dimensions that an array of PostgreSQL's can have (`MAXDIM`).
pub(super) const MOST: usize = 6;

/// One dimension of an array: how many there are along it, and the subscript of the first.
///
/// ```
/// use trunkline_core::types::array::Dimension;
///
/// // As in '[0:2]={a,b,c}'.
/// let from_zero = Dimension { length: 3, lower_bound: 0 };
/// assert_ne!(from_zero, Dimension::new(3));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dimension {
    /// How many there are along it.
    pub length: usize,
    /// The subscript of the first: 1, unless somebody chose another.
    pub lower_bound: i32,
}

impl Dimension {
    /// One that starts at 1, as they do when nobody says otherwise.
    ///
    /// ```
    /// use trunkline_core::types::array::Dimension;
    ///
    /// assert_eq!(Dimension::new(3), Dimension { length: 3, lower_bound: 1 });
    /// ```
    pub const fn new(length: usize) -> Self {
        Self { length, lower_bound: 1 }
    }

    /// Its length and the subscript after its last, where there are such for PostgreSQL.
    #[inline]
    pub(super) fn int4s(self) -> Option<(i32, i32)> {
        let length = i32::try_from(self.length).ok()?;
        Some((length, self.lower_bound.checked_add(length)?))
    }
}

/// Why an array cannot have some dimensions.
///
/// ```
/// use trunkline_core::types::Array;
/// use trunkline_core::types::array::{Dimension, DimensionError};
///
/// let square = [Dimension::new(2), Dimension::new(2)];
/// let error = Array::with_dimensions(&square, vec![1, 2, 3]).unwrap_err();
/// assert!(matches!(error, DimensionError::Count { .. }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DimensionError {
    /// More dimensions than PostgreSQL's six.
    TooMany(usize),
    /// A dimension that ends beyond the subscripts there are: its length and its lower bound.
    TooLong(usize, i32),
    /// The dimensions hold another number of elements than were given.
    Count {
        /// How many elements the dimensions hold.
        expected: usize,
        /// How many were given.
        given: usize,
    },
}

impl fmt::Display for DimensionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany(count) => write!(f, "an array has {MOST} dimensions at most, not {count}"),
            Self::TooLong(length, lower_bound) => {
                write!(f, "a dimension of {length} from {lower_bound} ends beyond the subscripts there are")
            }
            Self::Count { expected, given } => {
                write!(f, "the dimensions hold {expected} elements, {given} were given")
            }
        }
    }
}

impl core::error::Error for DimensionError {}

/// The dimensions of an array of so many elements, checked; none when it is empty.
pub(super) fn check(dimensions: &[Dimension], elements: usize) -> Result<Box<[Dimension]>, DimensionError> {
    if dimensions.len() > MOST {
        return Err(DimensionError::TooMany(dimensions.len()));
    }
    if let Some(long) = dimensions.iter().find(|dimension| dimension.int4s().is_none()) {
        return Err(DimensionError::TooLong(long.length, long.lower_bound));
    }
    let lengths = dimensions.iter().map(|dimension| dimension.length);
    let expected = lengths.reduce(usize::saturating_mul).unwrap_or_default();
    if expected != elements {
        return Err(DimensionError::Count { expected, given: elements });
    }
    Ok(if elements == 0 { Box::default() } else { dimensions.into() })
}
