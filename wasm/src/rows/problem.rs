use trunkline_core::types::BoxError;
use trunkline_core::wire::Malformed;

/// Why a value cannot become a slot, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem(pub(crate) String);

impl From<BoxError> for Problem {
    fn from(problem: BoxError) -> Self {
        Self(problem.to_string())
    }
}

impl From<Malformed> for Problem {
    fn from(problem: Malformed) -> Self {
        Self(problem.to_string())
    }
}
