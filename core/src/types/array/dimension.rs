/// The most dimensions that an array of PostgreSQL's can have (`MAXDIM`).
pub(super) const MOST: usize = 6;

/// One dimension of an array: how many there are along it, and the subscript of the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dimension {
    /// How many there are along it.
    pub length: usize,
    /// The subscript of the first: 1, unless somebody chose another.
    pub lower_bound: i32,
}

impl Dimension {
    /// One that starts at 1, as they do when nobody says otherwise.
    pub const fn new(length: usize) -> Self {
        Self { length, lower_bound: 1 }
    }

    /// Its length and the subscript after its last, where there are such for PostgreSQL.
    pub(super) fn int4s(self) -> Option<(i32, i32)> {
        let length = i32::try_from(self.length).ok()?;
        Some((length, self.lower_bound.checked_add(length)?))
    }
}

/// How many elements dimensions hold: one dimension its length, none at all nothing.
pub(super) fn count(mut dimensions: impl Iterator<Item = Dimension>) -> Option<usize> {
    let Some(first) = dimensions.next() else { return Some(0) };
    dimensions.try_fold(first.length, |count, dimension| count.checked_mul(dimension.length))
}
