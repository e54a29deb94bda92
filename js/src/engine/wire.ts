import type { OpenTransport, Transport, TransportListener } from '../transport/transport.js';
import { Alarm } from './alarm.js';
import type { GuardedEngine } from './guarded-engine.js';
import { Flags, Header } from './header.js';

/** Who is told what a wire did. */
export interface WireListener {
  /** The engine was given something, and has perhaps something to tell. */
  happened(): void;
  /** More can be sent. */
  drained(): void;
  /** The stream has ended. */
  ended(): void;
}

/**
 * Bytes and time between an engine and its transport: what is to be sent leaves once a tick, what comes is given to the
 * engine chunk by chunk.
 */
export class Wire implements TransportListener {
  readonly #guarded: GuardedEngine;
  readonly #transport: Transport;
  readonly #listener: WireListener;
  readonly #alarm: Alarm;
  #flushes = false;
  #writable = true;
  #paused = false;

  constructor(guarded: GuardedEngine, open: OpenTransport, listener: WireListener) {
    this.#guarded = guarded;
    this.#transport = open.transport;
    this.#listener = listener;
    this.#alarm = new Alarm(() => {
      if (guarded.closed !== undefined) return;
      guarded.guard(() => {
        guarded.engine.timeout(performance.now());
        listener.happened();
      });
    });
  }

  // What the transport tells.

  data(chunk: Uint8Array): void {
    if (this.#guarded.closed !== undefined) return;
    this.#guarded.guard(() => {
      const { engine, memory } = this.#guarded;
      const at = engine.reserve(chunk.length);
      memory.refresh();
      memory.u8.set(chunk, at);
      engine.recv(chunk.length);
      this.#listener.happened();
    });
  }

  drain(): void {
    this.#writable = true;
    if (this.#guarded.closed !== undefined) return;
    this.flush();
    this.#listener.drained();
  }

  end(error: string | undefined): void {
    if (this.#guarded.closed === undefined) {
      this.#guarded.guard(() => {
        if (error === undefined) this.#guarded.engine.eof();
        else this.#guarded.engine.transportError(error);
        this.#listener.happened();
      });
    }
    this.#listener.ended();
  }

  // What it is told.

  /** Sends what waits, at the end of this tick. */
  soon(): void {
    if (this.#flushes) return;
    this.#flushes = true;
    queueMicrotask(() => {
      this.#flushes = false;
      if (this.#guarded.closed !== undefined) return;
      // Commands can make things happen without a byte from the server.
      this.#guarded.guard(() => {
        if (this.#guarded.engine.poll()) this.#listener.happened();
      });
      if (this.#guarded.closed === undefined) this.flush();
    });
  }

  /** Sends what waits. */
  flush(): void {
    this.#guarded.guard(() => {
      const { engine, memory, header } = this.#guarded;
      while (this.#writable) {
        const length = engine.outgoing();
        if (length === 0) break;
        const start = memory.u32[header + Header.outgoing];
        // A copy: the transport keeps it, and the memory is written again.
        const bytes = memory.copy(start, length);
        engine.sent(length);
        this.#writable = this.#transport.write(bytes);
      }
      memory.refresh();
      this.followFlags();
    });
  }

  /** Stops and starts reading, and sets the timer, as the engine wants. */
  followFlags(): void {
    const { memory, header, flags } = this.#guarded;
    // A closed one reads on: until the end of the stream.
    const paused = (flags & (Flags.wantsRead | Flags.closed)) === 0;
    if (paused !== this.#paused) {
      this.#paused = paused;
      if (paused) this.#transport.pause();
      else this.#transport.resume();
    }
    this.#alarm.set(memory.f64[(header >>> 1) + Header.deadline]);
  }

  /** Nothing is timed any more. */
  stopTimer(): void {
    this.#alarm.cancel();
  }

  /** Ends the stream when everything is sent. */
  goodbye(): void {
    this.flush();
    this.#transport.end();
  }

  /** Ends the stream now. */
  destroy(): void {
    this.#transport.destroy();
  }
}
