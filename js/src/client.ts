import type { BatchOptions, BatchQuery, BatchResult } from './batch.js';
import type { Driver } from './engine/driver.js';
import { Want, type Result } from './engine/operation.js';
import { located } from './errors/located.js';
import { command, one, optionalRow, optionalValue } from './outcome.js';
import type { CommandResult, Parameter, QueryOptions, Row, TransactionStatus } from './query.js';
import { Statement, type StatementDescription } from './statement.js';

/** How long `close` waits for what is under way, and for the peer to end the stream, in milliseconds. */
const CLOSE_TIMEOUT = 5_000;

/** One session with a server. Queries given at once are pipelined: they leave together, each has its own outcome. */
export class Connection {
  /** The server, as `host:port` or the path of a socket. */
  readonly server: string;
  readonly #driver: Driver;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(driver: Driver, server: string) {
    this.#driver = driver;
    this.server = server;
  }

  /** Runs one statement and tells what it did. */
  async execute(sql: string, parameters: readonly Parameter[] = [], options?: QueryOptions): Promise<CommandResult> {
    try {
      return command(await this.#driver.query(sql, parameters, Want.nothing, options));
    } catch (error) {
      throw located(error);
    }
  }

  /** Runs several statements, without parameters, in one implicit transaction unless they say otherwise. */
  async executeScript(sql: string, options?: QueryOptions): Promise<CommandResult[]> {
    try {
      return (await this.#driver.script(sql, options)) as CommandResult[];
    } catch (error) {
      throw located(error);
    }
  }

  /** Runs a query and gives its rows. */
  async fetch<T extends object = Row>(
    sql: string,
    parameters: readonly Parameter[] = [],
    options?: QueryOptions,
  ): Promise<T[]> {
    try {
      return (await this.#driver.query(sql, parameters, Want.rows, options)).rows as T[];
    } catch (error) {
      throw located(error);
    }
  }

  /** The first row, or null when there is none. */
  async fetchRow<T extends object = Row>(
    sql: string,
    parameters: readonly Parameter[] = [],
    options?: QueryOptions,
  ): Promise<T | null> {
    try {
      return optionalRow(await this.#driver.query(sql, parameters, Want.row, options));
    } catch (error) {
      throw located(error);
    }
  }

  /** The only row; an error when there is none or more than one. */
  async fetchOne<T extends object = Row>(
    sql: string,
    parameters: readonly Parameter[] = [],
    options?: QueryOptions,
  ): Promise<T> {
    try {
      return one(await this.#driver.query(sql, parameters, Want.row, options));
    } catch (error) {
      throw located(error);
    }
  }

  /** The first column of the first row; null when there is none, or when it is NULL. */
  async fetchVal<T = unknown>(
    sql: string,
    parameters: readonly Parameter[] = [],
    options?: QueryOptions,
  ): Promise<T | null> {
    try {
      return optionalValue(await this.#driver.query(sql, parameters, Want.value, options));
    } catch (error) {
      throw located(error);
    }
  }

  /** Describes a statement, so that its types are known. `fetch` and the others prepare by themselves. */
  async prepare(sql: string, options?: QueryOptions): Promise<Statement> {
    try {
      const known = this.#driver.ownStatement(sql);
      const description = await this.#driver.prepare(known, options);
      return new Statement(this.#driver, known, description as StatementDescription);
    } catch (error) {
      throw located(error);
    }
  }

  /**
   * Runs many statements in one flight.
   *
   * By default they are one transaction: when one fails nothing of it is done, and the promise rejects with its
   * error. With `continueOnError` each is on its own, and the promise resolves with an outcome for each, as
   * `Promise.allSettled` has it.
   */
  batch(queries: readonly BatchQuery[], options: BatchOptions & { continueOnError: true }): Promise<PromiseSettledResult<BatchResult>[]>;
  batch(queries: readonly BatchQuery[], options?: BatchOptions & { continueOnError?: false }): Promise<BatchResult[]>;
  async batch(
    queries: readonly BatchQuery[],
    options: BatchOptions = {},
  ): Promise<BatchResult[] | PromiseSettledResult<BatchResult>[]> {
    try {
      const settled = await this.#batch(queries, options);
      if (options.continueOnError) return settled;
      const failed = settled.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
      if (failed === undefined) return settled.map((result) => (result as PromiseFulfilledResult<BatchResult>).value);
      const { reason } = failed;
      // What became of each statement: the failed one, those before it that were undone, those after it.
      if (reason instanceof Error) Object.defineProperty(reason, 'results', { value: settled });
      throw reason;
    } catch (error) {
      throw located(error);
    }
  }

  /** Closes the connection when what is under way has ended, or after five seconds. */
  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  /** Closes the connection now; what is under way fails. */
  terminate(): void {
    this.#driver.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get isClosed(): boolean {
    return this.#driver.isClosed;
  }

  /** The process id of the server's side, as in `pg_stat_activity.pid`. */
  get serverPid(): number {
    return this.#driver.isClosed ? 0 : this.#driver.processId;
  }

  /** The server's version, such as `18.4`. */
  get serverVersion(): string {
    return this.parameter('server_version') ?? '';
  }

  /** A parameter that the server reports, such as `TimeZone`; undefined for others. */
  parameter(name: string): string | undefined {
    return this.#driver.isClosed ? undefined : this.#driver.parameter(name);
  }

  /**
   * Forgets what is known of the database's own types, on all connections that share it: after an `alter type`, a
   * composite type's new fields are seen. Types that were made since are learned without it.
   */
  reloadTypes(): void {
    try {
      this.#driver.reloadTypes();
    } catch (error) {
      throw located(error);
    }
  }

  /** Whether a transaction block is open, as of the last answer. */
  get transactionStatus(): TransactionStatus {
    switch (this.#driver.isClosed ? 'I' : this.#driver.transactionStatus) {
      case 'T':
        return 'transaction';
      case 'E':
        return 'failed';
      default:
        return 'idle';
    }
  }

  async #batch(queries: readonly BatchQuery[], options: BatchOptions): Promise<PromiseSettledResult<BatchResult>[]> {
    const driver = this.#driver;
    const statements = queries.map(({ sql, params = [] }) => ({ statement: driver.statement(sql), parameters: params }));
    // A flight can only be written when the types of all parameters are known.
    const unknown = new Set(
      statements
        .filter(({ statement, parameters }) => parameters.length > 0 && !driver.isDescribed(statement))
        .map(({ statement }) => statement),
    );
    if (unknown.size > 0) {
      await Promise.all([...unknown].map((statement) => driver.prepare(statement, { ...withSignal(options) })));
    }
    const settled = await driver.batch(statements, options.continueOnError ?? false, options);
    return settled.map(batchResult);
  }

  async #close(): Promise<void> {
    const { promise, cancel } = deadline(CLOSE_TIMEOUT);
    await Promise.race([this.#driver.whenIdle(), promise]);
    await Promise.race([this.#driver.goodbye(), promise]);
    cancel();
    this.#driver.destroy();
  }
}

function withSignal({ signal }: BatchOptions): QueryOptions {
  return signal === undefined ? {} : { signal };
}

function batchResult(result: PromiseSettledResult<Result>): PromiseSettledResult<BatchResult> {
  if (result.status === 'fulfilled') {
    const { command, count, rows } = result.value;
    return { status: 'fulfilled', value: { command, count, rows } };
  }
  return { status: 'rejected', reason: located(result.reason) };
}

function deadline(milliseconds: number): { promise: Promise<void>; cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const promise = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  return { promise, cancel: () => clearTimeout(timer) };
}
