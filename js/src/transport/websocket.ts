import type { Instance } from '../engine/instance.js';
import type { TargetHost, WebSocketConstructor, WebSocketTransport } from '../engine/core.js';
import { TransportFailure, type Open, type OpenTransport, type Transport, type TransportListener } from './transport.js';

/** How often to ask a socket that cannot tell whether it has sent enough, in milliseconds. */
const DRAIN_INTERVAL = 5;

/**
 * Opens a host through a proxy that makes TCP of WebSocket messages; `?address=host:port` tells it which.
 *
 * The socket's own code is the core's: `wasm/src/websocket.rs`.
 */
export function throughProxy(instance: Instance, proxy: string, constructor: WebSocketConstructor | undefined): Open {
  return async (host, signal) => {
    const url = new URL(proxy);
    if (!url.searchParams.has('address')) url.searchParams.set('address', address(host));
    let socket: WebSocketTransport;
    try {
      socket = new instance.core.WebSocketTransport(url.href, constructor);
    } catch (error) {
      throw new TransportFailure('websocket', error instanceof Error ? error.message : String(error));
    }
    try {
      await opened(socket, signal);
    } catch (why) {
      socket.free();
      throw new TransportFailure('websocket', `${shown(url)}: ${String(why)}`);
    }
    return new ProxiedSocket(socket);
  };
}

/** Waits until the socket is open; rejects with why it is not. */
async function opened(socket: WebSocketTransport, signal: AbortSignal): Promise<void> {
  let abort = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      abort = () => reject('the attempt was given up');
      signal.addEventListener('abort', abort);
      if (signal.aborted) abort();
      // Settled outside of the callback: the socket must not be freed inside of its own.
      socket.whenOpen((why) => (why === undefined ? resolve() : reject(why)));
    });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

class ProxiedSocket implements Transport, OpenTransport {
  #socket: WebSocketTransport | undefined;
  #listener: TransportListener | undefined;
  #drain: ReturnType<typeof setTimeout> | undefined;
  #paused = false;
  #ended: { error: string | undefined } | undefined;
  // A WebSocket cannot be told to stop reading: what comes meanwhile waits here.
  #waiting: Uint8Array[] = [];

  constructor(socket: WebSocketTransport) {
    this.#socket = socket;
  }

  get transport(): Transport {
    return this;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
    this.#socket?.listen(
      (chunk) => {
        if (this.#paused) this.#waiting.push(chunk);
        else this.#listener?.data(chunk);
      },
      (why) => {
        // Outside of the callback: the socket must not be freed inside of its own.
        queueMicrotask(() => {
          this.#ended = { error: why === '' ? undefined : why };
          if (!this.#paused) this.#finish();
        });
      },
    );
  }

  write(bytes: Uint8Array): boolean {
    const socket = this.#socket;
    if (socket === undefined || this.#ended !== undefined) return true;
    if (socket.send(bytes)) return true;
    this.#drain ??= setTimeout(() => this.#checkDrain(), DRAIN_INTERVAL);
    return false;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    for (let chunk = this.#waiting.shift(); chunk !== undefined; chunk = this.#waiting.shift()) {
      this.#listener?.data(chunk);
      if (this.#paused) return;
    }
    if (this.#ended !== undefined) this.#finish();
  }

  end(): void {
    this.#socket?.close();
  }

  destroy(): void {
    this.#listener = undefined;
    this.#release();
  }

  #finish(): void {
    const listener = this.#listener;
    this.#listener = undefined;
    this.#release();
    listener?.end(this.#ended?.error);
  }

  #release(): void {
    if (this.#drain !== undefined) clearTimeout(this.#drain);
    this.#drain = undefined;
    this.#socket?.free();
    this.#socket = undefined;
  }

  #checkDrain(): void {
    this.#drain = undefined;
    if (this.#socket === undefined) return;
    if (this.#socket.isWritable()) this.#listener?.drain();
    else this.#drain = setTimeout(() => this.#checkDrain(), DRAIN_INTERVAL);
  }
}

function address(host: TargetHost): string {
  const name = host.host ?? 'localhost';
  return name.includes(':') ? `[${name}]:${host.port}` : `${name}:${host.port}`;
}

/** Without what could be secret. */
function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
