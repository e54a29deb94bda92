import type { PlainRow } from '../values/row-reader.js';
import type { KnownStatement } from './known-statement.js';

/** What is wanted of an operation's rows. */
export const Want = { nothing: 0, value: 1, row: 2, rows: 3 } as const;

/** One of the numbers of `Want`. */
export type Want = (typeof Want)[keyof typeof Want];

/** What a query came to. */
export interface Result {
  readonly command: string;
  /** How many rows the command tells of. */
  readonly count: number;
  /** How many rows came. */
  readonly received: number;
  readonly rows: PlainRow[];
  /** The first column of the first row, if that was all that was wanted; undefined when there was no row. */
  readonly value: unknown;
  /** What is no rows: the commands of a script, the description of a statement. */
  readonly object: unknown;
}

/** An operation from the call to its outcome. */
export class Operation implements Result {
  command = '';
  count = 0;
  received = 0;
  rows: PlainRow[] = [];
  value: unknown = undefined;
  object: unknown = undefined;
  /** Its number in the engine; -1 while it waits to be given to it. */
  number = -1;
  /** Settled before it was given to the engine: it is not to be started. */
  settled = false;
  /** Stops listening to a signal. */
  detach: (() => void) | undefined = undefined;
  readonly statement: KnownStatement | undefined;
  readonly parameters: readonly unknown[];
  readonly want: Want;
  readonly timeout: number;
  /** What its values become, as the core takes it. */
  readonly representations: number;
  resolve!: (result: Result) => void;
  reject!: (error: unknown) => void;
  readonly promise: Promise<Result>;

  constructor(
    statement: KnownStatement | undefined,
    parameters: readonly unknown[] = [],
    want: Want = Want.nothing,
    timeout = 0,
    representations = 0,
  ) {
    this.statement = statement;
    this.parameters = parameters;
    this.want = want;
    this.timeout = timeout;
    this.representations = representations;
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}
