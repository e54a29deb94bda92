use core::fmt;

use super::layout::{Float, Layout};
use super::nearest::{Digits, nearest};
use super::shortest::{Decimal, shortest};

/// A float4 or float8 as the server writes it with the default `extra_float_digits`: the shortest decimal that is
/// read back as the same number, in scientific notation when it is very large or very small.
///
/// It is not Rust's own `Display`, which has other rules, and whose code is a burden to the wasm.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FloatText<T>(pub(crate) T);

impl<T: Float> fmt::Display for FloatText<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Text::default();
        text.push_float(&T::LAYOUT, self.0.bits());
        f.write_str(text.as_str())
    }
}

/// Reads a number as the server does: spaces around it, every notation of decimals, infinities and NaN in upper or
/// lower case. Nothing when that is no number, or out of range (`1e400`, `1e-400`).
pub(crate) fn parse<T: Float>(text: &[u8]) -> Option<T> {
    let (value, rest) = read(text)?;
    trim(rest).is_empty().then_some(value)
}

/// Reads the number that a text starts with, but for spaces, and gives what follows.
pub(crate) fn read<T: Float>(text: &[u8]) -> Option<(T, &[u8])> {
    let (sign, text) = match trim_start(text) {
        [b'-', rest @ ..] => (T::LAYOUT.sign, rest),
        [b'+', rest @ ..] => (0, rest),
        text => (0, text),
    };
    let Some((digits, rest)) = decimal(text) else {
        let (bits, rest) = word(&T::LAYOUT, text)?;
        return Some((T::from_bits(sign | bits), rest));
    };
    let bits = nearest(&T::LAYOUT, &digits);
    let is_in_range = bits < T::LAYOUT.infinity() && (bits > 0 || digits.is_zero());
    is_in_range.then(|| (T::from_bits(sign | bits), rest))
}

/// Without what C calls space at its start and end.
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    let mut text = trim_start(text);
    while let [rest @ .., b' ' | b'\t'..=b'\r'] = text {
        text = rest;
    }
    text
}

fn trim_start(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t'..=b'\r', rest @ ..] = text {
        text = rest;
    }
    text
}

#[cold]
fn word<'a>(layout: &Layout, text: &'a [u8]) -> Option<(u64, &'a [u8])> {
    let nan = layout.infinity() | (layout.implicit() / 2);
    let words = [(&b"infinity"[..], layout.infinity()), (b"inf", layout.infinity()), (b"nan", nan)];
    words.into_iter().find_map(|(word, bits)| {
        let (start, rest) = text.split_at_checked(word.len())?;
        start.eq_ignore_ascii_case(word).then_some((bits, rest))
    })
}

