/** What the writer of parameters must know of a type: most need nothing. See `wasm/src/parameters/hint.rs`. */
export type Hint =
  | null
  /** Objects and arrays go as JSON. */
  | 'json'
  /** A codec of the program's writes it. */
  | { readonly codec: number }
  /** An array or multirange of what has a hint. */
  | { readonly list: Hint }
  | { readonly range: Hint }
  /** A composite with fields that have hints. */
  | { readonly fields: Readonly<Record<string, Hint>> };

/** The hint of an array's elements; arrays of arrays have their own again. */
export function listHint(hint: Hint): Hint {
  return hint !== null && typeof hint === 'object' && 'list' in hint ? hint.list : null;
}

export function rangeHint(hint: Hint): Hint {
  return hint !== null && typeof hint === 'object' && 'range' in hint ? hint.range : null;
}
