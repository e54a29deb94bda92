import type { CloseReason } from '../errors/closed-error.js';
import { ConversionError } from '../errors/conversion-error.js';
import type { EngineFailure } from '../errors/from-engine.js';
import type { ServerFields } from '../errors/server-error.js';
import { UsageError } from '../errors/usage-error.js';
import type { QueryOptions } from '../query.js';
import { LONGEST_TIMER } from '../timer.js';
import type { OpenTransport, Transport, TransportListener } from '../transport/transport.js';
import { ParameterWriter } from '../values/parameter-writer.js';
import { RowReader } from '../values/row-reader.js';
import { Shape, type ShapeDescription } from '../values/shape.js';
import type { Configuration, Engine } from './core.js';
import { EventTag } from './events.js';
import { Flags, Header } from './header.js';
import type { Instance } from './instance.js';
import type { KnownStatement } from './known-statement.js';
import type { Memory } from './memory.js';
import { Operation, Want, type Result } from './operation.js';
import { Queue } from './queue.js';
import { Statements } from './statements.js';

/** What `exec` returns when it failed. */
const FAILED = 0xffff_ffff;

/** The flag of `exec` that says that rows are not wanted. */
const NO_ROWS = 1;

/** Gives an operation to the engine, and answers its number there. */
type Start = (engine: Engine, operation: Operation) => number;

/**
 * Drives one engine over one transport: what is to be sent leaves once a tick, what comes is given to the engine
 * chunk by chunk, and what the engine then tells is given to the operations.
 *
 * Rejects with the core's failures as they are: whoever hands them to the program makes errors of them there, where
 * the stack is the caller's.
 */
export class Driver implements TransportListener {
  readonly #instance: Instance;
  readonly #engine: Engine;
  readonly #memory: Memory;
  /** The index of the header's first word. */
  readonly #header: number;
  readonly #transport: Transport;
  readonly #rows: RowReader;
  readonly #writer: ParameterWriter;
  readonly #statements: Statements;
  readonly #onNotice: ((notice: ServerFields) => void) | undefined;
  readonly #unwatch: () => void;
  /** Operations by their number in the engine. */
  readonly #operations: (Operation | undefined)[] = [];
  /** Operations that wait because the engine has enough to do. */
  readonly #waiting = new Queue<{ operation: Operation; start: Start }>();
  readonly #commands: (string | undefined)[] = [];
  #underWay = 0;
  #idle: (() => void)[] = [];
  #flushes = false;
  #writable = true;
  #paused = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt = Infinity;
  #opening: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  /** Why it is closed, and what every later call is told. */
  #closed: EngineFailure | undefined;
  /** Whether the transport has ended. */
  #ended = false;
  #onEnd: (() => void)[] = [];

