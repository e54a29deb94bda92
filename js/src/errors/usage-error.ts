import { TrunklineError, type ErrorDetails } from './trunkline-error.js';

/** Something was asked for that cannot be; nothing of it was sent. */
export class UsageError extends TrunklineError {
  static override readonly code = 'TRUNKLINE_USAGE';

  constructor(message: string, details: ErrorDetails = {}) {
    super(UsageError.code, message, { safeToRetry: true, ...details });
  }
}