/// Reads the digits, point and exponent that a text starts with, and gives what follows. It has a digit at least.
pub(crate) fn decimal(text: &[u8]) -> Option<(Digits<'_>, &[u8])> {
    let (whole, rest) = digits(text);
    let (fraction, rest) = match rest {
        [b'.', rest @ ..] => digits(rest),
        _ => (&[][..], rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let (exponent, rest) = exponent(rest).unwrap_or((0, rest));
    Some((Digits { whole, fraction, exponent }, rest))
}

/// The digits that a text starts with, and the rest.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let length = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(length).unwrap_or((text, &[]))
}

fn exponent(text: &[u8]) -> Option<(i64, &[u8])> {
    let [b'e' | b'E', text @ ..] = text else { return None };
    let (is_negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (digits, rest) = digits(text);
    let value = digits
        .iter()
        .fold(0_u32, |value, digit| value.saturating_mul(10).saturating_add(u32::from(digit - b'0')));
    let value = if is_negative { -i64::from(value) } else { i64::from(value) };
    (!digits.is_empty()).then_some((value, rest))
}

/// The longest is `-2.2250738585072014e-308`.
#[derive(Default)]
struct Text {
    bytes: [u8; 24],
    length: usize,
}

impl Text {
    fn push_float(&mut self, layout: &Layout, bits: u64) {
        if bits & !layout.sign > layout.infinity() {
            return self.push_all(b"NaN");
        }
        if bits & layout.sign != 0 {
            self.push(b'-');
        }
        match shortest(layout, bits) {
            Some(decimal) => self.push_decimal(decimal, layout.fixed_below),
            None => self.push_all(b"Infinity"),
        }
    }

    fn push_decimal(&mut self, decimal: Decimal, fixed_below: i16) {
        let mut digits = Self::default();
        digits.push_number(decimal.digits);
        // How many digits there are before the point.
        let whole = i16::try_from(digits.length).unwrap_or_default() + decimal.exponent;
        if (-3..=fixed_below).contains(&whole) {
            self.push_fixed(digits.as_bytes(), whole);
        } else {
            self.push_fixed(digits.as_bytes(), 1);
            let exponent = whole - 1;
            self.push_all(if exponent < 0 { b"e-" } else { b"e+" });
            if exponent.abs() < 10 {
                self.push(b'0');
            }
            self.push_number(exponent.unsigned_abs().into());
        }
    }

    fn push_fixed(&mut self, digits: &[u8], whole: i16) {
        if whole <= 0 {
            self.push_all(b"0.");
            (whole..0).for_each(|_| self.push(b'0'));
            return self.push_all(digits);
        }
        let whole = usize::try_from(whole).unwrap_or_default();
        for at in 0..whole.max(digits.len()) {
            if at == whole {
                self.push(b'.');
            }
            self.push(digits.get(at).copied().unwrap_or(b'0'));
        }
    }

    fn push_number(&mut self, number: u64) {
        if number >= 10 {
            self.push_number(number / 10);
        }
        self.push(b'0' + (number % 10) as u8);
    }

    fn push_all(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.push(byte));
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::ToString;
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back_to_the_bit(bits: u64, small: u32) {
            let (double, single) = (f64::from_bits(bits), f32::from_bits(small));
            let text = FloatText(double).to_string();
            prop_assert!(text.len() <= 24);
            prop_assert!(parse::<f64>(text.as_bytes()).is_some_and(|read| read.to_bits() == bits || double.is_nan()));
            let text = FloatText(single).to_string();
            prop_assert!(text.len() <= 15);
            prop_assert!(parse::<f32>(text.as_bytes()).is_some_and(|read| read.to_bits() == small || single.is_nan()));
        }

        #[test]
        fn any_decimal_is_read_as_the_nearest(text in r"[0-9]{0,30}\.[0-9]{1,900}(e-?[0-9]{1,3})?") {
            // What is out of range is refused, where Rust gives zero or infinity.
            let expected: f64 = text.parse().unwrap();
            prop_assert_eq!(parse(text.as_bytes()).unwrap_or(expected), expected);
            let expected: f32 = text.parse().unwrap();
            prop_assert_eq!(parse(text.as_bytes()).unwrap_or(expected), expected);
        }

        #[test]
        fn the_middle_of_two_floats_is_read_as_the_even_one(bits in 0_u32..f32::MAX.to_bits()) {
            let (below, above) = (f32::from_bits(bits), f32::from_bits(bits + 1));
            let middle = format!("{:.200}", (f64::from(below) + f64::from(above)) / 2.0);
            let even = if bits % 2 == 0 { below } else { above };
            prop_assert_eq!(parse::<f32>(middle.as_bytes()), Some(even).filter(|&even| even > 0.0));
            prop_assert_eq!(parse::<f32>(format!("{middle}{:0900}1", 0).as_bytes()), Some(above));
        }

        #[test]
        fn any_bytes_are_survived(text: Vec<u8>) {
            _ = parse::<f64>(&text);
        }
    }

    /// Written by PostgreSQL 18.
    #[test]
    fn doubles_are_written_as_the_server_writes_them() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (100.0, "100"),
            (1e14, "100000000000000"),
            (999_999_999_999_999.0, "999999999999999"),
            (123_456_789_012_345.67, "123456789012345.67"),
            (1e15, "1e+15"),
            (9_007_199_254_740_993.0, "9.007199254740992e+15"),
            (1e20, "1e+20"),
            (0.0001, "0.0001"),
            (0.000_123_456, "0.000123456"),
            (0.00001, "1e-05"),
            (-1.25e-7, "-1.25e-07"),
            (5e-324, "5e-324"),
            (1e-323, "1e-323"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
            (f64::MAX, "1.7976931348623157e+308"),
            // Two shortest ones are as close: the even one.
            (1_125_899_906_842_624.0 + 0.25, "1.1258999068426242e+15"),
            (1_125_899_906_842_624.0 + 0.75, "1.1258999068426248e+15"),
            // The shorter 1e+23 lies in the middle between two doubles.
            (1e23, "9.999999999999999e+22"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
            (-f64::NAN, "NaN"),
        ] {
            assert_eq!(FloatText(value).to_string(), text);
        }
    }

    /// Written by PostgreSQL 18.
    #[test]
    fn singles_are_written_as_the_server_writes_them() {
        for (value, text) in [
            (0.1, "0.1"),
            (-0.0, "-0"),
            (100_000.0, "100000"),
            (123_456.0, "123456"),
            (999_999.9, "999999.9"),
            (1e6, "1e+06"),
            (1_234_567.0, "1.234567e+06"),
            (16_777_216.0, "1.6777216e+07"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1e-45, "1e-45"),
            (f32::MIN_POSITIVE, "1.1754944e-38"),
            (f32::MAX, "3.4028235e+38"),
            (f32::NEG_INFINITY, "-Infinity"),
            (f32::NAN, "NaN"),
        ] {
            assert_eq!(FloatText(value).to_string(), text);
        }
    }

    #[test]
    fn all_that_the_server_reads_is_read() {
        for (text, value) in [
            (" 1.5\t\n\x0b\x0c\r", 1.5),
            ("+1", 1.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("5.e-1", 0.5),
            ("1E+5", 1e5),
            ("0e400", 0.0),
            ("0.000e-99999999999999999999", 0.0),
            ("-2.5e-5", -2.5e-5),
            ("inf", f64::INFINITY),
            ("+Infinity", f64::INFINITY),
            ("-INF", f64::NEG_INFINITY),
        ] {
            assert_eq!(parse(text.as_bytes()), Some(value), "{text:?}");
        }
        assert!(parse::<f64>(b"-nan").is_some_and(f64::is_nan));
        for text in
            ["", " ", ".", "-", "+-1", "- 1", "1e", "1e+", "e5", "1..2", "infin", "nano", "1 2", "0x", "1,5"]
        {
            assert_eq!(parse::<f64>(text.as_bytes()), None, "{text:?}");
        }
        for text in ["1e400", "-1e400", "1e-400", "1e99999999999", "1e-99999999999"] {
            assert_eq!(parse::<f64>(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!((parse::<f32>(b"1e40"), parse::<f32>(b"1e-46")), (None, None));
    }

    #[test]
    fn a_number_is_read_off_the_start_of_a_text() {
        assert_eq!(read(b" 1.5,2)"), Some((1.5, &b",2)"[..])));
        assert_eq!(read(b"1em"), Some((1.0, &b"em"[..])));
        assert_eq!(read(b"infinity)"), Some((f64::INFINITY, &b")"[..])));
        assert_eq!(read::<f64>(b"(1"), None);
    }
}
