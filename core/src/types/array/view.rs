//! ```text
//! Int32 dimensions │ Int32 has NULLs │ Int32 element OID │ ( Int32 length, Int32 lower bound )… │ value…
//! ```
//!
//! This is what `array_send` and `array_recv` of the server's `arrayfuncs.c` say to each other.

use super::dimension::{Dimension, MOST};
use crate::types::counted::Counted;
use crate::wire::{Malformed, Reader};

/// An array in binary format: what its header says, checked, and its elements where they are.
///
/// ```
/// use trunkline_core::types::array::ArrayView;
///
/// // '{7,NULL}'::int4[]
/// let raw = b"\0\0\0\x01\0\0\0\x01\0\0\0\x17\0\0\0\x02\0\0\0\x01\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff";
/// let array = ArrayView::read(raw)?;
/// assert_eq!((array.element_oid(), array.len()), (23, 2));
/// let elements: Vec<_> = array.elements().collect::<Result<_, _>>()?;
/// assert_eq!(elements, [Some(&[0, 0, 0, 7][..]), None]);
/// # Ok::<(), trunkline_core::wire::Malformed>(())
/// ```
///
/// See ["Arrays"].
///
/// ["Arrays"]: https://www.postgresql.org/docs/18/arrays.html
#[derive(Debug, Clone, Copy)]
pub struct ArrayView<'a> {
    element_oid: u32,
    dimensions: &'a [[u8; 8]],
    count: usize,
    elements: Reader<'a>,
}

impl<'a> ArrayView<'a> {
    /// Reads the header. The elements are read as they are asked for.
    ///
    /// ```
    /// use trunkline_core::types::array::ArrayView;
    ///
    /// # let raw = b"\0\0\0\x01\0\0\0\x01\0\0\0\x17\0\0\0\x02\0\0\0\x01\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff";
    /// // '{7,NULL}'::int4[]
    /// assert_eq!(ArrayView::read(raw)?.len(), 2);
    /// assert!(ArrayView::read(b"\0\0").is_err());
    /// # Ok::<(), trunkline_core::wire::Malformed>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When it is not the header of an array of up to six dimensions, whose subscripts are all Int32, or when
    /// what follows is too short for as many elements as it says.
    #[inline]
    pub fn read(raw: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(raw);
        let dimensions = usize::try_from(reader.i32()?).ok().filter(|&dimensions| dimensions <= MOST);
        let dimensions = dimensions.ok_or(Malformed::InvalidLength)?;
        // NULLs are seen by themselves; what else it could be nobody knows.
        if !matches!(reader.i32()?, 0 | 1) {
            return Err(Malformed::Unknown("an array's flags"));
        }
        let element_oid = reader.u32()?;
        let (dimensions, _) = reader.bytes(dimensions * 8)?.as_chunks();
        let mut count = usize::from(!dimensions.is_empty());
        for dimension in dimensions.iter().map(read_dimension) {
            dimension.int4s().ok_or(Malformed::InvalidLength)?;
            count = count.checked_mul(dimension.length).ok_or(Malformed::Truncated)?;
        }
        // Every element takes the four bytes of its length at least, so that no count is believed beyond that.
        if count > reader.remaining() / 4 {
            return Err(Malformed::Truncated);
        }
        let dimensions = if count == 0 { &[] } else { dimensions };
        Ok(Self { element_oid, dimensions, count, elements: reader })
    }

    /// The OID of the elements' type; of a domain its own, though they are written as what it is over.
    ///
    /// ```
    /// use trunkline_core::types::{Type, array::ArrayView};
    ///
    /// # let raw = b"\0\0\0\x01\0\0\0\x01\0\0\0\x17\0\0\0\x02\0\0\0\x01\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff";
    /// // '{7,NULL}'::int4[]
    /// assert_eq!(ArrayView::read(raw)?.element_oid(), Type::INT4.oid());
    /// # Ok::<(), trunkline_core::wire::Malformed>(())
    /// ```
    pub const fn element_oid(&self) -> u32 {
        self.element_oid
    }

