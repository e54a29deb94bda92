use std::array;

/// Numbers that look random and are the same in every run (splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Less than `end`, which is not 0.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end)).unwrap_or_default()
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        array::from_fn(|_| self.next().to_le_bytes()[0])
    }

    pub(crate) fn int4(&mut self) -> i32 {
        i32::from_le_bytes(self.bytes())
    }

    pub(crate) fn int8(&mut self) -> i64 {
        i64::from_le_bytes(self.bytes())
    }

    pub(crate) fn float8(&mut self) -> f64 {
        f64::from(self.int4()) / 1024.0
    }

    /// Small letters, at least `shortest` and less than `end` of them.
    pub(crate) fn text(&mut self, shortest: u32, end: u32) -> String {
        let length = shortest + self.below(end - shortest);
        (0..length).filter_map(|_| char::from_digit(10 + self.below(26), 36)).collect()
    }
}

/// So many values, each made of other numbers.
pub(crate) fn values<T>(count: usize, mut make: impl FnMut(&mut Random) -> T) -> Vec<T> {
    let mut random = Random(42);
    (0..count).map(|_| make(&mut random)).collect()
}
