use alloc::vec::Vec;

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::{BigInt, Sign};
use bytes::BytesMut;

use super::{Finite, Numeric, NumericError, Repr};
use crate::error::BoxError;
use crate::types::codec::Codec;
use crate::types::{ArrayElement, FromSql, ToSql, Type};
use crate::wire::{Format, IsNull};

/// Exact: what has more digits than a numeric holds is an error.
impl ToSql for BigDecimal {
    #[inline]
    fn accepts(&self, type_: &Type) -> bool {
        Numeric::is(type_)
    }

    fn to_sql(&self, type_: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        Numeric::try_from(self)?.encode(type_, out)?;
        Ok(IsNull::No)
    }
}

/// Exact; NaN and infinity are errors.
impl<'a> FromSql<'a> for BigDecimal {
    #[inline]
    fn accepts(type_: &Type) -> bool {
        Numeric::is(type_)
    }

    fn from_sql(type_: &Type, format: Format, raw: &'a [u8]) -> Result<Self, BoxError> {
        Self::from_sql_owned(type_, format, raw)
    }

    fn from_sql_owned(type_: &Type, format: Format, raw: &[u8]) -> Result<Self, BoxError> {
        Ok(Numeric::from_sql_owned(type_, format, raw)?.try_into()?)
    }
}

impl ArrayElement for BigDecimal {}

impl TryFrom<&BigDecimal> for Numeric {
    type Error = NumericError;

    /// Exact. The scale is kept; one below zero becomes zero.
    fn try_from(decimal: &BigDecimal) -> Result<Self, NumericError> {
        let (integer, scale) = decimal.as_bigint_and_scale();
        let digits = integer.magnitude().to_str_radix(10);
        let exponent = scale.checked_neg().ok_or(NumericError::OutOfRange)?;
        let finite = Finite::of_text(integer.sign() == Sign::Minus, digits.as_bytes(), &[], exponent);
        finite.map(|finite| Self(Repr::Finite(finite))).ok_or(NumericError::OutOfRange)
    }
}

impl TryFrom<BigDecimal> for Numeric {
    type Error = NumericError;

    /// Exact. The scale is kept; one below zero becomes zero.
    fn try_from(decimal: BigDecimal) -> Result<Self, NumericError> {
        Self::try_from(&decimal)
    }
}

impl TryFrom<&Numeric> for BigDecimal {
    type Error = NumericError;

    /// Exact, and of the same scale.
    fn try_from(numeric: &Numeric) -> Result<Self, NumericError> {
        let Repr::Finite(finite) = &numeric.0 else { return Err(NumericError::NotFinite) };
        let sign = if finite.is_negative { Sign::Minus } else { Sign::Plus };
        let digits: Vec<_> =
            finite.digits.iter().map(|digit| [(digit / 100 % 100) as u8, (digit % 100) as u8]).collect();
        // Digits of base 100 are always an integer.
        let integer = BigInt::from_radix_be(sign, digits.as_flattened(), 100).unwrap_or_default();
        let scale = -4 * i64::from(finite.lowest_weight());
        // Nothing but zeros is added or dropped.
        Ok(Self::new(integer, scale).with_scale(finite.scale.into()))
    }
}

impl TryFrom<Numeric> for BigDecimal {
    type Error = NumericError;

    /// Exact, and of the same scale.
    fn try_from(numeric: Numeric) -> Result<Self, NumericError> {
        Self::try_from(&numeric)
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{round_trip, survives, text};

    proptest! {
        #[test]
        fn decimals_arrive_in_both_formats(number in "-?[0-9]{1,60}(\\.[0-9]{1,60})?") {
            let decimal: BigDecimal = number.parse().unwrap();
            let arrived = round_trip(&Type::NUMERIC, &decimal);
            prop_assert_eq!(arrived.fractional_digit_count(), decimal.fractional_digit_count());
            prop_assert_eq!(&arrived, &decimal);
            prop_assert_eq!(Numeric::try_from(&decimal).unwrap().to_string(), number.parse::<Numeric>().unwrap().to_string());
            prop_assert_eq!(text::<BigDecimal>(&Type::NUMERIC, number.as_bytes()).unwrap(), decimal);
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            survives::<BigDecimal>(&Type::NUMERIC, &raw);
        }
    }

    #[test]
    fn large_and_small_ones_arrive() {
        for number in ["0", "0.00", "1e100000", "-1e-16383", "123456e-3", "1e131071"] {
            let numeric: Numeric = number.parse().unwrap();
            let decimal = BigDecimal::try_from(&numeric).unwrap();
            assert_eq!(decimal, number.parse::<BigDecimal>().unwrap());
            assert_eq!(Numeric::try_from(decimal).unwrap().to_string(), numeric.to_string());
        }
    }

    #[test]
    fn what_the_other_cannot_hold_is_refused() {
        let numeric = |text: &str| Numeric::try_from(text.parse::<BigDecimal>().unwrap());
        for text in ["1e131072", "1e-16384", "1e9000000000000000000", "1e-9000000000000000000"] {
            assert_eq!(numeric(text), Err(NumericError::OutOfRange), "{text}");
        }
        assert_eq!(BigDecimal::try_from(Numeric::NAN), Err(NumericError::NotFinite));
    }

    #[test]
    fn arrays_of_decimals_arrive() {
        let array = vec![Some(BigDecimal::from(-1990)), None];
        assert_eq!(round_trip(&Type::NUMERIC_ARRAY, &array), array);
    }
}
