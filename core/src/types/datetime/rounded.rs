//! From the nanoseconds that other crates count to PostgreSQL's microseconds: to the nearest one, as the server
//! reads a text with more digits than it keeps.

use super::{MICROS_PER_SECOND, Time, Timestamp, fraction};

impl Time {
    /// Seconds since midnight and the nanoseconds after them, of which a leap second has more than 10^9.
    #[inline]
    pub(super) fn rounded(seconds: u32, nanos: u32) -> Option<Self> {
        Self::checked(i64::from(seconds) * MICROS_PER_SECOND + fraction::micros(nanos))
    }
}

impl Timestamp {
    /// Seconds since 1970-01-01 00:00:00 and the nanoseconds after them, of which a leap second has more than 10^9.
    #[inline]
    pub(super) fn rounded(seconds: i64, nanos: u32) -> Option<Self> {
        const FIRST: i64 = Timestamp::MIN.micros() / MICROS_PER_SECOND - 1;
        const LAST: i64 = Timestamp::MAX.micros() / MICROS_PER_SECOND;
        let seconds = seconds.checked_add(Self::EPOCH.micros() / MICROS_PER_SECOND);
        let seconds = seconds.filter(|seconds| (FIRST..=LAST).contains(seconds))?;
        Self::finite(seconds * MICROS_PER_SECOND + fraction::micros(nanos))
    }
}
