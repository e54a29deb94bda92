use bytes::BytesMut;
use rust_decimal::Decimal;

use super::{Numeric, NumericError, Repr};
use crate::error::BoxError;
use crate::types::codec::Codec;
use crate::types::{ArrayElement, FromSql, ToSql, Type};
use crate::wire::{Format, IsNull};

impl ToSql for Decimal {
    #[inline]
    fn accepts(&self, type_: &Type) -> bool {
        Numeric::is(type_)
    }

    #[inline]
    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        Numeric::from(*self).encode(type_, out)?;
        Ok(IsNull::No)
    }
}

/// Exact: what has more digits than a `Decimal` holds is an error, and so are NaN and infinity.
impl<'a> FromSql<'a> for Decimal {
    #[inline]
    fn accepts(type_: &Type) -> bool {
        Numeric::is(type_)
    }

    #[inline]
    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        Self::from_sql_owned(type_, format, raw)
    }

    #[inline]
    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        Ok(Numeric::from_sql_owned(type_, format, raw)?.try_into()?)
    }
}

impl ArrayElement for Decimal {}

impl From<Decimal> for Numeric {
    #[inline]
    fn from(decimal: Decimal) -> Self {
        // A Decimal has at most 28 digits after the point.
        let exponent = -i16::try_from(decimal.scale()).unwrap_or_default();
        Self::of_decimal(decimal.is_sign_negative(), decimal.mantissa().unsigned_abs(), exponent)
    }
}

impl TryFrom<&Numeric> for Decimal {
    type Error = NumericError;

    /// Exact, and of the same scale, unless its zeros at the end are too many.
    fn try_from(numeric: &Numeric) -> Result<Self, NumericError> {
        let Repr::Finite(finite) = &numeric.0 else { return Err(NumericError::NotFinite) };
        let mut scale = u16::try_from(finite.least_scale()).unwrap_or(0);
        if scale > MAX_SCALE {
            return Err(NumericError::Fraction);
        }
        let (is_negative, mut magnitude) = numeric.scaled(scale)?;
        while scale < numeric.scale().min(MAX_SCALE) && magnitude <= MAX_MAGNITUDE / 10 {
            magnitude *= 10;
            scale += 1;
        }
        let mantissa = super::signed(is_negative, magnitude).ok_or(NumericError::OutOfRange)?;
        Self::try_from_i128_with_scale(mantissa, scale.into()).map_err(|_| NumericError::OutOfRange)
    }
}

impl TryFrom<Numeric> for Decimal {
    type Error = NumericError;

    /// Exact, and of the same scale, unless its zeros at the end are too many.
    fn try_from(numeric: Numeric) -> Result<Self, NumericError> {
        Self::try_from(&numeric)
    }
}

/// The most digits that a Decimal has after the point.
const MAX_SCALE: u16 = 28;

const MAX_MAGNITUDE: u128 = (1 << 96) - 1;

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{round_trip, survives, text};

    fn decimal(text: &str) -> Result<Decimal, NumericError> {
        text.parse::<Numeric>().unwrap().try_into()
    }

    proptest! {
        #[test]
        fn decimals_arrive_in_both_formats(low: u32, middle: u32, high: u32, is_negative: bool, scale in 0_u32..=28) {
            let decimal = Decimal::from_parts(low, middle, high, is_negative, scale);
            let arrived = round_trip(&Type::NUMERIC, &decimal);
            prop_assert_eq!((arrived, arrived.scale()), (decimal, scale));
            let written = decimal.to_string();
            prop_assert_eq!(Numeric::from(decimal).to_string(), written.as_str());
            prop_assert_eq!(text::<Decimal>(&Type::NUMERIC, written.as_bytes()).unwrap().to_string(), written);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            survives::<Decimal>(&Type::NUMERIC, &raw);
        }
    }

    #[test]
    fn what_a_decimal_cannot_hold_is_refused() {
        for (text, error) in [
            ("NaN", NumericError::NotFinite),
            ("-Infinity", NumericError::NotFinite),
            ("79228162514264337593543950336", NumericError::OutOfRange),
            ("1e131071", NumericError::OutOfRange),
            ("1234567890123456789.33333333333333333333", NumericError::OutOfRange),
            ("0.33333333333333333333333333333", NumericError::Fraction),
            ("1e-16383", NumericError::Fraction),
        ] {
            assert_eq!(decimal(text), Err(error), "{text}");
        }
        assert_eq!(decimal("-79228162514264337593543950335"), Ok(Decimal::MIN));
    }

    #[test]
    fn zeros_at_the_end_are_kept_while_there_is_room() {
        let written = |text| decimal(text).unwrap().to_string();
        assert_eq!(written("1.500"), "1.500");
        assert_eq!(written("0.00"), "0.00");
        assert_eq!(written("1.00000000000000000000000000000000"), "1.0000000000000000000000000000");
        assert_eq!(written("12345678901234567890.1200000000000000"), "12345678901234567890.120000000");
    }

    #[test]
    fn arrays_of_decimals_arrive() {
        let array = vec![Some(Decimal::new(-1990, 2)), None];
        assert_eq!(round_trip(&Type::NUMERIC_ARRAY, &array), array);
    }
}
