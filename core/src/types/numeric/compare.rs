use core::cmp::Ordering;
use core::hash::{Hash, Hasher};

use super::{Finite, Numeric, Repr};

/// Of the value: 1.5 equals 1.50, NaN equals NaN.
impl PartialEq for Numeric {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Numeric {}

impl PartialOrd for Numeric {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As the server's: negative infinity, the numbers, infinity, NaN.
impl Ord for Numeric {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Finite(a), Repr::Finite(b)) => a.cmp(b),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }
}

impl Hash for Numeric {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.rank().hash(state);
        if let Repr::Finite(finite) = &self.0 {
            (finite.is_negative, finite.weight, &*finite.digits).hash(state);
        }
    }
}

impl Repr {
    const fn rank(&self) -> u8 {
        match self {
            Self::NegativeInfinity => 0,
            Self::Finite(_) => 1,
            Self::Infinity => 2,
            Self::NaN => 3,
        }
    }
}

impl Finite {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative, other.is_negative) {
            (false, false) => self.cmp_magnitude(other),
            (true, true) => other.cmp_magnitude(self),
            (a, b) => b.cmp(&a),
        }
    }

    fn cmp_magnitude(&self, other: &Self) -> Ordering {
        let (a, b) = (&*self.digits, &*other.digits);
        match (a.is_empty(), b.is_empty()) {
            (false, false) => self.weight.cmp(&other.weight).then_with(|| a.cmp(b)),
            (a, b) => b.cmp(&a),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    fn numeric(text: &str) -> Numeric {
        text.parse().unwrap()
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_the_values(a: i64, b: i64, scales: (u8, u8)) {
            let scaled = |value: i64, scale: u8| Numeric::from_unscaled(value.into(), (scale % 6).into()).unwrap();
            let (left, right) = (scaled(a, scales.0), scaled(b, scales.1));
            let common = |value: i64, scale: u8| i128::from(value) * 10_i128.pow(6 - u32::from(scale % 6));
            prop_assert_eq!(left.cmp(&right), common(a, scales.0).cmp(&common(b, scales.1)));
        }
    }

    #[test]
    fn everything_has_its_place() {
        let texts = [
            "-Infinity",
            "-1e100",
            "-10000",
            "-9999.5",
            "-9999",
            "-1",
            "-0.5",
            "-1e-100",
            "0",
            "1e-100",
            "0.00011",
            "0.5",
            "0.50001",
            "1",
            "9999",
            "10000",
            "10001",
            "1e100",
            "Infinity",
            "NaN",
        ];
        let numerics: Vec<_> = texts.into_iter().map(numeric).collect();
        for (at, a) in numerics.iter().enumerate() {
            for (other, b) in numerics.iter().enumerate() {
                assert_eq!(a.cmp(b), at.cmp(&other), "{a} {b}");
            }
        }
    }

    #[test]
    fn the_scale_is_of_no_account() {
        let equal = ["1.5", "1.50", "1.5000000", "15e-1"].map(numeric);
        assert_eq!(equal.iter().collect::<HashSet<_>>().len(), 1);
        assert_eq!(["0", "-0.000"].map(numeric).iter().collect::<HashSet<_>>().len(), 1);
        assert_eq!(Numeric::NAN, Numeric::NAN);
    }
}
