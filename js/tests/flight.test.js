// How many writes things take. A WebSocket counts them the same on every runtime: one message is one write.

import { after, before, describe, it } from 'node:test';

import { connect } from 'trunkline';
import { WebSocket } from 'ws';

import { startBridge } from './support/bridge.js';
import { equal, ok } from './support/check.js';
import { servers } from './support/servers.js';

const [{ url }] = await servers();

let writes = 0;
let reads = 0;

class Counting extends WebSocket {
  constructor(...parameters) {
    super(...parameters);
    this.on('message', () => reads++);
  }

  send(...parameters) {
    writes++;
    return super.send(...parameters);
  }
}

describe('the socket', () => {
  let bridge;
  let db;
  before(async () => {
    bridge = await startBridge([new URL(url).host]);
    db = await connect(url, { proxy: bridge.url, webSocket: Counting });
  });
  after(async () => {
    await db.close();
    await bridge.close();
  });

  it('sees one write and one read for a fetch of a known statement', async () => {
    for (let warm = 0; warm < 3; warm++) await db.fetch('select $1::int4 as n', [warm]);
    for (let round = 0; round < 5; round++) {
      [writes, reads] = [0, 0];
      equal(await db.fetch('select $1::int4 as n', [round]), [{ n: round }]);
      equal([writes, reads], [1, 1]);
    }
  });

  it('sees one write for the first fetch of a statement without parameters', async () => {
    writes = 0;
    await db.fetch('select 1 as never_seen_before');
    equal(writes, 1);
  });

  it('sees at most 20 writes for 1,000 queries at once', async () => {
    writes = 0;
    await Promise.all(Array.from({ length: 1000 }, (_, n) => db.fetchVal('select $1::int4', [n])));
    ok(writes <= 20, `${writes} writes`);
  });

  it('sees one write for a batch', async () => {
    await db.batch([{ sql: 'select $1::int4', params: [1] }]);
    writes = 0;
    await db.batch(Array.from({ length: 50 }, (_, n) => ({ sql: 'select $1::int4', params: [n] })));
    equal(writes, 1);
  });
});
