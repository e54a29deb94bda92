use core::fmt;

/// Stands in `Debug` output for bytes that are secret: tells only how many there are.
pub(super) struct Redacted<'a>(pub(super) &'a [u8]);

impl fmt::Debug for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} bytes>", self.0.len())
    }
}
