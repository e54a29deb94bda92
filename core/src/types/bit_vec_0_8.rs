use bit_vec::BitVec;
use bytes::BytesMut;

use super::{ArrayElement, Bits, FromSql, ToSql, Type, bit, problem};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};

impl ToSql for BitVec {
    fn accepts(&self, type_: &Type) -> bool {
        bit::is(type_)
    }

    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        bit::encode_len(self.len(), out)?;
        let end = out.len() + self.len().div_ceil(8);
        // The first bit of a block is its lowest.
        for block in self.blocks() {
            out.extend_from_slice(&block.reverse_bits().to_be_bytes());
        }
        out.truncate(end);
        Ok(IsNull::No)
    }
}

impl<'a> FromSql<'a> for BitVec {
    fn accepts(type_: &Type) -> bool {
        bit::is(type_)
    }

    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        Self::from_sql_owned(type_, format, raw)
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        match format {
            Format::Binary => bit::decode(type_, raw).map(|(bytes, len)| first(bytes, len)),
            Format::Text => problem::parse(type_, raw).map(|bits: Bits| bits.into()),
        }
    }
}

impl ArrayElement for BitVec {}

impl From<Bits> for BitVec {
    fn from(bits: Bits) -> Self {
        first(bits.as_bytes(), bits.len())
    }
}

fn first(bytes: &[u8], len: usize) -> BitVec {
    let mut bits = BitVec::from_bytes(bytes);
    bits.truncate(len);
    bits
}

impl From<BitVec> for Bits {
    fn from(bits: BitVec) -> Self {
        bits.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{round_trip, survives, text};

    proptest! {
        #[test]
        fn bits_arrive_in_both_formats(bits: Vec<bool>) {
            let bits: BitVec = bits.into_iter().collect();
            prop_assert_eq!(round_trip(&Type::BIT, &bits), bits.clone());
            let own = Bits::from(bits.clone());
            prop_assert_eq!(text::<BitVec>(&Type::VARBIT, own.to_string().as_bytes()).unwrap(), bits.clone());
            prop_assert_eq!(BitVec::from(own), bits);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            survives::<BitVec>(&Type::VARBIT, &raw);
        }
    }
}
