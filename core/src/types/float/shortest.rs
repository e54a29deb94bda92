use super::layout::{Class, Layout};
use super::power;

/// A decimal without trailing zeros: digits × 10^exponent. Zero has no exponent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) digits: u64,
    pub(crate) exponent: i16,
}

/// The shortest decimal that is read back as these bits, the closest of them; nothing for what is not finite.
///
/// Raffaello Giulietti's Schubfach ("The Schubfach way to render doubles", 2021). Like the server's, it gives no
/// decimal that lies exactly between two floats, such as 1e23: reading that back right takes rounding half to even.
pub(crate) fn shortest(layout: &Layout, bits: u64) -> Option<Decimal> {
    let Class::Finite { significand, exponent } = layout.class(bits) else { return None };
    if significand == 0 {
        return Some(Decimal { digits: 0, exponent: 0 });
    }

    // Everything that rounds to this float lies between its neighbours' middles. Below a power of two they are closer.
    let closer_below = significand == layout.implicit() && exponent > layout.lowest_exponent;
    // floor(log10) of the width of that, which thus has one multiple of 10^k at least, and of 10^(k+1) at most.
    let k = (exponent * 1_262_611 - if closer_below { 524_031 } else { 0 }) >> 22;
    let scale = Scale {
        power: power::power_of_ten(-k),
        shift: (exponent + power::binary_exponent(-k) + 1).unsigned_abs(),
    };
    let lowest = scale.apply(4 * significand - if closer_below { 1 } else { 2 });
    let value = scale.apply(4 * significand);
    let highest = scale.apply(4 * significand + 2);
    let is_inside = |digits: u64| lowest < 4 * digits && 4 * digits < highest;

    let below = value / 4;
    let tens = below / 10 * 10;
    if let Some(digits) = [tens, tens + 10].into_iter().find(|&digits| is_inside(digits)) {
        return Some(without_zeros(digits, k));
    }
    let above = below + 1;
    let middle = 4 * below + 2;
    let digits = match (is_inside(below), is_inside(above)) {
        (true, false) => below,
        (false, true) => above,
        _ if value == middle => below + below % 2,
        _ if value < middle => below,
        _ => above,
    };
    Some(without_zeros(digits, k))
}

/// Multiplies quarters of an ulp into quarters of 10^k.
struct Scale {
    power: u128,
    shift: u32,
}

impl Scale {
    /// Rounded to odd: the lowest bit is set when the product is not exact, so that it compares as the exact one does.
    fn apply(&self, quarters: u64) -> u64 {
        let quarters = quarters << self.shift;
        let (product, rest) = power::multiply(self.power, quarters);
        // No product but an exact one comes as close to a whole number as the power's error makes it.
        let is_exact = product & 0xffff_ffff_ffff_ffff == 0 && rest <= power::ERROR * quarters;
        (product >> 64) as u64 | u64::from(!is_exact)
    }
}

fn without_zeros(mut digits: u64, exponent: i32) -> Decimal {
    // Those of all floats have three digits at most.
    let mut exponent = i16::try_from(exponent).unwrap_or_default();
    for (unit, zeros) in [(10_u64.pow(16), 16), (10_u64.pow(8), 8), (10_000, 4), (100, 2), (10, 1)] {
        if digits.is_multiple_of(unit) {
            digits /= unit;
            exponent += zeros;
        }
    }
    Decimal { digits, exponent }
}
