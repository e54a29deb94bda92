use core::str::FromStr;

use super::digits::Digits;
use super::{Finite, Numeric, Repr};
use crate::types::codec::ParseError;
use crate::types::float::text::{decimal, trim};

const NOT: ParseError = ParseError::not("a number that a numeric can hold");

impl FromStr for Numeric {
    type Err = ParseError;

    /// Reads what the server does: spaces around it, decimals with or without an exponent, which have the scale that
    /// they are written with (`1.50e1` is `15.0`), infinities and NaN in upper or lower case.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = trim(text.as_bytes());
        let (is_negative, unsigned) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        if let Some((number, [])) = decimal(unsigned) {
            let finite = Finite::of_text(is_negative, number.whole, number.fraction, number.exponent);
            return finite.map(|finite| Self(Repr::Finite(finite))).ok_or(NOT);
        }
        let is_infinity = [&b"infinity"[..], b"inf"].iter().any(|word| unsigned.eq_ignore_ascii_case(word));
        match (is_infinity, is_negative) {
            (true, false) => Ok(Self::INFINITY),
            (true, true) => Ok(Self::NEG_INFINITY),
            // Of NaN there is none with a sign.
            _ if text.eq_ignore_ascii_case(b"nan") => Ok(Self::NAN),
            _ => Err(NOT),
        }
    }
}

impl Finite {
    /// From ASCII digits. Nothing when the server would find no room for them.
    pub(super) fn of_text(is_negative: bool, whole: &[u8], fraction: &[u8], exponent: i64) -> Option<Self> {
        let point = i64::try_from(whole.len()).ok()?.checked_add(exponent)?;
        let scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?.max(0);
        let scale = u16::try_from(scale).ok().filter(|&scale| scale <= Numeric::MAX_SCALE)?;

        let digits = || whole.iter().chain(fraction);
        let Some(first) = digits().position(|&digit| digit != b'0') else {
            return Self::new(false, 0, scale, Digits::EMPTY);
        };
        let zeros = digits().rev().take_while(|&&digit| digit == b'0').count();
        let last = digits().count() - 1 - zeros;
        // The power of 10000 that a digit belongs to.
        let weight = |digit: usize| Some((point - 1 - i64::try_from(digit).ok()?).div_euclid(4));
        let (highest, lowest) = (weight(first)?, weight(last)?);

        let decimal = |place: i64| {
            let at = usize::try_from(point - 1 - place).ok()?;
            let digit = whole.get(at).or_else(|| fraction.get(at.checked_sub(whole.len())?))?;
            Some(u16::from(digit - b'0'))
        };
        let highest = i32::try_from(highest).ok()?;
        let count = u16::try_from(i64::from(highest) - lowest + 1).ok()?;
        let digits = Digits::new((0..count).map(|at| {
            let weight = i64::from(highest) - i64::from(at);
            (0..4).rev().fold(0, |digit, place| digit * 10 + decimal(4 * weight + place).unwrap_or(0))
        }));
        Self::new(is_negative, highest, scale, digits)
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    /// Written by PostgreSQL 18.
    #[test]
    fn the_scale_is_the_servers() {
        for (text, written) in [
            ("0", "0"),
            ("-0.00", "0.00"),
            ("1.500", "1.500"),
            (" \t+12345.6789\x0b\n", "12345.6789"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1.e5", "100000"),
            ("1.5e3", "1500"),
            ("1.50e1", "15.0"),
            ("-1.50e-5", "-0.0000150"),
            ("0e10", "0"),
            ("0e-5", "0.00000"),
            ("0e200000", "0"),
            ("000123", "123"),
            ("0.00010000", "0.00010000"),
            ("1E+8", "100000000"),
            ("99999999.99999999", "99999999.99999999"),
            ("nan", "NaN"),
            ("INF", "Infinity"),
            (" -infinity ", "-Infinity"),
            ("+Inf", "Infinity"),
        ] {
            assert_eq!(text.parse::<Numeric>().unwrap().to_string(), written, "{text:?}");
        }
    }

    #[test]
    fn what_the_server_refuses_is_refused() {
        for text in [
            "",
            " ",
            ".",
            "-",
            "+-1",
            "- 1",
            "1e",
            "1e+ 5",
            "1e.5",
            "1..2",
            "1.2.3",
            "e5",
            "1 2",
            "-nan",
            "infin",
            "1,5",
            "1e131072",
            "1e-16384",
            "0e-16384",
            "1.5e-16383",
            "1e5000000000",
            "1e-5000000000",
            "١",
        ] {
            assert_eq!(text.parse::<Numeric>(), Err(NOT), "{text:?}");
        }
    }

    #[test]
    fn the_largest_and_the_smallest_are_read() {
        for text in ["1e131071", "-9.5e131071", "0.00001e131076", "1e-16383"] {
            let numeric: Numeric = text.parse().unwrap();
            assert_eq!(numeric.to_string().parse(), Ok(numeric), "{text}");
        }
    }
}
