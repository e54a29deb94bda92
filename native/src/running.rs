use std::task::{Context, Poll};

use trunkline_core::{Connection as Core, Error, OperationId, Outcome};

use crate::driver::Driver;
use crate::held::Held;
use crate::observe::Observed;

/// An operation that outlives the call that began it: of a stream, a cursor, a COPY.
///
/// Dropped before its end it is given up. The connection goes with it, to whom it belongs.
pub(crate) struct Running<'a> {
    id: OperationId,
    connection: Held<'a>,
    observed: Observed,
    has_ended: bool,
}

impl<'a> Running<'a> {
    pub(crate) fn new(id: OperationId, connection: Held<'a>, observed: Observed) -> Self {
        Self { id, connection, observed, has_ended: false }
    }

    pub(crate) fn id(&self) -> OperationId {
        self.id
    }

    pub(crate) fn driver(&self) -> &Driver {
        self.connection.driver()
    }

    /// Waits until that gives something of it.
    pub(crate) fn poll_for<T>(
        &self,
        cx: &mut Context<'_>,
        take: impl Fn(&mut Core, OperationId) -> Option<T>,
    ) -> Poll<T> {
        self.driver().poll_for(self.id, cx, |core| take(core, self.id))
    }

    /// It has come to that.
    pub(crate) fn end(mut self, outcome: Result<Outcome, Error>) -> Result<Outcome, Error> {
        self.has_ended = true;
        self.observed.ended(outcome.as_ref().map(Outcome::tag));
        outcome
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if !self.has_ended {
            self.driver().abandon(self.id);
        }
    }
}
