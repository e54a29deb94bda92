/// Where the session stands as to transactions, as ReadyForQuery tells it.
///
/// ```
/// use trunkline_core::TransactionStatus;
///
/// let may_write = |status| status != TransactionStatus::Failed;
/// assert!(may_write(TransactionStatus::InBlock));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TransactionStatus {
    /// In no transaction block (`I`).
    #[default]
    Idle,
    /// In a transaction block (`T`).
    InBlock,
    /// In a transaction block that has failed: everything is refused until it is rolled back (`E`).
    Failed,
}

impl TransactionStatus {
    /// The status of a byte of ReadyForQuery, if the protocol knows it.
    ///
    /// ```
    /// use trunkline_core::TransactionStatus;
    ///
    /// assert_eq!(TransactionStatus::from_byte(b'E'), Some(TransactionStatus::Failed));
    /// assert_eq!(TransactionStatus::from_byte(b'?'), None);
    /// ```
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            b'I' => Some(Self::Idle),
            b'T' => Some(Self::InBlock),
            b'E' => Some(Self::Failed),
            _ => None,
        }
    }

    /// The byte of ReadyForQuery.
    ///
    /// ```
    /// assert_eq!(trunkline_core::TransactionStatus::Idle.byte(), b'I');
    /// ```
    pub const fn byte(self) -> u8 {
        match self {
            Self::Idle => b'I',
            Self::InBlock => b'T',
            Self::Failed => b'E',
        }
    }
}
