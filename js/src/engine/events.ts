/** First words of events: see `wasm/src/engine/events.rs`. */
export const EventTag = {
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
