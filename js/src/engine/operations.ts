import type { Engine } from './core.js';
import type { Operation } from './operation.js';
import { Queue } from './queue.js';

/** Gives an operation to the engine, and answers its number there. */
export type Start = (engine: Engine, operation: Operation) => number;

/** The operations of a connection that are under way. */
export class Operations {
  /** By their numbers in the engine. */
  readonly #started: (Operation | undefined)[] = [];
  /** Those that wait because the engine has enough to do. */
  readonly #waiting = new Queue<{ operation: Operation; start: Start }>();
  #underWay = 0;
  #idle: (() => void)[] = [];

  /** One more is under way, until it is settled. */
  begin(): void {
    this.#underWay++;
  }

  /** The engine has it under that number. */
  started(operation: Operation, number: number): void {
    operation.number = number;
    this.#started[number] = operation;
  }

  get areWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  wait(operation: Operation, start: Start): void {
    this.#waiting.push({ operation, start });
  }

  /** The one that has waited longest. */
  nextWaiting(): { operation: Operation; start: Start } | undefined {
    return this.#waiting.shift();
  }

  get(number: number): Operation | undefined {
    return this.#started[number];
  }

  /** The engine does not have it any more. */
  take(number: number): Operation | undefined {
    const operation = this.#started[number];
    this.#started[number] = undefined;
    return operation;
  }

  /** Ends an operation, with an error if one is given. */
  settle(operation: Operation, error?: unknown): void {
    if (operation.settled) return;
    operation.settled = true;
    operation.detach?.();
    if (error === undefined) operation.resolve(operation);
    else operation.reject(error);
    if (--this.#underWay === 0 && this.#idle.length > 0) {
      for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  /** Ends them all: with one error those that the engine has, with another those that it never had. */
  failAll(started: unknown, waiting: unknown): void {
    for (const operation of this.#started.splice(0)) {
      if (operation !== undefined) this.settle(operation, started);
    }
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.settle(next.operation, waiting);
    }
  }

  /** Resolves when nothing is under way any more. */
  whenIdle(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }
}
