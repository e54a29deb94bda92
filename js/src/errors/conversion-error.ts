import { TrunklineError, type ErrorDetails } from './trunkline-error.js';

/** A value of a result cannot be given to JavaScript. The message names the column and what to do. */
export class ConversionError extends TrunklineError {
  static override readonly code = 'TRUNKLINE_CONVERSION';

  constructor(message: string, details: ErrorDetails = {}) {
    super(ConversionError.code, message, details);
  }
}
