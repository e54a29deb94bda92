/** Codes of errors; they stay the same. */
export type ErrorCode =
  | 'TRUNKLINE_SERVER'
  | 'TRUNKLINE_PROTOCOL'
  | 'TRUNKLINE_USAGE'
  | 'TRUNKLINE_CONVERSION'
  | 'TRUNKLINE_AUTHENTICATION'
  | 'TRUNKLINE_TIMEOUT'
  | 'TRUNKLINE_CLOSED'
  | 'TRUNKLINE_SKIPPED'
  | 'TRUNKLINE_CONNECT';

/** What else an error knows. */
export interface ErrorDetails {
  readonly cause?: unknown;
  /** Whether nothing of the operation reached the server, so that it can be done again. */
  readonly safeToRetry?: boolean | undefined;
}

/** A property of every error of every copy of this package; its value is the code. */
const brand: unique symbol = Symbol.for('trunkline.error') as never;

/**
 * What everything that goes wrong here is an instance of. The class, and `code`, tell whose fault it was.
 *
 * `instanceof` also knows the errors of another copy of this package, such as one bundled by a dependency.
 */
export class TrunklineError extends Error {
  /** The code of the class, for classes of one code. */
  static readonly code: ErrorCode | undefined = undefined;
  /** Tells errors apart in programs. */
  readonly code: ErrorCode;
  /** Whether nothing of the operation reached the server, so that it can be done again. */
  readonly safeToRetry: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.safeToRetry = details.safeToRetry ?? false;
    Object.defineProperty(this, 'name', { value: new.target.name, configurable: true, writable: true });
    Object.defineProperty(this, brand, { value: code });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    if (typeof value !== 'object' || value === null) return false;
    const code = (value as { [brand]?: ErrorCode })[brand];
    // A class that a program derived has no code of its own.
    if (this === TrunklineError) return code !== undefined;
    return code !== undefined && Object.hasOwn(this, 'code') && this.code === code;
  }
}
