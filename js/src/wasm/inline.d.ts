/** The wasm core in base64. */
export const wasm: string;
