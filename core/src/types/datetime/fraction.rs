//! Fractions of a second, and of everything else that has one, without floating point.

/// What the digits behind a decimal point are of a `unit` of at most 10^18, to the nearest integer and half to
/// even: as the server rounds, but exact where that computes in floating point.
pub(super) fn of(unit: u64, digits: &[u8]) -> u64 {
    // From the last digit to the first: floor((d * unit + floor(rest)) / 10) loses nothing but what is under one.
    let (mut whole, mut tenth, mut less) = (0, 0, false);
    for digit in digits.iter().rev() {
        less |= tenth != 0;
        let sum = u64::from(digit.wrapping_sub(b'0')) * unit + whole;
        (whole, tenth) = (sum / 10, sum % 10);
    }
    let half_up = less || whole % 2 == 1;
    whole + u64::from(tenth > 5 || tenth == 5 && half_up)
}

/// Nanoseconds to microseconds, rounded alike.
#[inline]
pub(super) fn micros(nanos: u32) -> i64 {
    let (whole, rest) = (nanos / 1000, nanos % 1000);
    i64::from(whole + u32::from(rest + whole % 2 > 500))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn digits_are_what_they_say(value in 0..1_000_000_000_u32) {
            let digits = std::format!("{value:09}");
            prop_assert_eq!(of(1_000_000_000, digits.as_bytes()), u64::from(value));
            prop_assert_eq!(of(1_000_000, digits.as_bytes()), micros(value).unsigned_abs());
        }
    }

    #[test]
    fn halves_go_to_even_however_many_digits_there_are() {
        for (digits, expected) in [
            ("", 0),
            ("5", 500_000),
            ("0000005", 0),
            ("00000050000000000000000000000000000001", 1),
            ("0000015", 2),
            ("0000025", 2),
            ("0000025000", 2),
            ("999999999999999999999999999999", 1_000_000),
            ("333333333333333333333333333333", 333_333),
        ] {
            assert_eq!(of(1_000_000, digits.as_bytes()), expected, "{digits}");
        }
        assert_eq!(of(10_u64.pow(18), b"999999999999999999"), 999_999_999_999_999_999);
        assert_eq!([499, 500, 501, 1500, 2500].map(micros), [0, 0, 1, 2, 2]);
    }
}
