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
    fn change(&self, change: impl FnOnce(&mut Registry)) {
        let mut registry = self.0.registry.borrow_mut();
        change(&mut registry);
        self.0.generation.set(registry.generation());
    }
}

/// What one connection has seen of the types that it shares; they are its own at first.
///
/// Connections follow before every command and every chunk, and nothing comes between a chunk and what is learned
/// from it: whoever learned something knows all that the others did.
#[derive(Debug, Default)]
pub(super) struct Sharing {
    types: SharedTypes,
    seen: u64,
}

impl Sharing {
    /// Shares others from now on, on a connection that knows nothing yet.
    pub(super) fn share(&mut self, types: &SharedTypes, connection: &mut Connection) {
        self.types = types.clone();
        self.follow(connection);
    }

    /// Takes over what the others have learned or forgotten since this was called last.
    pub(super) fn follow(&mut self, connection: &mut Connection) {
        let shared = &self.types.0;
        if shared.generation.get() != self.seen {
            self.seen = shared.generation.get();
            connection.set_registry(shared.registry.borrow().clone());
        }
    }

    /// Tells the others what the connection has learned.
    pub(super) fn tell(&mut self, connection: &Connection) {
        self.types.change(|registry| registry.clone_from(connection.registry()));
        self.seen = connection.registry().generation();
    }

    /// Forgets all, for everyone.
    pub(super) fn forget_all(&mut self, connection: &mut Connection) {
        self.types.forget_all();
        self.follow(connection);
    }
}
