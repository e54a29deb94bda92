import type { EngineFailure } from '../errors/from-engine.js';
import type { CheckedOptions } from '../options.js';
import type { Binder } from './binder.js';
import type { EventHandler, RowsEvent } from './events.js';
import type { GuardedEngine } from './guarded-engine.js';
import type { Operation } from './operation.js';
import type { Operations } from './operations.js';
import { ResultRows } from './result-rows.js';

/** Who is told what became of the session. */
export interface SessionListener {
  ready(): void;
  closed(why: EngineFailure): void;
}

/** Gives operations what the engine tells of them. */
export class Outcomes implements EventHandler {
  readonly #guarded: GuardedEngine;
  readonly #operations: Operations;
  readonly #binder: Binder;
  readonly #rows: ResultRows;
  readonly #options: CheckedOptions;
  readonly #session: SessionListener;

  constructor(
    guarded: GuardedEngine,
    operations: Operations,
    binder: Binder,
    options: CheckedOptions,
    session: SessionListener,
  ) {
    this.#guarded = guarded;
    this.#operations = operations;
    this.#binder = binder;
    this.#rows = new ResultRows(guarded, options.codecs);
    this.#options = options;
    this.#session = session;
  }

  ready(): void {
    this.#session.ready();
  }

  rows({ operation: number, shape, count, at }: RowsEvent): void {
    const operation = this.#operations.get(number);
    if (operation?.statement === undefined) return;
    const unreadable = this.#rows.read(operation, operation.statement, shape, at);
    if (unreadable !== undefined) this.#forget(operation, unreadable);
    operation.received += count;
  }

  finished(number: number, command: number, count: number): void {
    const operation = this.#operations.take(number);
    if (operation === undefined) return;
    operation.command = this.#guarded.command(command);
    operation.count = count;
    this.#operations.settle(operation);
  }

  failed(number: number, error: number): void {
    const operation = this.#operations.take(number);
    if (operation !== undefined) this.#operations.settle(operation, this.#guarded.object(error));
  }

  told(number: number, object: number): void {
    const operation = this.#operations.take(number);
    if (operation === undefined) return;
    operation.object = this.#guarded.object(object);
    // What was described just now may be other types than before.
    if (operation.statement !== undefined) operation.statement.hints = undefined;
    this.#operations.settle(operation);
  }

  /** The types of an operation's parameters are known now. */
  described(number: number): void {
    const operation = this.#operations.get(number);
    if (operation === undefined) return;
    let count;
    try {
      count = this.#binder.writeDescribed(operation);
    } catch (error) {
      // The same values were written once before, but not by codecs.
      return this.#forget(operation, error);
    }
    const bound = this.#guarded.engine.bind(number, count);
    this.#guarded.memory.refresh();
    if (!bound) {
      this.#operations.take(number);
      this.#operations.settle(operation, this.#guarded.lastError());
    }
  }

  notice(object: number): void {
    const { server } = this.#guarded.object(object) as EngineFailure;
    const { onNotice } = this.#options;
    if (server === undefined || onNotice === undefined) return;
    // Out of here: what it throws is reported as uncaught, and it may run queries.
    queueMicrotask(() => onNotice(server));
  }

  closed(why: number): void {
    this.#session.closed(this.#guarded.object(why) as EngineFailure);
  }

  /** Ends one that the engine would go on with. */
  #forget(operation: Operation, why: unknown): void {
    this.#operations.take(operation.number);
    this.#guarded.engine.forget(operation.number);
    this.#operations.settle(operation, why);
  }
}
