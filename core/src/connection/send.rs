use super::Connection;
use super::portal::Portals;
use super::wire::Wire;
use crate::error::Error;
use crate::operation::OperationId;
use crate::pipeline::Flight;
use crate::statement::Cache;

impl Connection {
    /// Sends a flight: at once, or when it is its turn.
    ///
    /// What is to be closed on the server goes ahead of one that leaves at once. Not of one that waits: somebody could
    /// give the name anew before.
    ///
    /// # Errors
    ///
    /// What does not fit: nothing was sent, and the operation is gone.
    pub(super) fn send<E: Into<Error>>(
        &mut self,
        id: OperationId,
        holds: bool,
        write: impl Fn(&mut Flight<'_>) -> Result<(), E>,
    ) -> Result<OperationId, Error> {
        let (statements, portals) = (&self.statements, &self.portals);
        match self.wire.send(id, holds, |flight| write_closes(flight, statements, portals), write) {
            Ok(true) => self.closes_left(),
            Ok(false) => {}
            Err(error) => {
                self.remove(id);
                return Err(error.into());
            }
        }
        Ok(id)
    }

    /// A flight with what is to be closed ahead of it was sent.
    pub(super) fn closes_left(&mut self) {
        self.statements.closed();
        self.portals.closed();
    }
}

/// A flight that leaves at once, with what is to be closed ahead of it: [`Connection::closes_left`] follows.
pub(super) fn leaving<'a>(wire: &'a mut Wire, statements: &Cache, portals: &Portals) -> Flight<'a> {
    let mut flight = wire.flight();
    write_closes(&mut flight, statements, portals);
    flight
}

/// Closes the statements that the cache pushed out, and portals that have ended.
fn write_closes(flight: &mut Flight<'_>, statements: &Cache, portals: &Portals) {
    // Neither can fail: the names are ours, and hold no NUL.
    for name in statements.closing() {
        let _ = flight.close_statement(OperationId::NONE, name.as_str());
    }
    for name in portals.closing() {
        let _ = flight.close_portal(OperationId::NONE, name);
    }
}
