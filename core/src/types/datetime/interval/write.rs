use core::fmt;

use super::super::ascii::Ascii;
use super::Interval;

/// As `EncodeInterval` of the server does in style postgres, down to the plus that follows a negative part.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::INFINITY => return f.write_str("infinity"),
            Self::NEG_INFINITY => return f.write_str("-infinity"),
            _ => {}
        }
        let mut ascii = Ascii::new();
        let mut before = None;
        for (value, unit) in [(self.months / 12, "year"), (self.months % 12, "mon"), (self.days, "day")] {
            if value == 0 {
                continue;
            }
            sign(&mut ascii, before, value < 0);
            ascii.number(value.unsigned_abs().into(), 1);
            ascii.push([b' ']);
            ascii.text(unit.as_bytes());
            if value != 1 {
                ascii.push([b's']);
            }
            before = Some(value);
        }
        if before.is_none() || self.microseconds != 0 {
            sign(&mut ascii, before, self.microseconds < 0);
            ascii.time(self.microseconds.unsigned_abs());
        }
        ascii.write(f)
    }
}

/// What stands before a part: the space after the one before, and a plus only when that was negative.
fn sign(ascii: &mut Ascii, before: Option<i32>, negative: bool) {
    if before.is_some() {
        ascii.push([b' ']);
    }
    if negative {
        ascii.push([b'-']);
    } else if before.is_some_and(|before| before < 0) {
        ascii.push([b'+']);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::shows;
    use super::*;

    #[test]
    fn intervals_look_as_the_server_writes_them() {
        for (months, days, microseconds, text) in [
            (0, 0, 0, "00:00:00"),
            (14, -3, 14_706_000_000, "1 year 2 mons -3 days +04:05:06"),
            (0, -1, 7_380_000_000, "-1 days +02:03:00"),
            (0, 1, -1_000_000, "1 day -00:00:01"),
            (-1, 0, 0, "-1 mons"),
            (-12, 1, 0, "-1 years +1 day"),
            (-13, 0, 1, "-1 years -1 mons +00:00:00.000001"),
            (-11, 0, -1, "-11 mons -00:00:00.000001"),
            (1, -1, 100_000, "1 mon -1 days +00:00:00.1"),
            (0, 0, 360_000_000_000, "100:00:00"),
            (
                i32::MIN,
                i32::MIN,
                i64::MAX,
                "-178956970 years -8 mons -2147483648 days +2562047788:00:54.775807",
            ),
            (0, 0, i64::MIN, "-2562047788:00:54.775808"),
        ] {
            shows(&Interval { months, days, microseconds }, text);
        }
        shows(&Interval::INFINITY, "infinity");
        shows(&Interval::NEG_INFINITY, "-infinity");
    }
}
