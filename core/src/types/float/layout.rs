/// The floating-point types, as bits that the algorithms in both directions share.
pub(crate) trait Float: Copy {
    const LAYOUT: Layout;

    fn is_nan(self) -> bool;

    fn bits(self) -> u64;

    /// From bits of this layout.
    fn from_bits(bits: u64) -> Self;
}

impl Float for f64 {
    const LAYOUT: Layout =
        Layout { fraction_bits: 52, lowest_exponent: -1074, fixed_below: 15, sign: 1 << 63 };

    fn is_nan(self) -> bool {
        self.is_nan()
    }

    fn bits(self) -> u64 {
        self.to_bits()
    }

    fn from_bits(bits: u64) -> Self {
        Self::from_bits(bits)
    }
}

impl Float for f32 {
    const LAYOUT: Layout = Layout { fraction_bits: 23, lowest_exponent: -149, fixed_below: 6, sign: 1 << 31 };

    fn is_nan(self) -> bool {
        self.is_nan()
    }

    fn bits(self) -> u64 {
        self.to_bits().into()
    }

    fn from_bits(bits: u64) -> Self {
        // The layout has no more bits than these.
        Self::from_bits(u32::try_from(bits).unwrap_or(u32::MAX))
    }
}

/// How IEEE 754 lays out a type's bits: sign, exponent, fraction.
pub(crate) struct Layout {
    /// The bits of the fraction. The significand has one more.
    pub(super) fraction_bits: u32,
    /// The power of two that the significand of the smallest numbers stands for.
    pub(super) lowest_exponent: i32,
    /// The decimal exponent from which on PostgreSQL writes scientific notation.
    pub(super) fixed_below: i16,
    /// The bit of the sign.
    pub(super) sign: u64,
}

/// What bits stand for, but for the sign.
pub(super) enum Class {
    NaN,
    Infinite,
    /// significand × 2^exponent.
    Finite {
        significand: u64,
        exponent: i32,
    },
}

impl Layout {
    pub(super) const fn infinity(&self) -> u64 {
        self.sign - (1 << self.fraction_bits)
    }

    /// The bit of the significand that is not stored.
    pub(super) const fn implicit(&self) -> u64 {
        1 << self.fraction_bits
    }

    pub(super) fn class(&self, bits: u64) -> Class {
        let magnitude = bits & !self.sign;
        let fraction = magnitude & (self.implicit() - 1);
        match i32::try_from(magnitude >> self.fraction_bits) {
            _ if magnitude > self.infinity() => Class::NaN,
            _ if magnitude == self.infinity() => Class::Infinite,
            Ok(biased @ 1..) => Class::Finite {
                significand: fraction | self.implicit(),
                exponent: self.lowest_exponent + biased - 1,
            },
            _ => Class::Finite { significand: fraction, exponent: self.lowest_exponent },
        }
    }
}
