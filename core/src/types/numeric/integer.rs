use core::fmt;

use super::digits::{Digits, INLINE};
use super::{Finite, Numeric, Repr};

/// Why a numeric is not converted into another type.
///
/// ```
/// use trunkline_core::types::{Numeric, NumericError};
///
/// let half: Numeric = "0.5".parse()?;
/// assert_eq!(i64::try_from(half), Err(NumericError::Fraction));
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumericError {
    /// NaN and infinity have no place in the other type.
    NotFinite,
    /// There are digits after the point that the other type cannot hold.
    Fraction,
    /// It is too large for the other type, or has more digits than that can hold.
    OutOfRange,
}

impl fmt::Display for NumericError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFinite => "the numeric is NaN or infinite, which the type it is read as cannot be",
            Self::Fraction => {
                "the numeric has digits after the point that the type it is read as cannot hold"
            }
            Self::OutOfRange => "the numeric is too large for the type it is read as, or has too many digits",
        })
    }
}

impl core::error::Error for NumericError {}

macro_rules! integers {
    ($($type:ident: $magnitude:expr),* $(,)?) => {$(
        impl From<$type> for Numeric {
            #[inline]
            fn from(value: $type) -> Self {
                #[allow(unused_comparisons, reason = "some of the types are unsigned")]
                let is_negative = value < 0;
                Self::of_decimal(is_negative, $magnitude(value) as u128, 0)
            }
        }

        impl TryFrom<&Numeric> for $type {
            type Error = NumericError;

            /// Exact, of any scale.
            fn try_from(numeric: &Numeric) -> Result<Self, NumericError> {
                let (is_negative, magnitude) = numeric.scaled(0)?;
                let value = match signed(is_negative, magnitude) {
                    Some(value) => Self::try_from(value).ok(),
                    None => Self::try_from(magnitude).ok().filter(|_| !is_negative),
                };
                value.ok_or(NumericError::OutOfRange)
            }
        }

        impl TryFrom<Numeric> for $type {
            type Error = NumericError;

            /// Exact, of any scale.
            fn try_from(numeric: Numeric) -> Result<Self, NumericError> {
                Self::try_from(&numeric)
            }
        }
    )*};
}

integers!(
    i8: i8::unsigned_abs,
    i16: i16::unsigned_abs,
    i32: i32::unsigned_abs,
    i64: i64::unsigned_abs,
    i128: i128::unsigned_abs,
    isize: isize::unsigned_abs,
    u8: u8::from,
    u16: u16::from,
    u32: u32::from,
    u64: u64::from,
    u128: u128::from,
    usize: usize::from,
);

impl Numeric {
    /// magnitude × 10^exponent, which lies between -[`MAX_SCALE`](Self::MAX_SCALE) and its counterpart.
    #[inline]
    pub(in crate::types) fn of_decimal(is_negative: bool, magnitude: u128, exponent: i16) -> Self {
        let scale = exponent.min(0).unsigned_abs();
        if magnitude == 0 {
            return Self(Repr::Finite(Finite {
                is_negative: false,
                weight: 0,
                scale,
                digits: Digits::EMPTY,
            }));
        }
        // The lowest digit of base 10000 ends in zeros where the exponent stops between two of its powers.
        let zeros = exponent.rem_euclid(4).unsigned_abs().into();
        let (mut rest, lowest) = divide(magnitude, 10_u16.pow(4 - zeros));
        let mut digit = lowest * 10_u16.pow(zeros);
        let mut weight = exponent.div_euclid(4);
        while digit == 0 {
            (rest, digit) = divide(rest, 10_000);
            weight += 1;
        }
        let (mut digits, mut length) = ([0; INLINE], 0);
        for place in &mut digits {
            *place = digit;
            length += 1;
            if rest == 0 {
                break;
            }
            (rest, digit) = divide(rest, 10_000);
            weight += 1;
        }
        let digits = Digits::lowest_first(digits, length);
        Self(Repr::Finite(Finite { is_negative, weight, scale, digits }))
    }

    /// The sign and the magnitude of value × 10^scale, which must be an integer.
    pub(in crate::types) fn scaled(&self, scale: u16) -> Result<(bool, u128), NumericError> {
        let Repr::Finite(finite) = &self.0 else { return Err(NumericError::NotFinite) };
        if finite.least_scale() > scale.into() {
            return Err(NumericError::Fraction);
        }
        let magnitude = finite.magnitude(scale).ok_or(NumericError::OutOfRange)?;
        Ok((finite.is_negative, magnitude))
    }
}

