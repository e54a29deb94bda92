import { TrunklineError, type ErrorDetails } from './trunkline-error.js';

/** A statement of a batch was not run, because an earlier one failed. */
export class SkippedError extends TrunklineError {
  static override readonly code = 'TRUNKLINE_SKIPPED';

  constructor(message: string, details: ErrorDetails = {}) {
    super(SkippedError.code, message, { safeToRetry: true, ...details });
  }
}
