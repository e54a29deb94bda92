//! Every conversation whole, byte by byte, and in pieces: the same comes of it.

use std::fmt::Debug;

/// The sizes of the pieces: one piece first, then bytes, and what cuts headers and bodies everywhere.
pub const SIZES: [usize; 7] = [usize::MAX, 1, 2, 3, 5, 7, 64];

/// Runs the same conversation in pieces of every size, and gives what came of it, which must be the same.
#[track_caller]
pub fn every<T: PartialEq + Debug>(run: impl Fn(usize) -> T) -> T {
    let whole = run(SIZES[0]);
    for size in &SIZES[1..] {
        assert_eq!(run(*size), whole, "in pieces of {size}");
    }
    whole
}
