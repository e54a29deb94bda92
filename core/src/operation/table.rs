use alloc::vec::Vec;

use super::{Operation, OperationId};

/// The operations that live, each in a slot whose generation tells a new owner from the last.
#[derive(Debug, Default)]
pub(crate) struct Operations {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Slot {
    generation: u32,
    operation: Option<Operation>,
}

impl Operations {
    pub(crate) fn insert(&mut self, operation: Operation) -> OperationId {
        if let Some(index) = self.free.pop()
            && let Some(slot) = self.slots.get_mut(index as usize)
        {
            slot.operation = Some(operation);
            return OperationId { index, generation: slot.generation };
        }
        // 2^32 operations at once do not fit in memory.
        let index = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        self.slots.push(Slot { generation: 0, operation: Some(operation) });
        OperationId { index, generation: 0 }
    }

    pub(crate) fn get(&self, id: OperationId) -> Option<&Operation> {
        let slot = self.slots.get(id.index as usize)?;
        if slot.generation == id.generation { slot.operation.as_ref() } else { None }
    }

    pub(crate) fn get_mut(&mut self, id: OperationId) -> Option<&mut Operation> {
        let slot = self.slots.get_mut(id.index as usize)?;
        if slot.generation == id.generation { slot.operation.as_mut() } else { None }
    }

    pub(crate) fn remove(&mut self, id: OperationId) {
        if let Some(slot) = self.slots.get_mut(id.index as usize)
            && slot.generation == id.generation
            && slot.operation.is_some()
        {
            // Where it lies: it is too big to be moved for that.
            slot.operation = None;
            slot.generation = slot.generation.wrapping_add(1);
            self.free.push(id.index);
        }
    }

    /// The ids of all that live.
    pub(crate) fn ids(&self) -> Vec<OperationId> {
        (0u32..)
            .zip(&self.slots)
            .filter(|(_, slot)| slot.operation.is_some())
            .map(|(index, slot)| OperationId { index, generation: slot.generation })
            .collect()
    }
}
