import type { CloseReason } from '../errors/closed-error.js';
import { ConversionError } from '../errors/conversion-error.js';
import type { EngineFailure } from '../errors/from-engine.js';
import { UsageError } from '../errors/usage-error.js';
import type { CheckedOptions } from '../options.js';
import type { QueryOptions } from '../query.js';
import type { OpenTransport, Transport, TransportListener } from '../transport/transport.js';
import { ParameterWriter } from '../values/parameter-writer.js';
import { representationBits } from '../values/representation.js';
import type { Hint } from '../values/hint.js';
import { RowReader, type RowsAt } from '../values/row-reader.js';
import { Shape, type ShapeDescription } from '../values/shape.js';
import { Unreadable } from '../values/unreadable.js';
import { Alarm } from './alarm.js';
import type { Configuration, Engine } from './core.js';
import { readEvents, type EventHandler, type RowsEvent } from './events.js';
import { Flags, Header } from './header.js';
import type { Instance } from './instance.js';
import type { KnownStatement } from './known-statement.js';
import type { Memory } from './memory.js';
import { Operation, Want, type Result } from './operation.js';
import { Queue } from './queue.js';
import { Statements } from './statements.js';

/** What `exec` returns when it failed. */
const FAILED = 0xffff_ffff;

/** The flag of `exec` that says that rows are not wanted; from bit 8 on, what values become. */
const NO_ROWS = 1;
const REPRESENTATIONS = 8;

/** Gives an operation to the engine, and answers its number there. */
type Start = (engine: Engine, operation: Operation) => number;

/**
 * Drives one engine over one transport: what is to be sent leaves once a tick, what comes is given to the engine
 * chunk by chunk, and what the engine then tells is given to the operations.
 *
 * Rejects with the core's failures as they are: whoever hands them to the program makes errors of them there, where
 * the stack is the caller's.
 */
