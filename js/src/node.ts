import { Buffer } from 'node:buffer';
import { userInfo } from 'node:os';
import process from 'node:process';

import { connectOn } from './connect.js';
import type { ConnectOptions } from './options.js';
import type { Connection } from './client.js';
import type { BufferLike } from './engine/memory.js';
import type { Platform } from './platform.js';
import { openSocket } from './transport/node.js';

export * from './index.js';

const platform: Platform = {
  open: openSocket,
  bufferOver: (memory) => Buffer.from(memory) as unknown as BufferLike,
  environment,
};

/**
 * Connects to a server.
 *
 * ```ts
 * import { connect } from 'trunkline';
 *
 * const db = await connect('postgres://jane@localhost/shop', { applicationName: 'orders' });
 * const rows = await db.fetch<{ id: number; name: string }>('select id, name from customer where id > $1', [10]);
 * await db.close();
 * ```
 *
 * Settings come from the options, then from the URL (a connection string in libpq's forms), then from the PG*
 * variables. Rejects with a ConnectError that lists every attempt, or with a UsageError.
 */
export function connect(url: string, options: ConnectOptions = {}): Promise<Connection> {
  return connectOn(platform, url, options);
}

function environment(): [string, string][] {
  const variables: [string, string][] = [];
  try {
    for (const [name, value] of Object.entries(process.env)) {
      if (name.startsWith('PG') && value !== undefined) variables.push([name, value]);
    }
  } catch {
    // Deno without permission to read the environment: then there are no variables.
  }
  if (!variables.some(([name, value]) => name === 'PGUSER' && value !== '')) {
    const user = systemUser();
    if (user !== undefined) variables.push(['PGUSER', user]);
  }
  return variables;
}

/** libpq's default for the user. */
function systemUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
