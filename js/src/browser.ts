import { connectOn } from './connect.js';
import type { Connection } from './client.js';
import type { ConnectOptions } from './options.js';
import type { Platform } from './platform.js';

export * from './index.js';

const platform: Platform = { open: undefined, bufferOver: undefined, environment: () => [] };

/** Connects to a server through the WebSocket proxy of the option `proxy`: a browser has no sockets. */
export function connect(url: string, options: ConnectOptions = {}): Promise<Connection> {
  return connectOn(platform, url, options);
}
