use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::{binary16, dense};
use crate::error::BoxError;
use crate::types::Type;
use crate::types::codec::{Codec, ParseError, codec};

/// A halfvec of pgvector's: a vector of half-precision numbers, IEEE 754's binary16, kept here as their bits. See
/// "Halfvec Type" of its documentation.
///
/// ```
/// use trunkline_core::types::HalfVector;
///
/// let vector = HalfVector::from_f32(&[1.0, 0.1]).expect("numbers below 65,520");
/// assert_eq!(vector.0, [0x3c00, 0x2e66]);
/// assert_eq!(vector.to_f32(), [1.0, 0.099975586]);
/// assert_eq!(HalfVector::from_f32(&[1e5]), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HalfVector(pub Vec<u16>);

impl HalfVector {
    /// The elements rounded to the nearest half-precision numbers; nothing when one is too large for that, in
    /// magnitude 65,520 or more.
    ///
    /// ```
    /// use trunkline_core::types::HalfVector;
    ///
    /// assert_eq!(HalfVector::from_f32(&[0.5]).unwrap().to_string(), "[0.5]");
    /// assert_eq!(HalfVector::from_f32(&[70_000.0]), None);
    /// ```
    pub fn from_f32(elements: &[f32]) -> Option<Self> {
        let mut halves = Vec::with_capacity(elements.len());
        for &element in elements {
            halves.push(binary16::from_f32(element)?);
        }
        Some(Self(halves))
    }

    /// The elements, exactly.
    ///
    /// ```
    /// use trunkline_core::types::HalfVector;
    ///
    /// assert_eq!(HalfVector(vec![0x3c00]).to_f32(), [1.0]);
    /// ```
    pub fn to_f32(&self) -> Vec<f32> {
        self.iter().collect()
    }

    fn iter(&self) -> impl Iterator<Item = f32> {
        self.0.iter().map(|&bits| binary16::to_f32(bits))
    }
}

impl Codec for HalfVector {
    fn is(type_: &Type) -> bool {
        type_.is_extension("halfvec")
    }

    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        dense::encode(&self.0, u16::to_be_bytes, out)
    }

    fn decode(_type: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        dense::decode(raw, u16::from_be_bytes).map(Self)
    }
}

impl fmt::Display for HalfVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        dense::write(f, self.iter())
    }
}

impl FromStr for HalfVector {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let elements = dense::parse(text.as_bytes(), binary16::from_f32);
        elements.map(Self).ok_or(ParseError::not("a halfvec: numbers below 65520, such as [1,2.5]"))
    }
}

codec!(HalfVector);

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, encode, extension, reads, round_trip, survives, text};

    proptest! {
        #[test]
        fn vectors_arrive_in_both_formats(elements in proptest::collection::vec(-65_504_f32..65_504.0, 1..99)) {
            let type_ = extension("halfvec");
            let vector = HalfVector::from_f32(&elements).unwrap();
            prop_assert_eq!(&round_trip(&type_, &vector), &vector);
            prop_assert_eq!(text::<HalfVector>(&type_, vector.to_string().as_bytes()).unwrap(), vector);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            survives::<HalfVector>(&extension("halfvec"), &raw);
        }
    }

    #[test]
    fn the_binary_form_is_pgvectors() {
        let type_ = extension("halfvec");
        let wire = b"\0\x02\0\0\x3c\0\xc1\0";
        let vector = HalfVector::from_f32(&[1.0, -2.5]).unwrap();
        assert_eq!(&encode(&type_, &vector).unwrap()[..], wire);
        assert_eq!(binary::<HalfVector>(&type_, wire).unwrap(), vector);
        for broken in [&wire[..3], &wire[..7], b"\0\x01\0\0\0\0\0", b"\0\0\0\x01"] {
            assert!(binary::<HalfVector>(&type_, broken).is_err(), "{broken:?}");
        }
        assert!(!reads::<HalfVector>(&extension("vector")));
    }

    #[test]
    fn texts_are_read_and_written_as_pgvector_does() {
        let vector: HalfVector = "[0.1, 65504, 65519, 6e-8, 1e-9, -0]".parse().unwrap();
        assert_eq!(vector.to_string(), "[0.099975586,65504,65504,5.9604645e-08,0,-0]");
        for text in ["[65520]", "[nan]", "[]", "[1"] {
            assert!(text.parse::<HalfVector>().is_err(), "{text}");
        }
    }
}
