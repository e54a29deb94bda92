use alloc::vec::Vec;
use core::cmp::Ordering;

use super::layout::Layout;
use super::power;

/// A decimal of any length: whole.fraction × 10^exponent, in ASCII digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Digits<'a> {
    pub(crate) whole: &'a [u8],
    pub(crate) fraction: &'a [u8],
    pub(crate) exponent: i64,
}

impl<'a> Digits<'a> {
    pub(super) fn is_zero(&self) -> bool {
        self.first().0 == 0
    }

    /// The digits, as numbers, from the first that is not zero.
    fn significant(&self) -> impl Iterator<Item = u8> + use<'a> {
        let digits = self.whole.iter().chain(self.fraction);
        digits.map(|digit| digit.wrapping_sub(b'0')).skip_while(|&digit| digit == 0)
    }

    /// The number of the first digits that fit 64 bits whatever they are, and how many there are more.
    fn first(&self) -> (u64, usize) {
        let (mut first, mut count) = (0, 0_usize);
        self.whole.iter().chain(self.fraction).for_each(|digit| {
            if count < FIRST {
                first = first * 10 + u64::from(digit.wrapping_sub(b'0'));
            }
            count += usize::from(first > 0);
        });
        (first, count.saturating_sub(FIRST))
    }

    /// The power of ten that the last digit stands for when so many are dropped.
    fn exponent_without(&self, dropped: usize) -> i64 {
        let [dropped, fraction] =
            [dropped, self.fraction.len()].map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        dropped.saturating_sub(fraction).saturating_add(self.exponent)
    }
}

const FIRST: usize = 19;

/// The bits of the float that is nearest to a decimal, of two the one that is even. Infinity when it is too large.
pub(crate) fn nearest(layout: &Layout, digits: &Digits<'_>) -> u64 {
    let (first, dropped) = digits.first();
    let exponent = match i32::try_from(digits.exponent_without(dropped)) {
        _ if first == 0 => return 0,
        Ok(exponent) if power::EXPONENTS.contains(&exponent) => exponent,
        Ok(..=0) => return 0,
        Ok(_) => return layout.infinity(),
        Err(_) => return if digits.exponent < 0 { 0 } else { layout.infinity() },
    };

    // About first × 10^exponent, of 127 or 128 bits, which stand for product × 2^binary.
    let shift = first.leading_zeros();
    let (product, _) = power::multiply(power::power_of_ten(exponent), first << shift);
    let binary = power::binary_exponent(exponent) - 63 - i32::try_from(shift).unwrap_or_default();
    let bits = 128 - i32::try_from(product.leading_zeros()).unwrap_or_default();
    let fraction_bits = i32::try_from(layout.fraction_bits).unwrap_or_default();
    let unit = (binary + bits - 1 - fraction_bits).max(layout.lowest_exponent);
    let Ok(excess @ ..=128) = u32::try_from(unit - binary) else { return 0 };

    // The bounds of what it is exactly: the power is too high, what was cut off is missing.
    let lowest = product.saturating_sub(power::ERROR.into());
    let missing = if dropped > 0 { 1 << shift << 64 } else { 1 };
    let highest = product.saturating_add(missing);
    let below = round(lowest, excess, |rest, half| rest > half);
    let above = round(highest, excess, |rest, half| rest >= half);
    let significand = if below == above || !is_nearer_above(digits, below, unit) { below } else { below + 1 };

    // A carry out of the fraction is one into the exponent.
    let biased = u64::try_from(unit - layout.lowest_exponent).unwrap_or_default();
    (significand + (biased << layout.fraction_bits)).min(layout.infinity())
}

/// Drops the lowest bits, of which there are 1 to 128.
fn round(value: u128, excess: u32, up: impl Fn(u128, u128) -> bool) -> u64 {
    let whole = value.checked_shr(excess).unwrap_or(0);
    let rest = value & (u128::MAX >> (128 - excess));
    u64::try_from(whole).unwrap_or(u64::MAX) + u64::from(up(rest, 1 << (excess - 1)))
}

/// Whether a decimal lies nearer to (significand + 1) × 2^unit than to significand × 2^unit, or is in their middle and
/// the latter is odd.
///
/// Told from the exact numbers; for the few that are too close to the middle.
#[cold]
fn is_nearer_above(digits: &Digits<'_>, significand: u64, unit: i32) -> bool {
    let mut decimal = Natural::default();
    digits.significant().take(DECISIVE).for_each(|digit| decimal.multiply(10, digit));
    let dropped = digits.significant().skip(DECISIVE).count();
    let mut exponent = digits.exponent_without(dropped);
    if digits.significant().skip(DECISIVE).any(|digit| digit > 0) {
        decimal.multiply(10, 1);
        exponent -= 1;
    }
    let mut middle = Natural::default();
    for byte in (2 * significand + 1).to_be_bytes() {
        middle.multiply(256, byte);
    }

    let fives = if exponent < 0 { &mut middle } else { &mut decimal };
    fives.multiply_power(5, 13, exponent.unsigned_abs());
    let twos = exponent - i64::from(unit - 1);
    let doubled = if twos < 0 { &mut middle } else { &mut decimal };
    doubled.multiply_power(2, 31, twos.unsigned_abs());
    match decimal.cmp(&middle) {
        Ordering::Less => false,
        Ordering::Equal => significand % 2 == 1,
        Ordering::Greater => true,
    }
}

/// The middles between floats have fewer digits than this; of those after it only whether there are any tells more.
const DECISIVE: usize = 800;

/// A natural number, 32 bits each, the lowest first, without zeros at the end.
#[derive(Default, PartialEq, Eq)]
struct Natural(Vec<u32>);

impl Natural {
    fn multiply(&mut self, factor: u32, summand: u8) {
        let mut carry = u64::from(summand);
        for limb in &mut self.0 {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = (carry & 0xffff_ffff) as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push((carry & 0xffff_ffff) as u32);
        }
    }

    /// Multiplies by base^exponent, of which base^step fits 32 bits.
    fn multiply_power(&mut self, base: u32, step: u32, exponent: u64) {
        let mut rest = exponent;
        while rest > 0 {
            let step = rest.min(step.into());
            self.multiply(base.pow(u32::try_from(step).unwrap_or_default()), 0);
            rest -= step;
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.0.len().cmp(&other.0.len());
        length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}
