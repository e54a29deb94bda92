//! float4 and float8, and their text, which other types contain too.

mod layout;
mod nearest;
mod power;
mod shortest;
pub(super) mod text;

use bytes::BytesMut;

use super::codec::Codec;
use super::{FromSql, Numeric, ToSql, Type, oid, problem};
use crate::error::BoxError;
use crate::wire::{Format, IsNull};
use text::{FloatText, parse};

pub(super) use layout::Float;
pub(super) use nearest::{Digits, nearest};
pub(super) use shortest::shortest;

impl ToSql for f32 {
    #[inline]
    fn accepts(&self, type_: &Type) -> bool {
        is_float(type_) || type_.oid() == oid::NUMERIC
    }

    /// As numeric it is the shortest decimal that is read back as the same float.
    #[inline]
    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        if type_.oid() == oid::FLOAT4 {
            out.extend_from_slice(&self.to_be_bytes());
            return Ok(IsNull::No);
        }
        encode_single(*self, type_, out)
    }
}

impl ToSql for f64 {
    #[inline]
    fn accepts(&self, type_: &Type) -> bool {
        is_float(type_) || type_.oid() == oid::NUMERIC
    }

    /// As float4 it is rounded to the nearest there is, and refused when that is infinite but it is not. As numeric it
    /// is the shortest decimal that is read back as the same float: 0.1 is 0.1.
    #[inline]
    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        if type_.oid() == oid::FLOAT8 {
            out.extend_from_slice(&self.to_be_bytes());
            return Ok(IsNull::No);
        }
        encode_double(*self, type_, out)
    }
}

/// As another type than float4.
fn encode_single(value: f32, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
    match type_.oid() {
        oid::NUMERIC => Numeric::from(value).encode(type_, out)?,
        _ => out.extend_from_slice(&f64::from(value).to_be_bytes()),
    }
    Ok(IsNull::No)
}

/// As another type than float8.
fn encode_double(value: f64, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
    match type_.oid() {
        oid::NUMERIC => Numeric::from(value).encode(type_, out)?,
        _ => out.extend_from_slice(&round(value)?.to_be_bytes()),
    }
    Ok(IsNull::No)
}

impl<'a> FromSql<'a> for f32 {
    #[inline]
    fn accepts(type_: &Type) -> bool {
        type_.oid() == oid::FLOAT4
    }

    #[inline]
    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        match (format, raw.try_into()) {
            (Format::Binary, Ok(bytes)) => Ok(Self::from_be_bytes(bytes)),
            (Format::Binary, Err(_)) => Err(problem::length(type_, raw.len())),
            (Format::Text, _) => parse(raw).ok_or_else(|| problem::unreadable(type_)),
        }
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        f32::from_sql(type_, format, raw)
    }
}

impl<'a> FromSql<'a> for f64 {
    #[inline]
    fn accepts(type_: &Type) -> bool {
        is_float(type_)
    }

    #[inline]
    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        if let (oid::FLOAT8, Format::Binary, Ok(bytes)) = (type_.oid(), format, raw.try_into()) {
            return Ok(Self::from_be_bytes(bytes));
        }
        decode(type_, format, raw)
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        f64::from_sql(type_, format, raw)
    }
}

fn decode(type_: &Type, format: Format, raw: &[u8]) -> Result<f64, BoxError> {
    match (format, type_.oid()) {
        (Format::Text, oid::FLOAT8) => parse(raw).ok_or_else(|| problem::unreadable(type_)),
        (_, oid::FLOAT4) => f32::from_sql(type_, format, raw).map(f64::from),
        _ => Err(problem::length(type_, raw.len())),
    }
}

fn round(value: f64) -> Result<f32, BoxError> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "rounding is what was asked for; overflow is checked"
    )]
    let rounded = value as f32;
    if rounded.is_infinite() && value.is_finite() {
        return Err(problem::out_of_range(FloatText(value), FloatText(f32::MIN), FloatText(f32::MAX)));
    }
    Ok(rounded)
}

fn is_float(type_: &Type) -> bool {
    matches!(type_.oid(), oid::FLOAT4 | oid::FLOAT8)
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, encode, reads, round_trip, survives, text};

    proptest! {
        #[test]
        fn every_bit_arrives(bits: u64, small: u32) {
            let (value, small) = (f64::from_bits(bits), f32::from_bits(small));
            prop_assert_eq!(round_trip(&Type::FLOAT8, &value).to_bits(), bits);
            prop_assert_eq!(round_trip(&Type::FLOAT4, &small).to_bits(), small.to_bits());
            let wide = binary::<f64>(&Type::FLOAT4, &encode(&Type::FLOAT4, &small).unwrap()).unwrap();
            prop_assert!(wide == f64::from(small) || small.is_nan());
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            for type_ in [Type::FLOAT4, Type::FLOAT8] {
                survives::<f32>(&type_, &raw);
                survives::<f64>(&type_, &raw);
            }
        }
    }

    #[test]
    fn text_has_its_own_names_for_what_is_not_finite() {
        assert_eq!(text::<f64>(&Type::FLOAT8, b"Infinity").unwrap(), f64::INFINITY);
        assert_eq!(text::<f32>(&Type::FLOAT4, b"-Infinity").unwrap(), f32::NEG_INFINITY);
        assert!(text::<f64>(&Type::FLOAT8, b"NaN").unwrap().is_nan());
        assert_eq!(text::<f64>(&Type::FLOAT8, b"1e-05").unwrap(), 1e-5);
        assert_eq!(text::<f64>(&Type::FLOAT4, b"0.5").unwrap(), 0.5);
        assert!(text::<f64>(&Type::FLOAT8, b"much").is_err());
    }

    #[test]
    fn a_numeric_takes_the_shortest_decimal() {
        let numeric = |value: &dyn ToSql| {
            let bytes = encode(&Type::NUMERIC, value).unwrap();
            binary::<Numeric>(&Type::NUMERIC, &bytes).unwrap().to_string()
        };
        assert_eq!(numeric(&0.1), "0.1");
        assert_eq!(numeric(&0.1_f32), "0.1");
        assert_eq!(numeric(&-1e21), "-1000000000000000000000");
        assert_eq!(numeric(&f32::INFINITY), "Infinity");
    }

    #[test]
    fn a_float4_takes_what_is_in_its_range() {
        let mut out = BytesMut::new();
        assert!(1e39.to_sql(&Type::FLOAT4, &mut out).unwrap_err().to_string().contains("out of its range"));
        assert!(f64::INFINITY.to_sql(&Type::FLOAT4, &mut out).is_ok());
        assert!(!reads::<f32>(&Type::FLOAT8));
        assert!(!1.5.accepts(&Type::INT4));
        assert!(binary::<f64>(&Type::FLOAT8, &[0; 4]).is_err());
    }
}
