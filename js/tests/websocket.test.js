// The behaviours through a WebSocket, and what is particular to it.

import { after, before, describe, it } from 'node:test';

import * as trunkline from 'trunkline';
import { WebSocket as PackageWebSocket } from 'ws';

import { behaviours } from './support/behaviours.js';
import { startBridge } from './support/bridge.js';
import { equal, match, ok, rejection } from './support/check.js';
import { servers } from './support/servers.js';

const running = await servers();
const addresses = running.map(({ url }) => new URL(url).host);

let bridge;
before(async () => {
  bridge = await startBridge([...addresses, '127.0.0.1:1']);
});
after(() => bridge.close());

/** Node 20 has no WebSocket of its own. */
const webSocket = globalThis.WebSocket ?? PackageWebSocket;
const through = (url, options) => trunkline.connect(url, { proxy: bridge.url, webSocket, ...options });

for (const { version, url } of running) {
  describe(`PostgreSQL ${version} through a WebSocket`, () => {
    for (const [name, behave] of Object.entries(behaviours)) {
      it(name, async () => {
        const open = (options) => through(url, options);
        const db = await open();
        try {
          await behave({ db, open, trunkline });
        } finally {
          await db.close();
        }
      });
    }
  });
}

describe('a WebSocket', () => {
  const [{ url }] = running;

  it('can be of a class that is given', async () => {
    const db = await through(url, { webSocket: PackageWebSocket });
    equal(await db.fetchVal('select 1'), 1);
    await db.close();
  });

  it('that the runtime does not have is asked for', async () => {
    const own = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
    if (own) delete globalThis.WebSocket;
    try {
      const error = await rejection(trunkline.connect(url, { proxy: bridge.url }));
      equal(error.name, 'ConnectError');
      match(error.message, /no WebSocket.*option webSocket/);
    } finally {
      if (own) Object.defineProperty(globalThis, 'WebSocket', own);
    }
  });

  it('to a proxy that refuses the target says so', async () => {
    const error = await rejection(through('postgres://jane:s3cret@127.0.0.1:2/db'));
    equal([error.name, error.attempts[0].error.name], ['ConnectError', 'ClosedError']);
    match(error.message, /127\.0\.0\.1:2.*1008/);
    ok(!error.message.includes('s3cret'));
  });

  it('to a target that refuses the connection says so', async () => {
    const error = await rejection(through('postgres://jane@127.0.0.1:1/db'));
    match(error.message, /1011.*ECONNREFUSED/);
  });

  it('to where nothing listens fails within its deadline', async () => {
    const error = await rejection(through(url, { proxy: 'ws://127.0.0.1:1/v1', connectTimeout: 5_000 }));
    equal([error.name, error.attempts[0].phase], ['ConnectError', 'websocket']);
    match(error.message, /ws:\/\/127\.0\.0\.1:1\/v1/);
  });

  it('is closed with a connection that is given up', async () => {
    const error = await rejection(through(url, { signal: AbortSignal.abort(new Error('changed my mind')) }));
    equal(error.message, 'changed my mind');
  });
});
