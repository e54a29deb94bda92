use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use bytes::{BufMut, BytesMut};

use super::dense::{self, finite};
use crate::error::BoxError;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::float::text::FloatText;
use crate::types::scan::decimal;
use crate::types::space::skip_spaces;
use crate::types::{Type, problem};
use crate::wire::{Malformed, Reader, Unencodable};

const NOT: ParseError = ParseError::not("a sparsevec: elements and dimensions, such as {1:1.5,3:2}/5");

/// A sparsevec of pgvector's: how many dimensions there are, and the elements that are not zero. See "Sparsevec
/// Type" of its documentation.
///
/// Indices start at 0 here, and in its text form at 1.
///
/// ```
/// use trunkline_core::types::SparseVector;
///
/// let vector = SparseVector::new(5, [(2, 2.0), (0, 1.5)]).expect("indices below 5");
/// assert_eq!((vector.indices(), vector.values()), (&[0, 2][..], &[1.5, 2.0][..]));
/// assert_eq!(vector.to_string(), "{1:1.5,3:2}/5");
/// assert_eq!(vector.to_dense(), [1.5, 0.0, 2.0, 0.0, 0.0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SparseVector {
    dimensions: u32,
    /// In order, each below the number of dimensions.
    indices: Vec<u32>,
    /// One for each index.
    values: Vec<f32>,
}

impl SparseVector {
    /// A vector of these elements, in any order; those that are zero are left out. Nothing when an index comes
    /// twice or is not below the number of dimensions.
    ///
    /// ```
    /// use trunkline_core::types::SparseVector;
    ///
    /// assert!(SparseVector::new(3, [(0, 1.5), (2, 0.5)]).is_some());
    /// assert!(SparseVector::new(3, [(3, 1.0)]).is_none(), "indices start at 0");
    /// ```
    pub fn new(dimensions: u32, elements: impl IntoIterator<Item = (u32, f32)>) -> Option<Self> {
        let mut elements: Vec<(u32, f32)> = elements.into_iter().filter(|&(_, value)| value != 0.0).collect();
        elements.sort_by_key(|&(index, _)| index);
        let (indices, values): (Vec<u32>, Vec<f32>) = elements.into_iter().unzip();
        are_indices(&indices, dimensions).then_some(Self { dimensions, indices, values })
    }

    /// The elements of a vector that are not zero; nothing when it has more than 4,294,967,295.
    ///
    /// ```
    /// use trunkline_core::types::SparseVector;
    ///
    /// let vector = SparseVector::from_dense(&[0.0, 0.0, 7.0]).unwrap();
    /// assert_eq!(vector.indices(), [2]);
    /// ```
    pub fn from_dense(elements: &[f32]) -> Option<Self> {
        Self::new(u32::try_from(elements.len()).ok()?, (0..).zip(elements.iter().copied()))
    }

    /// How many dimensions there are.
    ///
    /// ```
    /// use trunkline_core::types::SparseVector;
    ///
    /// assert_eq!("{1:2}/1000".parse::<SparseVector>()?.dimensions(), 1000);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub const fn dimensions(&self) -> u32 {
        self.dimensions
    }

    /// Which elements are not zero, in order, from 0.
    ///
    /// ```
    /// use trunkline_core::types::SparseVector;
    ///
    /// assert_eq!("{1:2,5:1}/9".parse::<SparseVector>()?.indices(), [0, 4]);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn indices(&self) -> &[u32] {
        &self.indices
    }

    /// What they are, in the same order.
    ///
    /// ```
    /// use trunkline_core::types::SparseVector;
    ///
    /// assert_eq!("{1:2,5:1}/9".parse::<SparseVector>()?.values(), [2.0, 1.0]);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// All elements. There can be a thousand million.
    ///
    /// ```
    /// use trunkline_core::types::SparseVector;
    ///
    /// assert_eq!("{2:7}/3".parse::<SparseVector>()?.to_dense(), [0.0, 7.0, 0.0]);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn to_dense(&self) -> Vec<f32> {
        let mut elements = vec![0.0; usize::try_from(self.dimensions).unwrap_or(usize::MAX)];
        for (index, value) in self.iter() {
            if let Some(place) = usize::try_from(index).ok().and_then(|index| elements.get_mut(index)) {
                *place = value;
            }
        }
        elements
    }

    fn iter(&self) -> impl Iterator<Item = (u32, f32)> {
        self.indices.iter().copied().zip(self.values.iter().copied())
    }
}

