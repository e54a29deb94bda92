//! The ranges of Rust, from and to those of PostgreSQL.

use core::fmt;
use core::ops::Bound::{self, Excluded, Included, Unbounded};
use core::ops::{RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

use super::Range;

impl<T> From<(Bound<T>, Bound<T>)> for Range<T> {
    fn from((lower, upper): (Bound<T>, Bound<T>)) -> Self {
        Self::Bounds { lower, upper }
    }
}

impl<T> From<core::ops::Range<T>> for Range<T> {
    fn from(range: core::ops::Range<T>) -> Self {
        Self::new(Included(range.start), Excluded(range.end))
    }
}

impl<T> From<RangeInclusive<T>> for Range<T> {
    fn from(range: RangeInclusive<T>) -> Self {
        let (start, end) = range.into_inner();
        Self::new(Included(start), Included(end))
    }
}

impl<T> From<RangeFrom<T>> for Range<T> {
    fn from(range: RangeFrom<T>) -> Self {
        Self::new(Included(range.start), Unbounded)
    }
}

impl<T> From<RangeTo<T>> for Range<T> {
    fn from(range: RangeTo<T>) -> Self {
        Self::new(Unbounded, Excluded(range.end))
    }
}

impl<T> From<RangeToInclusive<T>> for Range<T> {
    fn from(range: RangeToInclusive<T>) -> Self {
        Self::new(Unbounded, Included(range.end))
    }
}

impl<T> From<RangeFull> for Range<T> {
    fn from(_: RangeFull) -> Self {
        Self::new(Unbounded, Unbounded)
    }
}

/// A range is not of the form that one of Rust's ranges has: it is empty, or has other bounds.
///
/// ```
/// use trunkline_core::types::Range;
///
/// let open: Range<i32> = Range::from(1..);
/// assert!(core::ops::Range::try_from(open).is_err(), "it has no end");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RangeFormError(&'static str);

impl fmt::Display for RangeFormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the range is not of the form ")?;
        f.write_str(self.0)
    }
}

impl core::error::Error for RangeFormError {}

macro_rules! try_from {
    ($($form:literal $range:ty: $lower:pat, $upper:pat => $made:expr;)*) => {$(
        impl<T> TryFrom<Range<T>> for $range {
            type Error = RangeFormError;

            fn try_from(range: Range<T>) -> Result<Self, RangeFormError> {
                match range {
                    Range::Bounds { lower: $lower, upper: $upper } => Ok($made),
                    _ => Err(RangeFormError($form)),
                }
            }
        }
    )*};
}

try_from! {
    "a..b" core::ops::Range<T>: Included(start), Excluded(end) => start..end;
    "a..=b" RangeInclusive<T>: Included(start), Included(end) => start..=end;
    "a.." RangeFrom<T>: Included(start), Unbounded => start..;
    "..b" RangeTo<T>: Unbounded, Excluded(end) => ..end;
    "..=b" RangeToInclusive<T>: Unbounded, Included(end) => ..=end;
    ".." RangeFull: Unbounded, Unbounded => ..;
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn the_ranges_of_rust_come_back() {
        assert_eq!(core::ops::Range::try_from(Range::from(1..2)), Ok(1..2));
        assert_eq!(RangeInclusive::try_from(Range::from(1..=2)), Ok(1..=2));
        assert_eq!(RangeFrom::try_from(Range::from(1..)), Ok(1..));
        assert_eq!(RangeTo::try_from(Range::from(..2)), Ok(..2));
        assert_eq!(RangeToInclusive::try_from(Range::from(..=2)), Ok(..=2));
        assert_eq!(RangeFull::try_from(Range::<i32>::from(..)), Ok(..));
        assert_eq!(Range::from((Excluded(1), Unbounded)), Range::new(Excluded(1), Unbounded));
    }

    #[test]
    fn other_forms_are_refused() {
        for range in
            [Range::Empty, Range::from(1..=2), Range::from(1..), Range::new(Excluded(1), Excluded(2))]
        {
            let refused = core::ops::Range::try_from(range).unwrap_err();
            assert_eq!(refused.to_string(), "the range is not of the form a..b");
        }
    }
}
