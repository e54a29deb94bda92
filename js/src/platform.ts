import type { BufferOver } from './engine/memory.js';
import type { Open } from './transport/transport.js';

/** What a runtime has; one file for each kind, chosen by the conditions of package.json. */
export interface Platform {
  /** Opens sockets, where there are any. */
  readonly open: Open | undefined;
  readonly bufferOver: BufferOver;
  /** The PG* variables, by libpq's names. */
  environment(): [string, string][];
}
