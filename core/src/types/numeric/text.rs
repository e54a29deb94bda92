use core::fmt;

use super::{Finite, Numeric, Repr};

/// As the server writes it.
impl fmt::Display for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::NaN => f.write_str("NaN"),
            Repr::Infinity => f.write_str("Infinity"),
            Repr::NegativeInfinity => f.write_str("-Infinity"),
            Repr::Finite(finite) => finite.write(Text { f, bytes: [0; 64], length: 0 }),
        }
    }
}

impl fmt::Debug for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Numeric(")?;
        fmt::Display::fmt(self, f)?;
        f.write_str(")")
    }
}

impl Finite {
    fn write(&self, mut text: Text<'_, '_>) -> fmt::Result {
        if self.is_negative {
            text.push(b"-")?;
        }
        let highest = self.weight.max(0).into();
        match &self.decimals(highest) {
            [b'0', b'0', b'0', digits @ ..] => text.push(digits)?,
            [b'0', b'0', digits @ ..] => text.push(digits)?,
            [b'0', digits @ ..] => text.push(digits)?,
            digits => text.push(digits)?,
        }
        for weight in (0..highest).rev() {
            text.push(&self.decimals(weight))?;
        }
        if self.scale > 0 {
            text.push(b".")?;
        }
        let (mut weight, mut left) = (-1, usize::from(self.scale));
        while left > 0 {
            let decimals = self.decimals(weight);
            text.push(decimals.get(..left).unwrap_or(&decimals))?;
            weight -= 1;
            left = left.saturating_sub(decimals.len());
        }
        text.flush()
    }

    /// The four decimal digits that stand at a power of 10000.
    fn decimals(&self, weight: i32) -> [u8; 4] {
        let place = usize::try_from(i32::from(self.weight) - weight).ok();
        decimals(place.and_then(|place| self.digits.get(place)).copied().unwrap_or(0))
    }
}

/// The four decimal digits of one of base 10000.
pub(super) fn decimals(digit: u16) -> [u8; 4] {
    [digit / 1000, digit / 100, digit / 10, digit].map(|digit| b'0' + (digit % 10) as u8)
}

/// Gathers pieces, so that the formatter is not asked for each.
struct Text<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    bytes: [u8; 64],
    length: usize,
}

impl Text<'_, '_> {
    /// Up to four ASCII characters.
    fn push(&mut self, piece: &[u8]) -> fmt::Result {
        if self.length + piece.len() > self.bytes.len() {
            self.flush()?;
        }
        let places = self.bytes.iter_mut().skip(self.length);
        places.zip(piece).for_each(|(place, byte)| *place = *byte);
        self.length += piece.len();
        Ok(())
    }

    fn flush(&mut self) -> fmt::Result {
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        self.length = 0;
        self.f.write_str(core::str::from_utf8(bytes).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::ToString;

    use super::*;

    #[test]
    fn long_numbers_are_whole() {
        for digits in 1..200 {
            let ones = "1".repeat(digits);
            for text in
                [ones.clone(), format!("-0.{ones}"), format!("{ones}.{ones}"), format!("1.{:0digits$}", 0)]
            {
                assert_eq!(text.parse::<Numeric>().unwrap().to_string(), text);
            }
        }
    }

    #[test]
    fn debug_shows_the_number() {
        assert_eq!(format!("{:?}", Numeric::from(-15)), "Numeric(-15)");
    }
}
