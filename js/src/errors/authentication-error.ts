import { TrunklineError, type ErrorDetails } from './trunkline-error.js';

/** Authentication failed on our side: the server's proof is wrong, or what it asks for is not allowed. */
export class AuthenticationError extends TrunklineError {
  static override readonly code = 'TRUNKLINE_AUTHENTICATION';

  constructor(message: string, details: ErrorDetails = {}) {
    super(AuthenticationError.code, message, details);
  }
}
