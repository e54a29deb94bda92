use wasm_bindgen::prelude::wasm_bindgen;

/// Makes a panic a JavaScript error that says where it was, instead of a bare `unreachable`.
///
/// The instance is of no use after it: js/src/engine/instance.ts closes its connections and makes a new one.
#[wasm_bindgen(start)]
pub(crate) fn start() {
    std::panic::set_hook(Box::new(|info| {
        let message = format!("trunkline's core failed, which is a bug; please report it: {info}");
        wasm_bindgen::throw_val(js_sys::Error::new(&message).into());
    }));
}
