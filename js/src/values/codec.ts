import { UsageError } from '../errors/usage-error.js';
import { Unreadable } from './unreadable.js';
import { Unsendable } from './unsendable.js';

/**
 * How a program reads and writes a type in a way of its own: a base type, domain, enum, composite, array or range, by
 * its name (of an array its element's with `[]`), after its schema and a dot where that matters. NULL is `null` and is
 * given to no codec. An element of an array is given to the codec of its type as it is, even if it is an array: it is
 * no dimension then.
 *
 * ```ts
 * const db = await connect(url, { types: { money: { decode: (text) => new Price(text), encode: String } } });
 * ```
 */
export type TypeCodec<T = never> =
  /** Over the text that PostgreSQL has for it. */
  | {
      readonly format?: 'text';
      decode?(this: void, text: string): unknown;
      encode?(this: void, value: T): string;
    }
  /** Over its binary form. */
  | {
      readonly format: 'binary';
      decode?(this: void, bytes: Uint8Array): unknown;
      encode?(this: void, value: T): Uint8Array;
    };

/** The codecs of a client, by the numbers that the core knows them by. */
export class Codecs {
  static readonly none = new Codecs({});

  /** For the core: of each its name and what it is over, each ended by a NUL. */
  readonly described: string;
  readonly #codecs: readonly TypeCodec[];
  readonly #names: readonly string[];

  constructor(codecs: Readonly<Record<string, TypeCodec>>) {
    this.#names = Object.keys(codecs);
    this.#codecs = Object.values(codecs);
    for (const [name, codec] of Object.entries(codecs)) check(name, codec);
    this.described = this.#codecs
      .map(({ format = 'text', decode, encode }, index) => {
        const ways = `${decode === undefined ? '' : 'd'}${encode === undefined ? '' : 'e'}`;
        return `${this.#names[index]}\0${format}\0${ways}\0`;
      })
      .join('');
  }

  decode(codec: number, value: unknown): unknown {
    try {
      return (this.#codecs[codec].decode as (value: unknown) => unknown)(value);
    } catch (cause) {
      throw new Unreadable(`the codec of ${this.#names[codec]} failed: ${String(cause)}`, cause);
    }
  }

  /** A string to be sent as text, or bytes to be sent as the binary form. */
  encode(codec: number, value: unknown): string | Uint8Array {
    const { format = 'text', encode } = this.#codecs[codec];
    let encoded;
    try {
      encoded = (encode as (value: unknown) => unknown)(value);
    } catch (cause) {
      throw new Unsendable(`the codec of ${this.#names[codec]} failed: ${String(cause)}`, cause);
    }
    if (format === 'text' ? typeof encoded === 'string' : encoded instanceof Uint8Array) {
      return encoded as string | Uint8Array;
    }
    const wanted = format === 'text' ? 'string' : 'Uint8Array';
    throw new Unsendable(`the codec of ${this.#names[codec]} gave something else than a ${wanted}`);
  }
}

function check(name: string, codec: TypeCodec): void {
  const problem = problemOf(codec);
  if (problem !== undefined) throw new UsageError(`option types: the codec of ${name} ${problem}`);
  if (name === '' || name.includes('\0')) throw new UsageError('option types: a name is empty or contains a NUL');
}

function problemOf(codec: unknown): string | undefined {
  if (typeof codec !== 'object' || codec === null) return 'must be an object with decode, encode or both';
  const { format, decode, encode } = codec as { format?: unknown; decode?: unknown; encode?: unknown };
  if (format !== undefined && format !== 'text' && format !== 'binary') return "must have a format of 'text' or 'binary'";
  for (const [name, value] of Object.entries({ decode, encode })) {
    if (value !== undefined && typeof value !== 'function') return `must have a function as its ${name}`;
  }
  return decode === undefined && encode === undefined ? 'has neither decode nor encode' : undefined;
}
