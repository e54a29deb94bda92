import { Header } from '../engine/header.js';
import type { Memory } from '../engine/memory.js';
import { Cell } from './cell.js';
import type { Codecs } from './codec.js';
import { NestedReader, type CellReader } from './nested-reader.js';
import type { Shape } from './shape.js';

/** The bit of a text's slot that says that the rest is an index into the list of long values. */
const INDEX = 0x7fff_ffff;

/** A row as a plain object. */
export type PlainRow = Record<string, unknown>;

/** Where the rows of an event are: see `wasm/src/rows/output.rs`. */
export interface RowsAt {
  readonly slot: number;
  readonly segment: number;
  readonly segments: number;
}

/**
 * Makes rows of slots, by one loop for all shapes: it needs no `eval`, which pages and workers may forbid.
 */
export class RowReader implements CellReader {
  readonly #memory: Memory;
  readonly #header: number;
  readonly #nested: NestedReader;
  // The texts of the segment that is being read, and where the next one starts.
  #text = '';
  #from = 0;
  #column = 0;

  /** Reads with the addresses that stand in the header whose first word that is. */
  constructor(memory: Memory, header: number, codecs: Codecs) {
    this.#memory = memory;
    this.#header = header;
    this.#nested = new NestedReader(memory, header, codecs, this);
  }

  /** The column whose value could not be read, when reading threw. */
  get column(): number {
    return this.#column;
  }

  /** Appends the rows of an event to `out`, at most `limit` of them. */
  read(shape: Shape, rows: RowsAt, out: PlainRow[], limit: number): void {
    const { names, kinds, slots, nullWords, stride } = shape;
    const before = out.length;
    this.#nested.layouts = shape.layouts;
    const { i32, u32, f64 } = this.#memory;
    const width = names.length;
    let base = (u32[this.#header + Header.slots] >>> 2) + rows.slot;
    let segment = (u32[this.#header + Header.segments] >>> 2) + rows.segment * 4;
    for (const end = segment + rows.segments * 4; segment < end && limit > 0; segment += 4) {
      this.#enter(segment);
      let text = this.#text;
      let from = 0;
      const count = Math.min(u32[segment], limit);
      limit -= count;
      for (let row = 0; row < count; row++, base += stride) {
        const object: PlainRow = {};
        let anyNull = false;
        for (let word = 0; word < nullWords; word++) anyNull ||= u32[base + word] !== 0;
        for (let column = 0; column < width; column++) {
          const at = base + slots[column];
          let value: unknown;
          if (anyNull && ((u32[base + (column >>> 5)] >>> (column & 31)) & 1) === 1) {
            value = null;
          } else {
            switch (kinds[column]) {
              case Cell.text: {
                const end = i32[at];
                if (end >= 0) {
                  value = text.substring(from, end);
                  from = end;
                } else {
                  this.#column = column;
                  value = this.#long(end & INDEX);
                }
                break;
              }
              case Cell.i32:
                value = i32[at];
                break;
              case Cell.u32:
                value = u32[at];
                break;
              case Cell.bool:
                value = i32[at] !== 0;
                break;
              case Cell.f64:
                value = f64[at >>> 1];
                break;
              default:
                this.#from = from;
                this.#column = column;
                value = this.cell(kinds[column], at);
                from = this.#from;
            }
          }
          object[names[column]] = value;
        }
        out.push(object);
      }
    }
    if (shape.hasProto) this.#withProto(shape, rows, out, before);
  }

  /** The first column of the first row. */
  first(shape: Shape, rows: RowsAt): unknown {
    const { u32 } = this.#memory;
    const base = (u32[this.#header + Header.slots] >>> 2) + rows.slot;
    if (shape.names.length === 0 || (u32[base] & 1) === 1) return null;
    this.#enter((u32[this.#header + Header.segments] >>> 2) + rows.segment * 4);
    this.#nested.layouts = shape.layouts;
    this.#column = 0;
    return this.cell(shape.kinds[0], base + shape.slots[0]);
  }

  /** Reads the texts of the segment that stands at that word. */
  #enter(segment: number): void {
    const { u32 } = this.#memory;
    const bytes = u32[segment + 2];
    this.#from = 0;
    this.#text =
      bytes === 0
        ? ''
        : this.#memory.text(u32[this.#header + Header.texts] + u32[segment + 1], bytes, u32[segment + 3] === 1);
  }

  /** The value of one cell, whose texts come in the order of their reading. */
  cell(kind: number, at: number): unknown {
    const { i32, u32, f64, i64 } = this.#memory;
    switch (kind) {
      case Cell.i32:
        return i32[at];
      case Cell.u32:
        return u32[at];
      case Cell.bool:
        return i32[at] !== 0;
      case Cell.f64:
        return f64[at >>> 1];
      case Cell.i64:
        return i64[at >>> 1];
      case Cell.text:
        return this.#next(i32[at]);
      case Cell.json:
        return JSON.parse(this.#next(i32[at]));
      case Cell.bytes:
        return this.#bytes(u32[at] & INDEX);
      case Cell.f32:
        return widened(this.#memory.f32[at]);
      case Cell.number:
        return Number(this.#next(i32[at]));
      case Cell.date: {
        const time = f64[at >>> 1];
        // A Date has no infinities.
        return Number.isFinite(time) ? new Date(time) : time;
      }
      default:
        return this.#nested.read(kind - Cell.layout, at);
    }
  }

  #next(slot: number): string {
    if (slot < 0) return this.#long(slot & INDEX);
    const text = this.#text.substring(this.#from, slot);
    this.#from = slot;
    return text;
  }

  #long(index: number): string {
    const { u32 } = this.#memory;
    const at = (u32[this.#header + Header.long] >>> 2) + index * 3;
    return this.#memory.text(u32[at], u32[at + 1], u32[at + 2] === 1);
  }

  #bytes(index: number): Uint8Array {
    const { u32, u8 } = this.#memory;
    const at = (u32[this.#header + Header.long] >>> 2) + index * 3;
    return u8.slice(u32[at], u32[at] + u32[at + 1]);
  }

  /** Reads the rows from `before` on once more, with the column that assignment could not create. */
  #withProto(shape: Shape, rows: RowsAt, out: PlainRow[], before: number): void {
    const renamed = Object.create(shape, {
      hasProto: { value: false },
      names: { value: shape.names.map((name, column) => `${column} ${name}`) },
    }) as Shape;
    const read: PlainRow[] = [];
    this.read(renamed, rows, read, out.length - before);
    for (const [index, row] of read.entries()) {
      const object: PlainRow = {};
      for (const [column, name] of shape.names.entries()) {
        const value = row[renamed.names[column]];
        Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
      }
      out[before + index] = object;
    }
  }
}

/** Singles below this have fewer digits. */
const SMALLEST_NORMAL = 2 ** -126;

/** The double with the shortest decimal of a single: 0.1::float4 is 0.1, as in psql. */
function widened(single: number): number {
  // Integers of up to 24 bits are themselves; of larger ones only the first digits are told.
  if ((Number.isInteger(single) && Math.abs(single) <= 0x100_0000) || !Number.isFinite(single)) return single;
  // Six digits always survive in a single that is not tiny, nine always suffice.
  for (let digits = Math.abs(single) < SMALLEST_NORMAL ? 1 : 6; digits < 9; digits++) {
    const double = Number(single.toPrecision(digits));
    if (Math.fround(double) === single) return double;
  }
  return Number(single.toPrecision(9));
}