export class Driver implements TransportListener, EventHandler {
  readonly #instance: Instance;
  readonly #engine: Engine;
  readonly #memory: Memory;
  /** The index of the header's first word. */
  readonly #header: number;
  readonly #transport: Transport;
  readonly #rows: RowReader;
  readonly #writer: ParameterWriter;
  readonly #statements: Statements;
  readonly #options: CheckedOptions;
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
  readonly #alarm = new Alarm(() => {
    if (this.#closed !== undefined) return;
    this.#guard(() => {
      this.#engine.timeout(performance.now());
      this.#happened();
    });
  });
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
    options: CheckedOptions,
  ) {
    this.#instance = instance;
    this.#memory = instance.memory;
    const nonce = crypto.getRandomValues(new Uint8Array(24));
    this.#engine = new instance.core.Engine(configuration, host, performance.now(), nonce);
    if (options.sharedTypes !== undefined) this.#engine.shareTypes(options.sharedTypes.within(instance));
    this.#memory.refresh();
    this.#header = this.#engine.header() >>> 2;
    this.#rows = new RowReader(this.#memory, this.#header, options.codecs);
    this.#writer = new ParameterWriter(this.#memory, options.codecs, (bytes) => {
      const start = this.#call(() => this.#engine.scratch(bytes));
      this.#memory.refresh();
      return start;
    });
    this.#statements = new Statements(this.#engine);
    this.#transport = open.transport;
    this.#options = options;
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
    this.#checkOpen();
    const representations = this.#representations(options);
    const operations = queries.map(
      ({ statement, parameters }) => new Operation(statement, parameters, Want.rows, 0, representations),
    );
    const numbers = this.#startBatch(operations, continueOnError, options?.timeout ?? 0);
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
    if (this.#closed === undefined) this.#call(() => this.#statements.release(statement));
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

  /** Forgets the types of the database's own, and how statements use them; so do all who share them. */
  reloadTypes(): void {
    this.#call(() => this.#engine.reloadTypes());
    this.#statements.forgetHints();
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

  readonly #exec: Start = (engine, { statement, parameters, want, timeout, representations }) => {
    const hints = parameters.length === 0 ? null : this.#hints(statement!);
    const count = this.#writer.write(parameters, hints);
    const flags = (want === Want.nothing ? NO_ROWS : 0) | (representations << REPRESENTATIONS);
    try {
      return engine.exec(statement!.number, count, flags, timeout, performance.now());
    } catch (error) {
      this.#instance.fail(error);
      throw this.#closed;
    }
  };

  #startBatch(operations: readonly Operation[], continueOnError: boolean, timeout: number): Uint32Array {
    this.#call(() => this.#engine.beginBatch(continueOnError));
    for (const { statement, parameters, representations } of operations) {
      const count = this.#writer.write(parameters, this.#hints(statement!));
      this.#call(() => this.#engine.batchAdd(statement!.number, count, representations << REPRESENTATIONS));
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
    this.#memory.refresh();
    readEvents(this.#memory, this.#header, this);
  }

  // What the engine tells.

  ready(): void {
    this.#opening?.resolve();
    this.#opening = undefined;
  }

  rows({ operation: number, shape, count, at }: RowsEvent): void {
    const operation = this.#operations[number];
    if (operation?.statement === undefined) return;
    const { statement } = operation;
    if (statement.shape?.number !== shape) {
      statement.shape = this.#shape(shape);
      this.#memory.refresh();
    }
    try {
      this.#read(operation, statement.shape!, at);
    } catch (cause) {
      // A codec, json that is none, what Temporal cannot hold, a string longer than the runtime's limit.
      this.#operations[number] = undefined;
      this.#engine.forget(number);
      this.#settle(operation, this.#unreadable(statement.shape!, cause));
    }
    operation.received += count;
  }

  finished(number: number, command: number, count: number): void {
    const operation = this.#take(number);
    if (operation === undefined) return;
    operation.command = this.#command(command);
    operation.count = count;
    this.#settle(operation);
  }

  failed(number: number, error: number): void {
    const operation = this.#take(number);
    if (operation !== undefined) this.#settle(operation, this.#object(error));
  }

  told(number: number, object: number): void {
    const operation = this.#take(number);
    if (operation === undefined) return;
    operation.object = this.#object(object);
    // What was described just now may be other types than before.
    if (operation.statement !== undefined) operation.statement.hints = undefined;
    this.#settle(operation);
  }

  /** The types of an operation's parameters are known now. */
  described(number: number): void {
    const operation = this.#operations[number];
    if (operation === undefined) return;
    const statement = operation.statement!;
    let count;
    try {
      // New ones, even if there were some: its types may have changed.
      statement.hints = JSON.parse(this.#engine.operationHints(number) ?? 'null') as readonly Hint[] | null;
      this.#memory.refresh();
      count = this.#writer.write(operation.parameters, statement.hints);
    } catch (error) {
      // The same values were written once before, but not by codecs.
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

  notice(object: number): void {
    const { server } = this.#object(object) as EngineFailure;
    const { onNotice } = this.#options;
    if (server === undefined || onNotice === undefined) return;
    // Out of here: what it throws is reported as uncaught, and it may run queries.
    queueMicrotask(() => onNotice(server));
  }

  closed(why: number): void {
    this.#close(this.#object(why) as EngineFailure);
  }

  #read(operation: Operation, shape: Shape, rows: RowsAt): void {
    this.#instance.isReading = true;
    try {
      if (operation.want === Want.rows) this.#rows.read(shape, rows, operation.rows, Infinity);
      else if (operation.want === Want.row) this.#rows.read(shape, rows, operation.rows, 1 - operation.rows.length);
      else if (operation.want === Want.value && operation.received === 0) operation.value = this.#rows.first(shape, rows);
    } finally {
      this.#instance.isReading = false;
    }
  }

  /** What reading the column threw that is the last one to be read. */
  #unreadable({ number, names }: Shape, cause: unknown): ConversionError {
    const { column } = this.#rows;
    const type = this.#engine.typeName(number, column);
    this.#memory.refresh();
    const [why, origin] = cause instanceof Unreadable ? [cause.message, cause.cause] : [String(cause), cause];
    return new ConversionError(`column "${names[column]}" (PostgreSQL's ${type}) cannot be read: ${why}`, { cause: origin });
  }

  #shape(number: number): Shape {
    return new Shape(number, JSON.parse(this.#engine.shape(number) ?? '{}') as ShapeDescription);
  }

  /** How a statement's parameters are written, as far as that is known. */
  #hints(statement: KnownStatement): readonly Hint[] | null {
    if (statement.hints === undefined) {
      const hints = this.#engine.hints(statement.number);
      this.#memory.refresh();
      if (hints === undefined) return null;
      statement.hints = JSON.parse(hints) as readonly Hint[] | null;
    }
    return statement.hints;
  }

  /** What values become, as the core takes it. */
  #representations(options: QueryOptions | undefined): number {
    const { representations } = this.#options;
    return options === undefined ? representations : representationBits(options, representations);
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
    this.#alarm.set(this.#memory.f64[(this.#header >>> 1) + Header.deadline]);
  }

  // The end.

  #checkOpen(): void {
    if (this.#closed !== undefined) throw this.#closed;
    // It would write over what is being read.
    if (this.#instance.isReading) throw new UsageError('a codec cannot use a connection while it decodes');
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
    this.#alarm.cancel();
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
