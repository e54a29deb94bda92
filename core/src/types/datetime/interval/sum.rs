//! Adding up the fields that an interval is written in.

use super::super::{MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, fraction};
use super::Interval;

/// What a field counts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unit {
    Months(i64),
    Days(i64),
    Micros(i64),
}

impl Unit {
    pub(super) const YEAR: Self = Self::Months(12);
    pub(super) const MONTH: Self = Self::Months(1);
    pub(super) const WEEK: Self = Self::Days(7);
    pub(super) const DAY: Self = Self::Days(1);
    pub(super) const HOUR: Self = Self::Micros(MICROS_PER_HOUR);
    pub(super) const MINUTE: Self = Self::Micros(MICROS_PER_MINUTE);
    pub(super) const SECOND: Self = Self::Micros(MICROS_PER_SECOND);

    /// As `deltatktbl` of the server has them.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        let is = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
        let names: [(&[&str], Self); 12] = [
            (&["day", "days", "d"], Self::DAY),
            (&["hour", "hours", "h", "hr", "hrs"], Self::HOUR),
            (&["minute", "minutes", "m", "min", "mins"], Self::MINUTE),
            (&["second", "seconds", "s", "sec", "secs"], Self::SECOND),
            (&["month", "months", "mon", "mons"], Self::MONTH),
            (&["year", "years", "y", "yr", "yrs"], Self::YEAR),
            (&["week", "weeks", "w"], Self::WEEK),
            (&["millisecond", "milliseconds", "ms", "msec", "msecs"], Self::Micros(1000)),
            (&["microsecond", "microseconds", "us", "usec", "usecs"], Self::Micros(1)),
            (&["decade", "decades", "dec", "decs"], Self::Months(120)),
            (&["century", "centuries", "cent", "c"], Self::Months(1200)),
            (&["millennium", "millennia", "mil", "mils"], Self::Months(12_000)),
        ];
        names.into_iter().find(|(names, _)| is(names)).map(|(_, unit)| unit)
    }
}

/// How much of it: a number in decimal digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amount<'a> {
    /// 1 or -1.
    pub(super) sign: i64,
    pub(super) whole: i64,
    /// The digits behind the decimal point.
    pub(super) fraction: &'a [u8],
}

/// The fields so far.
#[derive(Debug, Default)]
pub(super) struct Sum {
    months: i64,
    days: i64,
    micros: i64,
}

impl Sum {
    /// Fractions go into the smaller parts, a month at 30 days and a day at 24 hours, but those of a year, which are
    /// rounded to months. `None` when it gets too large.
    pub(super) fn add(&mut self, amount: Amount<'_>, unit: Unit) -> Option<()> {
        let whole = amount.sign * amount.whole;
        let fraction_of = |unit: i64| {
            let part = fraction::of(unit.unsigned_abs(), amount.fraction);
            i64::try_from(part).ok()?.checked_mul(amount.sign)
        };
        let (part, count, unit, fraction_in_days) = match unit {
            Unit::Months(1) => (&mut self.months, 1, 0, 30),
            Unit::Months(count) => (&mut self.months, count, count, 0),
            Unit::Days(count) => (&mut self.days, count, 0, count),
            Unit::Micros(count) => (&mut self.micros, count, count, 0),
        };
        *part = part.checked_add(whole.checked_mul(count)?)?.checked_add(fraction_of(unit)?)?;
        let rest = fraction_of(fraction_in_days * MICROS_PER_DAY)?;
        self.days = self.days.checked_add(rest / MICROS_PER_DAY)?;
        self.micros = self.micros.checked_add(rest % MICROS_PER_DAY)?;
        Some(())
    }

    /// `None` when a part is too large.
    pub(super) fn interval(&self) -> Option<Interval> {
        let (months, days) = (i32::try_from(self.months).ok()?, i32::try_from(self.days).ok()?);
        Some(Interval { months, days, microseconds: self.micros })
    }

    /// All of it the other way: what `ago` and a minus before an ISO 8601 duration mean.
    pub(super) fn negated(&self) -> Option<Self> {
        Some(Self {
            months: self.months.checked_neg()?,
            days: self.days.checked_neg()?,
            micros: self.micros.checked_neg()?,
        })
    }
}
