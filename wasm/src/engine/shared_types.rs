use std::cell::{Cell, RefCell};
use std::rc::Rc;

use trunkline_core::Connection;
use trunkline_core::types::Registry;
use wasm_bindgen::prelude::wasm_bindgen;

/// What is known of a database's own types, by all connections that share it.
#[wasm_bindgen]
#[derive(Debug, Clone, Default)]
pub struct SharedTypes(Rc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// The registry's, looked at before every command.
    generation: Cell<u64>,
    registry: RefCell<Registry>,
}

#[wasm_bindgen]
impl SharedTypes {
    /// Nothing is known yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets all of it, and the descriptions of statements on every connection that shares it.
    #[wasm_bindgen(js_name = forgetAll)]
    pub fn forget_all(&self) {
        self.change(Registry::forget_all);
    }
}

impl SharedTypes {
    /// All that is known after a change.
    fn change(&self, change: impl FnOnce(&mut Registry)) -> Registry {
        let mut registry = self.0.registry.borrow_mut();
        change(&mut registry);
        self.0.generation.set(registry.generation());
        registry.clone()
    }
}

/// What one connection has seen of the types that it shares; of its own at first.
#[derive(Debug, Default)]
pub(super) struct Sharing {
    types: SharedTypes,
    seen: u64,
}

impl Sharing {
    /// Shares others from now on.
    pub(super) fn share(&mut self, types: &SharedTypes, connection: &mut Connection) {
        self.types = types.clone();
        self.adopt(connection);
    }

    /// Takes over what has changed since this was called last.
    pub(super) fn follow(&mut self, connection: &mut Connection) {
        if self.types.0.generation.get() != self.seen {
            self.adopt(connection);
        }
    }

    /// Brings what the connection has learned together with what the others know.
    pub(super) fn adopt(&mut self, connection: &mut Connection) {
        let registry = self.types.change(|registry| registry.merge(connection.registry()));
        self.seen = registry.generation();
        connection.set_registry(registry);
    }

    /// Forgets all, for everyone.
    pub(super) fn forget_all(&mut self, connection: &mut Connection) {
        self.types.forget_all();
        self.adopt(connection);
    }
}
