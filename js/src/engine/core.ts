/** What the wasm core exports, as `wasm/src` has it. */
export interface Core {
  readonly memory: WebAssembly.Memory;
  readonly Engine: new (configuration: Configuration, host: number, now: number, nonce: Uint8Array) => Engine;
  readonly Configuration: new (
    url: string,
    options: string,
    environment: string,
    codecs: string,
    connectTimeout: number,
    commandTimeout: number,
  ) => Configuration;
  readonly SharedTypes: new () => SharedTypes;
  readonly WebSocketTransport: new (url: string, constructor?: WebSocketConstructor) => WebSocketTransport;
}

/** One connection. See `wasm/src/engine/connection` for what each call does. */
export interface Engine {
  header(): number;
  scratch(bytes: number): number;
  statement(sql: string): number;
  release(statement: number): boolean;
  exec(statement: number, parameters: number, flags: number, timeout: number, now: number): number;
  bind(operation: number, parameters: number): boolean;
  simple(sql: string, now: number): number;
  prepare(statement: number, now: number): number;
  closeStatement(statement: number, now: number): number;
  beginBatch(continueOnError: boolean): void;
  batchAdd(statement: number, parameters: number, flags: number): void;
  endBatch(timeout: number, now: number): Uint32Array | undefined;
  isDescribed(statement: number): boolean;
  hints(statement: number): string | undefined;
  operationHints(operation: number): string | undefined;
  shareTypes(types: SharedTypes): void;
  reloadTypes(): void;
  forget(operation: number): void;
  terminate(): void;
  outgoing(): number;
  sent(bytes: number): void;
  reserve(bytes: number): number;
  recv(bytes: number): void;
  poll(): boolean;
  eof(): void;
  transportError(message: string): void;
  timeout(now: number): void;
  object(index: number): string | undefined;
  lastError(): string | undefined;
  command(index: number): string | undefined;
  shape(shape: number): string | undefined;
  typeName(shape: number, column: number): string | undefined;
  parameter(name: string): string | undefined;
  processId(): number;
  trace(): string;
  free(): void;
}

/** A configuration that was checked. */
export interface Configuration {
  target(): string;
  free(): void;
}

/** What connections know of types together. */
export interface SharedTypes {
  forgetAll(): void;
}

/** Where a configuration leads. */
export interface Target {
  readonly hosts: readonly TargetHost[];
  readonly needsTls: boolean;
  /** For each host and for all of them; 0 is for ever. */
  readonly connectTimeout: number;
}

/** One server to try. */
export interface TargetHost {
  /** How it is shown. */
  readonly shown: string;
  readonly host?: string;
  readonly port: number;
  /** The path of a Unix socket. */
  readonly path?: string;
}

/** The WebSocket transport of the core. */
export interface WebSocketTransport {
  whenOpen(opened: (why: string | undefined) => void): void;
  listen(data: (chunk: Uint8Array) => void, close: (why: string) => void): void;
  send(bytes: Uint8Array): boolean;
  isWritable(): boolean;
  close(): void;
  free(): void;
}

/** A `WebSocket` class, as browsers have it. Packages such as `ws` have one too. */
export type WebSocketConstructor = new (url: string) => object;
