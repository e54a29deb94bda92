// The behaviours over TCP.

import { describe, it } from 'node:test';

import * as trunkline from 'trunkline';

import { behaviours } from './support/behaviours.js';
import { equal } from './support/check.js';
import { servers } from './support/servers.js';

const running = await servers();

for (const { version, url } of running) {
  describe(`PostgreSQL ${version} over TCP`, () => {
    for (const [name, behave] of Object.entries(behaviours)) {
      it(name, async () => {
        const open = (options) => trunkline.connect(url, options);
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

describe('a Unix socket', () => {
  for (const { version, url } of running.filter(({ version }) => version !== 'own')) {
    it(`leads to PostgreSQL ${version}`, async () => {
      const db = await trunkline.connect(url);
      const folder = (await db.fetchVal('show unix_socket_directories')).split(',')[0].trim();
      const socket = await trunkline.connect(url, { host: folder });
      equal(await socket.fetchVal('select inet_client_addr() is null'), true);
      equal(socket.server, `${folder}/.s.PGSQL.${new URL(url).port}`);
      await socket.close();
      await db.close();
    });
  }
});
