use core::str::FromStr;

use super::super::scan::{Scan, number};
use super::Interval;
use super::sum::{Amount, Sum, Unit};
use crate::types::codec::ParseError;

const NOT: ParseError = ParseError::not("an interval like 1 year 2 mons 3 days 04:05:06 or P1Y2M3DT4H5M6S");

impl FromStr for Interval {
    type Err = ParseError;

    /// Reads numbers with units (`1.5 days ago`, `-2h 3min`), a time (`3 days -04:05:06.789`), years and months
    /// (`1-2`), days before a time and seconds without units (`1 02:03:04`, `90`), ISO 8601 durations (`P1DT2H`,
    /// `-P1.5W`), `infinity` and `-infinity`.
    ///
    /// A sign is that of one field, and a text that may mean something else (`-1 2:03:04`) is refused. Fractions are shared out as PostgreSQL 15 and
    /// later do: 1.5 mons are 1 mon 15 days, 1.3 years are 1 year 4 mons.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut scan = Scan::new(text);
        if let Some(infinity) = scan.infinity(Self::INFINITY, Self::NEG_INFINITY) {
            return Ok(infinity);
        }
        let mut iso = scan.clone();
        let sign = iso.sign();
        let sum = match iso.eat(b'P') {
            Some(()) if sign < 0 => duration(&mut iso).and_then(|sum| sum.negated()),
            Some(()) => duration(&mut iso),
            None => fields(&mut scan),
        };
        sum.and_then(|sum| sum.interval()).ok_or(NOT)
    }
}

/// What follows the `P` of an ISO 8601 duration.
fn duration(scan: &mut Scan<'_>) -> Option<Sum> {
    let mut sum = Sum::default();
    let mut in_time = false;
    loop {
        if !in_time && scan.eat(b'T').is_some() {
            in_time = true;
        }
        let sign = scan.sign();
        let amount = amount(scan, sign)?;
        let designator = scan.next();
        scan.eat(designator)?;
        let unit = match (in_time, designator.to_ascii_uppercase()) {
            (false, b'Y') => Unit::YEAR,
            (false, b'M') => Unit::MONTH,
            (false, b'W') => Unit::WEEK,
            (false, b'D') => Unit::DAY,
            (true, b'H') => Unit::HOUR,
            (true, b'M') => Unit::MINUTE,
            (true, b'S') => Unit::SECOND,
            _ => return None,
        };
        sum.add(amount, unit)?;
        if scan.end().is_some() {
            return Some(sum);
        }
    }
}

/// Fields with units, and a time.
fn fields(scan: &mut Scan<'_>) -> Option<Sum> {
    let mut sum = Sum::default();
    _ = scan.eat(b'@');
    loop {
        scan.spaces();
        let sign = scan.sign();
        scan.spaces();
        let count = amount(scan, sign)?;
        match scan.next() {
            b':' if count.fraction.is_empty() => time(scan, &mut sum, count)?,
            b'-' if count.fraction.is_empty() => {
                scan.eat(b'-')?;
                sum.add(count, Unit::YEAR)?;
                let months = scan.two().filter(|months| *months < 12)?;
                sum.add(Amount { whole: months, ..count }, Unit::MONTH)?;
            }
            _ => {
                scan.spaces();
                sum.add(count, unit(scan, sign)?)?;
            }
        }
        scan.spaces();
        if scan.word(b"ago").is_some() {
            scan.end()?;
            return sum.negated();
        }
        if scan.end().is_some() {
            return Some(sum);
        }
    }
}

/// What a number counts: what its unit says, or without one, seconds at the end of all and days before a time.
///
/// A minus before such days and nothing before the time is refused: with `IntervalStyle` `sql_standard`, the server
/// writes `-1 2:03:04` and means both, with the others it reads that and means the days.
fn unit(scan: &mut Scan<'_>, sign: i64) -> Option<Unit> {
    match scan.letters() {
        [] if scan.end().is_some() => Some(Unit::SECOND),
        [] if scan.is_time() && (sign > 0 || !scan.next().is_ascii_digit()) => Some(Unit::DAY),
        name => Unit::named(name),
    }
}

