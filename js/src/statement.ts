import type { Driver } from './engine/driver.js';
import type { KnownStatement } from './engine/known-statement.js';
import { Want } from './engine/operation.js';
import { UsageError } from './errors/usage-error.js';
import { located } from './errors/located.js';
import { command, one, optionalRow, optionalValue } from './outcome.js';
import type { CommandResult, Parameter, QueryOptions, Row } from './query.js';

/** A PostgreSQL type. */
export interface StatementType {
  readonly oid: number;
  readonly name: string;
}

/** A column of a result. */
export interface StatementColumn {
  readonly name: string;
  readonly type: StatementType;
}

/** What the server says of a statement. */
export interface StatementDescription {
  readonly parameters: readonly StatementType[];
  readonly columns: readonly StatementColumn[];
}

/** A statement whose types are known: it runs in one flight everywhere. */
export class Statement {
  readonly sql: string;
  /** The types of its parameters, `$1` first. */
  readonly parameters: readonly StatementType[];
  /** The columns of its result; none when it returns no rows. */
  readonly columns: readonly StatementColumn[];
  readonly #driver: Driver;
  readonly #known: KnownStatement;
  #closed = false;

  /** @internal */
  constructor(driver: Driver, known: KnownStatement, description: StatementDescription) {
    this.#driver = driver;
    this.#known = known;
    this.sql = known.sql;
    this.parameters = description.parameters;
    this.columns = description.columns;
  }

  async execute(parameters: readonly Parameter[] = [], options?: QueryOptions): Promise<CommandResult> {
    try {
      return command(await this.#run(parameters, Want.nothing, options));
    } catch (error) {
      throw located(error);
    }
  }

  async fetch<T extends object = Row>(parameters: readonly Parameter[] = [], options?: QueryOptions): Promise<T[]> {
    try {
      return (await this.#run(parameters, Want.rows, options)).rows as T[];
    } catch (error) {
      throw located(error);
    }
  }

  async fetchRow<T extends object = Row>(
    parameters: readonly Parameter[] = [],
    options?: QueryOptions,
  ): Promise<T | null> {
    try {
      return optionalRow(await this.#run(parameters, Want.row, options));
    } catch (error) {
      throw located(error);
    }
  }

  async fetchOne<T extends object = Row>(parameters: readonly Parameter[] = [], options?: QueryOptions): Promise<T> {
    try {
      return one(await this.#run(parameters, Want.row, options));
    } catch (error) {
      throw located(error);
    }
  }

  async fetchVal<T = unknown>(parameters: readonly Parameter[] = [], options?: QueryOptions): Promise<T | null> {
    try {
      return optionalValue(await this.#run(parameters, Want.value, options));
    } catch (error) {
      throw located(error);
    }
  }

  /** Closes it on the server. Closing it again, or after its connection, does nothing. */
  async close(): Promise<void> {
    if (this.#closed || this.#driver.isClosed) return;
    this.#closed = true;
    try {
      await this.#driver.closeStatement(this.#known);
    } catch (error) {
      throw located(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #run(parameters: readonly Parameter[], want: Want, options: QueryOptions | undefined) {
    if (this.#closed) throw new UsageError('the statement is closed');
    return this.#driver.query(this.#known, parameters, want, options);
  }
}
