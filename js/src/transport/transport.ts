import type { TargetHost } from '../engine/core.js';
import type { ConnectPhase } from '../errors/connect-error.js';

/** What a transport tells whoever listens. */
export interface TransportListener {
  /** Bytes came; they are only lent. */
  data(chunk: Uint8Array): void;
  /** After a write that answered false: more is welcome. */
  drain(): void;
  /** The stream has ended: with an error when it was cut, else the peer closed it. Called once. */
  end(error: string | undefined): void;
}

/** A duplex stream of bytes. One implementation for each kind of runtime. */
export interface Transport {
  /** Sends bytes, which it may keep, and tells whether more are welcome at once. */
  write(bytes: Uint8Array): boolean;
  /** Stops reading, so that the peer has to wait. */
  pause(): void;
  resume(): void;
  /** Ends the stream when everything is sent. */
  end(): void;
  /** Ends it now. Nothing is told after that. */
  destroy(): void;
}

/** A transport that is open, and what it says once it is listened to. */
export interface OpenTransport {
  readonly transport: Transport;
  listen(listener: TransportListener): void;
}

/** Why a host could not be reached, and how far it came. */
export class TransportFailure extends Error {
  readonly phase: ConnectPhase;

  constructor(phase: ConnectPhase, message: string) {
    super(message);
    this.phase = phase;
  }
}

/** Opens a stream to a host. Rejects with a TransportFailure; an abort ends the attempt. */
export type Open = (host: TargetHost, signal: AbortSignal) => Promise<OpenTransport>;