/// The rest of `04:05:06.789` or `04:05`, which are minutes and seconds when they have a fraction.
fn time(scan: &mut Scan<'_>, sum: &mut Sum, first: Amount<'_>) -> Option<()> {
    scan.eat(b':')?;
    let second = scan.two()?;
    let (hours, minutes, seconds) = match scan.next() {
        b':' => {
            scan.eat(b':')?;
            (first.whole, second, scan.two()?)
        }
        b'.' => (0, first.whole, second),
        _ => (first.whole, second, 0),
    };
    if minutes > 59 || seconds > 60 {
        return None;
    }
    let fraction = scan.fraction();
    sum.add(Amount { whole: hours, ..first }, Unit::HOUR)?;
    sum.add(Amount { whole: minutes, ..first }, Unit::MINUTE)?;
    sum.add(Amount { whole: seconds, fraction, ..first }, Unit::SECOND)
}

fn amount<'a>(scan: &mut Scan<'a>, sign: i64) -> Option<Amount<'a>> {
    let whole = scan.digits();
    let fraction = scan.fraction();
    let whole = if whole.is_empty() && !fraction.is_empty() { 0 } else { number(whole)? };
    Some(Amount { sign, whole, fraction })
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn what_the_server_reads_is_read() {
        let read = |text: &str| text.parse::<Interval>().map(|interval| interval.to_string());
        for (text, interval) in [
            ("1 2:03:04", "1 day 02:03:04"),
            ("-1 +2:03:04", "-1 days +02:03:04"),
            ("+1-2 -3 +4:05:06", "1 year 2 mons -3 days +04:05:06"),
            ("1 -2:03:04", "1 day -02:03:04"),
            ("1-2", "1 year 2 mons"),
            ("-1-2 3", "-1 years -2 mons +00:00:03"),
            ("5", "00:00:05"),
            (".5", "00:00:00.5"),
            ("@ 0", "00:00:00"),
            ("1:02", "01:02:00"),
            ("1:02.5", "00:01:02.5"),
            ("1:00:60", "01:01:00"),
            ("1.3 years", "1 year 4 mons"),
            ("1.5 mons", "1 mon 15 days"),
            ("1.5 weeks", "10 days 12:00:00"),
            ("1.5 days ago", "-1 days -12:00:00"),
            ("1.23456789012 days", "1 day 05:37:46.665706"),
            ("1 d 2 h 3 m 4 s 5 ms 6 us", "1 day 02:03:04.005006"),
            ("- 1 day", "-1 days"),
            ("1 century", "100 years"),
            (
                "@ 1 year 2 mons -3 days 4 hours 5 mins 6.789 secs ago",
                "-1 years -2 mons +3 days -04:05:06.789",
            ),
            ("00:00:00.0000015", "00:00:00.000002"),
            ("-00:00:00.0000005", "00:00:00"),
            ("24:00:00", "24:00:00"),
            ("+infinity", "infinity"),
            ("178956970 years 7 mons 2147483647 days 2562047788:00:54.775807", "infinity"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(interval), "{text}");
        }
    }

    #[test]
    fn iso_8601_durations_are_read() {
        let read = |text: &str| text.parse::<Interval>().map(|interval| interval.to_string());
        for (text, interval) in [
            ("P1Y2M3DT4H5M6.789S", "1 year 2 mons 3 days 04:05:06.789"),
            ("P-1Y-2M3DT-4H-5M-6S", "-1 years -2 mons +3 days -04:05:06"),
            ("P1W", "7 days"),
            ("P1.5W", "10 days 12:00:00"),
            ("P0.5Y", "6 mons"),
            ("PT0.5H", "00:30:00"),
            ("PT-1.5S", "-00:00:01.5"),
            ("PT0S", "00:00:00"),
            ("-P1DT1S", "-1 days -00:00:01"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(interval), "{text}");
        }
    }

    #[test]
    fn what_the_server_refuses_is_refused() {
        for text in [
            "",
            "@",
            "ago",
            "day",
            "1 fortnight",
            "1 2",
            "-1 2:03:04",
            "1 2 days",
            "1:60",
            "90:02.5",
            "1:00:61",
            "1-13",
            "1 day ago 2",
            "P",
            "PT",
            "P1",
            "P1YT",
            "P1S",
            "PT1D",
            "P1YP1Y",
            "2147483648 days",
            "-2147483649 days",
            "178956971 years",
            "2562047789:00:00",
            "9223372036854775808 us",
            "-9223372036854775807 mons -9223372036854775807 mons ago",
        ] {
            assert_eq!(text.parse::<Interval>(), Err(NOT), "{text}");
        }
    }
}
