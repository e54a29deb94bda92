//! IEEE 754's binary16: a sign, 5 bits of exponent, 10 of significand.

/// The smallest magnitude, as an f32's bits, that would be rounded to infinity: 65,520.
const TOO_LARGE: u32 = 0x477f_f000;
/// The smallest normal binary16, 2^-14, as an f32's bits.
const SMALLEST_NORMAL: u32 = 0x3880_0000;
/// 2^-24, the smallest binary16 above zero, as an f32's bits.
const SMALLEST: u32 = 0x3380_0000;
/// What an f32's biased exponent is more than a binary16's, in its place.
const BIAS: u32 = (127 - 15) << 23;
const INFINITY: u32 = 0x7f80_0000;

/// Exact.
pub(super) fn to_f32(bits: u16) -> f32 {
    let sign = u32::from(bits & 0x8000) << 16;
    let magnitude = match bits & 0x7fff {
        // Of these, the significand counts the smallest steps.
        subnormal @ ..0x0400 => (f32::from(subnormal) * f32::from_bits(SMALLEST)).to_bits(),
        normal @ ..0x7c00 => (u32::from(normal) << 13) + BIAS,
        other => (u32::from(other) << 13) | INFINITY,
    };
    f32::from_bits(sign | magnitude)
}

/// The nearest there is, the even one of two; `None` when that is infinite, but the value is not.
pub(super) fn from_f32(value: f32) -> Option<u16> {
    let sign = value.to_bits() >> 16 & 0x8000;
    let magnitude = match value.to_bits() & 0x7fff_ffff {
        small @ ..SMALLEST_NORMAL => from_small(small),
        normal @ ..TOO_LARGE => shifted(normal - BIAS, 13),
        ..INFINITY => return None,
        INFINITY => 0x7c00,
        nan => 0x7e00 | (nan >> 13 & 0x03ff),
    };
    let [_, _, high, low] = (sign | magnitude).to_be_bytes();
    Some(u16::from_be_bytes([high, low]))
}

/// A magnitude below the normal ones, in steps of the smallest.
fn from_small(bits: u32) -> u32 {
    let significand = bits & 0x007f_ffff | 0x0080_0000;
    match 126 - (bits >> 23) {
        shift @ ..=24 => shifted(significand, shift),
        // Less than half a step.
        _ => 0,
    }
}

/// Without the lowest bits, rounded. A carry out of the significand is right in the exponent.
fn shifted(bits: u32, shift: u32) -> u32 {
    let is_odd = bits >> shift & 1;
    (bits + (1 << (shift - 1)) - 1 + is_odd) >> shift
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_one_of_them_comes_back() {
        for bits in 0..=u16::MAX {
            let value = to_f32(bits);
            let is_quiet = bits & 0x0200 != 0;
            if !value.is_nan() || is_quiet {
                assert_eq!(from_f32(value), Some(bits), "{value}");
            }
        }
    }

    #[test]
    fn their_values_are_those_of_the_standard() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x0001, 2_f32.powi(-24)),
            (0x03ff, 1023.0 * 2_f32.powi(-24)),
            (0x0400, 2_f32.powi(-14)),
            (0x3555, 0.333_251_95),
            (0x3c00, 1.0),
            (0x3c01, 1.000_976_6),
            (0xc000, -2.0),
            (0x7bff, 65_504.0),
            (0x7c00, f32::INFINITY),
            (0xfc00, f32::NEG_INFINITY),
        ] {
            assert_eq!(to_f32(bits), value, "{bits:#06x}");
        }
        assert!(to_f32(0x8000).is_sign_negative() && to_f32(0x7e00).is_nan());
    }

    #[test]
    fn the_middle_of_two_is_rounded_to_the_even_one() {
        for bits in 0..0x7bff {
            let (below, above) = (to_f32(bits), to_f32(bits + 1));
            let middle = (below + above) / 2.0;
            let even = if bits % 2 == 0 { bits } else { bits + 1 };
            assert_eq!(from_f32(middle), Some(even), "{middle}");
            assert_eq!(from_f32(middle.next_down()), Some(bits), "{middle}");
            assert_eq!(from_f32(-middle.next_up()), Some((bits + 1) | 0x8000), "{middle}");
        }
        assert_eq!(from_f32(65_520_f32.next_down()), Some(0x7bff));
        assert_eq!((from_f32(65_520.0), from_f32(-f32::MAX)), (None, None));
        assert_eq!(from_f32(f32::MIN_POSITIVE), Some(0));
    }

    proptest! {
        #[test]
        fn nothing_else_is_nearer(bits: u32) {
            let value = f32::from_bits(bits);
            if let Some(half) = from_f32(value) && to_f32(half).is_finite() {
                let distance = |bits: u16| (f64::from(to_f32(bits)) - f64::from(value)).abs();
                for other in [half.wrapping_sub(1), half.wrapping_add(1)] {
                    prop_assert!(!to_f32(other).is_finite() || distance(half) <= distance(other));
                }
            }
        }
    }
}