  constructor(
    instance: Instance,
    configuration: Configuration,
    host: number,
    open: OpenTransport,
    onNotice: ((notice: ServerFields) => void) | undefined,
  ) {
    this.#instance = instance;
    this.#memory = instance.memory;
    const nonce = crypto.getRandomValues(new Uint8Array(24));
    this.#engine = new instance.core.Engine(configuration, host, performance.now(), nonce);
    this.#memory.refresh();
    this.#header = this.#engine.header() >>> 2;
    this.#rows = new RowReader(this.#memory, this.#header);
    this.#writer = new ParameterWriter(this.#memory, (bytes) => {
      const start = this.#call(() => this.#engine.scratch(bytes));
      this.#memory.refresh();
      return start;
    });
    this.#statements = new Statements(this.#engine);
    this.#transport = open.transport;
    this.#onNotice = onNotice;
    this.#unwatch = instance.watch((cause) => this.#instanceFailed(cause));
    open.listen(this);
  }

  /** Resolves when the session is open. */
  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) return reject(this.#closed);
      this.#opening = { resolve, reject };
      this.#flush();
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
    return this.#run(new Operation(known, parameters, want, options?.timeout ?? 0), this.#exec, options?.signal);
  }

  /** Runs a script, and answers with its commands. */
  async script(sql: string, options: QueryOptions | undefined): Promise<unknown> {
    checkSql(sql);
    const operation = new Operation(undefined, [], Want.nothing, 0);
    const start: Start = (engine) => engine.simple(sql, performance.now());
    return (await this.#run(operation, start, options?.signal)).object;
  }

  /** Describes a statement. */
  async prepare(statement: KnownStatement, options: QueryOptions | undefined): Promise<unknown> {
    const operation = new Operation(statement, [], Want.nothing, 0);
    const start: Start = (engine) => engine.prepare(statement.number, performance.now());
    return (await this.#run(operation, start, options?.signal)).object;
  }

  /** Closes a prepared statement. */
  async closeStatement(statement: KnownStatement): Promise<void> {
    const operation = new Operation(statement, [], Want.nothing, 0);
    await this.#run(operation, (engine) => engine.closeStatement(statement.number, performance.now()), undefined);
    this.release(statement);
  }

  /** Runs statements in one flight. Those with parameters must be described already. */
  batch(
    queries: readonly { statement: KnownStatement; parameters: readonly unknown[] }[],
    continueOnError: boolean,
    options: QueryOptions | undefined,
  ): Promise<PromiseSettledResult<Result>[]> {
    this.#checkOpen();
    const numbers = this.#startBatch(queries, continueOnError, options?.timeout ?? 0);
    const operations = queries.map(({ statement, parameters }) => new Operation(statement, parameters, Want.rows, 0));
    operations.forEach((operation, index) => {
      this.#underWay++;
      operation.number = numbers[index];
      this.#operations[operation.number] = operation;
      this.#listen(operation, options?.signal);
    });
    this.#soon();
    return Promise.allSettled(operations.map(({ promise }) => promise));
  }

  /** The statement of that text. */
  statement(sql: string): KnownStatement {
    checkSql(sql);
    this.#checkOpen();
    return this.#call(() => this.#statements.get(sql));
  }

  /** A statement of its own, not shared with others of that text. */
  ownStatement(sql: string): KnownStatement {
    checkSql(sql);
    this.#checkOpen();
    return this.#call(() => this.#statements.add(sql));
  }

  /** Forgets a statement of its own. */
  release(statement: KnownStatement): void {
    if (this.#closed === undefined) this.#call(() => this.#engine.release(statement.number));
  }

  /** Whether a statement's parameters are known, so that it can be part of a batch. */
  isDescribed(statement: KnownStatement): boolean {
    return this.#call(() => this.#engine.isDescribed(statement.number));
  }

  /** Resolves when nothing is under way any more. */
  whenIdle(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Says goodbye; resolves when the stream has ended. */
  goodbye(): Promise<void> {
    if (this.#closed === undefined) {
      this.#call(() => this.#engine.terminate());
      this.#flush();
      this.#transport.end();
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

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  parameter(name: string): string | undefined {
    return this.#call(() => this.#engine.parameter(name));
  }

  get processId(): number {
    return this.#call(() => this.#engine.processId());
  }

  /** `I`, `T` or `E`, as of the last ReadyForQuery. */
  get transactionStatus(): string {
    return String.fromCharCode(this.#memory.u32[this.#header + Header.transactionStatus]);
  }

  // What the transport tells.

  data(chunk: Uint8Array): void {
    if (this.#closed !== undefined) return;
    this.#guard(() => {
      const at = this.#engine.reserve(chunk.length);
      this.#memory.refresh();
      this.#memory.u8.set(chunk, at);
      this.#engine.recv(chunk.length, performance.now());
      this.#happened();
    });
  }

  drain(): void {
    this.#writable = true;
    if (this.#closed !== undefined) return;
    this.#flush();
    this.#pump();
  }

  end(error: string | undefined): void {
    if (this.#closed === undefined) {
      this.#guard(() => {
        if (error === undefined) this.#engine.eof();
        else this.#engine.transportError(error);
        this.#happened();
      });
    }
    this.#finish();
  }

  // Operations.

  /** Gives an operation to the engine, now or when it can take more. */
  #run(operation: Operation, start: Start, signal: AbortSignal | undefined): Promise<Result> {
    this.#checkOpen();
    signal?.throwIfAborted();
    this.#underWay++;
    this.#listen(operation, signal);
    if (this.#waiting.length > 0 || (this.#flags & Flags.canAccept) === 0) this.#waiting.push({ operation, start });
    else this.#start(operation, start);
    return operation.promise;
  }

  #start(operation: Operation, start: Start): void {
    let number;
    try {
      number = start(this.#engine, operation);
    } catch (error) {
      return this.#settle(operation, error);
    }
    this.#memory.refresh();
    if (number === FAILED) return this.#settle(operation, this.#lastError());
    operation.number = number;
    this.#operations[number] = operation;
    this.#soon();
  }

  readonly #exec: Start = (engine, { statement, parameters, want, timeout }) => {
    const count = this.#writer.write(parameters);
    const flags = want === Want.nothing ? NO_ROWS : 0;
    try {
      return engine.exec(statement!.number, count, flags, timeout, performance.now());
    } catch (error) {
      this.#instance.fail(error);
      throw this.#closed;
    }
  };

  #startBatch(
    queries: readonly { statement: KnownStatement; parameters: readonly unknown[] }[],
    continueOnError: boolean,
    timeout: number,
  ): Uint32Array {
    this.#call(() => this.#engine.beginBatch(continueOnError));
    for (const { statement, parameters } of queries) {
      const count = this.#writer.write(parameters);
      this.#call(() => this.#engine.batchAdd(statement.number, count));
    }
    const numbers = this.#call(() => this.#engine.endBatch(timeout, performance.now()));
    this.#memory.refresh();
    if (numbers === undefined) throw this.#lastError();
    return numbers;
  }

  /** Lets operations go that waited. */
  #pump(): void {
    while (this.#waiting.length > 0 && this.#closed === undefined && (this.#flags & Flags.canAccept) !== 0) {
      const next = this.#waiting.shift();
      if (next !== undefined && !next.operation.settled) this.#start(next.operation, next.start);
    }
  }

  #listen(operation: Operation, signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    const abort = () => {
      if (operation.number >= 0 && this.#closed === undefined) {
        this.#operations[operation.number] = undefined;
        this.#call(() => this.#engine.forget(operation.number));
      }
      this.#settle(operation, signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    operation.detach = () => signal.removeEventListener('abort', abort);
  }

  /** Ends an operation, with an error if one is given. */
  #settle(operation: Operation, error?: unknown): void {
    if (operation.settled) return;
    operation.settled = true;
    operation.detach?.();
    if (error === undefined) operation.resolve(operation);
    else operation.reject(error);
    if (--this.#underWay === 0 && this.#idle.length > 0) {
      for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  // Events.

  /** Tells whoever waits what the engine has told, and what answering that makes happen. */
  #happened(): void {
    do this.#readEvents();
    while (this.#closed === undefined && this.#engine.poll());
    this.#memory.refresh();
    if (this.#closed !== undefined) return;
    if (this.#waiting.length > 0) this.#pump();
    this.#soon();
    this.#followFlags();
  }

  #readEvents(): void {
    const memory = this.#memory;
    memory.refresh();
    let at = memory.u32[this.#header + Header.events] >>> 2;
    const end = at + memory.u32[this.#header + Header.eventWords];
    while (at < end) {
      const { u32 } = memory;
      switch (u32[at]) {
        case EventTag.rows:
          this.#readRows(at);
          at += 7;
          break;
        case EventTag.finished: {
          const operation = this.#take(u32[at + 1]);
          if (operation !== undefined) {
            operation.command = this.#command(u32[at + 2]);
            operation.count = u32[at + 3] + u32[at + 4] * 0x1_0000_0000;
            this.#settle(operation);
          }
          at += 5;
          break;
        }
        case EventTag.failed: {
          const operation = this.#take(u32[at + 1]);
          if (operation !== undefined) this.#settle(operation, this.#object(u32[at + 2]));
          at += 3;
          break;
        }
        case EventTag.described:
          this.#bind(u32[at + 1]);
          at += 2;
          break;
        case EventTag.script:
        case EventTag.prepared: {
          const operation = this.#take(u32[at + 1]);
          if (operation !== undefined) {
            operation.object = this.#object(u32[at + 2]);
            this.#settle(operation);
          }
          at += 3;
          break;
        }
        case EventTag.ready:
          this.#opening?.resolve();
          this.#opening = undefined;
          at += 1;
          break;
        case EventTag.notice:
          this.#notice(this.#object(u32[at + 1]) as EngineFailure);
          at += 2;
          break;
        case EventTag.closed:
          this.#close(this.#object(u32[at + 1]) as EngineFailure);
          at += 2;
          break;
        default:
          // A notification, for which there is no listener yet.
          at += 2;
      }
    }
  }

  #readRows(at: number): void {
    const { u32 } = this.#memory;
    const number = u32[at + 1];
    const operation = this.#operations[number];
    if (operation?.statement === undefined) return;
    const count = u32[at + 3];
    const rows = { slot: u32[at + 4], segment: u32[at + 5], segments: u32[at + 6] };
    const { statement, want } = operation;
    let { shape } = statement;
    if (shape?.number !== u32[at + 2]) {
      shape = this.#shape(u32[at + 2]);
      this.#memory.refresh();
      statement.shape = shape;
    }
    try {
      if (want === Want.rows) this.#rows.read(shape, rows, operation.rows, Infinity);
      else if (want === Want.row) this.#rows.read(shape, rows, operation.rows, 1 - operation.rows.length);
      else if (want === Want.value && operation.received === 0) operation.value = this.#rows.first(shape, rows);
    } catch (cause) {
      // A string longer than the runtime's limit.
      this.#operations[number] = undefined;
      this.#engine.forget(number);
      this.#settle(operation, new ConversionError(`a row cannot be read: ${String(cause)}`, { cause }));
    }
    operation.received += count;
  }

  #shape(number: number): Shape {
    return new Shape(number, JSON.parse(this.#engine.shape(number) ?? '{}') as ShapeDescription);
  }

  /** The types of an operation's parameters are known now. */
  #bind(number: number): void {
    const operation = this.#operations[number];
    if (operation === undefined) return;
    let count;
    try {
      count = this.#writer.write(operation.parameters);
    } catch (error) {
      // Cannot be: the same values were written once before. Unless one has a toJSON of moods.
      this.#operations[number] = undefined;
      this.#engine.forget(number);
      return this.#settle(operation, error);
    }
    const bound = this.#engine.bind(number, count);
    this.#memory.refresh();
    if (!bound) {
      this.#operations[number] = undefined;
      this.#settle(operation, this.#lastError());
    }
  }

  #notice(notice: EngineFailure): void {
    const { server } = notice;
    const onNotice = this.#onNotice;
    if (server === undefined || onNotice === undefined) return;
    // Out of here: what it throws is reported as uncaught, and it may run queries.
    queueMicrotask(() => onNotice(server));
  }

  #take(number: number): Operation | undefined {
    const operation = this.#operations[number];
    this.#operations[number] = undefined;
    return operation;
  }

  #object(index: number): unknown {
    const object = this.#engine.object(index);
    this.#memory.refresh();
    return JSON.parse(object ?? 'null');
  }

  #lastError(): EngineFailure {
    const object = this.#engine.lastError();
    this.#memory.refresh();
    return JSON.parse(object ?? 'null');
  }

  #command(index: number): string {
    return (this.#commands[index] ??= this.#engine.command(index) ?? '');
  }

  // Bytes and time.

  get #flags(): number {
    return this.#memory.u32[this.#header + Header.flags];
  }

  /** Sends what waits, at the end of this tick. */
  #soon(): void {
    if (this.#flushes) return;
    this.#flushes = true;
    queueMicrotask(() => {
      this.#flushes = false;
      if (this.#closed !== undefined) return;
      // Commands can make things happen without a byte from the server.
      this.#guard(() => {
        if (this.#engine.poll()) this.#happened();
      });
      if (this.#closed === undefined) this.#flush();
    });
  }

  #flush(): void {
    this.#guard(() => {
      while (this.#writable) {
        const length = this.#engine.outgoing();
        if (length === 0) break;
        const start = this.#memory.u32[this.#header + Header.outgoing];
        // A copy: the transport keeps it, and the memory is written again.
        const bytes = this.#memory.copy(start, length);
        this.#engine.sent(length);
        this.#writable = this.#transport.write(bytes);
      }
      this.#memory.refresh();
      this.#followFlags();
    });
  }

  /** Stops and starts reading, and sets the timer, as the engine wants. */
  #followFlags(): void {
    // A closed one reads on: until the end of the stream.
    const paused = (this.#flags & (Flags.wantsRead | Flags.closed)) === 0;
    if (paused !== this.#paused) {
      this.#paused = paused;
      if (paused) this.#transport.pause();
      else this.#transport.resume();
    }
    const deadline = this.#memory.f64[(this.#header >>> 1) + Header.deadline];
    // A timer that is early only looks again.
    if (deadline < this.#timerAt) this.#arm(deadline);
  }

  #arm(deadline: number): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timerAt = deadline;
    const delay = Math.min(Math.max(0, deadline - performance.now()), LONGEST_TIMER);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#timerAt = Infinity;
      if (this.#closed !== undefined) return;
      this.#guard(() => {
        this.#engine.timeout(performance.now());
        this.#happened();
      });
    }, delay);
  }

  // The end.

  #checkOpen(): void {
    if (this.#closed !== undefined) throw this.#closed;
  }

  /** Calls the engine. What it throws is the end of its instance. */
  #call<T>(call: () => T): T {
    this.#checkOpen();
    try {
      const result = call();
      this.#memory.refresh();
      return result;
    } catch (error) {
      this.#instance.fail(error);
      throw this.#closed;
    }
  }

  /** The same where nobody waits for an answer. */
  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#instance.fail(error);
    }
  }

  #instanceFailed(cause: Error): void {
    this.#close(closedBy('failure', cause.message, true));
    this.#transport.destroy();
    this.#finish();
  }

  /** Nothing goes on after this: everything under way fails. */
  #close(why: EngineFailure): void {
    if (this.#closed !== undefined) return;
    // What comes later was never sent.
    this.#closed = { ...why, mayHaveRun: false, safeToRetry: true };
    this.#unwatch();
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#opening?.reject(why);
    this.#opening = undefined;
    for (const operation of this.#operations.splice(0)) {
      if (operation !== undefined) this.#settle(operation, why);
    }
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#settle(next.operation, this.#closed);
    }
    if (why.reason !== 'caller') {
      this.#transport.destroy();
      this.#finish();
    }
  }

  /** The stream has ended. */
  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#transport.destroy();
    for (const resolve of this.#onEnd.splice(0)) resolve();
    // Not while the engine may still be telling what happened.
    queueMicrotask(() => this.#guard(() => this.#engine.free()));
  }
}

function checkSql(sql: unknown): void {
  if (typeof sql !== 'string') throw new UsageError(`the SQL is a string, not a value of type ${typeof sql}`);
}

function closedBy(reason: CloseReason, why: string, mayHaveRun: boolean): EngineFailure {
  return { kind: 'closed', message: `the connection is closed: ${why}`, safeToRetry: !mayHaveRun, reason, mayHaveRun };
}
