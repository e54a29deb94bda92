//! From the nanoseconds that other crates count to PostgreSQL's microseconds: to the nearest one, as the server
//! reads a text with more digits than it keeps.

use super::{MICROS_PER_SECOND, Time, Timestamp, fraction};

impl Time {
    /// Seconds since midnight and the nanoseconds after them, of which a leap second has more than 10^9.
    pub(super) fn rounded(seconds: i64, nanos: i64) -> Option<Self> {
        Self::checked(seconds.checked_mul(MICROS_PER_SECOND)?.checked_add(fraction::micros(nanos))?)
    }
}

impl Timestamp {
    /// Seconds since 1970-01-01 00:00:00 and the nanoseconds after them, or before when they are negative.
    pub(super) fn rounded(seconds: i64, nanos: i64) -> Option<Self> {
        const SECONDS_TO_1970: i64 = Timestamp::EPOCH.micros() / MICROS_PER_SECOND;
        let seconds = seconds.checked_add(SECONDS_TO_1970)?;
        Self::finite(seconds.checked_mul(MICROS_PER_SECOND)?.checked_add(fraction::micros(nanos))?)
    }
}
