//! Writing dates and times: digits gathered on the stack and handed to the formatter in one piece, several times
//! as fast as `{:02}` for each.

use core::fmt;

use super::civil::Civil;
use super::{MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND};

/// Whose way of writing a date and a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The server's, with `DateStyle` ISO: `0044-03-15 12:00:00 BC`.
    Server,
    /// ISO 8601 as ECMAScript has it: `-000043-03-15T12:00:00`.
    Iso,
}

/// Text in the making. What is longer than the longest interval is cut off.
pub(super) struct Ascii {
    bytes: [u8; 80],
    length: usize,
}

impl Ascii {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; 80], length: 0 }
    }

    pub(super) fn text(&mut self, text: &[u8]) {
        for &byte in text {
            self.byte(byte);
        }
    }

    /// A number with zeros before it up to a width of at most 20.
    pub(super) fn number(&mut self, mut value: u64, width: usize) {
        let mut digits = [b'0'; 20];
        let mut first = digits.len();
        for (at, digit) in digits.iter_mut().enumerate().rev() {
            *digit = low_digit(value);
            value /= 10;
            first = at;
            if value == 0 {
                break;
            }
        }
        let first = first.min(digits.len().saturating_sub(width));
        self.text(digits.get(first..).unwrap_or_default());
    }

    /// The date at `days` from 2000-01-01; gives what has to follow when nothing else does, ` BC`.
    #[must_use]
    pub(super) fn date(&mut self, days: i32, form: Form) -> &'static [u8] {
        let Civil { year, month, day } = Civil::from_days(days);
        let written = if form == Form::Server && year < 1 { 1 - year } else { year };
        if form == Form::Iso && !(0..=9999).contains(&year) {
            self.byte(if year < 0 { b'-' } else { b'+' });
            self.number(written.unsigned_abs().into(), 6);
        } else if let Ok(written @ 0..=9999) = u16::try_from(written) {
            self.two((written / 100).into());
            self.two((written % 100).into());
        } else {
            self.number(written.unsigned_abs().into(), 4);
        }
        self.byte(b'-');
        self.two(month.into());
        self.byte(b'-');
        self.two(day.into());
        if form == Form::Server && year < 1 { b" BC" } else { b"" }
    }

    /// The time at `micros` since midnight.
    pub(super) fn time(&mut self, micros: u64) {
        let hours = micros / MICROS_PER_HOUR.unsigned_abs();
        if hours < 100 {
            self.two(hours)
        } else {
            self.number(hours, 2)
        }
        self.byte(b':');
        self.two(micros / MICROS_PER_MINUTE.unsigned_abs() % 60);
        self.byte(b':');
        self.two(micros / MICROS_PER_SECOND.unsigned_abs() % 60);
        let mut fraction = micros % MICROS_PER_SECOND.unsigned_abs();
        if fraction == 0 {
            return;
        }
        let mut width = 6;
        while fraction % 10 == 0 {
            fraction /= 10;
            width -= 1;
        }
        self.byte(b'.');
        self.number(fraction, width);
    }

    /// A date and time at `micros` from 2000-01-01, with a zone that needs no conversion.
    pub(super) fn timestamp(&mut self, micros: i64, zone: &[u8], form: Form) {
        let (days, time) = split(micros);
        let era = self.date(days, form);
        self.byte(if form == Form::Iso { b'T' } else { b' ' });
        self.time(time);
        self.text(zone);
        self.text(era);
    }

    /// An offset from UTC in seconds to the east, as short as it can be: `+05:30`, `-08`.
    pub(super) fn offset(&mut self, east: i32, form: Form) {
        if east == 0 && form == Form::Iso {
            return self.byte(b'Z');
        }
        let seconds = u64::from(east.unsigned_abs());
        self.byte(if east < 0 { b'-' } else { b'+' });
        self.two(seconds / 3600);
        if seconds % 3600 != 0 || form == Form::Iso {
            self.byte(b':');
            self.two(seconds / 60 % 60);
        }
        if seconds % 60 != 0 {
            self.byte(b':');
            self.two(seconds % 60);
        }
    }

    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.bytes.get(..self.length).and_then(|text| core::str::from_utf8(text).ok());
        f.write_str(text.unwrap_or_default())
    }

    pub(super) fn byte(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    /// A number below 100, with two digits.
    fn two(&mut self, value: u64) {
        self.byte(low_digit(value / 10));
        self.byte(low_digit(value));
    }
}

/// Microseconds from 2000-01-01 as whole days and the time of day.
pub(super) fn split(micros: i64) -> (i32, u64) {
    let days = i32::try_from(micros.div_euclid(MICROS_PER_DAY)).unwrap_or_default();
    (days, micros.rem_euclid(MICROS_PER_DAY).unsigned_abs())
}

/// What writes itself with a closure: `core::fmt::from_fn`, which our oldest compiler does not have.
pub(super) struct Shown<F>(pub(super) F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for Shown<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a digit is less than ten")]
const fn low_digit(value: u64) -> u8 {
    b'0' + (value % 10) as u8
}
