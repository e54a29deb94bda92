import type { RowsAt } from '../values/row-reader.js';
import { Header } from './header.js';
import type { Memory } from './memory.js';

/** First words of events: see `wasm/src/engine/events.rs`. */
const EventTag = {
  ready: 0,
  described: 1,
  rows: 2,
  finished: 3,
  failed: 4,
  notice: 5,
  notification: 6,
  closed: 7,
  script: 8,
  prepared: 9,
} as const;

/** Rows of an operation. */
export interface RowsEvent {
  readonly operation: number;
  readonly shape: number;
  readonly count: number;
  readonly at: RowsAt;
}

/** Who is told. Objects are told by their numbers in the engine. */
export interface EventHandler {
  ready(): void;
  described(operation: number): void;
  rows(event: RowsEvent): void;
  finished(operation: number, command: number, count: number): void;
  failed(operation: number, error: number): void;
  /** An operation ended with an object: the commands of a script, the description of a statement. */
  told(operation: number, object: number): void;
  notice(notice: number): void;
  closed(why: number): void;
}

/** Tells all events that stand where the header says. */
export function readEvents(memory: Memory, header: number, handler: EventHandler): void {
  let at = memory.u32[header + Header.events] >>> 2;
  const end = at + memory.u32[header + Header.eventWords];
  while (at < end) {
    const { u32 } = memory;
    switch (u32[at]) {
      case EventTag.rows:
        handler.rows({
          operation: u32[at + 1],
          shape: u32[at + 2],
          count: u32[at + 3],
          at: { slot: u32[at + 4], segment: u32[at + 5], segments: u32[at + 6] },
        });
        at += 7;
        break;
      case EventTag.finished:
        handler.finished(u32[at + 1], u32[at + 2], u32[at + 3] + u32[at + 4] * 0x1_0000_0000);
        at += 5;
        break;
      case EventTag.failed:
        handler.failed(u32[at + 1], u32[at + 2]);
        at += 3;
        break;
      case EventTag.script:
      case EventTag.prepared:
        handler.told(u32[at + 1], u32[at + 2]);
        at += 3;
        break;
      case EventTag.described:
        handler.described(u32[at + 1]);
        at += 2;
        break;
      case EventTag.ready:
        handler.ready();
        at += 1;
        break;
      case EventTag.notice:
        handler.notice(u32[at + 1]);
        at += 2;
        break;
      case EventTag.closed:
        handler.closed(u32[at + 1]);
        at += 2;
        break;
      default:
        // A notification, for which there is no listener yet.
        at += 2;
    }
  }
}
