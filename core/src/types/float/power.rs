//! Powers of ten to 128 bits, for both directions between decimal and binary.

use core::ops::RangeInclusive;

/// The exponents that there is a power for: those of all floats, and of all decimals of 19 digits that are not too
/// small for any.
pub(super) const EXPONENTS: RangeInclusive<i32> = -342..=324;

/// The error of a power is less than this, upwards.
pub(super) const ERROR: u64 = 3;

/// 10^exponent, scaled by a power of two into 128 bits: 10^exponent × 2^(127 - [`binary_exponent`]).
pub(super) fn power_of_ten(exponent: i32) -> u128 {
    let (row, rest) = (exponent.div_euclid(STEP) - LOWEST, exponent.rem_euclid(STEP));
    let row = usize::try_from(row).ok().and_then(|row| POWERS.get(row)).copied().unwrap_or_default();
    let (high, low) = multiply(row, 5_u64.pow(rest.unsigned_abs()));
    let shift = high.leading_zeros();
    ((high << shift) | (u128::from(low) << shift >> 64)) + 1
}

/// floor(log2(10^exponent)), for |exponent| up to 1650.
pub(super) const fn binary_exponent(exponent: i32) -> i32 {
    (exponent * 1_741_647) >> 19
}

/// The product's upper 128 bits, and the 64 below them.
pub(super) fn multiply(a: u128, b: u64) -> (u128, u64) {
    let low = (a & 0xffff_ffff_ffff_ffff) * u128::from(b);
    let high = (a >> 64) * u128::from(b) + (low >> 64);
    (high, (low & 0xffff_ffff_ffff_ffff) as u64)
}

/// The powers between those in the table are its rows times powers of five, of which this is the last to fit 64 bits.
const STEP: i32 = 27;

/// The first row is 10^(27 × -13).
const LOWEST: i32 = -13;

/// Every 27th power of ten, to 128 bits, rounded up.
const POWERS: [u128; 26] = [
    0x8049a4ac_0c5811ae_205b896d_777d6279,
    0xcf42894a_5dce35ea_52064cac_828675ba,
    0xa76c5823_38ed2621_af2af2b8_0af6f24f,
    0x873e4f75_e2224e68_5a7744a6_e804a292,
    0xda7f5bf5_90966848_af39a475_506a899f,
    0xb080392c_c4349dec_bd8d794d_96aacfb4,
    0x8e938662_882af53e_547eb47b_7282ee9d,
    0xe65829b3_046b0afa_0cb4a5a3_112a5113,
    0xba121a46_50e4ddeb_92f34d62_616ce414,
    0x964e858c_91ba2655_3a6a07f8_d510f870,
    0xf2d56790_ab41c2a2_fae27299_423fb9c4,
    0xc428d05a_a4751e4c_aa97e14c_3c26b887,
    0x9e74d1b7_91e07e48_775ea264_cf55347e,
    0x80000000_00000000_00000000_00000000,
    0xcecb8f27_f4200f3a_00000000_00000000,
    0xa70c3c40_a64e6c51_999090b6_5f67d924,
    0x86f0ac99_b4e8dafd_69a028bb_3ded71a4,
    0xda01ee64_1a708de9_e80e6f48_20cc9496,
    0xb01ae745_b101e9e4_5ec05dcf_f72e7f90,
    0x8e41ade9_fbebc27d_14588f13_be847308,
    0xe5d3ef28_2a242e81_8f1668c8_a86da5fb,
    0xb9a74a06_37ce2ee1_6d953e2b_d7173693,
    0x95f83d0a_1fb69cd9_4abdaf10_1564f98f,
    0xf24a01a7_3cf2dccf_bc633b39_673c8ced,
    0xc3b83581_09e84f07_0a862f80_ec4700c9,
    0x9e19db92_b4e31ba9_6c07a2c2_6a8346d2,
];

#[cfg(test)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use super::*;

    /// A natural number, its lowest 32 bits first.
    fn times(number: &mut Vec<u64>, factor: u64) {
        let mut carry = 0;
        for limb in number.iter_mut() {
            carry += *limb * factor;
            *limb = carry & 0xffff_ffff;
            carry >>= 32;
        }
        number.push(carry);
    }

    fn bits(number: &[u64]) -> Vec<bool> {
        let bits = number.iter().rev().flat_map(|limb| (0..32).rev().map(move |bit| limb >> bit & 1 == 1));
        bits.skip_while(|bit| !bit).collect()
    }

    /// The first 128 bits after the leading zeros, which there may be fewer of.
    fn top(bits: impl IntoIterator<Item = bool>) -> u128 {
        bits.into_iter()
            .chain(core::iter::repeat(false))
            .take(128)
            .fold(0, |top, bit| top << 1 | u128::from(bit))
    }

    /// The bits of 1 / 5^n, by long division.
    fn reciprocal(n: i32) -> u128 {
        let mut divisor = vec![1];
        (0..n).for_each(|_| times(&mut divisor, 5));
        let mut rest = vec![0; divisor.len() + 1];
        rest[0] = 1;
        divisor.resize(rest.len(), 0);
        let mut quotient = Vec::new();
        while quotient.len() < 128 {
            let mut carry = 0;
            for limb in &mut rest {
                carry |= *limb << 1;
                *limb = carry & 0xffff_ffff;
                carry >>= 32;
            }
            let fits = rest.iter().rev().ge(divisor.iter().rev());
            if fits {
                let mut borrow = 0;
                for (limb, subtrahend) in rest.iter_mut().zip(&divisor) {
                    let difference = (1_u64 << 32) + *limb - subtrahend - borrow;
                    *limb = difference & 0xffff_ffff;
                    borrow = 1 - (difference >> 32);
                }
            }
            if fits || !quotient.is_empty() {
                quotient.push(fits);
            }
        }
        top(quotient)
    }

    #[test]
    fn every_power_is_too_high_by_less_than_the_error() {
        for exponent in EXPONENTS {
            let exact = if exponent < 0 {
                reciprocal(-exponent)
            } else {
                let mut power = vec![1];
                (0..exponent).for_each(|_| times(&mut power, 5));
                top(bits(&power))
            };
            // `exact` is rounded down.
            let error = power_of_ten(exponent) - exact;
            assert!((1..=u128::from(ERROR)).contains(&error), "10^{exponent}: {error}");
        }
    }

    #[test]
    fn binary_exponents_are_floors_of_logarithms() {
        for exponent in -22..=22 {
            let expected = 10_f64.powi(exponent).log2().floor();
            assert_eq!(f64::from(binary_exponent(exponent)), expected, "{exponent}");
        }
        assert_eq!((binary_exponent(-342), binary_exponent(324)), (-1137, 1076));
    }
}
