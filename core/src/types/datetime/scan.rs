//! Reading dates and times, in the server's form and in ISO 8601's.

use super::civil::Civil;
use super::{MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, fraction};

/// What is left of a text. Its methods take what they find, and `None` says that it was not there.
#[derive(Debug, Clone)]
pub(super) struct Scan<'a>(&'a [u8]);

/// A date as it is written, before it is known whether BC follows.
pub(super) struct Written {
    date: Civil,
    /// With the sign of an ISO 8601 year, which counts astronomically.
    signed: bool,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self(text.as_bytes().trim_ascii())
    }

    /// The whole text, when it is one of these.
    pub(super) fn special<T>(&self, infinity: T, neg_infinity: T, epoch: T) -> Option<T> {
        if self.0.eq_ignore_ascii_case(b"epoch") {
            return Some(epoch);
        }
        self.infinity(infinity, neg_infinity)
    }

    pub(super) fn infinity<T>(&self, infinity: T, neg_infinity: T) -> Option<T> {
        let (bare, value) = match self.0 {
            [b'-', bare @ ..] => (bare, neg_infinity),
            [b'+', bare @ ..] | bare => (bare, infinity),
        };
        bare.eq_ignore_ascii_case(b"infinity").then_some(value)
    }

    pub(super) fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    pub(super) fn next(&self) -> u8 {
        self.0.first().copied().unwrap_or_default()
    }

    /// Whether a time is next, with or without a sign.
    pub(super) fn is_time(&self) -> bool {
        let mut ahead = self.clone();
        ahead.sign();
        !ahead.digits().is_empty() && ahead.next() == b':'
    }

    pub(super) fn eat(&mut self, byte: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        if !first.eq_ignore_ascii_case(&byte) {
            return None;
        }
        self.0 = rest;
        Some(())
    }

    pub(super) fn word(&mut self, word: &[u8]) -> Option<()> {
        let (start, rest) = self.0.split_at_checked(word.len())?;
        if !start.eq_ignore_ascii_case(word) {
            return None;
        }
        self.0 = rest;
        Some(())
    }

    pub(super) fn spaces(&mut self) {
        self.0 = self.0.trim_ascii_start();
    }

    pub(super) fn digits(&mut self) -> &'a [u8] {
        self.while_(u8::is_ascii_digit)
    }

    pub(super) fn letters(&mut self) -> &'a [u8] {
        self.while_(u8::is_ascii_alphabetic)
    }

    /// The factor that a sign stands for, or none.
    pub(super) fn sign(&mut self) -> i64 {
        match self.next() {
            sign @ (b'-' | b'+') => {
                _ = self.eat(sign);
                if sign == b'-' { -1 } else { 1 }
            }
            _ => 1,
        }
    }

    /// The digits behind a decimal point, if there is one.
    pub(super) fn fraction(&mut self) -> &'a [u8] {
        if self.eat(b'.').is_some() { self.digits() } else { &[] }
    }

    /// A number of one or two digits.
    pub(super) fn two(&mut self) -> Option<i64> {
        Some(self.digits()).filter(|digits| digits.len() <= 2).and_then(number)
    }

    /// `2024-01-31`, or with the signed year of ISO 8601 `-000043-03-15`.
    pub(super) fn date(&mut self) -> Option<Written> {
        let signed = matches!(self.next(), b'-' | b'+');
        let sign = self.sign();
        let digits = self.digits();
        let year = i32::try_from(sign * number(digits)?).ok().filter(|_| digits.len() >= 3)?;
        self.eat(b'-')?;
        let month = u8::try_from(self.two()?).ok()?;
        self.eat(b'-')?;
        let day = u8::try_from(self.two()?).ok()?;
        Some(Written { date: Civil { year, month, day }, signed })
    }

    /// What a date is that BC or AD may follow, in days from 2000-01-01.
    pub(super) fn era(&mut self, written: Written) -> Option<i32> {
        let Written { mut date, signed } = written;
        self.spaces();
        let bc = self.word(b"BC").is_some();
        if (bc || self.word(b"AD").is_some()) && (signed || date.year == 0) {
            return None;
        }
        if bc {
            date.year = 1 - date.year;
        }
        date.days()
    }

    /// `4:05`, `04:05:06.789`, `24:00:00`, `23:59:60`: in microseconds since midnight.
    pub(super) fn time(&mut self) -> Option<i64> {
        let hour = self.two()?;
        self.eat(b':')?;
        let minute = self.two().filter(|minute| *minute < 60)?;
        let mut micros = hour * MICROS_PER_HOUR + minute * MICROS_PER_MINUTE;
        if self.eat(b':').is_some() {
            micros += self.seconds()?;
        }
        (micros <= MICROS_PER_DAY).then_some(micros)
    }

    /// `06.789`, in microseconds. A leap second is the next minute's first, as the server takes it.
    pub(super) fn seconds(&mut self) -> Option<i64> {
        let whole = self.two().filter(|second| *second <= 60)?;
        let fraction = fraction::of(MICROS_PER_SECOND.unsigned_abs(), self.fraction());
        Some(whole * MICROS_PER_SECOND + i64::try_from(fraction).ok()?)
    }

    /// `Z`, `UTC`, `+05`, `-0530`, `+05:30`, `+05:30:15`: in seconds east of UTC.
    pub(super) fn offset(&mut self) -> Option<i32> {
        if self.eat(b'Z').is_some() || self.word(b"UTC").is_some() {
            return Some(0);
        }
        if !matches!(self.next(), b'-' | b'+') {
            return None;
        }
        let sign = self.sign();
        let (hour, minute, second) = match self.digits() {
            &[a, b, c, d] => (number(&[a, b])?, number(&[c, d])?, 0),
            hour @ ([_] | [_, _]) => {
                let minute = if self.eat(b':').is_some() { self.two()? } else { 0 };
                let second = if self.eat(b':').is_some() { self.two()? } else { 0 };
                (number(hour)?, minute, second)
            }
            _ => return None,
        };
        if hour > 15 || minute > 59 || second > 59 {
            return None;
        }
        i32::try_from(sign * (hour * 3600 + minute * 60 + second)).ok()
    }

    /// A date alone, or with a time, or with a time and an offset: in microseconds from 2000-01-01 local time, and
    /// seconds east of UTC.
    pub(super) fn timestamp(&mut self) -> Option<(i64, Option<i32>)> {
        let written = self.date()?;
        let separated = self.eat(b'T').is_some();
        self.spaces();
        let (mut time, mut offset) = (0, None);
        if separated || self.next().is_ascii_digit() {
            time = self.time()?;
            self.spaces();
            if matches!(self.next(), b'-' | b'+' | b'Z' | b'z' | b'U' | b'u') {
                offset = Some(self.offset()?);
            }
        }
        let days = self.era(written)?;
        self.end()?;
        Some((i64::from(days).checked_mul(MICROS_PER_DAY)?.checked_add(time)?, offset))
    }

    fn while_(&mut self, is: impl Fn(&u8) -> bool) -> &'a [u8] {
        let end = self.0.iter().position(|byte| !is(byte)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at_checked(end).unwrap_or_default();
        self.0 = rest;
        taken
    }
}

/// What decimal digits say, of which there must be some.
pub(super) fn number(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_i64, |value, digit| {
        value.checked_mul(10)?.checked_add(i64::from(digit.wrapping_sub(b'0')))
    })
}
