import type { WebSocketConstructor } from './engine/core.js';
import { UsageError } from './errors/usage-error.js';
import type { Notice } from './notice.js';
import { SharedTypes } from './shared-types.js';
import { Codecs, type TypeCodec } from './values/codec.js';
import { representationBits, type Representations } from './values/representation.js';

/** What a program can say about a connection besides its URL. Options win over the URL, the URL over PG* variables. */
export interface ConnectOptions extends Representations {
  user?: string;
  password?: string;
  database?: string;
  host?: string;
  port?: number;
  /** How the connection is called in `pg_stat_activity`. */
  applicationName?: string;
  /** `disable`, `allow`, `prefer`, `require`, `verify-ca`, `verify-full`. */
  sslmode?: string;
  /** Command-line options for the server, such as `-csearch_path=app`. */
  options?: string;
  /** How long to try, in milliseconds, for each host and for all of them. Default 30,000; 0 is for ever. */
  connectTimeout?: number;
  /** How long a command may take, in milliseconds, when the call does not say. Default 0: as long as it takes. */
  commandTimeout?: number;
  /** How types are read and written in a way of the program's, by their names. */
  types?: Readonly<Record<string, TypeCodec>>;
  /** What is known of the database's own types, for connections to the same database to share. */
  sharedTypes?: SharedTypes;
  /** `unnamed` prepares nothing on the server, which is right behind every pooler. Default `named`. */
  statementMode?: 'named' | 'unnamed';
  /** How many prepared statements to keep on the server. */
  statementCacheSize?: number;
  /** The longest message to accept, in bytes. */
  maxMessageLength?: number;
  /** Whether the password may be sent in clear over an unencrypted connection to another machine. */
  allowCleartext?: boolean;
  /** The URL of a WebSocket proxy that makes the TCP connection: the only way from a browser. */
  proxy?: string;
  /** A `WebSocket` class, for runtimes without one. */
  webSocket?: WebSocketConstructor;
  /** Called with every notice; what it throws is reported and changes nothing. */
  onNotice?: (notice: Notice) => void;
  /** Gives up connecting when it is aborted. */
  signal?: AbortSignal;
}

/** Options that are checked, in the forms that those who need them take. */
export interface CheckedOptions {
  /** In libpq's names. */
  readonly texts: [string, string][];
  /** What values become, as the core takes it. */
  readonly representations: number;
  readonly codecs: Codecs;
  readonly sharedTypes: SharedTypes | undefined;
  /** In milliseconds; -1 when it is not among the options. */
  readonly connectTimeout: number;
  readonly commandTimeout: number;
  readonly proxy: string | undefined;
  readonly webSocket: WebSocketConstructor | undefined;
  readonly onNotice: ((notice: Notice) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Checks options; a UsageError names what is wrong, and never a value, which could be a secret. */
export function checkOptions(options: ConnectOptions): CheckedOptions {
  const texts: [string, string][] = [];
  for (const [name, value] of Object.entries(options)) {
    const option = OPTIONS[name];
    if (option === undefined) throw new UsageError(unknown(name));
    if (value === undefined) continue;
    const [type, text] = option;
    if (typeof value !== type || value === null) {
      throw new UsageError(`option ${name}: it is a ${typeof value} where a ${type} is expected`);
    }
    if (typeof value === 'string' && value.includes('\0')) {
      throw new UsageError(`option ${name}: it contains a NUL character, which PostgreSQL cannot take`);
    }
    if (text !== undefined) texts.push([text, typeof value === 'boolean' ? (value ? '1' : '0') : String(value)]);
  }
  const { proxy, sharedTypes, types } = options;
  if (proxy !== undefined && !/^wss?:\/\//i.test(proxy)) {
    throw new UsageError('option proxy: it is a URL that begins with ws:// or wss://');
  }
  if (sharedTypes !== undefined && !(sharedTypes instanceof SharedTypes)) {
    throw new UsageError('option sharedTypes: it is made by new SharedTypes()');
  }
  return {
    texts,
    representations: representationBits(options, 0),
    codecs: types === undefined ? Codecs.none : new Codecs(types),
    sharedTypes,
    connectTimeout: milliseconds(options, 'connectTimeout'),
    commandTimeout: milliseconds(options, 'commandTimeout'),
    proxy,
    webSocket: options.webSocket,
    onNotice: options.onNotice,
    signal: options.signal,
  };
}

/** Of each option its type, and its name in libpq or in the core if it has one. */
const OPTIONS: Record<string, readonly [type: string, text?: string] | undefined> = {
  user: ['string', 'user'],
  password: ['string', 'password'],
  database: ['string', 'dbname'],
  host: ['string', 'host'],
  port: ['number', 'port'],
  applicationName: ['string', 'application_name'],
  sslmode: ['string', 'sslmode'],
  options: ['string', 'options'],
  connectTimeout: ['number'],
  commandTimeout: ['number'],
  int8: ['string'],
  numeric: ['string'],
  timestamps: ['string'],
  dates: ['string'],
  intervals: ['string'],
  json: ['string'],
  types: ['object'],
  sharedTypes: ['object'],
  statementMode: ['string', 'statement_mode'],
  statementCacheSize: ['number', 'statement_cache_size'],
  maxMessageLength: ['number', 'max_message_len'],
  allowCleartext: ['boolean', 'allow_cleartext'],
  proxy: ['string'],
  webSocket: ['function'],
  onNotice: ['function'],
  signal: ['object'],
};

function milliseconds(options: ConnectOptions, name: 'connectTimeout' | 'commandTimeout'): number {
  const value = options[name];
  if (value !== undefined && !(value >= 0)) throw new UsageError(`option ${name}: it is a number of milliseconds`);
  return value ?? -1;
}

/** Names that other drivers have for options. */
const ALIASES: Record<string, string | undefined> = {
  username: 'user',
  pass: 'password',
  db: 'database',
  dbname: 'database',
  hostname: 'host',
  application_name: 'applicationName',
  connect_timeout: 'connectTimeout',
  connectionTimeoutMillis: 'connectTimeout',
  statement_timeout: 'commandTimeout',
  query_timeout: 'commandTimeout',
  ssl: 'sslmode',
  tls: 'sslmode',
  onnotice: 'onNotice',
  prepare: 'statementMode',
};

function unknown(name: string): string {
  const meant = ALIASES[name] ?? nearest(name);
  return `option ${name}: there is no such option${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

function nearest(name: string): string | undefined {
  const candidates = Object.keys(OPTIONS)
    .map((option) => ({ option, distance: editDistance(name.toLowerCase(), option.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = candidates;
  return best !== undefined && best.distance <= Math.max(1, name.length / 3) ? best.option : undefined;
}

/** Levenshtein's, by the row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
