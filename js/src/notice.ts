import type { ServerFields } from './errors/server-error.js';

/** A notice of the server, such as a warning or what `RAISE NOTICE` says. */
export type Notice = ServerFields;