    /// How many dimensions it has: none when it is empty.
    ///
    /// ```
    /// use trunkline_core::types::array::ArrayView;
    ///
    /// # let raw = b"\0\0\0\x01\0\0\0\x01\0\0\0\x17\0\0\0\x02\0\0\0\x01\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff";
    /// // '{7,NULL}'::int4[]
    /// assert_eq!(ArrayView::read(raw)?.dimension_count(), 1);
    /// # Ok::<(), trunkline_core::wire::Malformed>(())
    /// ```
    pub const fn dimension_count(&self) -> usize {
        self.dimensions.len()
    }

    /// The dimensions, the outermost first: none when it is empty.
    ///
    /// ```
    /// use trunkline_core::types::array::{ArrayView, Dimension};
    ///
    /// # let raw = b"\0\0\0\x01\0\0\0\x01\0\0\0\x17\0\0\0\x02\0\0\0\x01\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff";
    /// // '{7,NULL}'::int4[]
    /// assert!(ArrayView::read(raw)?.dimensions().eq([Dimension::new(2)]));
    /// # Ok::<(), trunkline_core::wire::Malformed>(())
    /// ```
    pub fn dimensions(&self) -> impl ExactSizeIterator<Item = Dimension> + 'a {
        self.dimensions.iter().map(read_dimension)
    }

    /// How many elements it has, of all dimensions together.
    ///
    /// ```
    /// use trunkline_core::types::array::ArrayView;
    ///
    /// # let raw = b"\0\0\0\x01\0\0\0\x01\0\0\0\x17\0\0\0\x02\0\0\0\x01\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff";
    /// // '{7,NULL}'::int4[]
    /// assert_eq!(ArrayView::read(raw)?.len(), 2);
    /// # Ok::<(), trunkline_core::wire::Malformed>(())
    /// ```
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether it has no elements.
    ///
    /// ```
    /// use trunkline_core::types::array::ArrayView;
    ///
    /// # let raw = b"\0\0\0\x01\0\0\0\x01\0\0\0\x17\0\0\0\x02\0\0\0\x01\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff";
    /// // '{7,NULL}'::int4[]
    /// assert!(!ArrayView::read(raw)?.is_empty());
    /// # Ok::<(), trunkline_core::wire::Malformed>(())
    /// ```
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What follows the header.
    #[inline]
    pub(super) fn raw_elements(mut self) -> &'a [u8] {
        self.elements.rest()
    }

    /// The elements, the last subscript varying fastest: each as its bytes or NULL, or why it cannot be read, and
    /// nothing after that. Bytes that are left behind the last one are such an error too.
    ///
    /// ```
    /// use trunkline_core::types::array::ArrayView;
    ///
    /// # let raw = b"\0\0\0\x01\0\0\0\x01\0\0\0\x17\0\0\0\x02\0\0\0\x01\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff";
    /// // '{7,NULL}'::int4[]
    /// let mut elements = ArrayView::read(raw)?.elements();
    /// assert_eq!(elements.next(), Some(Ok(Some(&[0, 0, 0, 7][..]))));
    /// assert_eq!(elements.next(), Some(Ok(None)), "NULL");
    /// # Ok::<(), trunkline_core::wire::Malformed>(())
    /// ```
    pub const fn elements(&self) -> ArrayElements<'a> {
        ArrayElements(Counted::new(self.elements, self.count))
    }
}

/// A length that cannot be becomes one that [`Dimension::int4s`] refuses.
#[inline]
fn read_dimension(raw: &[u8; 8]) -> Dimension {
    let [a, b, c, d, e, f, g, h] = *raw;
    let length = usize::try_from(i32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
    Dimension { length, lower_bound: i32::from_be_bytes([e, f, g, h]) }
}

/// The elements of an [`ArrayView`].
///
/// ```
/// use trunkline_core::types::array::{ArrayElements, ArrayView};
///
/// # let raw = b"\0\0\0\x01\0\0\0\x01\0\0\0\x17\0\0\0\x02\0\0\0\x01\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff";
/// // '{7,NULL}'::int4[]
/// let elements: ArrayElements<'_> = ArrayView::read(raw)?.elements();
/// assert_eq!(elements.count(), 2);
/// # Ok::<(), trunkline_core::wire::Malformed>(())
/// ```
#[derive(Debug, Clone)]
pub struct ArrayElements<'a>(Counted<'a>);

