//! Writing dates and times: gathered on the stack and handed to the formatter in one piece, several times as fast
//! as `{:02}` for each part.

use core::fmt;

use super::civil::Civil;
use super::{MICROS_PER_DAY, MICROS_PER_SECOND};

/// Whose way of writing a date and a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The server's, with `DateStyle` ISO: `0044-03-15 12:00:00 BC`.
    Server,
    /// ISO 8601 as ECMAScript has it: `-000043-03-15T12:00:00`.
    Iso,
}

/// Text in the making. There is room for the longest interval, of 71 bytes; what does not fit is left out.
pub(super) struct Ascii {
    bytes: [u8; 80],
    length: usize,
}

impl Ascii {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; 80], length: 0 }
    }

    pub(super) fn text(&mut self, text: &[u8]) {
        if let Some(place) = self.rest().get_mut(..text.len()) {
            place.copy_from_slice(text);
            self.length += text.len();
        }
    }

    #[inline]
    pub(super) fn push<const N: usize>(&mut self, text: [u8; N]) {
        if let Some(place) = self.rest().first_chunk_mut() {
            *place = text;
            self.length += N;
        }
    }

    /// A number with zeros before it up to a width of at most 20.
    pub(super) fn number(&mut self, mut value: u64, width: usize) {
        let mut digits = [b'0'; 20];
        let mut first = digits.len();
        for (at, place) in digits.iter_mut().enumerate().rev() {
            [_, *place] = two(value % 10);
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
        let era = form == Form::Server && year < 1;
        let written = u64::from(if era { 1 - year } else { year }.unsigned_abs());
        if form == Form::Iso && !(0..=9999).contains(&year) {
            self.push([if year < 0 { b'-' } else { b'+' }]);
            self.number(written, 6);
        } else if written > 9999 {
            self.number(written, 4);
        } else {
            self.push(two(written / 100));
            self.push(two(written % 100));
        }
        let ([a, b], [c, d]) = (two(month.into()), two(day.into()));
        self.push([b'-', a, b, b'-', c, d]);
        if era { b" BC" } else { b"" }
    }

    /// A time of `micros`, with as many hours as there are.
    pub(super) fn time(&mut self, micros: u64) {
        let (seconds, fraction) =
            (micros / MICROS_PER_SECOND.unsigned_abs(), micros % MICROS_PER_SECOND.unsigned_abs());
        let (hours, [a, b], [c, d]) = (seconds / 3600, two(seconds / 60 % 60), two(seconds % 60));
        if hours > 99 {
            self.number(hours, 2);
        } else {
            self.push(two(hours));
        }
        self.push([b':', a, b, b':', c, d]);
        if fraction == 0 {
            return;
        }
        let ([a, b], [c, d], [e, f]) =
            (two(fraction / 10_000), two(fraction / 100 % 100), two(fraction % 100));
        self.push([b'.', a, b, c, d, e, f]);
        while self.written().ends_with(b"0") {
            self.length -= 1;
        }
    }

    /// A date and time at `micros` from 2000-01-01, with a zone that needs no conversion.
    pub(super) fn timestamp(&mut self, micros: i64, zone: &[u8], form: Form) {
        let (days, time) = split(micros);
        let era = self.date(days, form);
        self.push([if form == Form::Iso { b'T' } else { b' ' }]);
        self.time(time);
        self.text(zone);
        self.text(era);
    }

    /// An offset from UTC in seconds to the east: as short as it can be (`-08`), or with minutes or `Z` for ISO 8601.
    pub(super) fn offset(&mut self, east: i32, form: Form) {
        if east == 0 && form == Form::Iso {
            return self.push([b'Z']);
        }
        let seconds = u64::from(east.unsigned_abs());
        let ([a, b], [c, d], [e, f]) = (two(seconds / 3600), two(seconds / 60 % 60), two(seconds % 60));
        self.push([if east < 0 { b'-' } else { b'+' }, a, b]);
        if seconds % 3600 != 0 || form == Form::Iso {
            self.push([b':', c, d]);
        }
        if seconds % 60 != 0 {
            self.push([b':', e, f]);
        }
    }

    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(core::str::from_utf8(self.written()).unwrap_or_default())
    }

    fn written(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    #[inline]
    fn rest(&mut self) -> &mut [u8] {
        self.bytes.get_mut(self.length..).unwrap_or_default()
    }
}

/// Microseconds from 2000-01-01 as whole days and the time of day.
#[inline]
pub(super) fn split(micros: i64) -> (i32, u64) {
    let days = i32::try_from(micros.div_euclid(MICROS_PER_DAY)).unwrap_or_default();
    (days, micros.rem_euclid(MICROS_PER_DAY).unsigned_abs())
}

/// A number below 100, with two digits.
#[expect(clippy::cast_possible_truncation, reason = "less than 100")]
const fn two(value: u64) -> [u8; 2] {
    let value = value as u8;
    [b'0' + value / 10, b'0' + value % 10]
}

/// What writes itself with a closure: `core::fmt::from_fn`, which our oldest compiler does not have.
pub(super) struct Shown<F>(pub(super) F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for Shown<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}
