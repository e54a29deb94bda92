/** What a range is made of. */
export interface RangeBounds<T> {
  /** `null` or nothing: it has no lower bound. */
  lower?: T | null;
  upper?: T | null;
  /** Whether the bound itself is in it. Default: the lower one is, the upper one is not. */
  lowerInclusive?: boolean;
  upperInclusive?: boolean;
}

/**
 * A value of a range type, such as `int4range` or `tstzrange`. See "Range Types" in PostgreSQL's documentation.
 *
 * ```ts
 * const office = new Range({ lower: 9, upper: 17 });
 * await db.fetchVal('select 12 <@ $1::int4range', [office]);
 * ```
 */
export class Range<T = unknown> {
  /** The range that nothing is in. */
  static readonly empty: Range<never> = Object.freeze(Object.assign(new Range<never>(), { isEmpty: true }));

  /** `null` when there is none. */
  readonly lower: T | null;
  readonly upper: T | null;
  readonly lowerInclusive: boolean;
  readonly upperInclusive: boolean;
  readonly isEmpty: boolean = false;

  constructor({ lower = null, upper = null, lowerInclusive, upperInclusive }: RangeBounds<T> = {}) {
    this.lower = lower;
    this.upper = upper;
    this.lowerInclusive = lower !== null && (lowerInclusive ?? true);
    this.upperInclusive = upper !== null && (upperInclusive ?? false);
  }
}
