//! The types of the extension pgvector.

mod binary16;
mod dense;
mod half;
mod sparse;
#[expect(clippy::module_inception, reason = "it is what the type is called")]
mod vector;

pub use half::HalfVector;
pub use sparse::SparseVector;
pub use vector::Vector;
