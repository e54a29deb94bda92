//! Dates, times and intervals. See "Date/Time Types".
//!
//! Each has the whole of PostgreSQL's range, with infinity, years BC and 24:00, which the types of other crates
//! lack; conversions to and from those are checked.

mod ascii;
mod civil;
mod date;
mod duration;
mod foreign;
mod fraction;
mod interval;
mod out_of_range;
mod scan;
#[cfg(test)]
mod testing;
mod time;
mod time_tz;
mod timestamp;
mod timestamp_tz;

#[cfg(feature = "chrono-0_4")]
mod chrono_0_4;
#[cfg(feature = "jiff-0_2")]
mod jiff_0_2;
#[cfg(any(feature = "chrono-0_4", feature = "jiff-0_2", feature = "time-0_3"))]
mod rounded;
#[cfg(feature = "time-0_3")]
mod time_0_3;

pub use date::Date;
pub use interval::Interval;
pub use out_of_range::OutOfRange;
pub use time::Time;
pub use time_tz::TimeTz;
pub use timestamp::Timestamp;
pub use timestamp_tz::TimestampTz;

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_MINUTE: i64 = 60 * MICROS_PER_SECOND;
const MICROS_PER_HOUR: i64 = 60 * MICROS_PER_MINUTE;
const MICROS_PER_DAY: i64 = 24 * MICROS_PER_HOUR;
