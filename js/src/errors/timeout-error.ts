import { TrunklineError, type ErrorDetails } from './trunkline-error.js';

/** A deadline passed. */
export class TimeoutError extends TrunklineError {
  static override readonly code = 'TRUNKLINE_TIMEOUT';

  constructor(message: string, details: ErrorDetails = {}) {
    super(TimeoutError.code, message, details);
  }
}
