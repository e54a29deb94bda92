import { createConnection, type NetConnectOpts, type Socket } from 'node:net';

import type { TargetHost } from '../engine/core.js';
import type { ConnectPhase } from '../errors/connect-error.js';
import { TransportFailure, type OpenTransport, type Transport, type TransportListener } from './transport.js';

/** Opens TCP and Unix sockets by `node:net`, which Deno and Bun have too. */
export function openSocket(host: TargetHost, signal: AbortSignal): Promise<OpenTransport> {
  return new Promise((resolve, reject) => {
    const options: NetConnectOpts =
      host.path === undefined ? { host: host.host ?? 'localhost', port: host.port } : { path: host.path };
    const socket = createConnection(options);
    const abort = () => {
      // Says nothing of it: there is no error, and it never was open.
      socket.destroy();
      reject(new TransportFailure(phase(host), 'the attempt was given up'));
    };
    const fail = (error: NodeJS.ErrnoException) => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      reject(failure(host, error));
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', fail);
      // Without it what is sent while an ACK is on its way waits for it, up to 40 ms.
      socket.setNoDelay(true);
      resolve(new NodeSocket(socket));
    });
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  });
}

class NodeSocket implements Transport, OpenTransport {
  readonly #socket: Socket;
  #failed: string | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    // Until somebody listens, an error must not end the process.
    socket.on('error', (error: NodeJS.ErrnoException) => (this.#failed = describe(error)));
  }

  get transport(): Transport {
    return this;
  }

  listen(listener: TransportListener): void {
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      listener.end(this.#failed);
    };
    const socket = this.#socket;
    socket.on('data', (chunk: Uint8Array) => listener.data(chunk));
    socket.on('drain', () => listener.drain());
    socket.on('end', end);
    // After the error, if there was one.
    socket.on('close', end);
    if (socket.destroyed) end();
  }

  write(bytes: Uint8Array): boolean {
    return this.#socket.write(bytes);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.removeAllListeners('data');
    this.#socket.removeAllListeners('end');
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }
}

function failure(host: TargetHost, error: NodeJS.ErrnoException): TransportFailure {
  if (error.syscall === 'getaddrinfo' || error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') {
    return new TransportFailure('dns', `the name cannot be resolved (${describe(error)})`);
  }
  return new TransportFailure(phase(host), describe(error));
}

function phase(host: TargetHost): ConnectPhase {
  return host.path === undefined ? 'tcp' : 'unix';
}

function describe(error: NodeJS.ErrnoException): string {
  const words = WORDS[error.code ?? ''];
  if (words !== undefined) return `${words} (${error.code})`;
  // An error of several addresses has only theirs.
  const inner = (error as Error as Partial<AggregateError>).errors?.[0] as NodeJS.ErrnoException | undefined;
  if (inner !== undefined) return describe(inner);
  return error.message || String(error.code ?? error);
}

const WORDS: Record<string, string | undefined> = {
  ECONNREFUSED: 'the connection was refused: nothing listens there',
  ECONNRESET: 'the connection was reset by the peer',
  EPIPE: 'the connection was closed by the peer',
  ENOENT: 'there is no such socket',
  EACCES: 'permission denied',
  ETIMEDOUT: 'the network gave up waiting for an answer',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};
