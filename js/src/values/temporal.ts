import type { TemporalClass } from './shape.js';
import { Unreadable } from './unreadable.js';

/** What of Temporal is used; the types of it are not everywhere yet. */
type TemporalNamespace = Readonly<Record<TemporalClass, { from(value: unknown): object }>>;

/** The runtime's Temporal, where it has one. */
export function temporal(): TemporalNamespace | undefined {
  return (globalThis as { Temporal?: TemporalNamespace }).Temporal;
}

/** An object of Temporal from a text of ISO 8601 or named parts. Temporal has no infinities: they stay as they are. */
export function fromTemporal(name: TemporalClass, value: unknown): unknown {
  if (isInfinite(value)) return value;
  try {
    return temporal()?.[name].from(value);
  } catch (cause) {
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    throw new Unreadable(`a Temporal.${name} cannot hold ${shown}; set the option ${OPTIONS[name]} to "string"`, cause);
  }
}

/** The options that ask for them. */
const OPTIONS: Readonly<Record<TemporalClass, string>> = {
  Instant: 'timestamps',
  PlainDateTime: 'timestamps',
  PlainTime: 'timestamps',
  PlainDate: 'dates',
  Duration: 'intervals',
};

function isInfinite(value: unknown): boolean {
  if (typeof value === 'string') return value.endsWith('infinity');
  return Object.values(value as object).some((part) => Math.abs(part as number) === Infinity);
}

/** The text of a Temporal object that PostgreSQL reads; undefined when it is none. */
export function temporalText(value: object): string | undefined {
  const tag: unknown = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (typeof tag !== 'string' || !tag.startsWith('Temporal.')) return undefined;
  // PostgreSQL reads no zone in brackets, and the moment is the same without.
  if (tag === 'Temporal.ZonedDateTime') return inPostgres(String((value as { toInstant(): object }).toInstant()));
  if (tag === 'Temporal.Duration') return durationText(value as Duration);
  // What it says is by the ISO calendar, whatever its own is.
  return inPostgres((value as Plain).toString({ calendarName: 'never' }));
}

interface Plain {
  toString(options: { calendarName: 'never' }): string;
}

/** PostgreSQL's years have no sign: they are as long as they are, and those before the year 1 are counted as BC. */
function inPostgres(text: string): string {
  const parts = /^([+-]?\d{4,6})(-.*)$/.exec(text);
  if (parts === null) return text;
  const year = Number(parts[1]);
  const shown = String(year > 0 ? year : 1 - year).padStart(4, '0');
  return `${shown}${parts[2]}${year > 0 ? '' : ' BC'}`;
}

interface Duration {
  readonly sign: number;
  abs(): object;
}

/** ISO 8601 has no sign before the P in PostgreSQL: each part has its own. */
function durationText(value: Duration): string {
  return value.sign < 0 ? String(value.abs()).replace(/(\d+(\.\d+)?)/g, '-$1') : String(value);
}
