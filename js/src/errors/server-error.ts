import { TrunklineError } from './trunkline-error.js';

/**
 * The fields of an error or notice as the server sent them; those that it did not send are undefined.
 *
 * See "Error and Notice Message Fields" in PostgreSQL's protocol chapter.
 */
export interface ServerFields {
  readonly severity: 'ERROR' | 'FATAL' | 'PANIC' | 'WARNING' | 'NOTICE' | 'DEBUG' | 'INFO' | 'LOG';
  /** The five-character code. */
  readonly sqlstate: string;
  /** The message without anything added. */
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** Where in the SQL, in characters from 1. */
  readonly position?: number | undefined;
  readonly internalPosition?: number | undefined;
  readonly internalQuery?: string | undefined;
  readonly context?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly dataType?: string | undefined;
  readonly constraint?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly routine?: string | undefined;
}

/**
 * The server refused. The connection goes on, unless `severity` is FATAL or PANIC.
 *
 * ```ts
 * import { ServerError, type Connection } from 'trunkline';
 *
 * async function register(db: Connection, email: string): Promise<boolean> {
 *   try {
 *     await db.execute('insert into users (email) values ($1)', [email]);
 *     return true;
 *   } catch (error) {
 *     if (error instanceof ServerError && error.sqlstate === '23505') return false;
 *     throw error;
 *   }
 * }
 * ```
 */
export class ServerError extends TrunklineError {
  static override readonly code = 'TRUNKLINE_SERVER';
  readonly severity!: ServerFields['severity'];
  readonly sqlstate!: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: number;
  readonly internalPosition?: number;
  readonly internalQuery?: string;
  readonly context?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly dataType?: string;
  readonly constraint?: string;
  readonly file?: string;
  readonly line?: number;
  readonly routine?: string;
  /** The server's message, without the SQLSTATE, detail, hint and SQL that `message` shows as well. */
  readonly serverMessage: string;

  constructor(message: string, fields: ServerFields, cause?: unknown) {
    super(ServerError.code, message, cause === undefined ? {} : { cause });
    const { message: serverMessage, ...rest } = fields;
    this.serverMessage = serverMessage;
    for (const [name, value] of Object.entries(rest)) {
      if (value !== undefined) Object.assign(this, { [name]: value });
    }
  }

  /** Whether the same transaction may well succeed when it is run again: serialization failures, deadlocks. */
  get isRetryable(): boolean {
    return this.sqlstate === '40001' || this.sqlstate === '40P01';
  }
}
