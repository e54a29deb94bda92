import type { Representations } from './values/representation.js';

/**
 * A value that can be sent. Objects go into json, composite types, hstore and what else has named parts; arrays go
 * into arrays, multiranges and json; objects of Temporal into dates and times; anything with a `toJSON` goes as what
 * that gives.
 */
export type Parameter =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | ArrayBuffer
  | ArrayBufferView
  | object
  | readonly Parameter[];

/** A row: a plain object. Of columns with the same name the last one wins. */
export type Row = Record<string, unknown>;

/** What a command did. */
export interface CommandResult {
  /** Its name, such as `INSERT` or `CREATE TABLE`; empty for an empty query. */
  readonly command: string;
  /** How many rows it inserted, updated, deleted, merged, copied or selected. */
  readonly rows: number;
}

/** How a query is run, and what its values become. */
export interface QueryOptions extends Representations {
  /** How long it may take, in milliseconds; its connection's `commandTimeout` when it is not given. */
  timeout?: number;
  /**
   * Stops waiting when it is aborted: the promise rejects with the signal's reason. What was sent still runs on the
   * server, and its answer is skipped.
   */
  signal?: AbortSignal;
}

/** Whether a transaction block is open. */
export type TransactionStatus = 'idle' | 'transaction' | 'failed';
