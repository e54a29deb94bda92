import { UsageError } from '../errors/usage-error.js';

/** Why a value cannot be sent; of which parameter is known to whoever writes them all. */
export class Unsendable extends Error {
  /** The error for the program, of the parameter at that place. */
  of(index: number): UsageError {
    const details = this.cause === undefined ? {} : { cause: this.cause };
    return new UsageError(`parameter $${index + 1}: ${this.message}; nothing was sent`, details);
  }

  constructor(why: string, cause?: unknown) {
    super(why, { cause });
  }
}
