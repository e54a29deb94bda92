//! ```text
//! Byte flags │ ( Int32 length, lower bound )? │ ( Int32 length, upper bound )?
//! ```
//!
//! This is what `range_send` and `range_recv` of the server's `rangetypes.c` say to each other.

use core::ops::Bound;

use super::Range;
use crate::wire::{Malformed, Reader};

pub(super) const EMPTY: u8 = 0x01;
pub(super) const LOWER_INCLUSIVE: u8 = 0x02;
pub(super) const UPPER_INCLUSIVE: u8 = 0x04;
pub(super) const LOWER_INFINITE: u8 = 0x08;
pub(super) const UPPER_INFINITE: u8 = 0x10;

/// A range in binary format, its bounds where they are.
///
/// ```
/// use core::ops::Bound;
/// use trunkline_core::types::range::{Range, RangeView};
///
/// // '[7,)'::int4range
/// let range = RangeView::read(b"\x12\0\0\0\x04\0\0\0\x07")?;
/// assert_eq!(range, Range::new(Bound::Included(&[0, 0, 0, 7][..]), Bound::Unbounded));
/// # Ok::<(), trunkline_core::wire::Malformed>(())
/// ```
pub type RangeView<'a> = Range<&'a [u8]>;

impl<'a> RangeView<'a> {
    /// Reads a range, all of it.
    ///
    /// ```
    /// use trunkline_core::types::range::{Range, RangeView};
    ///
    /// assert_eq!(RangeView::read(b"\x01")?, Range::Empty);
    /// assert!(RangeView::read(b"").is_err());
    /// # Ok::<(), trunkline_core::wire::Malformed>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the bytes are not a range.
    #[inline]
    pub fn read(raw: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(raw);
        let flags = reader.u8()?;
        if flags == EMPTY {
            reader.finish()?;
            return Ok(Self::Empty);
        }
        if flags & !(LOWER_INCLUSIVE | UPPER_INCLUSIVE | LOWER_INFINITE | UPPER_INFINITE) != 0 {
            return Err(Malformed::Unknown("a range's flags"));
        }
        let lower = read_bound(&mut reader, flags & LOWER_INFINITE != 0, flags & LOWER_INCLUSIVE != 0)?;
        let upper = read_bound(&mut reader, flags & UPPER_INFINITE != 0, flags & UPPER_INCLUSIVE != 0)?;
        reader.finish()?;
        Ok(Self::Bounds { lower, upper })
    }
}

#[inline]
fn read_bound<'a>(
    reader: &mut Reader<'a>,
    infinite: bool,
    inclusive: bool,
) -> Result<Bound<&'a [u8]>, Malformed> {
    if infinite {
        return Ok(Bound::Unbounded);
    }
    let value = reader.value()?.ok_or(Malformed::InvalidLength)?;
    Ok(if inclusive { Bound::Included(value) } else { Bound::Excluded(value) })
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bounds_are_told_apart() {
        let (one, two) = (&[1_u8][..], &[2_u8][..]);
        let both = |flags: u8| [&[flags][..], b"\0\0\0\x01\x01\0\0\0\x01\x02"].concat();
        let read =
            |flags| RangeView::read(&both(flags)).map(|range| range.try_map(|b| Ok::<_, ()>(b[0])).unwrap());
        assert_eq!(read(0), Ok(Range::new(Bound::Excluded(1), Bound::Excluded(2))));
        assert_eq!(read(2), Ok(Range::new(Bound::Included(1), Bound::Excluded(2))));
        assert_eq!(read(6), Ok(Range::new(Bound::Included(1), Bound::Included(2))));
        assert_eq!(
            RangeView::read(b"\x08\0\0\0\x01\x02"),
            Ok(Range::new(Bound::Unbounded, Bound::Excluded(two)))
        );
        assert_eq!(
            RangeView::read(b"\x14\0\0\0\x01\x01"),
            Ok(Range::new(Bound::Excluded(one), Bound::Unbounded))
        );
        assert_eq!(RangeView::read(b"\x18"), Ok(Range::new(Bound::Unbounded, Bound::Unbounded)));
        assert_eq!(RangeView::read(b"\x01"), Ok(Range::Empty));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for (raw, problem) in [
            (&b""[..], Malformed::Truncated),
            (b"\x20", Malformed::Unknown("a range's flags")),
            (b"\x01\0", Malformed::TrailingBytes),
            (b"\x18\0", Malformed::TrailingBytes),
            (b"\x10", Malformed::Truncated),
            (b"\x10\0\0\0\x02a", Malformed::Truncated),
            (b"\x10\xff\xff\xff\xff", Malformed::InvalidLength),
            (b"\x10\xff\xff\xff\xfe", Malformed::InvalidLength),
        ] {
            assert_eq!(RangeView::read(raw), Err(problem), "{raw:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(flags in 0_u8..32, raw: Vec<u8>) {
            _ = RangeView::read(&raw);
            _ = RangeView::read(&[&[flags][..], &raw].concat());
        }
    }
}
