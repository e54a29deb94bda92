//! JavaScript's time: milliseconds since an origin that stays the same.

use std::time::Duration;

use trunkline_core::Instant;

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates, and NaN is 0: as meant"
)]
pub(super) fn instant(milliseconds: f64) -> Instant {
    Instant((milliseconds * 1e6) as u64)
}

/// Rounded up, so that a timer set for it does not come too early.
#[expect(clippy::cast_precision_loss, reason = "a double holds a hundred days of nanoseconds")]
pub(super) fn milliseconds(instant: Instant) -> f64 {
    (instant.0 as f64 / 1e6).ceil()
}

/// How long an operation may take; 0 is for the connection's default.
pub(super) fn timeout(milliseconds: f64) -> Option<Duration> {
    (milliseconds > 0.0).then(|| Duration::try_from_secs_f64(milliseconds / 1e3).unwrap_or(Duration::MAX))
}
