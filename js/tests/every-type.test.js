// Rows with everything in them.

import { describe, it } from 'node:test';

import { Range, SharedTypes } from 'trunkline';

import { equal, ok } from './support/check.js';
import { servers } from './support/servers.js';
import { within, withSchema } from './support/session.js';
import { families } from './support/vectors.js';
import { introspections, watched } from './support/watch.js';

/** Of each built-in type that this version has, a literal of a value, short enough to be shown. */
function literals(major) {
  const found = new Map();
  for (const { server, setup, cases } of families()) {
    if (server === 'pglite' || setup.length > 0) continue;
    for (const { type, literal, since, text } of cases) {
      if (literal !== undefined && since <= major && text.length < 200 && !found.has(type)) found.set(type, literal);
    }
  }
  return found;
}

const TYPES = `create type mood as enum ('sad', 'calm', 'happy');
  create type moods as range (subtype = mood);
  create domain spell as moods check (not isempty(value));
  create type diary as (id int4, spells spell[], favourite mood, note text)`;

const DIARY = {
  id: 1,
  spells: [new Range({ lower: 'sad', upper: 'happy' }), null, new Range({ lower: 'calm', lowerInclusive: false })],
  favourite: 'happy',
  note: null,
};

for (const { version, url } of await servers()) {
  describe(`every type with PostgreSQL ${version}`, () => {
    it('is in one row by one call, which goes to JSON', () =>
      within(url, { int8: 'string', timestamps: 'string' }, async (db) => {
        const found = literals(Number.parseInt(db.serverVersion, 10));
        ok(found.size > 100, `${found.size} types`);
        const columns = [...found].map(([type, literal], index) => `'${literal.replaceAll("'", "''")}'::${type} as c${index}`);
        const row = await db.fetchOne(`select ${columns.join(', ')}`);
        equal(Object.keys(row).length, found.size);
        const json = JSON.parse(JSON.stringify(row));
        equal(Object.keys(json), Object.keys(row));
        ok(Object.values(row).every((value) => value !== undefined));
      }));

    it('is null in one row by one call', () =>
      within(url, {}, async (db) => {
        const types = [...literals(Number.parseInt(db.serverVersion, 10)).keys()];
        const row = await db.fetchOne(`select ${types.map((type, index) => `null::${type} as c${index}`).join(', ')}`);
        equal(Object.keys(row).length, types.length);
        ok(Object.values(row).every((value) => value === null));
      }));

    it('of one that is made of many is right the first time, by one question for all who share', () =>
      withSchema(url, 'every_nested', TYPES, (schema) => {
        const options = { sharedTypes: new SharedTypes(), options: `-csearch_path=${schema}` };
        const literal = `row(1, array['[sad,happy)', null, '(calm,)']::spell[], 'happy', null)::diary`;
        return watched(url, options, (one, sentByOne) =>
          watched(url, options, (two, sentByTwo) =>
            watched(url, options, async (three, sentByThree) => {
              const [row] = await one.fetch(`select ${literal} as a, array[${literal}] as b, 'sad'::mood as c`);
              equal(row, { a: DIARY, b: [DIARY], c: 'sad' });
              equal(await two.fetchVal('select $1::diary', [DIARY]), DIARY);
              equal(await three.fetchOne(`select $1::diary[] as b, $2::moods as c`, [[DIARY], DIARY.spells[2]]), {
                b: [DIARY], c: DIARY.spells[2],
              });
              equal(await one.fetchVal('select $1::diary::text', [DIARY]), await two.fetchVal(`select ${literal}::text`));
              const asked = [sentByOne, sentByTwo, sentByThree].map((sent) => introspections(sent()));
              equal(asked, [1, 0, 0]);
            }),
          ),
        );
      }));
  });
}
