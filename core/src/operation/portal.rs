use alloc::sync::Arc;
use core::time::Duration;

/// The portal of a query whose rows are fetched a portion at a time.
#[derive(Debug)]
pub(crate) struct Portal {
    pub(crate) name: Arc<str>,
    /// How many rows the next Execute asks for; 0 for all.
    pub(crate) rows: u32,
    /// Whether it lives in a transaction block, and so beyond a Sync. Otherwise it holds the wire until it ends, with
    /// Flush in the place of Sync.
    pub(crate) in_block: bool,
    /// Its portion has come. In a block ReadyForQuery is still to come.
    pub(crate) has_portion: bool,
    /// A MOVE is under way in the place of an Execute.
    pub(crate) moving: bool,
    /// How many rows the last MOVE went past.
    pub(crate) moved: u64,
    /// The server was told to close it, or never had it.
    pub(crate) closed: bool,
    /// How long each portion may take.
    pub(crate) timeout: Option<Duration>,
}

impl Portal {
    pub(crate) fn new(name: Arc<str>, rows: u32, timeout: Option<Duration>) -> Self {
        Self {
            name,
            rows,
            in_block: false,
            has_portion: false,
            moving: false,
            moved: 0,
            closed: true,
            timeout,
        }
    }
}