impl<'a> Iterator for ArrayElements<'a> {
    type Item = Result<Option<&'a [u8]>, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next(Reader::value)
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use bytes::{BufMut, BytesMut};
    use proptest::prelude::*;

    use super::*;

    fn words(words: &[i32]) -> BytesMut {
        let mut raw = BytesMut::new();
        for &word in words {
            raw.put_i32(word);
        }
        raw
    }

    fn elements(raw: &[u8]) -> Result<Vec<Option<&[u8]>>, Malformed> {
        ArrayView::read(raw)?.elements().collect()
    }

    #[test]
    fn dimensions_and_elements_are_told() {
        let raw = words(&[2, 1, 23, 1, -4, 2, 1, 4, 7, -1]);
        let array = ArrayView::read(&raw).unwrap();
        let dimensions: Vec<_> = array.dimensions().collect();
        assert_eq!(dimensions, [Dimension { length: 1, lower_bound: -4 }, Dimension::new(2)]);
        assert_eq!((array.element_oid(), array.len(), array.is_empty()), (23, 2, false));
        assert_eq!(elements(&raw).unwrap(), [Some(&[0, 0, 0, 7][..]), None]);
    }

    #[test]
    fn an_empty_array_has_no_dimensions() {
        for raw in [words(&[0, 0, 23]), words(&[1, 0, 23, 0, 1]), words(&[2, 0, 23, 2, 1, 0, 1])] {
            let array = ArrayView::read(&raw).unwrap();
            assert_eq!((array.dimension_count(), array.len(), array.is_empty()), (0, 0, true));
            assert_eq!(array.elements().next(), None);
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let refused = |raw: &[i32]| elements(&words(raw)).unwrap_err();
        assert_eq!(refused(&[0, 0]), Malformed::Truncated);
        assert_eq!(refused(&[-1, 0, 23]), Malformed::InvalidLength);
        assert_eq!(
            refused(&[7, 0, 23, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]),
            Malformed::InvalidLength
        );
        assert_eq!(refused(&[1, 0, 23, -1, 1]), Malformed::InvalidLength);
        assert_eq!(refused(&[1, 0, 23, 1, i32::MAX, 0]), Malformed::InvalidLength);
        assert_eq!(refused(&[1, 0, 23, i32::MAX - 1, 1, -1]), Malformed::Truncated);
        let most = i32::MAX - 1;
        assert_eq!(
            refused(&[6, 0, 23, most, 1, most, 1, most, 1, most, 1, most, 1, most, 1, -1]),
            Malformed::Truncated
        );
        assert_eq!(refused(&[1, 0, 23, 1, 1, -2]), Malformed::InvalidLength);
        assert_eq!(refused(&[1, 0, 23, 1, 1, 5, 0]), Malformed::Truncated);
        assert_eq!(refused(&[1, 0, 23, 1, 1, 4, 0, 0]), Malformed::TrailingBytes);
        assert_eq!(refused(&[0, 0, 23, 0]), Malformed::TrailingBytes);
    }

    #[test]
    fn nothing_comes_after_an_error() {
        let raw = words(&[1, 0, 23, 3, 1, 4, 0, -2, -1]);
        let array: Vec<_> = ArrayView::read(&raw).unwrap().elements().collect();
        assert_eq!(array, [Ok(Some(&[0; 4][..])), Err(Malformed::InvalidLength)]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(head: u8, raw: Vec<u8>) {
            for raw in [&raw[..], &[&[0, 0, 0, head % 8, 0, 0, 0, 0][..], &raw].concat()] {
                if let Ok(array) = ArrayView::read(raw) {
                    prop_assert!(array.len() <= raw.len() / 4);
                    prop_assert!(array.elements().count() <= array.len() + 1);
                }
            }
        }
    }
}
