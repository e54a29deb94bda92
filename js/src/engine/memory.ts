/** What of Node's Buffer decodes text. */
export interface BufferLike {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}

/** Makes a Buffer over memory; none where the runtime has no Buffer. */
export type BufferOver = ((memory: ArrayBuffer) => BufferLike) | undefined;

/**
 * Views of the wasm memory.
 *
 * Any call into wasm may grow the memory, which detaches every view: call `refresh` after each.
 */
export class Memory {
  u8 = new Uint8Array();
  i32 = new Int32Array();
  u32 = new Uint32Array();
  f32 = new Float32Array();
  f64 = new Float64Array();
  i64 = new BigInt64Array();
  readonly #memory: WebAssembly.Memory;
  readonly #bufferOver: BufferOver;
  // A byte order mark is a character like any other in a value.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #buffer: BufferLike | undefined;

  constructor(memory: WebAssembly.Memory, bufferOver: BufferOver) {
    this.#memory = memory;
    this.#bufferOver = bufferOver;
    this.refresh();
  }

  refresh(): void {
    const { buffer } = this.#memory;
    if (buffer === this.u8.buffer) return;
    this.u8 = new Uint8Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.i64 = new BigInt64Array(buffer);
    this.#buffer = this.#bufferOver?.(buffer);
  }

  /** A copy of so many bytes at an address. */
  copy(start: number, bytes: number): Uint8Array {
    return this.u8.slice(start, start + bytes);
  }

  /** The text of so many bytes at an address. */
  text(start: number, bytes: number, ascii: boolean): string {
    const end = start + bytes;
    if (this.#buffer === undefined) return this.#decoder.decode(this.u8.subarray(start, end));
    return ascii ? this.#buffer.latin1Slice(start, end) : this.#buffer.utf8Slice(start, end);
  }
}
