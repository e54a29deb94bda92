/// Names one operation of one connection, until its outcome is taken or it is forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OperationId {
    pub(crate) index: u32,
    pub(crate) generation: u32,
}

impl OperationId {
    /// No operation: for messages that are sent on nobody's behalf.
    pub(crate) const NONE: Self = Self { index: u32::MAX, generation: u32::MAX };

    /// The place of the operation among those that live: small, and used again when it has ended.
    pub const fn index(self) -> u32 {
        self.index
    }
}