/// Whether they are in order, none twice, and all below the number of dimensions.
fn are_indices(indices: &[u32], dimensions: u32) -> bool {
    indices.is_sorted_by(|a, b| a < b) && indices.last().is_none_or(|&last| last < dimensions)
}

/// `sparsevec_send`:
///
/// ```text
/// Int32 dimensions │ Int32 elements │ Int32 0 │ Int32 index… │ Float4 value…
/// ```
impl Codec for SparseVector {
    fn is(type_: &Type) -> bool {
        type_.is_extension("sparsevec")
    }

    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        let most = i32::MAX;
        let dimensions =
            i32::try_from(self.dimensions).map_err(|_| problem::out_of_range(self.dimensions, 1, most))?;
        encode(dimensions, &self.indices, u32::to_be_bytes, &self.values, out)
    }

    fn decode(_type: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let mut reader = Reader::new(raw);
        let dimensions = u32::try_from(reader.i32()?).map_err(|_| Malformed::InvalidLength)?;
        let count = usize::try_from(reader.i32()?).map_err(|_| Malformed::InvalidLength)?;
        dense::reserved(reader.i32()?)?;
        let indices = dense::elements(&mut reader, count, u32::from_be_bytes)?;
        let values = dense::elements(&mut reader, count, f32::from_be_bytes)?;
        reader.finish()?;
        if !are_indices(&indices, dimensions) {
            return Err(Malformed::Unknown("a sparsevec's index").into());
        }
        Ok(Self { dimensions, indices, values })
    }
}

codec!(SparseVector);

#[inline]
pub(super) fn encode<T: Copy>(
    dimensions: i32,
    indices: &[T],
    to_bytes: impl Fn(T) -> [u8; 4],
    values: &[f32],
    out: &mut BytesMut,
) -> Result<(), BoxError> {
    let count = i32::try_from(indices.len()).map_err(|_| Unencodable::TooLong("a sparsevec"))?;
    out.put_i32(dimensions);
    out.put_i32(count);
    out.put_i32(0);
    dense::put_elements(indices, to_bytes, out);
    dense::put_elements(values, f32::to_be_bytes, out);
    Ok(())
}

impl fmt::Display for SparseVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (at, (index, value)) in self.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            write!(f, "{}:{}", u64::from(index) + 1, FloatText(value))?;
        }
        write!(f, "}}/{}", self.dimensions)
    }
}

impl FromStr for SparseVector {
    type Err = ParseError;

    /// Reads what pgvector does: elements in any order, with spaces around numbers. Those that are zero are left
    /// out.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse(text.as_bytes()).ok_or(NOT)
    }
}

fn parse(text: &[u8]) -> Option<SparseVector> {
    let mut rest = skip_spaces(skip_spaces(text).strip_prefix(b"{")?);
    let mut elements = Vec::new();
    if let Some(after) = rest.strip_prefix(b"}") {
        rest = after;
    } else {
        loop {
            let (index, after) = whole(rest)?;
            let (value, after) = finite(skip_spaces(after).strip_prefix(b":")?)?;
            elements.push((index.checked_sub(1)?, value));
            rest = match skip_spaces(after) {
                [b',', after @ ..] => after,
                [b'}', after @ ..] => {
                    rest = after;
                    break;
                }
                _ => return None,
            };
        }
    }
    let (dimensions, rest) = whole(skip_spaces(rest).strip_prefix(b"/")?)?;
    let vector = SparseVector::new(dimensions, elements)?;
    (skip_spaces(rest).is_empty() && dimensions > 0).then_some(vector)
}

