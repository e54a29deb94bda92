//! The types that a registry holds, sorted by OID.

use alloc::vec::Vec;

use crate::types::Type;

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) type_: Type,
    /// The generation that it came with.
    pub(super) learned: u64,
}

impl Entry {
    pub(super) fn oid(&self) -> u32 {
        self.type_.oid()
    }

    fn any_part(&self, is: &dyn Fn(&Type) -> bool) -> bool {
        self.type_.description().is_some_and(|description| description.kind.any_part(is))
    }
}

/// Adds an entry, or replaces the one of the same type.
pub(super) fn put(entries: &mut Vec<Entry>, entry: Entry) {
    match entries.binary_search_by_key(&entry.oid(), Entry::oid) {
        Ok(at) => {
            if let Some(old) = entries.get_mut(at) {
                *old = entry;
            }
        }
        Err(at) => entries.insert(at, entry),
    }
}

/// Types hold what they are made of by value: those that hold what one of the others says otherwise are forgotten.
pub(super) fn forget_outdated(entries: &mut Vec<Entry>) {
    let is_outdated = |part: &Type| match entries.binary_search_by_key(&part.oid(), Entry::oid) {
        Ok(at) => entries.get(at).is_some_and(|entry| entry.type_.description() != part.description()),
        Err(_) => false,
    };
    let mut outdated = Vec::new();
    for entry in entries.iter() {
        if entry.any_part(&is_outdated) {
            outdated.push(entry.oid());
        }
    }
    keep(entries, &mut |entry| !outdated.contains(&entry.oid()));
    forget_holders(entries, outdated);
}

/// Forgets what is made of types that were forgotten.
pub(super) fn forget_holders(entries: &mut Vec<Entry>, mut forgotten: Vec<u32>) {
    while !forgotten.is_empty() {
        let mut holders = Vec::new();
        keep(entries, &mut |entry| {
            let holds = entry.any_part(&|part| forgotten.contains(&part.oid()));
            if holds {
                holders.push(entry.oid());
            }
            !holds
        });
        forgotten = holders;
    }
}

/// The one instance of `retain`: each takes its place in the wasm.
pub(super) fn keep(entries: &mut Vec<Entry>, is_kept: &mut dyn FnMut(&Entry) -> bool) {
    entries.retain(|entry| is_kept(entry));
}
