import type { Hint } from '../values/hint.js';
import type { Shape } from '../values/shape.js';

/** A statement that the engine knows by number. */
export class KnownStatement {
  readonly sql: string;
  readonly number: number;
  /** The shape of its last rows. */
  shape: Shape | undefined = undefined;
  /** How its parameters are written; undefined while that is not known. */
  hints: readonly Hint[] | null | undefined = undefined;

  constructor(sql: string, number: number) {
    this.sql = sql;
    this.number = number;
  }
}
