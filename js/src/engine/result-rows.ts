import { ConversionError } from '../errors/conversion-error.js';
import type { Codecs } from '../values/codec.js';
import { RowReader, type RowsAt } from '../values/row-reader.js';
import { Shape, type ShapeDescription } from '../values/shape.js';
import { Unreadable } from '../values/unreadable.js';
import type { GuardedEngine } from './guarded-engine.js';
import type { KnownStatement } from './known-statement.js';
import { Want, type Operation } from './operation.js';

/** Reads the rows of operations from the engine's memory. */
export class ResultRows {
  readonly #guarded: GuardedEngine;
  readonly #reader: RowReader;

  constructor(guarded: GuardedEngine, codecs: Codecs) {
    this.#guarded = guarded;
    this.#reader = new RowReader(guarded.memory, guarded.header, codecs);
  }

  /** Gives an operation what it wants of some rows of that shape. Answers why they cannot be read, if that is so. */
  read(operation: Operation, statement: KnownStatement, shape: number, rows: RowsAt): ConversionError | undefined {
    if (statement.shape?.number !== shape) {
      statement.shape = this.#shape(shape);
      this.#guarded.memory.refresh();
    }
    try {
      this.#read(operation, statement.shape, rows);
      return undefined;
    } catch (cause) {
      // A codec, json that is none, what Temporal cannot hold, a string longer than the runtime's limit.
      return this.#unreadable(statement.shape, cause);
    }
  }

  #read(operation: Operation, shape: Shape, rows: RowsAt): void {
    const { instance } = this.#guarded;
    instance.isReading = true;
    try {
      if (operation.want === Want.rows) this.#reader.read(shape, rows, operation.rows, Infinity);
      else if (operation.want === Want.row) this.#reader.read(shape, rows, operation.rows, 1 - operation.rows.length);
      else if (operation.want === Want.value && operation.received === 0) operation.value = this.#reader.first(shape, rows);
    } finally {
      instance.isReading = false;
    }
  }

  #shape(number: number): Shape {
    return new Shape(number, JSON.parse(this.#guarded.engine.shape(number) ?? '{}') as ShapeDescription);
  }

  /** What reading the column threw that is the last one to be read. */
  #unreadable({ number, names }: Shape, cause: unknown): ConversionError {
    const { column } = this.#reader;
    const type = this.#guarded.engine.typeName(number, column);
    this.#guarded.memory.refresh();
    const [why, origin] = cause instanceof Unreadable ? [cause.message, cause.cause] : [String(cause), cause];
    return new ConversionError(`column "${names[column]}" (PostgreSQL's ${type}) cannot be read: ${why}`, { cause: origin });
  }
}
