import { UsageError } from '../errors/usage-error.js';
import type { Memory } from '../engine/memory.js';
import type { Codecs } from './codec.js';
import { Range } from './range.js';
import { listHint, rangeHint, type Hint } from './hint.js';
import { temporalText } from './temporal.js';
import { Unsendable } from './unsendable.js';

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
    let index = 0;
    try {
      for (; index < parameters.length; index++) this.#value(parameters[index], hints?.[index] ?? null, 0);
    } catch (error) {
      throw error instanceof Unsendable ? error.of(index) : error;
    } finally {
      this.#isWriting = false;
    }
    return parameters.length;
  }

  #value(value: unknown, hint: Hint, depth: number): void {
    if (value === null) return this.#head(Tag.null, 0);
    if (hint !== null && typeof hint === 'object' && 'codec' in hint && value !== undefined) {
      return this.#encoded(hint.codec, value);
    }
    switch (typeof value) {
      case 'string':
        return this.#text(Tag.string, value);
      case 'number':
        if ((value | 0) === value && !Object.is(value, -0)) return this.#head(Tag.int, value);
        return this.#double(Tag.double, value);
      case 'boolean':
        return this.#head(Tag.bool, value ? 1 : 0);
      case 'bigint':
        if (BigInt.asIntN(64, value) !== value) return this.#text(Tag.decimal, String(value));
        this.#wide(Tag.bigint);
        this.#memory.i64[(this.#start + this.#at - 8) >>> 3] = value;
        return;
      case 'object':
        return this.#object(value as object, hint, depth);
      case 'undefined':
        throw new Unsendable('undefined cannot be sent; give null for NULL');
      default:
        throw new Unsendable(`a ${typeof value} cannot be sent`);
    }
  }

  #object(value: object, hint: Hint, depth: number): void {
    if (ArrayBuffer.isView(value)) return this.#view(value, hint, depth);
    // As json it would be an empty object.
    if (value instanceof Promise) throw new Unsendable('a Promise cannot be sent; await it first');
    if (hint === 'json' && this.#json(value)) return;
    if (Array.isArray(value)) return this.#array(value, hint, depth);
    if (value instanceof ArrayBuffer) return this.#bytes(Tag.bytes, new Uint8Array(value));
    if (value instanceof Date) {
      if (Number.isNaN(value.getTime())) throw new Unsendable('an invalid Date cannot be sent');
      return this.#double(Tag.date, value.getTime());
    }
    if (value instanceof Range) return this.#range(value, rangeHint(hint), depth);
    if (value instanceof Set) return this.#list([...value], listHint(hint), depth);
    if (value instanceof Map) return this.#entries([...value], hint, depth);
    const text = temporalText(value);
    if (text !== undefined) return this.#text(Tag.string, text);
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return this.#value(madeJson(value, toJSON), hint, depth + 1);
    this.#entries(Object.entries(value), hint, depth);
  }

  /** What PostgreSQL takes as json, by the runtime's own code for it; false when that has none, as for a BigInt. */
  #json(value: object): boolean {
    try {
      let json = JSON.stringify(plain(value));
      if (json === undefined) return false;
      // Perhaps a Map or Set was in it, of which that code writes no more than this. A replacer makes it slow.
      if (json.includes('{}') && hasMapOrSet(value)) json = JSON.stringify(value, (_, part: unknown) => plain(part));
      this.#text(Tag.json, json);
      return true;
    } catch {
      return false;
    }
  }

  #array(values: readonly unknown[], hint: Hint, depth: number): void {
    const { lowerBounds } = values as { lowerBounds?: unknown };
    if (!Array.isArray(lowerBounds)) return this.#list(values, listHint(hint), depth);
    const end = this.#open(Tag.bounded, depth);
    this.#list(lowerBounds, null, depth + 1);
    this.#list(values, listHint(hint), depth + 1);
    end(2);
  }

  /** Bytes as they are, and numbers as a list of them. */
  #view(view: ArrayBufferView, hint: Hint, depth: number): void {
    if (!(view instanceof DataView) && !(view instanceof Uint8Array) && !(view instanceof Uint8ClampedArray)) {
      return this.#list(view as unknown as ArrayLike<unknown>, listHint(hint), depth);
    }
    this.#bytes(Tag.bytes, new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }

  /** Its flags and bounds. */
  #range(range: Range, hint: Hint, depth: number): void {
    const end = this.#open(Tag.range, depth);
    this.#head(Tag.int, rangeFlags(range));
    this.#value(range.lower, hint, depth + 1);
    this.#value(range.upper, hint, depth + 1);
    end(3);
  }

  /** Names and values in turn. As in JSON, what cannot be a value is left out. */
  #entries(entries: readonly (readonly [unknown, unknown])[], hint: Hint, depth: number): void {
    const fields = hint !== null && typeof hint === 'object' && 'fields' in hint ? hint.fields : undefined;
    const end = this.#open(Tag.object, depth);
    let count = 0;
    for (const [name, value] of entries) {
      if (typeof name !== 'string') throw new Unsendable(`a Map has a key that is a ${typeof name}, not a string`);
      if (value === undefined || typeof value === 'function' || typeof value === 'symbol') continue;
      this.#text(Tag.string, name);
      this.#value(value, fields?.[name] ?? null, depth + 1);
      count++;
    }
    end(count);
  }

  #list(values: ArrayLike<unknown>, hint: Hint, depth: number): void {
    const end = this.#open(Tag.list, depth);
    for (let index = 0; index < values.length; index++) this.#value(values[index], hint, depth + 1);
    end(values.length);
  }

  /** Begins a value that is made of others; what is returned ends it. */
  #open(tag: number, depth: number): (count: number) => void {
    if (depth > DEEPEST) throw new Unsendable(`it holds itself, or is nested more than ${DEEPEST} deep`);
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

/** As JSON has it, of what it would lose. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value);
  return value instanceof Set ? [...value] : value;
}

/** In what was written as JSON, and therefore does not hold itself. */
function hasMapOrSet(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof Map || value instanceof Set || Object.values(value).some(hasMapOrSet);
}

function madeJson(value: object, toJSON: Function): unknown {
  try {
    return toJSON.call(value);
  } catch (cause) {
    throw new Unsendable(`its toJSON failed: ${String(cause)}`, cause);
  }
}
