// What a connection sends, message by message, seen by a relay between it and its server.

import { Buffer } from 'node:buffer';
import { createConnection, createServer } from 'node:net';

import { within } from './session.js';

/** As `within`, with a second parameter: a function that gives the messages sent since it was called last. */
export async function watched(url, options, use) {
  const { hostname, port } = new URL(url);
  const sent = [];
  const sockets = [];
  const relay = createServer((client) => {
    const server = createConnection({ host: hostname, port: Number(port), noDelay: true });
    const reader = new MessageReader((message) => sent.push(message));
    client.on('data', (chunk) => {
      reader.push(chunk);
      server.write(chunk);
    });
    server.on('data', (chunk) => client.write(chunk));
    for (const [one, other] of [[client, server], [server, client]]) {
      one.on('close', () => other.destroy());
      one.on('error', () => other.destroy());
      sockets.push(one);
    }
  });
  await new Promise((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.host = `127.0.0.1:${relay.address().port}`;
  try {
    return await within(through.href, options, (db) => use(db, () => sent.splice(0)));
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => relay.close(resolve));
  }
}

/** How many of the messages ask the catalog for types. */
export function introspections(messages) {
  return messages.filter(isIntrospection).length;
}

/** The tags of the messages that run something of the program's. */
export function executions(messages) {
  const tags = [];
  let asks = false;
  for (const message of messages) {
    asks = isIntrospection(message) || (asks && message.tag !== 'S');
    // In a transaction block the question has a savepoint.
    if (!asks && 'BEQ'.includes(message.tag) && !message.body.includes('trunkline_types')) tags.push(message.tag);
  }
  return tags;
}

function isIntrospection({ tag, body }) {
  return tag === 'P' && body.includes('with recursive level(oids)');
}

/** Tells the messages of a stream that begins with a StartupMessage, which has no tag. */
class MessageReader {
  #rest = Buffer.alloc(0);
  #started = false;
  #told;

  constructor(told) {
    this.#told = told;
  }

  push(chunk) {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const head = this.#started ? 1 : 0;
      if (this.#rest.length < head + 4) return;
      const end = head + this.#rest.readUInt32BE(head);
      if (this.#rest.length < end) return;
      const tag = this.#started ? String.fromCharCode(this.#rest[0]) : '';
      this.#told({ tag, body: this.#rest.subarray(head + 4, end) });
      this.#rest = this.#rest.subarray(end);
      this.#started = true;
    }
  }
}
