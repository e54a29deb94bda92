/** How a row is laid out: where each of its fields is, and how it is read. */
export interface RowLayout {
  readonly names: readonly string[];
  readonly kinds: ArrayLike<number>;
  readonly slots: ArrayLike<number>;
  /** Words of null bitmap at its start. */
  readonly nullWords: number;
  readonly stride: number;
}

/** How a value that is made of others is laid out: see `wasm/src/rows/layout.rs`. */
export type Layout =
  /** Elements of one kind, in any number of dimensions. */
  | { readonly array: number }
  /** A range with bounds of that kind. */
  | { readonly range: number }
  /** Ranges of that layout. */
  | { readonly multirange: number }
  /** The fields of a composite value. */
  | { readonly record: RowLayout }
  /** Keys with texts or NULLs. */
  | { readonly map: true }
  /** An anonymous record: its values say what they are. */
  | { readonly tuple: true }
  /** A value of that kind, given to a codec of the program's. */
  | { readonly codec: number; readonly of: number }
  /** A value of that kind, which a class of Temporal is made from. */
  | { readonly temporal: TemporalClass; readonly of: number };

/** The classes of Temporal that values become. */
export type TemporalClass = 'Instant' | 'PlainDateTime' | 'PlainDate' | 'PlainTime' | 'Duration';

/** How the rows of a statement are laid out, as the core describes it. */
export interface ShapeDescription extends RowLayout {
  readonly layouts: readonly Layout[];
}

/** The same, ready to read rows with. */
export class Shape implements RowLayout {
  readonly number: number;
  readonly names: readonly string[];
  readonly kinds: Uint16Array;
  readonly slots: Uint32Array;
  readonly nullWords: number;
  readonly stride: number;
  readonly layouts: readonly Layout[];
  /** The position of a column that assignment would not create: `__proto__` sets the prototype instead. */
  readonly hasProto: boolean;

  constructor(number: number, description: ShapeDescription) {
    this.number = number;
    this.names = description.names;
    this.kinds = Uint16Array.from(description.kinds);
    this.slots = Uint32Array.from(description.slots);
    this.nullWords = description.nullWords;
    this.stride = description.stride;
    this.layouts = description.layouts;
    this.hasProto = description.names.includes('__proto__');
  }
}
