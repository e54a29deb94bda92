use core::fmt;
use core::str::FromStr;

use bytes::BytesMut;

use super::codec::{Codec, ParseError, codec};
use super::float::text::trim;
use super::numeric::signed;
use super::{Numeric, NumericError, Type, oid, problem};
use crate::error::BoxError;

const NOT: ParseError = ParseError::not("an amount of money of two decimals at most");

/// An amount of money, in cents.
///
/// Its text is that of a server whose `lc_monetary` is C: `$1,234.50`. Under other locales the currency, and even the
/// number of decimals, are others; the number on the wire tells of neither. Reading what has more than two decimals is
/// an error, where the server would round. [`Numeric`] holds an amount exactly.
///
/// ```
/// use trunkline_core::types::{Money, Numeric};
///
/// let amount: Money = "$1,234.50".parse()?;
/// assert_eq!(amount, Money(123_450));
/// assert_eq!(Money(-100).to_string(), "-$1.00");
/// assert_eq!(Numeric::from(amount).to_string(), "1234.50");
/// # Ok::<(), trunkline_core::types::ParseError>(())
/// ```
///
/// See ["Monetary Types"] in PostgreSQL's documentation.
///
/// ["Monetary Types"]: https://www.postgresql.org/docs/18/datatype-money.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Money(pub i64);

impl Codec for Money {
    #[inline]
    fn is(type_: &Type) -> bool {
        type_.oid() == oid::MONEY
    }

    #[inline]
    fn encode(&self, _type: &Type, out: &mut BytesMut) -> Result<(), BoxError> {
        out.extend_from_slice(&self.0.to_be_bytes());
        Ok(())
    }

    #[inline]
    fn decode(type_: &Type, raw: &[u8]) -> Result<Self, BoxError> {
        let bytes = raw.try_into().map_err(|_| problem::length(type_, raw.len()))?;
        Ok(Self(i64::from_be_bytes(bytes)))
    }
}

codec!(Money);

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 < 0 { "-$" } else { "$" })?;
        let cents = self.0.unsigned_abs();
        thousands(cents / 100, f)?;
        write!(f, ".{:02}", cents % 100)
    }
}

fn thousands(number: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if number < 1000 {
        return write!(f, "{number}");
    }
    thousands(number / 1000, f)?;
    write!(f, ",{:03}", number % 1000)
}

impl FromStr for Money {
    type Err = ParseError;

