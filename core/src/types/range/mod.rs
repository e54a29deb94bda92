//! Ranges and multiranges, over any type: `int4range`, `tstzmultirange`, and those that a database defines. See
//! ["Range Types"].
//!
//! ["Range Types"]: https://www.postgresql.org/docs/18/rangetypes.html

mod convert;
mod decode;
mod encode;
mod multirange;
mod text;
mod view;

use alloc::borrow::Cow;
#[cfg(feature = "serde")]
use core::fmt;

use super::Type;

pub use convert::RangeFormError;
pub use core::ops::Bound;
pub use multirange::{Multirange, MultirangeText, MultirangeView};
pub use text::RangeText;
pub use view::RangeView;

/// A range of values: everything between two bounds, either of which can be missing; or nothing at all.
///
/// It is kept as it is written: only the server makes `[1,3]` of integers the same as `[1,4)`, finds a range
/// like `[1,1)` to be empty, and refuses one whose lower bound is above its upper one.
///
/// ```
/// use core::ops::Bound;
/// use trunkline_core::types::Range;
///
/// assert_eq!(Range::from(1..4), Range::new(Bound::Included(1), Bound::Excluded(4)));
/// assert_eq!(Range::from(1..).to_string(), "[1,)");
/// assert!(Range::from(1..=3).contains(&3));
/// ```
///
/// See ["Range Types"].
///
/// ["Range Types"]: https://www.postgresql.org/docs/18/rangetypes.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Range<T> {
    /// It contains nothing.
    #[default]
    Empty,
    /// It contains what is between its bounds.
    Bounds {
        /// Where it begins.
        lower: Bound<T>,
        /// Where it ends.
        upper: Bound<T>,
    },
}

impl<T> Range<T> {
    /// What is between two bounds.
    ///
    /// ```
    /// use core::ops::Bound;
    /// use trunkline_core::types::Range;
    ///
    /// let after: Range<i32> = Range::new(Bound::Excluded(1), Bound::Unbounded);
    /// assert_eq!(after.to_string(), "(1,)");
    /// ```
    pub const fn new(lower: Bound<T>, upper: Bound<T>) -> Self {
        Self::Bounds { lower, upper }
    }

    /// Whether it is [`Range::Empty`]. One whose bounds leave nothing between them is so too, once the server has
    /// seen it.
    ///
    /// ```
    /// use trunkline_core::types::Range;
    ///
    /// assert!(Range::<i32>::Empty.is_empty());
    /// assert!(!Range::from(1..1).is_empty(), "only the server sees that");
    /// ```
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// Whether a value is between the bounds.
    ///
    /// ```
    /// use trunkline_core::types::Range;
    ///
    /// let office_hours = Range::from(9..17);
    /// assert!(office_hours.contains(&9) && !office_hours.contains(&17));
    /// ```
    pub fn contains(&self, value: &T) -> bool
    where
        T: PartialOrd,
    {
        use core::ops::RangeBounds as _;
        match self {
            Self::Empty => false,
            Self::Bounds { lower, upper } => (lower.as_ref(), upper.as_ref()).contains(value),
        }
    }

    /// The values at its ends.
    pub(super) fn bounds(&self) -> impl Iterator<Item = &T> {
        let (lower, upper) = match self {
            Self::Empty => (None, None),
            Self::Bounds { lower, upper } => (value_of(lower), value_of(upper)),
        };
        lower.into_iter().chain(upper)
    }

    /// The range of references to its bounds.
    ///
    /// ```
    /// use trunkline_core::types::Range;
    ///
    /// let letters = Range::from("a".to_owned().."f".to_owned());
    /// let borrowed: Range<&String> = letters.as_ref();
    /// assert!(borrowed.contains(&&"c".to_owned()));
    /// ```
    pub fn as_ref(&self) -> Range<&T> {
        match self {
            Self::Empty => Range::Empty,
            Self::Bounds { lower, upper } => Range::Bounds { lower: lower.as_ref(), upper: upper.as_ref() },
        }
    }

    /// The range of what its bounds are converted to.
    ///
    /// ```
    /// use trunkline_core::types::Range;
    ///
    /// let text = Range::from("1".."10");
    /// assert_eq!(text.try_map(str::parse::<i32>), Ok(Range::from(1..10)));
    /// ```
    ///
    /// # Errors
    ///
    /// The first that the conversion gives.
    pub fn try_map<U, E>(self, mut convert: impl FnMut(T) -> Result<U, E>) -> Result<Range<U>, E> {
        Ok(match self {
            Self::Empty => Range::Empty,
            Self::Bounds { lower, upper } => Range::Bounds {
                lower: try_map_bound(lower, &mut convert)?,
                upper: try_map_bound(upper, &mut convert)?,
            },
        })
    }
}

/// The value at an end.
#[inline]
const fn value_of<T>(bound: &Bound<T>) -> Option<&T> {
    match bound {
        Bound::Included(value) | Bound::Excluded(value) => Some(value),
        Bound::Unbounded => None,
    }
}

#[inline]
fn try_map_bound<T, U, E>(
    bound: Bound<T>,
    convert: &mut impl FnMut(T) -> Result<U, E>,
) -> Result<Bound<U>, E> {
    Ok(match bound {
        Bound::Included(value) => Bound::Included(convert(value)?),
        Bound::Excluded(value) => Bound::Excluded(convert(value)?),
        Bound::Unbounded => Bound::Unbounded,
    })
}

/// The type of a range's bounds: what they are written as.
#[inline]
fn bound_of(type_: &Type) -> Option<Cow<'_, Type>> {
    type_.range_of().map(Type::base_of)
}

/// The type of the bounds of a multirange's ranges.
#[inline]
fn bound_of_ranges(type_: &Type) -> Option<Cow<'_, Type>> {
    match type_.multirange_of()? {
        Cow::Borrowed(range) => bound_of(range),
        Cow::Owned(range) => bound_of(&range).map(|bound| Cow::Owned(bound.into_owned())),
    }
}

/// As its text, as PostgreSQL's `to_json` has it.
#[cfg(feature = "serde")]
impl<T: fmt::Display> serde::Serialize for Range<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// As its text, as PostgreSQL's `to_json` has it.
#[cfg(feature = "serde")]
impl<T: fmt::Display> serde::Serialize for Multirange<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests;
