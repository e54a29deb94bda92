import { TrunklineError, type ErrorDetails } from './trunkline-error.js';

/** What closed a connection. */
export type CloseReason = 'caller' | 'server' | 'protocol' | 'eof' | 'transport' | 'auth' | 'timeout' | 'closed' | 'failure';

/** The connection is closed, and the operation with it. */
export class ClosedError extends TrunklineError {
  static override readonly code = 'TRUNKLINE_CLOSED';
  readonly reason: CloseReason;
  /** Whether the server may have run the statement: it was sent, and its outcome is not known. */
  readonly mayHaveRun: boolean;

  constructor(message: string, reason: CloseReason, mayHaveRun: boolean, details: ErrorDetails = {}) {
    super(ClosedError.code, message, { safeToRetry: !mayHaveRun, ...details });
    this.reason = reason;
    this.mayHaveRun = mayHaveRun;
  }
}
