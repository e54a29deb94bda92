import type { CloseReason } from '../errors/closed-error.js';
import type { EngineFailure } from '../errors/from-engine.js';
import { UsageError } from '../errors/usage-error.js';
import type { CheckedOptions } from '../options.js';
import type { QueryOptions } from '../query.js';
import type { OpenTransport } from '../transport/transport.js';
import { representationBits } from '../values/representation.js';
import { Binder } from './binder.js';
import type { Configuration, Engine } from './core.js';
import { readEvents } from './events.js';
import { GuardedEngine } from './guarded-engine.js';
import { Flags, Header } from './header.js';
import type { Instance } from './instance.js';
import type { KnownStatement } from './known-statement.js';
import { Operation, Want, type Result } from './operation.js';
import { Operations, type Start } from './operations.js';
import { Outcomes, type SessionListener } from './outcomes.js';
import { Statements } from './statements.js';
import { Wire, type WireListener } from './wire.js';

/** What `exec` returns when it failed. */
const FAILED = 0xffff_ffff;

/** The flag of `exec` that says that rows are not wanted; from bit 8 on, what values become. */
const NO_ROWS = 1;
const REPRESENTATIONS = 8;

/**
 * Drives one engine over one transport: what the program wants is given to the engine, and what that then tells to the
 * operations.
 *
 * Rejects with the core's failures as they are: whoever hands them to the program makes errors of them there, where
 * the stack is the caller's.
 */
export class Driver implements WireListener, SessionListener {
  readonly #guarded: GuardedEngine;
  readonly #wire: Wire;
  readonly #operations = new Operations();
  readonly #binder: Binder;
  readonly #outcomes: Outcomes;
  readonly #statements: Statements;
  readonly #options: CheckedOptions;
  readonly #unwatch: () => void;
  #opening: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  /** Whether the transport has ended. */
  #ended = false;
  #onEnd: (() => void)[] = [];

