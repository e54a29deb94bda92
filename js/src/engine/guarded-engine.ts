import type { EngineFailure } from '../errors/from-engine.js';
import { UsageError } from '../errors/usage-error.js';
import type { Engine } from './core.js';
import { Header } from './header.js';
import type { Instance } from './instance.js';
import type { Memory } from './memory.js';

/** An engine and what goes with each call of it: fresh views of its memory, and the end of its instance when it throws. */
export class GuardedEngine {
  readonly instance: Instance;
  readonly engine: Engine;
  readonly memory: Memory;
  /** The index of the header's first word. */
  readonly header: number;
  /** Why it is closed, and what every later call is told. */
  closed: EngineFailure | undefined = undefined;
  readonly #commands: (string | undefined)[] = [];

  constructor(instance: Instance, engine: Engine) {
    this.instance = instance;
    this.engine = engine;
    this.memory = instance.memory;
    this.memory.refresh();
    this.header = engine.header() >>> 2;
  }

  checkOpen(): void {
    if (this.closed !== undefined) throw this.closed;
    // It would write over what is being read.
    if (this.instance.isReading) throw new UsageError('a codec cannot use a connection while it decodes');
  }

  /** Calls the engine. What it throws is the end of its instance. */
  call<T>(call: () => T): T {
    this.checkOpen();
    try {
      const result = call();
      this.memory.refresh();
      return result;
    } catch (error) {
      return this.fail(error);
    }
  }

  /** The same where nobody waits for an answer. */
  guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.instance.fail(error);
    }
  }

  /** A call of it threw this; throws what that makes of the connection. */
  fail(error: unknown): never {
    this.instance.fail(error);
    throw this.closed;
  }

  /** The bits of `Flags`. */
  get flags(): number {
    return this.memory.u32[this.header + Header.flags];
  }

  /** An event's object. */
  object(index: number): unknown {
    const object = this.engine.object(index);
    this.memory.refresh();
    return JSON.parse(object ?? 'null');
  }

  /** Why the call before failed. */
  lastError(): EngineFailure {
    const object = this.engine.lastError();
    this.memory.refresh();
    return JSON.parse(object ?? 'null');
  }

  /** The name of a command. */
  command(index: number): string {
    return (this.#commands[index] ??= this.engine.command(index) ?? '');
  }
}
