import { UsageError } from '../errors/usage-error.js';
import type { Memory } from '../engine/memory.js';
import type { Codecs } from './codec.js';
import { Range } from './range.js';
import { listHint, rangeHint, type Hint } from './hint.js';
import { temporalText } from './temporal.js';

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
  object: 11,
  literal: 12,
  raw: 13,
  range: 14,
  bounded: 15,
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
  readonly #codecs: Codecs;
  /** Address and length of the area, and where the next value goes. */
  #start: number;
  #capacity = 4096;
  #isWriting = false;
  #at = 0;

  /** `grow` makes the area that large, and tells where it is then. */
  constructor(memory: Memory, codecs: Codecs, grow: (bytes: number) => number) {
    this.#grow = grow;
    this.#memory = memory;
    this.#codecs = codecs;
    this.#start = grow(this.#capacity);
  }

  /** Writes all of them, as the hints say; throws a UsageError for a value that is none. */
  write(parameters: readonly unknown[], hints: readonly Hint[] | null): number {
    if (this.#isWriting) throw new UsageError('a codec or toJSON cannot use the connection that it writes for');
    this.#at = 0;
    // The core shrinks an area that became large.
    if (this.#capacity > 65_536) this.#capacity = 0;
    this.#isWriting = true;
    try {
      for (let index = 0; index < parameters.length; index++) {
        if (!this.#value(parameters[index], hints?.[index] ?? null, 0)) throw unsendable(parameters[index], index);
      }
    } finally {
      this.#isWriting = false;
    }
    return parameters.length;
  }

  #value(value: unknown, hint: Hint, depth: number): boolean {
    if (value === null) {
      this.#head(Tag.null, 0);
      return true;
    }
    if (hint !== null && typeof hint === 'object' && 'codec' in hint && value !== undefined) {
      this.#encoded(hint.codec, value);
      return true;
    }
    switch (typeof value) {
      case 'string':
        this.#text(Tag.string, value);
        return true;
      case 'number':
        if ((value | 0) === value && !Object.is(value, -0)) {
          this.#head(Tag.int, value);
        } else {
          this.#double(Tag.double, value);
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
        return this.#object(value as object, hint, depth);
      default:
        return false;
    }
  }

  #object(value: object, hint: Hint, depth: number): boolean {
    if (ArrayBuffer.isView(value)) return this.#view(value, hint, depth);
    if (hint === 'json' && this.#json(value)) return true;
    if (Array.isArray(value)) return this.#array(value, hint, depth);
    if (value instanceof ArrayBuffer) {
      this.#bytes(Tag.bytes, new Uint8Array(value));
      return true;
    }
    if (value instanceof Date) {
      if (Number.isNaN(value.getTime())) return false;
      this.#double(Tag.date, value.getTime());
      return true;
    }
    if (value instanceof Range) {
      const { lower, upper } = value;
      return this.#list(Tag.range, [rangeFlags(value), lower, upper], rangeHint(hint), depth);
    }
    if (value instanceof Set) return this.#list(Tag.list, [...value], listHint(hint), depth);
    if (value instanceof Map) return this.#entries([...value], hint, depth);
    const text = temporalText(value);
    if (text !== undefined) {
      this.#text(Tag.string, text);
      return true;
    }
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return this.#value(toJSON.call(value), hint, depth + 1);
    return this.#entries(Object.entries(value), hint, depth);
  }

  /** What PostgreSQL takes as json, by the runtime's own code for it; false when that has none, as for a BigInt. */
  #json(value: object): boolean {
    try {
      const json = JSON.stringify(value instanceof Map ? Object.fromEntries(value) : value);
      if (json === undefined) return false;
      this.#text(Tag.json, json);
      return true;
    } catch {
      return false;
    }
  }

  #array(values: readonly unknown[], hint: Hint, depth: number): boolean {
    const { lowerBounds } = values as { lowerBounds?: unknown };
    if (!Array.isArray(lowerBounds)) return this.#list(Tag.list, values, listHint(hint), depth);
    // Without its bounds, or it would be written for ever.
    return this.#list(Tag.bounded, [lowerBounds, [...values]], hint, depth);
  }

  /** Bytes as they are, and numbers as a list of them. */
  #view(view: ArrayBufferView, hint: Hint, depth: number): boolean {
    if (!(view instanceof DataView) && !(view instanceof Uint8Array) && !(view instanceof Uint8ClampedArray)) {
      return this.#list(Tag.list, view as unknown as ArrayLike<unknown>, listHint(hint), depth);
    }
    this.#bytes(Tag.bytes, new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    return true;
  }

  /** Names and values in turn. As in JSON, what cannot be a value is left out. */
  #entries(entries: readonly (readonly [unknown, unknown])[], hint: Hint, depth: number): boolean {
    const fields = hint !== null && typeof hint === 'object' && 'fields' in hint ? hint.fields : undefined;
    const end = this.#open(Tag.object, depth);
    if (end === undefined) return false;
    let count = 0;
    for (const [name, value] of entries) {
      if (typeof name !== 'string') return false;
      if (value === undefined || typeof value === 'function' || typeof value === 'symbol') continue;
      this.#text(Tag.string, name);
      if (!this.#value(value, fields?.[name] ?? null, depth + 1)) return false;
      count++;
    }
    end(count);
    return true;
  }

  #list(tag: number, values: ArrayLike<unknown>, hint: Hint, depth: number): boolean {
    const end = this.#open(tag, depth);
    if (end === undefined) return false;
    for (let index = 0; index < values.length; index++) {
      if (!this.#value(values[index], hint, depth + 1)) return false;
    }
    end(values.length);
    return true;
  }

  /** Begins a value that is made of others; what is returned ends it. Nothing when it is too deep. */
  #open(tag: number, depth: number): ((count: number) => void) | undefined {
    if (depth > DEEPEST) return undefined;
    const head = this.#at;
    this.#head(tag, 0);
    this.#head(0, 0);
    return (count) => {
      const at = (this.#start + head) >>> 2;
      this.#memory.u32[at + 1] = count;
      this.#memory.u32[at + 2] = this.#at - head - 16;
    };
  }

  /** By a codec of the program's. */
  #encoded(codec: number, value: unknown): void {
    const encoded = this.#codecs.encode(codec, value);
    if (typeof encoded === 'string') this.#text(Tag.literal, encoded);
    else this.#bytes(Tag.raw, encoded);
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

  #bytes(tag: number, bytes: Uint8Array): void {
    this.#reserve(8 + bytes.length);
    this.#memory.u8.set(bytes, this.#start + this.#at + 8);
    this.#head(tag, bytes.length);
    this.#at += (bytes.length + 7) & ~7;
  }

  #double(tag: number, value: number): void {
    this.#wide(tag);
    this.#memory.f64[(this.#start + this.#at - 8) >>> 3] = value;
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

function rangeFlags(range: Range): number {
  if (range.isEmpty) return 1;
  return (
    (range.lowerInclusive ? 2 : 0) |
    (range.upperInclusive ? 4 : 0) |
    (range.lower === null ? 8 : 0) |
    (range.upper === null ? 16 : 0)
  );
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
