use core::hash::{BuildHasherDefault, Hasher};

/// Hashes the keys of the statement cache, which is too small for a flood of collisions to matter.
pub(super) type BuildHasher = BuildHasherDefault<Fold>;

/// Eight bytes at a time are folded in by a multiplication: as fast as hashbrown's own hasher on SQL, and a
/// fraction of its code.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fold(u64);

impl Fold {
    const fn fold(&mut self, word: u64) {
        // An odd number near 2^64 divided by the golden ratio.
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.fold(u64::from_le_bytes(*word));
        }
        let mut last = 0;
        for byte in rest {
            last = last << 8 | u64::from(*byte);
        }
        self.fold(last);
    }

    fn write_u8(&mut self, byte: u8) {
        self.fold(byte.into());
    }

    fn write_u32(&mut self, word: u32) {
        self.fold(word.into());
    }

    /// The upper bits are the good ones, and the table looks at both ends.
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}
