//! The types of the extension pgvector.

mod binary16;
mod dense;
mod half;
#[cfg(feature = "pgvector-0_4")]
mod pgvector_0_4;
mod sparse;
#[expect(clippy::module_inception, reason = "it is what the type is called")]
mod vector;

pub use half::HalfVector;
pub use sparse::SparseVector;
pub use vector::Vector;
pub(super) use vector::list_form;
