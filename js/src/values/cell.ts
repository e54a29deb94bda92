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
  array: 16,
} as const;
