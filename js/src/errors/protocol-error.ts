import { TrunklineError, type ErrorDetails } from './trunkline-error.js';

/** The peer broke the protocol, or is no PostgreSQL server. The connection is closed. */
export class ProtocolError extends TrunklineError {
  static override readonly code = 'TRUNKLINE_PROTOCOL';

  constructor(message: string, details: ErrorDetails = {}) {
    super(ProtocolError.code, message, details);
  }
}
