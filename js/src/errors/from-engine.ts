import { AuthenticationError } from './authentication-error.js';
import { ClosedError, type CloseReason } from './closed-error.js';
import { ConversionError } from './conversion-error.js';
import { ProtocolError } from './protocol-error.js';
import { ServerError, type ServerFields } from './server-error.js';
import { SkippedError } from './skipped-error.js';
import { TimeoutError } from './timeout-error.js';
import type { TrunklineError } from './trunkline-error.js';
import { UsageError } from './usage-error.js';

/** An error as the core tells it: see `wasm/src/error.rs`. */
export interface EngineFailure {
  readonly kind: 'server' | 'protocol' | 'usage' | 'config' | 'conversion' | 'auth' | 'timeout' | 'closed' | 'skipped';
  readonly message: string;
  readonly safeToRetry: boolean;
  readonly reason?: CloseReason;
  readonly mayHaveRun?: boolean;
  readonly server?: ServerFields;
}

/** Whether it is an error as the core tells it, and not one that JavaScript threw. */
export function isEngineFailure(value: unknown): value is EngineFailure {
  return typeof value === 'object' && value !== null && !(value instanceof Error) && 'kind' in value;
}

/** The Error of it; its stack begins at the caller. */
export function fromEngine(failure: EngineFailure): TrunklineError {
  const { kind, message, safeToRetry } = failure;
  switch (kind) {
    case 'server':
      return failure.server === undefined
        ? new ProtocolError(message)
        : new ServerError(message, failure.server);
    case 'protocol':
      return new ProtocolError(message, { safeToRetry });
    case 'usage':
    case 'config':
      return new UsageError(message);
    case 'conversion':
      return new ConversionError(message);
    case 'auth':
      return new AuthenticationError(message);
    case 'timeout':
      return new TimeoutError(message, { safeToRetry });
    case 'skipped':
      return new SkippedError(message);
    case 'closed': {
      const cause = failure.server && new ServerError(failure.server.message, failure.server);
      const details = cause === undefined ? {} : { cause };
      return new ClosedError(message, failure.reason ?? 'closed', failure.mayHaveRun ?? false, details);
    }
    default:
      return kind satisfies never;
  }
}
