use std::fmt;
use std::sync::Arc;

use trunkline_core::{Error, ServerError};

use super::QueryEvent;

type Hook<T> = Arc<dyn Fn(&T) + Send + Sync>;
type QueryHook = Arc<dyn Fn(&QueryEvent<'_>) + Send + Sync>;

/// What the program wants to hear of.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    pub(crate) on_query: Option<QueryHook>,
    pub(crate) on_notice: Option<Hook<ServerError>>,
    pub(crate) on_close: Option<Hook<Error>>,
}

/// Which of them are set.
impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("on_query", &self.on_query.is_some())
            .field("on_notice", &self.on_notice.is_some())
            .field("on_close", &self.on_close.is_some())
            .finish()
    }
}
