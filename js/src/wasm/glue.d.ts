import type { Core } from '../engine/core.js';

/** A new instance of the wasm core. */
export function instantiate(module: WebAssembly.Module): Core;