  constructor(
    instance: Instance,
    configuration: Configuration,
    host: number,
    open: OpenTransport,
    options: CheckedOptions,
  ) {
    const nonce = crypto.getRandomValues(new Uint8Array(24));
    const engine = new instance.core.Engine(configuration, host, performance.now(), nonce);
    if (options.sharedTypes !== undefined) engine.shareTypes(options.sharedTypes.within(instance));
    this.#guarded = new GuardedEngine(instance, engine);
    this.#binder = new Binder(this.#guarded, options.codecs);
    this.#outcomes = new Outcomes(this.#guarded, this.#operations, this.#binder, options, this);
    this.#statements = new Statements(engine);
    this.#options = options;
    this.#wire = new Wire(this.#guarded, open, this);
    this.#unwatch = instance.watch((cause) => this.#instanceFailed(cause));
    open.listen(this.#wire);
  }

  /** Resolves when the session is open. */
  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#guarded.closed !== undefined) return reject(this.#guarded.closed);
      this.#opening = { resolve, reject };
      this.#wire.flush();
    });
  }

  /** Runs one statement. */
  query(
    statement: string | KnownStatement,
    parameters: readonly unknown[],
    want: Want,
    options: QueryOptions | undefined,
  ): Promise<Result> {
    const known = typeof statement === 'string' ? this.statement(statement) : statement;
    if (!Array.isArray(parameters)) throw new UsageError('the parameters are an array, $1 first');
    const operation = new Operation(known, parameters, want, options?.timeout ?? 0, this.#representations(options));
    return this.#run(operation, this.#exec, options?.signal);
  }

  /** Runs a script, and answers with its commands. */
  async script(sql: string, options: QueryOptions | undefined): Promise<unknown> {
    checkSql(sql);
    const operation = new Operation(undefined);
    const start: Start = (engine) => engine.simple(sql, performance.now());
    return (await this.#run(operation, start, options?.signal)).object;
  }

  /** Describes a statement. */
  async prepare(statement: KnownStatement, options: QueryOptions | undefined): Promise<unknown> {
    const operation = new Operation(statement);
    const start: Start = (engine) => engine.prepare(statement.number, performance.now());
    return (await this.#run(operation, start, options?.signal)).object;
  }

  /** Closes a prepared statement. */
  async closeStatement(statement: KnownStatement): Promise<void> {
    const operation = new Operation(statement);
    await this.#run(operation, (engine) => engine.closeStatement(statement.number, performance.now()), undefined);
    this.release(statement);
  }

  /** Runs statements in one flight. Those with parameters must be described already. */
  batch(
    queries: readonly { statement: KnownStatement; parameters: readonly unknown[] }[],
    continueOnError: boolean,
    options: QueryOptions | undefined,
  ): Promise<PromiseSettledResult<Result>[]> {
    this.#guarded.checkOpen();
    const representations = this.#representations(options);
    const operations = queries.map(
      ({ statement, parameters }) => new Operation(statement, parameters, Want.rows, 0, representations),
    );
    const numbers = this.#startBatch(operations, continueOnError, options?.timeout ?? 0);
    operations.forEach((operation, index) => {
      this.#operations.begin();
      this.#operations.started(operation, numbers[index]);
      this.#listen(operation, options?.signal);
    });
    this.#wire.soon();
    return Promise.allSettled(operations.map(({ promise }) => promise));
  }

  /** The statement of that text. */
  statement(sql: string): KnownStatement {
    checkSql(sql);
    this.#guarded.checkOpen();
    return this.#call(() => this.#statements.get(sql));
  }

  /** A statement of its own, not shared with others of that text. */
  ownStatement(sql: string): KnownStatement {
    checkSql(sql);
    this.#guarded.checkOpen();
    return this.#call(() => this.#statements.add(sql));
  }

  /** Forgets a statement of its own. */
  release(statement: KnownStatement): void {
    if (!this.isClosed) this.#call(() => this.#statements.release(statement));
  }

  /** Whether a statement's parameters are known, so that it can be part of a batch. */
  isDescribed(statement: KnownStatement): boolean {
    return this.#call(() => this.#engine.isDescribed(statement.number));
  }

  /** Resolves when nothing is under way any more. */
  whenIdle(): Promise<void> {
    return this.#operations.whenIdle();
  }

  /** Says goodbye; resolves when the stream has ended. */
  goodbye(): Promise<void> {
    if (!this.isClosed) {
      this.#call(() => this.#engine.terminate());
      this.#wire.goodbye();
      this.#close(closedBy('caller', 'it was closed by this program', true));
    }
    if (this.#ended) return Promise.resolve();
    return new Promise((resolve) => this.#onEnd.push(resolve));
  }

  /** Ends the stream now. */
  destroy(): void {
    this.#close(closedBy('caller', 'it was closed by this program', true));
    this.#finish();
  }

  /** Forgets the types of the database's own, and how statements use them; so do all who share them. */
  reloadTypes(): void {
    this.#call(() => this.#engine.reloadTypes());
    this.#statements.forgetHints();
  }

  get isClosed(): boolean {
    return this.#guarded.closed !== undefined;
  }

  parameter(name: string): string | undefined {
    return this.#call(() => this.#engine.parameter(name));
  }

  get processId(): number {
    return this.#call(() => this.#engine.processId());
  }

  /** `I`, `T` or `E`, as of the last ReadyForQuery. */
  get transactionStatus(): string {
    const { memory, header } = this.#guarded;
    return String.fromCharCode(memory.u32[header + Header.transactionStatus]);
  }

  // Operations.

  /** Gives an operation to the engine, now or when it can take more. */
  #run(operation: Operation, start: Start, signal: AbortSignal | undefined): Promise<Result> {
    this.#guarded.checkOpen();
    signal?.throwIfAborted();
    this.#operations.begin();
    this.#listen(operation, signal);
    if (this.#operations.areWaiting || !this.#canAccept) this.#operations.wait(operation, start);
    else this.#start(operation, start);
    return operation.promise;
  }

  #start(operation: Operation, start: Start): void {
    let number;
    try {
      number = start(this.#engine, operation);
    } catch (error) {
      return this.#operations.settle(operation, error);
    }
    this.#guarded.memory.refresh();
    if (number === FAILED) return this.#operations.settle(operation, this.#guarded.lastError());
    this.#operations.started(operation, number);
    this.#wire.soon();
  }

  readonly #exec: Start = (engine, operation) => {
    const count = this.#binder.write(operation);
    const { statement, want, timeout, representations } = operation;
    const flags = (want === Want.nothing ? NO_ROWS : 0) | (representations << REPRESENTATIONS);
    try {
      return engine.exec(statement!.number, count, flags, timeout, performance.now());
    } catch (error) {
      return this.#guarded.fail(error);
    }
  };

  #startBatch(operations: readonly Operation[], continueOnError: boolean, timeout: number): Uint32Array {
    this.#call(() => this.#engine.beginBatch(continueOnError));
    for (const operation of operations) {
      const count = this.#binder.write(operation);
      const { statement, representations } = operation;
      this.#call(() => this.#engine.batchAdd(statement!.number, count, representations << REPRESENTATIONS));
    }
    const numbers = this.#call(() => this.#engine.endBatch(timeout, performance.now()));
    this.#guarded.memory.refresh();
    if (numbers === undefined) throw this.#guarded.lastError();
    return numbers;
  }

  /** Lets operations go that waited. */
  #pump(): void {
    while (this.#operations.areWaiting && !this.isClosed && this.#canAccept) {
      const next = this.#operations.nextWaiting();
      if (next !== undefined && !next.operation.settled) this.#start(next.operation, next.start);
    }
  }

  get #canAccept(): boolean {
    return (this.#guarded.flags & Flags.canAccept) !== 0;
  }

  #listen(operation: Operation, signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    const abort = () => {
      if (operation.number >= 0 && !this.isClosed) {
        this.#operations.take(operation.number);
        this.#call(() => this.#engine.forget(operation.number));
      }
      this.#operations.settle(operation, signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    operation.detach = () => signal.removeEventListener('abort', abort);
  }

  // What the wire tells.

  /** Tells whoever waits what the engine has told, and what answering that makes happen. */
  happened(): void {
    const { memory } = this.#guarded;
    do this.#readEvents();
    while (!this.isClosed && this.#engine.poll());
    memory.refresh();
    if (this.isClosed) return;
    if (this.#operations.areWaiting) this.#pump();
    this.#wire.soon();
    this.#wire.followFlags();
  }

  #readEvents(): void {
    const { memory, header } = this.#guarded;
    memory.refresh();
    readEvents(memory, header, this.#outcomes);
  }

  drained(): void {
    this.#pump();
  }

  ended(): void {
    this.#finish();
  }

  // What the engine tells of the session.

  ready(): void {
    this.#opening?.resolve();
    this.#opening = undefined;
  }

  closed(why: EngineFailure): void {
    this.#close(why);
  }

  /** What values become, as the core takes it. */
  #representations(options: QueryOptions | undefined): number {
    const { representations } = this.#options;
    return options === undefined ? representations : representationBits(options, representations);
  }

  // The end.

  get #engine(): Engine {
    return this.#guarded.engine;
  }

  #call<T>(call: () => T): T {
    return this.#guarded.call(call);
  }

  #instanceFailed(cause: Error): void {
    this.#close(closedBy('failure', cause.message, true));
    this.#wire.destroy();
    this.#finish();
  }

  /** Nothing goes on after this: everything under way fails. */
  #close(why: EngineFailure): void {
    if (this.isClosed) return;
    // What comes later was never sent.
    const later = { ...why, mayHaveRun: false, safeToRetry: true };
    this.#guarded.closed = later;
    this.#unwatch();
    this.#wire.stopTimer();
    this.#opening?.reject(why);
    this.#opening = undefined;
    this.#operations.failAll(why, later);
    if (why.reason !== 'caller') {
      this.#wire.destroy();
      this.#finish();
    }
  }

  /** The stream has ended. */
  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#wire.destroy();
    for (const resolve of this.#onEnd.splice(0)) resolve();
    // Not while the engine may still be telling what happened.
    queueMicrotask(() => this.#guarded.guard(() => this.#engine.free()));
  }
}

function checkSql(sql: unknown): void {
  if (typeof sql !== 'string') throw new UsageError(`the SQL is a string, not a value of type ${typeof sql}`);
}

function closedBy(reason: CloseReason, why: string, mayHaveRun: boolean): EngineFailure {
  return { kind: 'closed', message: `the connection is closed: ${why}`, safeToRetry: !mayHaveRun, reason, mayHaveRun };
}
