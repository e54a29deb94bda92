use alloc::vec::Vec;

use super::text::decimals;
use super::{Numeric, Repr};
use crate::types::float::{Digits, Float, nearest, shortest};

/// As the shortest decimal that is read back as the same float: 0.1 is 0.1.
impl From<f64> for Numeric {
    #[inline]
    fn from(value: f64) -> Self {
        of_float(value, value < 0.0)
    }
}

/// As the shortest decimal that is read back as the same float: 0.1 is 0.1.
impl From<f32> for Numeric {
    #[inline]
    fn from(value: f32) -> Self {
        of_float(value, value < 0.0)
    }
}

fn of_float<T: Float>(value: T, is_negative: bool) -> Numeric {
    match shortest(&T::LAYOUT, value.bits()) {
        Some(decimal) => Numeric::of_decimal(is_negative, decimal.digits.into(), decimal.exponent),
        None if value.is_nan() => Numeric::NAN,
        None if is_negative => Numeric::NEG_INFINITY,
        None => Numeric::INFINITY,
    }
}

impl Numeric {
    /// The double that is nearest: infinite when it is too large for any, zero when it is too small.
    ///
    /// ```
    /// use trunkline_core::types::Numeric;
    ///
    /// let third: Numeric = "0.33333333333333333333".parse()?;
    /// assert_eq!(third.to_f64(), 1.0 / 3.0);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn to_f64(&self) -> f64 {
        let finite = match &self.0 {
            Repr::NaN => return f64::NAN,
            Repr::Infinity => return f64::INFINITY,
            Repr::NegativeInfinity => return f64::NEG_INFINITY,
            Repr::Finite(finite) => finite,
        };
        let digits: Vec<_> = finite.digits.iter().map(|&digit| decimals(digit)).collect();
        let exponent = 4 * i64::from(finite.lowest_weight());
        let bits = nearest(&f64::LAYOUT, &Digits { whole: digits.as_flattened(), fraction: &[], exponent });
        let magnitude = f64::from_bits(bits);
        if finite.is_negative { -magnitude } else { magnitude }
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_float_comes_back(bits: u64, single: u32) {
            let value = f64::from_bits(bits);
            prop_assert!(Numeric::from(value).to_f64() == value || value.is_nan());
            let single = f32::from_bits(single);
            let text = Numeric::from(single).to_string();
            prop_assert!(single.is_nan() || text.parse() == Ok(single));
        }

        #[test]
        fn the_nearest_double_is_that_of_the_text(text in r"-?[0-9]{0,400}\.[0-9]{1,400}") {
            prop_assert_eq!(text.parse::<Numeric>().unwrap().to_f64(), text.parse::<f64>().unwrap());
        }
    }

    #[test]
    fn a_float_is_its_shortest_decimal() {
        for (value, text) in [
            (0.1, "0.1"),
            (-0.1 - 0.2, "-0.30000000000000004"),
            (1e20, "100000000000000000000"),
            (1.5e-7, "0.00000015"),
            (-0.0, "0"),
            (120.0, "120"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(Numeric::from(value).to_string(), text);
        }
        assert_eq!(Numeric::from(0.1_f32).to_string(), "0.1");
        assert_eq!(Numeric::from(f64::MAX).to_string().len(), 309);
        assert_eq!(Numeric::from(5e-324).scale(), 324);
    }

    #[test]
    fn what_no_double_holds_is_infinite_or_zero() {
        let double = |text: &str| text.parse::<Numeric>().unwrap().to_f64();
        assert_eq!((double("1e400"), double("-1e131071")), (f64::INFINITY, f64::NEG_INFINITY));
        assert_eq!((double("1e-400"), double("0.00")), (0.0, 0.0));
        assert!(Numeric::NAN.to_f64().is_nan());
        assert_eq!(Numeric::NEG_INFINITY.to_f64(), f64::NEG_INFINITY);
    }
}