    /// Reads the forms that the server does under the locale C: with a dollar sign or without, commas between any
    /// digits, a sign before or after, or parentheses around what is negative.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let (before, text) = match skip(text.as_bytes(), b'$') {
            [b'-' | b'(', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let (cents, text) = cents(skip(text, b'$'))?;
        let (after, text) = match skip(text, b'$') {
            [b'-', rest @ ..] => (true, rest),
            [b'+' | b')', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        if !skip(text, b'$').is_empty() {
            return Err(NOT);
        }
        if before || after { Ok(Self(cents)) } else { cents.checked_neg().map(Self).ok_or(NOT) }
    }
}

/// What follows spaces and one such byte.
fn skip(text: &[u8], byte: u8) -> &[u8] {
    let text = trim(text);
    text.strip_prefix(&[byte]).map_or(text, trim)
}

/// The cents of an amount, and what follows it. They are counted downwards: there is one more below zero than above.
fn cents(text: &[u8]) -> Result<(i64, &[u8]), ParseError> {
    let (mut cents, mut digits) = (0_i64, 0);
    let mut decimals = None;
    let mut rest = text;
    while let [byte, after @ ..] = rest {
        match (byte, decimals) {
            (b'0', Some(2)) => {}
            (b'1'..=b'9', Some(2)) => return Err(NOT),
            (b'0'..=b'9', _) => {
                cents = cents
                    .checked_mul(10)
                    .and_then(|cents| cents.checked_sub_unsigned((byte - b'0').into()))
                    .ok_or(NOT)?;
                decimals = decimals.map(|decimals| decimals + 1);
                digits += 1;
            }
            (b',', None) => {}
            (b'.', None) => decimals = Some(0),
            _ => break,
        }
        rest = after;
    }
    if digits == 0 {
        return Err(NOT);
    }
    let cents = cents.checked_mul(10_i64.pow(2 - decimals.unwrap_or(0))).ok_or(NOT)?;
    Ok((cents, rest))
}

/// With two digits after the point.
impl From<Money> for Numeric {
    fn from(money: Money) -> Self {
        Self::of_decimal(money.0 < 0, money.0.unsigned_abs().into(), -2)
    }
}

impl TryFrom<&Numeric> for Money {
    type Error = NumericError;

    /// Exact: without fractions of a cent.
    fn try_from(numeric: &Numeric) -> Result<Self, NumericError> {
        let (is_negative, cents) = numeric.scaled(2)?;
        let cents = signed(is_negative, cents).and_then(|cents| cents.try_into().ok());
        cents.map(Self).ok_or(NumericError::OutOfRange)
    }
}

impl TryFrom<Numeric> for Money {
    type Error = NumericError;

    /// Exact: without fractions of a cent.
    fn try_from(numeric: Numeric) -> Result<Self, NumericError> {
        Self::try_from(&numeric)
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::types::testing::{binary, round_trip, survives, text};

    proptest! {
        #[test]
        fn amounts_arrive_in_both_formats(cents: i64) {
            let money = Money(cents);
            prop_assert_eq!(round_trip(&Type::MONEY, &money), money);
            prop_assert_eq!(text::<Money>(&Type::MONEY, money.to_string().as_bytes()).unwrap(), money);
            prop_assert_eq!(Money::try_from(Numeric::from(money)), Ok(money));
        }

        #[test]
        fn any_bytes_are_survived(raw: Vec<u8>) {
            survives::<Money>(&Type::MONEY, &raw);
        }
    }

    /// Written by PostgreSQL 18 under `lc_monetary` C.
    #[test]
    fn the_text_is_the_servers() {
        for (cents, text) in [
            (0, "$0.00"),
            (1, "$0.01"),
            (-50, "-$0.50"),
            (99_999, "$999.99"),
            (100_000, "$1,000.00"),
            (-123_450_607, "-$1,234,506.07"),
            (i64::MAX, "$92,233,720,368,547,758.07"),
            (i64::MIN, "-$92,233,720,368,547,758.08"),
        ] {
            assert_eq!(Money(cents).to_string(), text);
        }
    }

    #[test]
    fn all_forms_that_the_server_reads_are_read() {
        for text in ["-5", "-5.0", "$-5", "-$5.00", "- $ 5.", "5-", "(5)", " ($5.000) ", "5$-", "-5-", "$5 -"]
        {
            assert_eq!(text.parse(), Ok(Money(-500)), "{text:?}");
        }
        for text in
            ["1234.5", "1,234.50", "12,34.50", "+1234.5", "$ +1234.5", "1234.5 $", "1234.5)", "0001234.5"]
        {
            assert_eq!(text.parse(), Ok(Money(123_450)), "{text:?}");
        }
        assert_eq!(".5".parse(), Ok(Money(50)));
        for text in ["", "$", ".", "1e5", "--5", "€5", "1.5.0", "1 2", "92233720368547758.08", "1.005"] {
            assert_eq!(text.parse::<Money>(), Err(NOT), "{text:?}");
        }
    }

    #[test]
    fn numerics_are_amounts_when_they_are_exact() {
        let money = |text: &str| Money::try_from(text.parse::<Numeric>().unwrap());
        assert_eq!(money("12.3400"), Ok(Money(1234)));
        assert_eq!(money("-92233720368547758.08"), Ok(Money(i64::MIN)));
        assert_eq!(money("0.001"), Err(NumericError::Fraction));
        assert_eq!(money("92233720368547758.08"), Err(NumericError::OutOfRange));
        assert_eq!(money("Infinity"), Err(NumericError::NotFinite));
        assert_eq!(Numeric::from(Money(-5)).to_string(), "-0.05");
        assert!(binary::<Money>(&Type::MONEY, &[0; 4]).is_err());
    }
}
