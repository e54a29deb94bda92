//! numeric: exact decimals of any length.

#[cfg(feature = "bigdecimal-0_4")]
mod bigdecimal_0_4;
mod binary;
mod compare;
mod digits;
mod float;
mod integer;
mod parse;
#[cfg(feature = "rust_decimal-1")]
mod rust_decimal_1;
mod text;

use digits::Digits;
pub use integer::NumericError;
pub(super) use integer::signed;

/// A numeric: an exact decimal with up to 131072 digits before and 16383 after the point, NaN, or an infinity.
///
/// It keeps its scale, the number of digits after the point, as the server does: `1.50` is shown as `1.50`. Equality,
/// order and hash are those of the value, as the server's are: 1.5 equals 1.50; NaN equals itself and is greater
/// than all others. Numbers of up to about forty digits are held without an allocation.
///
/// Integers and floats of Rust become numerics with `From`, floats as the shortest decimal that stands for them;
/// `TryFrom` gives integers back, where they are exact.
///
/// ```
/// use trunkline_core::types::Numeric;
///
/// let price: Numeric = "19.90".parse()?;
/// assert_eq!(price.to_string(), "19.90");
/// assert_eq!(price.scale(), 2);
/// assert_eq!(price, Numeric::from(19.9));
/// assert!(Numeric::from(20) > price);
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// See ["Arbitrary Precision Numbers"] in PostgreSQL's documentation.
///
/// ["Arbitrary Precision Numbers"]: https://www.postgresql.org/docs/18/datatype-numeric.html#DATATYPE-NUMERIC-DECIMAL
#[derive(Clone)]
pub struct Numeric(Repr);

#[derive(Clone)]
enum Repr {
    NaN,
    Infinity,
    NegativeInfinity,
    Finite(Finite),
}

/// ±digits × 10000^(weight - digits.len() + 1).
#[derive(Clone)]
struct Finite {
    /// Never of zero.
    is_negative: bool,
    /// The power of 10000 that the first of the digits stands for; 0 of zero.
    weight: i16,
    /// How many decimal digits there are after the point. Those that are not zero are all there.
    scale: u16,
    digits: Digits,
}

impl Numeric {
    /// Not a number: greater than every other numeric, and equal to itself.
    pub const NAN: Self = Self(Repr::NaN);

    /// Greater than every number. Since PostgreSQL 14.
    pub const INFINITY: Self = Self(Repr::Infinity);

    /// Less than every number. Since PostgreSQL 14.
    pub const NEG_INFINITY: Self = Self(Repr::NegativeInfinity);

    /// 0, of scale 0.
    pub const ZERO: Self =
        Self(Repr::Finite(Finite { is_negative: false, weight: 0, scale: 0, digits: Digits::EMPTY }));

    /// The most digits that there can be after the point.
    pub const MAX_SCALE: u16 = 16_383;

    /// `unscaled` × 10^-`scale`, of that scale. Nothing when that is above [`MAX_SCALE`](Self::MAX_SCALE).
    ///
    /// ```
    /// use trunkline_core::types::Numeric;
    ///
    /// let price = Numeric::from_unscaled(1990, 2).expect("a scale that can be");
    /// assert_eq!(price.to_string(), "19.90");
    /// assert_eq!(price.unscaled(), Some(1990));
    /// ```
    pub fn from_unscaled(unscaled: i128, scale: u16) -> Option<Self> {
        let exponent = i16::try_from(scale).ok().filter(|_| scale <= Self::MAX_SCALE)?;
        Some(Self::of_decimal(unscaled < 0, unscaled.unsigned_abs(), -exponent))
    }

    /// Its digits as an integer, without the point: value × 10^scale. Nothing when that does not fit, or is not finite.
    ///
    /// ```
    /// use trunkline_core::types::Numeric;
    ///
    /// assert_eq!("19.90".parse::<Numeric>()?.unscaled(), Some(1990));
    /// assert_eq!(Numeric::NAN.unscaled(), None);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn unscaled(&self) -> Option<i128> {
        let (is_negative, magnitude) = self.scaled(self.scale()).ok()?;
        signed(is_negative, magnitude)
    }

    /// How many digits there are after the point; 0 of NaN and infinity.
    ///
    /// ```
    /// use trunkline_core::types::Numeric;
    ///
    /// assert_eq!("19.90".parse::<Numeric>()?.scale(), 2);
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub const fn scale(&self) -> u16 {
        match &self.0 {
            Repr::Finite(finite) => finite.scale,
            _ => 0,
        }
    }

    /// Whether it is neither NaN nor infinite.
    ///
    /// ```
    /// use trunkline_core::types::Numeric;
    ///
    /// assert!(Numeric::from(7).is_finite() && !Numeric::INFINITY.is_finite());
    /// ```
    pub const fn is_finite(&self) -> bool {
        matches!(self.0, Repr::Finite(_))
    }

    /// Whether it is NaN.
    ///
    /// ```
    /// use trunkline_core::types::Numeric;
    ///
    /// assert!(Numeric::NAN.is_nan());
    /// assert_eq!(Numeric::NAN, Numeric::NAN);
    /// ```
    pub const fn is_nan(&self) -> bool {
        matches!(self.0, Repr::NaN)
    }

    /// Whether it is zero, of any scale.
    ///
    /// ```
    /// use trunkline_core::types::Numeric;
    ///
    /// assert!("0.00".parse::<Numeric>()?.is_zero());
    /// # Ok::<(), trunkline_core::types::ParseError>(())
    /// ```
    pub fn is_zero(&self) -> bool {
        matches!(&self.0, Repr::Finite(finite) if finite.digits.is_empty())
    }

    /// Whether it is less than zero.
    ///
    /// ```
    /// use trunkline_core::types::Numeric;
    ///
    /// assert!(Numeric::from(-7).is_negative() && Numeric::NEG_INFINITY.is_negative());
    /// ```
    pub const fn is_negative(&self) -> bool {
        matches!(self.0, Repr::NegativeInfinity | Repr::Finite(Finite { is_negative: true, .. }))
    }
}

impl Finite {
    /// From digits of which neither the first nor the last is zero. Nothing when it is too large or too long, or has
    /// digits that its scale does not show.
    fn new(is_negative: bool, weight: i32, scale: u16, digits: Digits) -> Option<Self> {
        if scale > Numeric::MAX_SCALE {
            return None;
        }
        if digits.is_empty() {
            return Some(Self { is_negative: false, weight: 0, scale, digits });
        }
        let finite = Self { is_negative, weight: weight.try_into().ok()?, scale, digits };
        (finite.least_scale() <= scale.into()).then_some(finite)
    }

    /// How many digits after the point are needed to show it all; below 0, how many zeros there are before the point.
    fn least_scale(&self) -> i32 {
        let Some(&last) = self.digits.last() else { return 0 };
        let zeros = [10, 100, 1000].into_iter().take_while(|&unit| last.is_multiple_of(unit)).count();
        -4 * self.lowest_weight() - i32::try_from(zeros).unwrap_or_default()
    }

    /// The power of 10000 that the last of the digits stands for.
    fn lowest_weight(&self) -> i32 {
        i32::from(self.weight) + 1 - i32::try_from(self.digits.len()).unwrap_or(i32::MAX)
    }
}

/// Zero.
impl Default for Numeric {
    fn default() -> Self {
        Self::ZERO
    }
}
