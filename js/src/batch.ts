import type { Row, Parameter } from './query.js';

/** One statement of a batch. */
export interface BatchQuery {
  readonly sql: string;
  readonly params?: readonly Parameter[];
}

/** How a batch is run. */
export interface BatchOptions {
  /**
   * Makes each statement a transaction of its own, so that what follows a failure runs all the same. By default a
   * batch is one transaction, undone as a whole.
   */
  continueOnError?: boolean;
  /** How long it may take, in milliseconds. */
  timeout?: number;
  signal?: AbortSignal;
}

/** What one statement of a batch came to. */
export interface BatchResult {
  readonly command: string;
  /** How many rows the command tells of. */
  readonly count: number;
  readonly rows: Row[];
}