/// The number at the start of a text, and what follows.
fn whole(text: &[u8]) -> Option<(u32, &[u8])> {
    let mut rest = skip_spaces(text);
    let number = decimal(&mut rest)?;
    Some((u32::try_from(number).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, encode, extension, reads, round_trip, survives, text};

    proptest! {
        #[test]
        fn vectors_arrive_in_both_formats(elements in proptest::collection::btree_map(0_u32..999, -9_f32..9.0, 0..99)) {
            let type_ = extension("sparsevec");
            let vector = SparseVector::new(999, elements).unwrap();
            prop_assert_eq!(&round_trip(&type_, &vector), &vector);
            prop_assert_eq!(text::<SparseVector>(&type_, vector.to_string().as_bytes()).unwrap(), vector.clone());
            prop_assert_eq!(SparseVector::from_dense(&vector.to_dense()), Some(vector));
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, tail: Vec<u8>) {
            let type_ = extension("sparsevec");
            survives::<SparseVector>(&type_, &raw);
            survives::<SparseVector>(&type_, &[&[0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], &tail[..]].concat());
        }
    }

    #[test]
    fn the_binary_form_is_pgvectors() {
        let type_ = extension("sparsevec");
        let wire = b"\0\0\0\x05\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\x02\x3f\xc0\0\0\x40\0\0\0";
        let vector = SparseVector::new(5, [(0, 1.5), (2, 2.0)]).unwrap();
        assert_eq!(&encode(&type_, &vector).unwrap()[..], wire);
        assert_eq!(binary::<SparseVector>(&type_, wire).unwrap(), vector);
        let empty = b"\0\0\0\x05\0\0\0\0\0\0\0\0";
        assert_eq!(binary::<SparseVector>(&type_, empty).unwrap().to_string(), "{}/5");
        let changed = |at: usize, byte| {
            let mut wire = *wire;
            wire[at] = byte;
            wire
        };
        for broken in [
            &wire[..11],
            &wire[..wire.len() - 1],
            &[wire, &b"\0"[..]].concat(),
            // Dimensions below zero, more elements than bytes, a field in use, indices out of order and of range.
            &changed(0, 255),
            &changed(4, 127),
            &changed(11, 1),
            &changed(15, 2),
            &changed(19, 5),
        ] {
            assert!(binary::<SparseVector>(&type_, broken).is_err(), "{broken:?}");
        }
        assert!(!reads::<SparseVector>(&extension("vector")));
    }

    #[test]
    fn indices_are_below_the_dimensions_and_not_twice() {
        assert_eq!(SparseVector::new(2, [(2, 1.0)]), None);
        assert_eq!(SparseVector::new(2, [(1, 1.0), (1, 2.0)]), None);
        assert!(SparseVector::new(2, [(1, 1.0), (1, 0.0)]).is_some());
        let refused = encode(&extension("sparsevec"), &SparseVector::new(u32::MAX, []).unwrap()).unwrap_err();
        assert_eq!(refused.to_string(), "4294967295 is out of its range, 1 to 2147483647");
    }

    #[test]
    fn texts_are_read_as_pgvector_does() {
        for (text, expected) in [
            ("{1:1.5,3:2}/5", "{1:1.5,3:2}/5"),
            (" { 3 : 2e10 , 1 : 1.5, 2:0 } / 5 ", "{1:1.5,3:2e+10}/5"),
            ("{}/1", "{}/1"),
            ("{ } /1", "{}/1"),
        ] {
            let vector = text.parse::<SparseVector>();
            assert_eq!(vector.map(|vector| vector.to_string()), Ok(expected.into()), "{text}");
        }
        for text in [
            "",
            "{}",
            "{}/",
            "{}/0",
            "{}/-1",
            "{1:1}",
            "{0:1}/5",
            "{6:1}/5",
            "{1:1,1:2}/5",
            "{1:1,}/5",
            "{1}/5",
            "{1:nan}/5",
            "{:1}/5",
            "{1:1}/5x",
            "{1:1}/99999999999",
        ] {
            assert_eq!(text.parse::<SparseVector>(), Err(NOT), "{text}");
        }
    }
}
