/** How a slot is read: see `wasm/src/rows/cell.rs`. */
export const Cell = {
  i32: 0,
  u32: 1,
  bool: 2,
  f64: 3,
  i64: 4,
  text: 5,
  json: 6,
  bytes: 7,
  f32: 8,
  number: 9,
  date: 10,
  /** From here on a layout of the shape, by its index: the slot is where it starts among the nested slots. */
  layout: 32,
} as const;

/** How many slots a cell takes. */
export function slotsOf(kind: number): number {
  return kind === Cell.f64 || kind === Cell.i64 || kind === Cell.date ? 2 : 1;
}
