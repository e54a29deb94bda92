import { UsageError } from '../errors/usage-error.js';
import { temporal } from './temporal.js';

/** What values become in JavaScript, where there is a choice: per client, and per query. */
export interface Representations {
  /** `int8`: a number that is not a safe integer is an error. Default `number`. */
  int8?: 'number' | 'bigint' | 'string';
  /** `numeric`: a number may lose digits. Default `string`. */
  numeric?: 'string' | 'number';
  /**
   * `timestamptz` as a Date, which loses microseconds and is `Infinity` for infinity; as a string of ISO 8601; or, with
   * `timestamp` and `time` too, as objects of Temporal. Default `date`.
   */
  timestamps?: 'date' | 'string' | 'temporal';
  /** `date` as a string of ISO 8601, a Date of its midnight in UTC, or a Temporal.PlainDate. Default `string`. */
  dates?: 'string' | 'date' | 'temporal';
  /** `interval` as `{ months, days, microseconds }`, as PostgreSQL's text, or as a Temporal.Duration. Default `object`. */
  intervals?: 'object' | 'string' | 'temporal';
  /** `json` and `jsonb` as what they say, or as their text. Default `value`. */
  json?: 'value' | 'string';
}

/** The choices in the order of their numbers, and the bits where the core looks for them: `wasm/src/rows/choices.rs`. */
const CHOICES: Readonly<Record<keyof Representations, readonly [shift: number, choices: readonly string[]]>> = {
  int8: [0, ['number', 'bigint', 'string']],
  numeric: [2, ['string', 'number']],
  timestamps: [4, ['date', 'string', 'temporal']],
  dates: [6, ['string', 'date', 'temporal']],
  intervals: [8, ['object', 'string', 'temporal']],
  json: [10, ['value', 'string']],
};

const NAMES = Object.keys(CHOICES) as (keyof Representations)[];

/** The choices as bits for the core: those given, the others as in `defaults`. */
export function representationBits(given: Representations, defaults: number): number {
  let bits = defaults;
  for (const name of NAMES) {
    const choice = given[name];
    if (choice === undefined) continue;
    const [shift, choices] = CHOICES[name];
    const number = choices.indexOf(choice);
    if (number < 0) throw new UsageError(`option ${name}: it is one of ${choices.join(', ')}`);
    if (choice === 'temporal' && temporal() === undefined) {
      throw new UsageError(`option ${name}: this runtime has no Temporal; use "string"`);
    }
    bits = (bits & ~(3 << shift)) | (number << shift);
  }
  return bits;
}
