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

        let digits = whole.iter().chain(fraction).map(|digit| u16::from(digit - b'0'));
        let leading = digits.clone().take_while(|&digit| digit == 0).count();
        let trailing = digits.clone().rev().take_while(|&digit| digit == 0).count();
        let length = whole.len() + fraction.len();
        if leading == length {
            return Self::new(false, 0, scale, Digits::EMPTY);
        }
        // The power of ten that a digit stands for, and that of 10000.
        let place = |digit: usize| Some(point - 1 - i64::try_from(digit).ok()?);
        let (first, last) = (place(leading)?, place(length - 1 - trailing)?);
        let weight = i32::try_from(first.div_euclid(4)).ok()?;
        let count = u16::try_from(i64::from(weight) - last.div_euclid(4) + 1).ok()?;

        let mut digits = digits.skip(leading);
        let mut wanted = first.rem_euclid(4) + 1;
        let groups = (0..count).map(|_| {
            let group = (0..wanted).fold(0, |group, _| group * 10 + digits.next().unwrap_or(0));
            wanted = 4;
            group
        });
        Self::new(is_negative, weight, scale, Digits::new(groups))
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
