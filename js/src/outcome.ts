import type { Result } from './engine/operation.js';
import { UsageError } from './errors/usage-error.js';
import type { CommandResult } from './query.js';

/** What a command did. */
export function command(result: Result): CommandResult {
  return { command: result.command, rows: result.count };
}

/** The first row, or null. */
export function optionalRow<T>(result: Result): T | null {
  return (result.rows[0] as T | undefined) ?? null;
}

/** The only row. */
export function one<T>(result: Result): T {
  if (result.received !== 1) {
    const rows = result.received === 0 ? 'no row' : `${result.received} rows`;
    throw new UsageError(`exactly one row was expected, the query gave ${rows}`, { safeToRetry: false });
  }
  return result.rows[0] as T;
}

/** The first column of the first row; null when there is none, or when it is NULL. */
export function optionalValue<T>(result: Result): T | null {
  return (result.value as T | undefined) ?? null;
}
