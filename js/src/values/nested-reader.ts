import { Header } from '../engine/header.js';
import type { Memory } from '../engine/memory.js';
import { Cell, slotsOf } from './cell.js';
import type { Codecs } from './codec.js';
import { Range } from './range.js';
import type { Layout, RowLayout } from './shape.js';
import { fromTemporal } from './temporal.js';

/** Reads one cell. */
export interface CellReader {
  cell(kind: number, at: number): unknown;
}

/** The flags of a range: see "Range Types" and `wasm/src/rows/nested.rs`. */
const RangeFlag = { empty: 1, lowerInclusive: 2, upperInclusive: 4, lowerInfinite: 8, upperInfinite: 16 } as const;

/** The words of a range: its flags, a gap, two slots for each bound. */
const RANGE_WORDS = 6;

/** The bit of an array's number of dimensions that says that lower bounds follow the lengths. */
const LOWER_BOUNDS = 0x8000_0000;

/** What stands for the kind of a NULL. */
const NULL = 0xffff_ffff;

/** Makes values that are made of others, from nested slots. */
export class NestedReader {
  /** Those of the shape that is being read. */
  layouts: readonly Layout[] = [];
  readonly #memory: Memory;
  readonly #header: number;
  readonly #codecs: Codecs;
  readonly #cells: CellReader;

  constructor(memory: Memory, header: number, codecs: Codecs, cells: CellReader) {
    this.#memory = memory;
    this.#header = header;
    this.#codecs = codecs;
    this.#cells = cells;
  }

  /** The value of that layout whose slot is at `at`. */
  read(index: number, at: number): unknown {
    const layout = this.layouts[index];
    if ('codec' in layout) return this.#codecs.decode(layout.codec, this.#cells.cell(layout.of, at));
    if ('temporal' in layout) return fromTemporal(layout.temporal, this.#cells.cell(layout.of, at));
    const { u32 } = this.#memory;
    const start = (u32[this.#header + Header.nested] >>> 2) + u32[at];
    if ('array' in layout) return this.#array(layout.array, start);
    if ('record' in layout) return this.#record(layout.record, start);
    if ('range' in layout) return this.#range(layout.range, start);
    if ('multirange' in layout) return this.#multirange(layout.multirange, start);
    return 'tuple' in layout ? this.#tuple(start) : this.#map(start);
  }

  /** `[ dimensions ][ lengths ][ lower bounds? ][ null bitmap ][ to an even index ][ elements ]` */
  #array(kind: number, start: number): unknown[] {
    const { u32, i32 } = this.#memory;
    const dimensions = u32[start] & ~LOWER_BOUNDS;
    if (dimensions === 0) return [];
    const lengths = Array.from(u32.subarray(start + 1, start + 1 + dimensions));
    const hasBounds = (u32[start] & LOWER_BOUNDS) !== 0;
    const nulls = start + 1 + (hasBounds ? 2 : 1) * dimensions;
    const lowerBounds = hasBounds ? Array.from(i32.subarray(nulls - dimensions, nulls)) : undefined;
    const count = lengths.reduce((product, length) => product * length, 1);
    // The start is even, so that the offset's parity is the address's.
    const first = start + (((nulls - start + ((count + 31) >>> 5) + 1) >>> 1) << 1);
    const width = slotsOf(kind);
    let values: unknown[] = [];
    for (let at = 0; at < count; at++) {
      values.push(this.#isNull(nulls, at) ? null : this.#cells.cell(kind, first + at * width));
    }
    for (let dimension = dimensions - 1; dimension > 0; dimension--) values = chunks(values, lengths[dimension]);
    // Not enumerable: JSON, spreading and comparing see an array like any other.
    if (lowerBounds !== undefined) Object.defineProperty(values, 'lowerBounds', { value: lowerBounds });
    return values;
  }

  /** Laid out as a row is. */
  #record({ names, kinds, slots }: RowLayout, start: number): object {
    const object: Record<string, unknown> = {};
    for (let field = 0; field < names.length; field++) {
      const value = this.#isNull(start, field) ? null : this.#cells.cell(kinds[field], start + slots[field]);
      set(object, names[field], value);
    }
    return object;
  }

  /** `[ flags ][ gap ][ lower bound, two slots ][ upper bound, two slots ]` */
  #range(kind: number, start: number): Range {
    const flags = this.#memory.u32[start];
    if ((flags & RangeFlag.empty) !== 0) return Range.empty;
    return new Range({
      lower: (flags & RangeFlag.lowerInfinite) !== 0 ? null : this.#cells.cell(kind, start + 2),
      upper: (flags & RangeFlag.upperInfinite) !== 0 ? null : this.#cells.cell(kind, start + 4),
      lowerInclusive: (flags & RangeFlag.lowerInclusive) !== 0,
      upperInclusive: (flags & RangeFlag.upperInclusive) !== 0,
    });
  }

  /** `[ count ][ gap ][ ranges ]` */
  #multirange(kind: number, start: number): Range[] {
    const ranges: Range[] = [];
    const end = start + 2 + this.#memory.u32[start] * RANGE_WORDS;
    for (let at = start + 2; at < end; at += RANGE_WORDS) ranges.push(this.#range(kind, at));
    return ranges;
  }

  /** `[ count ][ gap ][ kind of cell, or NULL; gap; two slots ]…` */
  #tuple(start: number): unknown[] {
    const { u32 } = this.#memory;
    const values: unknown[] = [];
    const end = start + 2 + u32[start] * 4;
    for (let at = start + 2; at < end; at += 4) {
      values.push(u32[at] === NULL ? null : this.#cells.cell(u32[at], at + 2));
    }
    return values;
  }

  /** `[ count ][ null bitmap ][ key, value ]…`, both texts. */
  #map(start: number): object {
    const object: Record<string, unknown> = {};
    const count = this.#memory.u32[start];
    const texts = start + 1 + ((count + 31) >>> 5);
    for (let pair = 0; pair < count; pair++) {
      const key = this.#cells.cell(Cell.text, texts + pair * 2) as string;
      set(object, key, this.#isNull(start + 1, pair) ? null : this.#cells.cell(Cell.text, texts + pair * 2 + 1));
    }
    return object;
  }

  #isNull(bitmap: number, index: number): boolean {
    return ((this.#memory.u32[bitmap + (index >>> 5)] >>> (index & 31)) & 1) === 1;
  }
}

/** As assignment does it, except for the one name that assignment takes for something else. */
function set(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

function chunks(elements: unknown[], size: number): unknown[][] {
  const out: unknown[][] = [];
  for (let at = 0; at < elements.length; at += size) out.push(elements.slice(at, at + size));
  return out;
}
