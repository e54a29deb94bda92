use trunkline_core::OperationId;

use crate::rows::Choices;

/// What JavaScript's numbers for operations stand for: the place of an operation among those that live.
#[derive(Debug, Default)]
pub(super) struct Operations(Vec<Option<Operation>>);

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation {
    pub(super) id: OperationId,
    /// Of SQL that is run by number.
    pub(super) statement: Option<u32>,
    pub(super) shape: Option<u32>,
    /// What JavaScript said of its rows.
    pub(super) wants: Wants,
}

/// What is wanted of an operation's rows: the flags of `exec`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wants(u32);

impl Wants {
    pub(super) const fn new(flags: u32) -> Self {
        Self(flags)
    }

    /// They are not wanted at all.
    pub(super) const fn no_rows(self) -> bool {
        self.0 & 1 != 0
    }

    /// What their values become.
    pub(super) const fn choices(self) -> Choices {
        Choices::new(self.0 >> 8)
    }
}

impl Operations {
    /// The number of a new operation.
    pub(super) fn add(&mut self, id: OperationId, statement: Option<u32>, wants: Wants) -> u32 {
        let place = usize::try_from(id.index()).unwrap_or(usize::MAX);
        if place >= self.0.len() {
            self.0.resize(place.saturating_add(1), None);
        }
        if let Some(slot) = self.0.get_mut(place) {
            *slot = Some(Operation { id, statement, shape: None, wants });
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

    pub(super) fn remove(&mut self, number: u32) -> Option<Operation> {
        self.0.get_mut(usize::try_from(number).ok()?)?.take()
    }
}