impl Finite {
    /// value × 10^scale without its sign. Nothing when that is too large, or no integer.
    fn magnitude(&self, scale: u16) -> Option<u128> {
        let Some((&last, first)) = self.digits.split_last() else { return Some(0) };
        // The power of ten that is missing after the last digit, or that this has too much.
        let exponent = 4 * self.lowest_weight() + i32::from(scale);
        let (times, last) = match 10_u16.checked_pow(exponent.min(0).unsigned_abs()) {
            Some(excess @ ..=1000) if last.is_multiple_of(excess) => (10_000 / excess, last / excess),
            _ => return None,
        };
        // As many at once as fit 64 bits for sure.
        let first = first.chunks(4).try_fold(0_u128, |all, digits| {
            let (times, sum) = digits
                .iter()
                .fold((1, 0), |(times, sum), &digit| (times * 10_000, sum * 10_000 + u64::from(digit)));
            all.checked_mul(times)?.checked_add(sum.into())
        });
        let all = first?.checked_mul(times.into())?.checked_add(last.into())?;
        match exponent {
            1.. => all.checked_mul(10_u128.checked_pow(exponent.unsigned_abs())?),
            _ => Some(all),
        }
    }
}

pub(in crate::types) fn signed(is_negative: bool, magnitude: u128) -> Option<i128> {
    if is_negative { 0_i128.checked_sub_unsigned(magnitude) } else { magnitude.try_into().ok() }
}

/// Quotient and remainder. What fits 64 bits is divided as that, in which processors are much faster.
#[inline]
fn divide(value: u128, divisor: u16) -> (u128, u16) {
    let (quotient, remainder) = match u64::try_from(value) {
        Ok(value) => ((value / u64::from(divisor)).into(), u16::try_from(value % u64::from(divisor))),
        Err(_) => (value / u128::from(divisor), u16::try_from(value % u128::from(divisor))),
    };
    (quotient, remainder.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn integers_come_back(value: i128, shift in 0_u32..128) {
            let value = value >> shift;
            let numeric = Numeric::from(value);
            prop_assert_eq!(numeric.to_string(), value.to_string());
            prop_assert_eq!(i128::try_from(&numeric), Ok(value));
            prop_assert_eq!(i64::try_from(&numeric).ok(), i64::try_from(value).ok());
            prop_assert_eq!(u8::try_from(&numeric).ok(), u8::try_from(value).ok());
            prop_assert_eq!(u128::try_from(numeric).ok(), u128::try_from(value).ok());
        }

        #[test]
        fn what_is_not_scaled_comes_back(unscaled: i128, shift in 0_u32..128, scale in 0_u16..=Numeric::MAX_SCALE) {
            let unscaled = unscaled >> shift;
            let numeric = Numeric::from_unscaled(unscaled, scale).unwrap();
            prop_assert_eq!((numeric.unscaled(), numeric.scale()), (Some(unscaled), scale));
            prop_assert_eq!(numeric.to_string().parse(), Ok(numeric));
        }
    }

    #[test]
    fn what_is_no_integer_of_that_type_is_refused() {
        let integer = |text: &str| i32::try_from(text.parse::<Numeric>().unwrap());
        assert_eq!(integer("5.000"), Ok(5));
        assert_eq!(integer("-2147483648"), Ok(i32::MIN));
        assert_eq!(integer("2147483648"), Err(NumericError::OutOfRange));
        assert_eq!(integer("1e100000"), Err(NumericError::OutOfRange));
        assert_eq!(integer("5.5"), Err(NumericError::Fraction));
        assert_eq!(integer("1e-10000"), Err(NumericError::Fraction));
        assert_eq!(integer("NaN"), Err(NumericError::NotFinite));
        assert_eq!(u8::try_from(Numeric::from(-1)), Err(NumericError::OutOfRange));
    }

    #[test]
    fn the_longest_are_whole() {
        let longest = u128::MAX.to_string();
        for scale in 0..=8 {
            let text = std::format!("0.{:0scale$}{longest}", 0);
            let numeric: Numeric = text.parse().unwrap();
            assert_eq!(numeric.to_string(), text);
        }
        let numeric = Numeric::from_unscaled(i128::MIN, 39).unwrap();
        assert_eq!(numeric.to_string(), "-0.170141183460469231731687303715884105728");
        assert_eq!(numeric.unscaled(), Some(i128::MIN));
        assert_eq!(Numeric::from(u128::MAX).unscaled(), None);
        assert_eq!(Numeric::from_unscaled(1, Numeric::MAX_SCALE + 1), None);
    }
}
