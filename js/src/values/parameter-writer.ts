import { UsageError } from '../errors/usage-error.js';
import type { Memory } from '../engine/memory.js';

/** Tags of values: see `wasm/src/parameters/value.rs`. */
const Tag = {
  null: 0,
  bool: 1,
  int: 2,
  double: 3,
  bigint: 4,
  decimal: 5,
  string: 6,
  bytes: 7,
  json: 8,
  list: 9,
  date: 10,
} as const;

/** Strings up to this length are written by a loop while they are ASCII; `encodeInto` costs more than that. */
const SHORT = 64;

/** Lists in lists deeper than this are taken for a cycle. */
const DEEPEST = 64;

const encoder = new TextEncoder();

/** Writes parameters as tagged values into the scratch area of an engine. */
export class ParameterWriter {
  readonly #grow: (bytes: number) => number;
  readonly #memory: Memory;
  /** Address and length of the area, and where the next value goes. */
  #start: number;
  #capacity = 4096;
  #at = 0;

  /** `grow` makes the area that large, and tells where it is then. */
  constructor(memory: Memory, grow: (bytes: number) => number) {
    this.#grow = grow;
    this.#memory = memory;
    this.#start = grow(this.#capacity);
  }

  /** Writes all of them; throws a UsageError for a value that is none. */
  write(parameters: readonly unknown[]): number {
    this.#at = 0;
    // The core shrinks an area that became large.
    if (this.#capacity > 65_536) this.#capacity = 0;
    for (let index = 0; index < parameters.length; index++) {
      if (!this.#value(parameters[index], 0)) throw unsendable(parameters[index], index);
    }
    return parameters.length;
  }

  #value(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case 'string':
        this.#text(Tag.string, value);
        return true;
      case 'number':
        if ((value | 0) === value && !Object.is(value, -0)) {
          this.#head(Tag.int, value);
        } else {
          this.#wide(Tag.double);
          this.#memory.f64[(this.#start + this.#at - 8) >>> 3] = value;
        }
        return true;
      case 'boolean':
        this.#head(Tag.bool, value ? 1 : 0);
        return true;
      case 'bigint':
        if (BigInt.asIntN(64, value) === value) {
          this.#wide(Tag.bigint);
          this.#memory.i64[(this.#start + this.#at - 8) >>> 3] = value;
        } else {
          this.#text(Tag.decimal, String(value));
        }
        return true;
      case 'object':
        return this.#object(value, depth);
      default:
        return false;
    }
  }

  #object(value: object | null, depth: number): boolean {
    if (value === null) {
      this.#head(Tag.null, 0);
      return true;
    }
    if (Array.isArray(value)) return this.#list(value, depth + 1);
    if (ArrayBuffer.isView(value)) {
      this.#bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      return true;
    }
    if (value instanceof ArrayBuffer) {
      this.#bytes(new Uint8Array(value));
      return true;
    }
    if (value instanceof Date) {
      if (Number.isNaN(value.getTime())) return false;
      this.#text(Tag.date, value.toISOString());
      return true;
    }
    const json = JSON.stringify(value);
    if (json === undefined) return false;
    this.#text(Tag.json, json);
    return true;
  }

  #list(values: readonly unknown[], depth: number): boolean {
    if (depth > DEEPEST) return false;
    const head = this.#at;
    this.#head(Tag.list, values.length);
    this.#head(0, 0);
    for (let index = 0; index < values.length; index++) {
      if (!this.#value(values[index], depth)) return false;
    }
    this.#memory.u32[(this.#start + head + 8) >>> 2] = this.#at - head - 16;
    return true;
  }

  #text(tag: number, text: string): void {
    // UTF-8 takes three bytes for a UTF-16 unit at most.
    this.#reserve(8 + text.length * 3);
    const start = this.#start + this.#at + 8;
    const { u8 } = this.#memory;
    let length = 0;
    if (text.length < SHORT) {
      for (; length < text.length; length++) {
        const unit = text.charCodeAt(length);
        if (unit > 127) break;
        u8[start + length] = unit;
      }
    }
    if (length < text.length) length = encoder.encodeInto(text, u8.subarray(start)).written;
    this.#head(tag, length);
    this.#at += (length + 7) & ~7;
  }

  #bytes(bytes: Uint8Array): void {
    this.#reserve(8 + bytes.length);
    this.#memory.u8.set(bytes, this.#start + this.#at + 8);
    this.#head(Tag.bytes, bytes.length);
    this.#at += (bytes.length + 7) & ~7;
  }

  #wide(tag: number): void {
    this.#head(tag, 8);
    this.#reserve(8);
    this.#at += 8;
  }

  #head(tag: number, word: number): void {
    this.#reserve(8);
    const at = (this.#start + this.#at) >>> 2;
    this.#memory.u32[at] = tag;
    this.#memory.u32[at + 1] = word;
    this.#at += 8;
  }

  /** Makes room for so many bytes, padding included. */
  #reserve(bytes: number): void {
    const needed = this.#at + bytes + 8;
    if (needed <= this.#capacity) return;
    this.#capacity = Math.max(needed, this.#capacity * 2, 4096);
    if (this.#capacity > 0x7fff_ffff) throw new UsageError('the parameters are larger than 2 GB; nothing was sent');
    this.#start = this.#grow(this.#capacity);
  }
}

function unsendable(value: unknown, index: number): UsageError {
  const what =
    value === undefined
      ? 'is undefined; give null for NULL'
      : Array.isArray(value)
        ? 'is an array with an element that cannot be sent (undefined, a function, a symbol, or nested too deeply)'
        : value instanceof Date
          ? 'is an invalid Date'
          : `is a ${typeof value}, which cannot be sent`;
  return new UsageError(`parameter $${index + 1} ${what}; nothing was sent`);
}
