use alloc::vec::Vec;

use bytes::BytesMut;

use super::{HalfVector, SparseVector, Vector, dense, sparse};
use crate::error::BoxError;
use crate::types::codec::Codec;
use crate::types::{ArrayElement, FromSql, ToSql, Type};
use crate::wire::{Format, IsNull};

impl ToSql for pgvector::Vector {
    fn accepts(&self, type_: &Type) -> bool {
        Vector::is(type_)
    }

    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        dense::encode(self.as_slice(), f32::to_be_bytes, out)?;
        Ok(IsNull::No)
    }
}

impl From<Vector> for pgvector::Vector {
    fn from(vector: Vector) -> Self {
        vector.0.into()
    }
}

impl From<pgvector::Vector> for Vector {
    fn from(vector: pgvector::Vector) -> Self {
        Self(vector.into())
    }
}

impl ToSql for pgvector::HalfVector {
    fn accepts(&self, type_: &Type) -> bool {
        HalfVector::is(type_)
    }

    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        dense::encode(self.as_slice(), |element| element.to_be_bytes(), out)?;
        Ok(IsNull::No)
    }
}

impl From<HalfVector> for pgvector::HalfVector {
    /// By way of f32, where each half has its place.
    fn from(vector: HalfVector) -> Self {
        Self::from_f32_slice(&vector.to_f32())
    }
}

impl From<pgvector::HalfVector> for HalfVector {
    fn from(vector: pgvector::HalfVector) -> Self {
        Self(vector.as_slice().iter().map(|element| element.to_bits()).collect())
    }
}

impl ToSql for pgvector::SparseVector {
    fn accepts(&self, type_: &Type) -> bool {
        SparseVector::is(type_)
    }

    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        sparse::encode(self.dimensions(), self.indices(), i32::to_be_bytes, self.values(), out)?;
        Ok(IsNull::No)
    }
}

impl TryFrom<SparseVector> for pgvector::SparseVector {
    type Error = BoxError;

    /// Fails with more dimensions than an i32 can tell.
    fn try_from(vector: SparseVector) -> Result<Self, BoxError> {
        let dimensions = i32::try_from(vector.dimensions())?;
        let indices: Vec<i32> =
            vector.indices().iter().map(|&index| i32::try_from(index)).collect::<Result<_, _>>()?;
        Ok(Self::from_map(indices.iter().zip(vector.values()), dimensions))
    }
}

impl TryFrom<&pgvector::SparseVector> for SparseVector {
    type Error = BoxError;

    /// Fails with indices that come twice, or are below zero or not below the number of dimensions.
    fn try_from(vector: &pgvector::SparseVector) -> Result<Self, BoxError> {
        let elements = vector.indices().iter().zip(vector.values());
        let elements: Vec<(u32, f32)> = elements
            .map(|(&index, &value)| Ok((u32::try_from(index)?, value)))
            .collect::<Result<_, BoxError>>()?;
        Self::new(u32::try_from(vector.dimensions())?, elements)
            .ok_or_else(|| "its indices are not below its dimensions, or come twice".into())
    }
}

macro_rules! from_sql {
    ($($type:ident),*) => {$(
        impl<'a> FromSql<'a> for pgvector::$type {
            fn accepts(type_: &Type) -> bool {
                $type::is(type_)
            }

            fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
                Self::from_sql_owned(type_, format, raw)
            }

            fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
                $type::from_sql_owned(type_, format, raw)?.try_into().map_err(BoxError::from)
            }
        }

        impl ArrayElement for pgvector::$type {}
    )*};
}

from_sql!(Vector, HalfVector, SparseVector);

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{encode, extension, round_trip, text};

    proptest! {
        #[test]
        fn vectors_arrive(elements in proptest::collection::vec(-65_000_f32..65_000.0, 1..99)) {
            let vector = pgvector::Vector::from(elements.clone());
            prop_assert_eq!(&round_trip(&extension("vector"), &vector), &vector);
            let ours = encode(&extension("vector"), &Vector(elements.clone())).unwrap();
            prop_assert_eq!(encode(&extension("vector"), &vector).unwrap(), ours);

            let half = pgvector::HalfVector::from_f32_slice(&elements);
            prop_assert_eq!(&round_trip(&extension("halfvec"), &half), &half);
            prop_assert_eq!(HalfVector::from_f32(&elements), Some(half.into()));

            let sparse = pgvector::SparseVector::from_dense(&elements);
            prop_assert_eq!(&round_trip(&extension("sparsevec"), &sparse), &sparse);
        }
    }

    #[test]
    fn text_format_is_read() {
        let read = text::<pgvector::SparseVector>(&extension("sparsevec"), b"{1:1.5,3:2}/5").unwrap();
        assert_eq!(read.to_vec(), [1.5, 0.0, 2.0, 0.0, 0.0]);
    }

    #[test]
    fn a_sparse_vector_that_none_can_be_is_refused() {
        let broken = pgvector::SparseVector::from_map([(&7, &1.0)], 5);
        let refused = SparseVector::try_from(&broken).unwrap_err();
        assert_eq!(refused.to_string(), "its indices are not below its dimensions, or come twice");
    }
}
