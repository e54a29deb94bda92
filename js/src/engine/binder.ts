import type { Codecs } from '../values/codec.js';
import type { Hint } from '../values/hint.js';
import { ParameterWriter } from '../values/parameter-writer.js';
import type { GuardedEngine } from './guarded-engine.js';
import type { KnownStatement } from './known-statement.js';
import type { Operation } from './operation.js';

/** Writes parameters for the engine to bind, by what is known of their types. */
export class Binder {
  readonly #guarded: GuardedEngine;
  readonly #writer: ParameterWriter;

  constructor(guarded: GuardedEngine, codecs: Codecs) {
    this.#guarded = guarded;
    const { engine, memory } = guarded;
    this.#writer = new ParameterWriter(memory, codecs, (bytes) => {
      const start = guarded.call(() => engine.scratch(bytes));
      memory.refresh();
      return start;
    });
  }

  /** Writes an operation's parameters as its statement wants them, and tells how many there are. */
  write({ statement, parameters }: Operation): number {
    return this.#writer.write(parameters, parameters.length === 0 ? null : this.#hints(statement!));
  }

  /** The same for one that was described just now: its types may be others than before. */
  writeDescribed(operation: Operation): number {
    const statement = operation.statement!;
    const { engine, memory } = this.#guarded;
    statement.hints = JSON.parse(engine.operationHints(operation.number) ?? 'null') as readonly Hint[] | null;
    memory.refresh();
    return this.#writer.write(operation.parameters, statement.hints);
  }

  /** How a statement's parameters are written, as far as that is known. */
  #hints(statement: KnownStatement): readonly Hint[] | null {
    if (statement.hints === undefined) {
      const { engine, memory } = this.#guarded;
      const hints = engine.hints(statement.number);
      memory.refresh();
      if (hints === undefined) return null;
      statement.hints = JSON.parse(hints) as readonly Hint[] | null;
    }
    return statement.hints;
  }
}
