use trunkline_core::OperationId;

/// What JavaScript's numbers for operations stand for: the place of an operation among those that live.
#[derive(Debug, Default)]
pub(super) struct Operations(Vec<Option<Operation>>);

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation {
    pub(super) id: OperationId,
    /// Of SQL that is run by number.
    pub(super) statement: Option<u32>,
    pub(super) shape: Option<u32>,
    pub(super) discards_rows: bool,
}

impl Operations {
    /// The number of a new operation.
    pub(super) fn add(&mut self, id: OperationId, statement: Option<u32>) -> u32 {
        let place = usize::try_from(id.index()).unwrap_or(usize::MAX);
        if place >= self.0.len() {
            self.0.resize(place.saturating_add(1), None);
        }
        if let Some(slot) = self.0.get_mut(place) {
            *slot = Some(Operation { id, statement, shape: None, discards_rows: false });
        }
        id.index()
    }

    pub(super) fn get(&self, number: u32) -> Option<Operation> {
        *self.0.get(usize::try_from(number).ok()?)?
    }

    /// The operation of an event, unless it was forgotten.
    pub(super) fn find(&self, id: OperationId) -> Option<Operation> {
        self.get(id.index()).filter(|operation| operation.id == id)
    }

    pub(super) fn set_shape(&mut self, id: OperationId, shape: u32) {
        let slot = usize::try_from(id.index()).ok().and_then(|place| self.0.get_mut(place));
        if let Some(operation) = slot.and_then(Option::as_mut) {
            operation.shape = Some(shape);
        }
    }

    /// Nobody wants the rows of an operation.
    pub(super) fn discard_rows(&mut self, number: u32) {
        let slot = usize::try_from(number).ok().and_then(|place| self.0.get_mut(place));
        if let Some(operation) = slot.and_then(Option::as_mut) {
            operation.discards_rows = true;
        }
    }

    pub(super) fn remove(&mut self, number: u32) -> Option<Operation> {
        self.0.get_mut(usize::try_from(number).ok()?)?.take()
    }
}
