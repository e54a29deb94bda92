use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// The origin of the time that core is told.
static ORIGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Now, as core counts time.
pub(crate) fn now() -> trunkline_core::Instant {
    let nanos = ORIGIN.elapsed().as_nanos();
    trunkline_core::Instant(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// The moment that core means, on the clock of the timers.
pub(crate) fn at(instant: trunkline_core::Instant) -> tokio::time::Instant {
    tokio::time::Instant::from_std(*ORIGIN + Duration::from_nanos(instant.0))
}

/// Any number, for what must differ and need not be secret.
pub(crate) fn random() -> u32 {
    // A source that fails gives the same number each time: what differs by it then does not.
    getrandom::u32().unwrap_or_default()
}

/// Fresh randomness for an authentication exchange.
pub(crate) fn nonce() -> std::io::Result<[u8; 24]> {
    let mut nonce = [0; 24];
    getrandom::fill(&mut nonce).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(nonce)
}
