import { wasm } from '../wasm/inline.js';
import { instantiate } from '../wasm/glue.js';
import type { Core } from './core.js';
import { Memory, type BufferOver } from './memory.js';

/** One instance of the wasm core, which all connections share until it fails. */
export class Instance {
  readonly core: Core;
  readonly memory: Memory;
  /** Rows are being read of its memory: nothing may write to it. */
  isReading = false;
  /** What to do for each of its connections when it fails. */
  readonly #connections = new Set<(cause: Error) => void>();

  private constructor(bufferOver: BufferOver) {
    this.core = instantiate(compiled());
    this.memory = new Memory(this.core.memory, bufferOver);
  }

  /** The instance that new connections live in. */
  static current(bufferOver: BufferOver): Instance {
    current ??= new Instance(bufferOver);
    return current;
  }

  /** Has `failed` called when the instance fails. The answer takes it back. */
  watch(failed: (cause: Error) => void): () => void {
    this.#connections.add(failed);
    return () => this.#connections.delete(failed);
  }

  /** A call into it threw: its memory can no longer be trusted. Its connections end, new ones get a new one. */
  fail(cause: unknown): void {
    if (current === this) current = undefined;
    const error = cause instanceof Error ? cause : new Error(String(cause));
    const connections = [...this.#connections];
    this.#connections.clear();
    for (const failed of connections) failed(error);
  }
}

let current: Instance | undefined;
let module: WebAssembly.Module | undefined;

/** Compiled once, and synchronously: a module of this size may be, everywhere. */
function compiled(): WebAssembly.Module {
  module ??= new WebAssembly.Module(bytes());
  return module;
}

function bytes(): Uint8Array<ArrayBuffer> {
  const text = atob(wasm);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
