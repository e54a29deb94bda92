/** How the rows of a statement are laid out, as the core describes it. */
export interface ShapeDescription {
  readonly names: readonly string[];
  readonly kinds: readonly number[];
  readonly slots: readonly number[];
  readonly nullWords: number;
  readonly stride: number;
}

/** The same, ready to read rows with. */
export class Shape {
  readonly number: number;
  readonly names: readonly string[];
  readonly kinds: Uint8Array;
  readonly slots: Uint16Array | Uint32Array;
  readonly nullWords: number;
  readonly stride: number;
  /** The position of a column that assignment would not create: `__proto__` sets the prototype instead. */
  readonly hasProto: boolean;

  constructor(number: number, description: ShapeDescription) {
    this.number = number;
    this.names = description.names;
    this.kinds = Uint8Array.from(description.kinds);
    this.slots = Uint32Array.from(description.slots);
    this.nullWords = description.nullWords;
    this.stride = description.stride;
    this.hasProto = description.names.includes('__proto__');
  }
}
