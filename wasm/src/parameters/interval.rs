use trunkline_core::types::{BoxError, Interval};

use super::numbers::whole;
use super::value::Value;

/// What the parts of an interval are called, which field they count for, and how much of it each is.
const PARTS: [(&str, Field, i64); 9] = [
    ("years", Field::Months, 12),
    ("months", Field::Months, 1),
    ("weeks", Field::Days, 7),
    ("days", Field::Days, 1),
    ("hours", Field::Microseconds, 3_600_000_000),
    ("minutes", Field::Microseconds, 60_000_000),
    ("seconds", Field::Microseconds, 1_000_000),
    ("milliseconds", Field::Microseconds, 1_000),
    ("microseconds", Field::Microseconds, 1),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Months,
    Days,
    Microseconds,
}

/// The interval of an object such as `{ months: 1, days: -2 }`: whole numbers of the parts that are there.
pub(super) fn interval(parts: &[(&str, Value<'_>)]) -> Result<Interval, BoxError> {
    if let Some(infinite) = infinite(parts) {
        return Ok(infinite);
    }
    let (mut months, mut days, mut microseconds) = (0_i64, 0_i64, 0_i64);
    for (name, value) in parts {
        let Some((_, field, factor)) = PARTS.iter().find(|(known, ..)| known == name) else {
            return Err(format!("an interval has no {name}").into());
        };
        let count = match value {
            Value::Int(int) => i64::from(*int),
            Value::BigInt(int) => *int,
            Value::Double(double) => whole(*double)?,
            _ => return Err(format!("its {name} are a {}, not a number", value.host_type()).into()),
        };
        let sum = match field {
            Field::Months => &mut months,
            Field::Days => &mut days,
            Field::Microseconds => &mut microseconds,
        };
        let more = count.checked_mul(*factor).and_then(|part| sum.checked_add(part));
        *sum = more.ok_or_else(|| too_long(name))?;
    }
    Ok(Interval {
        months: months.try_into().map_err(|_| too_long("months"))?,
        days: days.try_into().map_err(|_| too_long("days"))?,
        microseconds,
    })
}

/// What an infinite interval is read as.
fn infinite(parts: &[(&str, Value<'_>)]) -> Option<Interval> {
    let all = |infinity: f64| {
        !parts.is_empty()
            && parts.iter().all(|(_, value)| matches!(value, Value::Double(double) if *double == infinity))
    };
    match () {
        () if all(f64::INFINITY) => Some(Interval::INFINITY),
        () if all(f64::NEG_INFINITY) => Some(Interval::NEG_INFINITY),
        () => None,
    }
}

#[cold]
fn too_long(part: &str) -> BoxError {
    format!("its {part} are more than an interval holds").into()
}
