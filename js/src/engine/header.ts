/** Words of the header: see `wasm/src/engine/header.rs`. */
export const Header = {
  outgoing: 0,
  outgoingLength: 1,
  events: 2,
  eventWords: 3,
  slots: 5,
  nested: 6,
  texts: 7,
  segments: 8,
  long: 9,
  flags: 10,
  transactionStatus: 11,
  /** Of doubles, not words. */
  deadline: 6,
} as const;

/** Bits of the word of flags. */
export const Flags = { wantsRead: 1, canAccept: 2, ready: 4, closed: 8 } as const;
