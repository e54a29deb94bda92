import { ServerError } from './server-error.js';
import { TrunklineError } from './trunkline-error.js';

/** How far an attempt to connect came. */
export type ConnectPhase = 'dns' | 'tcp' | 'unix' | 'websocket' | 'tls' | 'startup';

/** One attempt to connect. */
export interface ConnectAttempt {
  /** The server, as `host:port` or the path of a socket. */
  readonly host: string;
  readonly phase: ConnectPhase;
  readonly error: Error;
}

/** No server could be connected to: every attempt, in order. */
export class ConnectError extends TrunklineError {
  static override readonly code = 'TRUNKLINE_CONNECT';
  readonly attempts: readonly ConnectAttempt[];

  constructor(attempts: readonly ConnectAttempt[]) {
    super(ConnectError.code, describe(attempts), { cause: attempts.at(-1)?.error, safeToRetry: true });
    this.attempts = attempts;
  }

  /** The SQLSTATE, when the last server answered with an error: `28P01` for a wrong password. */
  get sqlstate(): string | undefined {
    const last = this.attempts.at(-1)?.error;
    return last instanceof ServerError ? last.sqlstate : undefined;
  }
}

function describe(attempts: readonly ConnectAttempt[]): string {
  const [only, ...more] = attempts;
  if (only === undefined) return 'there is no host to connect to';
  if (more.length === 0) return `cannot connect to ${line(only)}`;
  return ['cannot connect to any of the hosts:', ...attempts.map((attempt) => `  ${line(attempt)}`)].join('\n');
}

function line({ host, phase, error }: ConnectAttempt): string {
  return `${host} (${phase}): ${error.message}`;
}
