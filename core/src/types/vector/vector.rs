use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::dense;
use crate::error::BoxError;
use crate::types::array::ListForm;
use crate::types::codec::{Codec, ParseError, codec};
use crate::types::{FromSql, Type};

/// A vector of pgvector's. See "Vector Type" of its documentation: at least one dimension and at most 16,000, all
/// elements finite; the server checks that. A `Vec` or slice of `f32` can be sent and read in its place.
///
/// ```
/// use trunkline_core::types::Vector;
///
/// let vector = Vector::from(vec![1.0, 2.5, -3e20]);
/// assert_eq!(vector.to_string(), "[1,2.5,-3e+20]");
/// assert_eq!("[1, 2.5, -3e20]".parse(), Ok(vector));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Vector(pub Vec<f32>);

impl From<Vec<f32>> for Vector {
    fn from(elements: Vec<f32>) -> Self {
        Self(elements)
    }
}

impl From<Vector> for Vec<f32> {
    fn from(vector: Vector) -> Self {
        vector.0
    }
}

impl Codec for Vector {
    fn is(type_: &Type) -> bool {
        type_.is_extension("vector")
    }

    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        dense::encode(&self.0, f32::to_be_bytes, out)
    }

    fn decode(_type: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        dense::decode(raw, f32::from_be_bytes).map(Self)
    }
}

impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        dense::write(f, self.0.iter().copied())
    }
}

impl FromStr for Vector {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let elements = dense::parse(text.as_bytes(), Some);
        elements.map(Self).ok_or(ParseError::not("a vector: finite numbers, such as [1,2.5]"))
    }
}

codec!(Vector);

/// Lists of floats are vectors without more ado.
#[inline]
pub(in crate::types) fn list_form(type_: &Type) -> Option<ListForm<f32>> {
    Vector::is(type_).then_some(ListForm {
        write: |elements, out| dense::encode(elements, f32::to_be_bytes, out),
        read: |type_, format, raw| Vector::from_sql_owned(type_, format, raw).map(Into::into),
    })
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, encode, extension, reads, round_trip, survives, text};

    proptest! {
        #[test]
        fn vectors_arrive_in_both_formats(first: f32, rest: Vec<f32>) {
            let type_ = extension("vector");
            let vector = Vector([&[first], &rest[..]].concat());
            prop_assert_eq!(&round_trip(&type_, &vector), &vector);
            prop_assert_eq!(text::<Vector>(&type_, vector.to_string().as_bytes()).unwrap(), vector);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>, text in "[\\[\\],0-9e. -]*") {
            survives::<Vector>(&extension("vector"), &raw);
            survives::<Vector>(&extension("vector"), text.as_bytes());
        }
    }

    #[test]
    fn the_binary_form_is_pgvectors() {
        let type_ = extension("vector");
        let wire = b"\0\x02\0\0\x3f\x80\0\0\xc0\x20\0\0";
        let vector = Vector(Vec::from([1.0, -2.5]));
        assert_eq!(&encode(&type_, &vector).unwrap()[..], wire);
        assert_eq!(binary::<Vector>(&type_, wire).unwrap(), vector);
        let (short, long) = (&wire[..11], [wire, &b"\0"[..]].concat());
        for broken in [&wire[..3], short, &long, b"\0\0\0\x01", b"\xff\xff\0\0"] {
            assert!(binary::<Vector>(&type_, broken).is_err(), "{broken:?}");
        }
        for other in [extension("halfvec"), Type::FLOAT4_ARRAY] {
            assert!(!reads::<Vector>(&other), "{other}");
        }
    }

    #[test]
    fn lists_of_floats_are_vectors() {
        let type_ = extension("vector");
        let wire = b"\0\x02\0\0\x3f\x80\0\0\xc0\x20\0\0";
        let list = Vec::from([1.0_f32, -2.5]);
        assert_eq!(&encode(&type_, &list).unwrap()[..], wire);
        assert_eq!(&encode(&type_, &[1.0_f32, -2.5]).unwrap()[..], wire);
        assert_eq!(&encode(&type_, &Some(&list[..])).unwrap()[..], wire);
        assert_eq!(binary::<Vec<f32>>(&type_, wire).unwrap(), list);
        assert_eq!(binary::<[f32; 2]>(&type_, wire).unwrap(), [1.0, -2.5]);
        assert_eq!(text::<Vec<f32>>(&type_, b"[1,-2.5]").unwrap(), list);
        assert!(binary::<Vec<f32>>(&type_, &wire[..11]).is_err());
        assert!(!reads::<Vec<f64>>(&type_) && !reads::<Vec<f32>>(&extension("halfvec")));
        // Their own type is another still.
        assert_eq!(encode(&Type::FLOAT4_ARRAY, &list).unwrap().len(), 36);
        assert_eq!(round_trip(&Type::FLOAT4_ARRAY, &list), list);
    }

    #[test]
    fn more_dimensions_than_can_be_told_are_refused() {
        let refused = encode(&extension("vector"), &Vector(std::vec![0.0; 65_536])).unwrap_err();
        assert_eq!(refused.to_string(), "too many dimensions of a vector: the protocol allows 65535");
    }

    #[test]
    fn texts_are_read_as_pgvector_does() {
        for (text, expected) in [
            ("[1]", "[1]"),
            (" [ 1 ,\t2.5\n, -3e20 ] ", "[1,2.5,-3e+20]"),
            ("[.5,5.,-0,1e-45]", "[0.5,5,-0,1e-45]"),
        ] {
            let vector = text.parse::<Vector>();
            assert_eq!(vector.map(|vector| vector.to_string()), Ok(expected.into()), "{text}");
        }
        for text in
            ["", "[]", "[ ]", "1,2", "[1,2", "[1,,2]", "[1,]", "[1 2]", "[1]]", "[nan]", "[inf]", "[4e38]"]
        {
            assert!(text.parse::<Vector>().is_err(), "{text}");
        }
    }
}
