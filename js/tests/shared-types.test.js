// Types of a database's own are learned once for all connections that share them.

import { describe, it } from 'node:test';

import { SharedTypes, connect } from 'trunkline';

// Not part of the package's interface.
import { Instance } from '../dist/engine/instance.js';

import { equal, match, ok, rejection } from './support/check.js';
import { servers } from './support/servers.js';
import { within, withSchema } from './support/session.js';
import { introspections, watched } from './support/watch.js';

const TYPES = `create type mood as enum ('sad', 'happy');
  create domain small as int4 check (value < 10);
  create type inside as (a int4, m mood);
  create type outside as (i inside, l inside[], s small[])`;

const SQL = `select $1::outside as o, 'sad'::mood as m`;
const VALUE = { i: { a: 1, m: 'happy' }, l: [{ a: 2, m: null }], s: [3] };

/** The types in use, learned or not: the value comes back as it went. */
async function check(db) {
  equal(await db.fetchOne(SQL, [VALUE]), { o: VALUE, m: 'sad' });
}

for (const { version, url } of await servers()) {
  describe(`shared types with PostgreSQL ${version}`, () => {
    /** Two watched connections to one schema, each with options of its own. */
    const pair = (name, [first, second], use) =>
      withSchema(url, name, TYPES, (schema) => {
        const options = `-csearch_path=${schema}`;
        return watched(url, { ...first, options }, (one, sentByOne) =>
          watched(url, { ...second, options }, (two, sentByTwo) =>
            use({ one, two, schema, options, asked: () => [introspections(sentByOne()), introspections(sentByTwo())] }),
          ),
        );
      });
    const sharing = () => {
      const sharedTypes = new SharedTypes();
      return [{ sharedTypes }, { sharedTypes }];
    };

    it('are asked for once', () =>
      pair('shared_once', sharing(), async ({ one, two, asked }) => {
        for (let round = 0; round < 3; round++) {
          await check(one);
          await check(two);
        }
        equal(asked(), [1, 0]);
        await Promise.all([check(one), check(two)]);
        equal(asked(), [0, 0]);
      }));

    it('are asked for by each that does not share', () =>
      pair('shared_not', [{ sharedTypes: new SharedTypes() }, {}], async ({ one, two, asked }) => {
        await check(one);
        await check(two);
        equal(asked(), [1, 1]);
      }));

    it('are known to connections made later', () =>
      pair('shared_later', sharing(), async ({ one, two, asked }) => {
        await check(two);
        equal(asked(), [0, 1]);
        await two.close();
        await check(one);
        equal(asked(), [0, 0]);
      }));

    it('are known to batches and prepared statements', () =>
      pair('shared_ways', sharing(), async ({ one, two, asked }) => {
        await check(one);
        const [{ rows }] = await two.batch([{ sql: `${SQL} where true`, params: [VALUE] }]);
        equal(rows, [{ o: VALUE, m: 'sad' }]);
        const statement = await two.prepare(`${SQL} limit 1`);
        equal(statement.parameters.map(({ name }) => name), ['outside']);
        equal(await statement.fetchOne([VALUE]), { o: VALUE, m: 'sad' });
        equal(asked(), [1, 0]);
      }));

    it('are forgotten for all when one reloads', () =>
      pair('shared_reload', sharing(), async ({ one, two, asked }) => {
        await check(one);
        await check(two);
        await one.execute('alter type inside add attribute extra jsonb');
        one.reloadTypes();
        const wider = { i: { a: 1, m: 'happy', extra: [1] }, l: [], s: [] };
        equal(await two.fetchVal(SQL, [wider]), wider);
        equal(await one.fetchVal(SQL, [wider]), wider);
        equal(asked(), [1, 1]);
        const [{ rows }] = await one.batch([{ sql: SQL, params: [wider] }]);
        equal(rows[0].o, wider);
        equal(asked(), [0, 0]);
      }));

    it('that one finds changed are changed for all', () =>
      pair('shared_drift', sharing(), async ({ one, two, asked }) => {
        const sql = `select row(1, 'sad')::inside as i`;
        equal(await one.fetchVal(sql), { a: 1, m: 'sad' });
        equal(await two.fetchVal(sql), { a: 1, m: 'sad' });
        await one.execute('alter type inside add attribute b bool');
        const wider = `select row(1, 'sad', true)::inside as i`;
        equal(await one.fetchVal(wider), { a: 1, m: 'sad', b: true });
        equal(await two.fetchVal(wider), { a: 1, m: 'sad', b: true });
        equal(asked(), [2, 0]);
      }));

    it('can be forgotten without a connection', () => {
      const sharedTypes = new SharedTypes();
      sharedTypes.forgetAll();
      return pair('shared_forget', [{ sharedTypes }, { sharedTypes }], async ({ one, two, asked }) => {
        await check(one);
        sharedTypes.forgetAll();
        await check(two);
        await check(one);
        equal(asked(), [1, 1]);
      });
    });

    it('are learned by both when both are first', () =>
      pair('shared_race', sharing(), async ({ one, two, asked }) => {
        await Promise.all([check(one), check(two)]);
        const [first, second] = asked();
        ok(first + second >= 1 && first <= 1 && second <= 1, `${first} and ${second}`);
        await Promise.all([check(one), check(two)]);
        equal(asked(), [0, 0]);
      }));

    it('begin anew after a panic of the core', () =>
      withSchema(url, 'shared_panic', TYPES, async (schema) => {
        const options = { sharedTypes: new SharedTypes(), options: `-csearch_path=${schema}` };
        const db = await connect(url, options);
        await check(db);
        Instance.current(undefined).fail(new Error('as if the core had failed'));
        equal(db.isClosed, true);
        options.sharedTypes.forgetAll();
        await watched(url, options, async (one, sent) => {
          await check(one);
          equal(introspections(sent()), 1);
          await watched(url, options, async (two, sent) => {
            await check(two);
            equal(introspections(sent()), 0);
          });
        });
      }));

    it('are of a class, and nothing else', async () => {
      for (const sharedTypes of [{}, 'all', null]) {
        const error = await rejection(within(url, { sharedTypes }, () => {}));
        equal(error.name, 'UsageError');
        match(error.message, /option sharedTypes/);
      }
    });
  });
}
