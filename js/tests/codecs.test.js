// Types that the program reads and writes in ways of its own: the option `types`.

import { describe, it } from 'node:test';

import { Range } from 'trunkline';

import { equal, match, ok, rejection } from './support/check.js';
import { servers } from './support/servers.js';
import { within, withSchema } from './support/session.js';
import { executions, watched } from './support/watch.js';

const TYPES = `create type mood as enum ('sad', 'happy');
  create domain small as int4 check (value < 100);
  create domain smaller as small check (value < 10);
  create type pair as (n int4, m mood, s small);
  create type moods as range (subtype = mood)`;

/** What a codec made, so that nothing else can be taken for it. */
class Tagged {
  constructor(text) {
    this.text = text;
  }
}

const text = { decode: (read) => new Tagged(read), encode: ({ text }) => text };
const binary = {
  format: 'binary',
  decode: (read) => new Tagged([...read].join()),
  encode: ({ text }) => Uint8Array.from(text.split(','), Number),
};
const tagged = (read) => new Tagged(read);

const WRONG = { xml: { encode: () => 5 }, uuid: { format: 'binary', encode: () => 'x' }, text: { encode: () => 'a\0b' } };

function fails() {
  throw new RangeError('no moods');
}

/** Of each kind of type a name, its codec, the value that a literal becomes, and where that stands in others. */
const CASES = [
  ['int4', text, '5', tagged('5')],
  ['int4', binary, '5', tagged('0,0,0,5')],
  ['numeric', text, '1.50', tagged('1.50')],
  ['timestamptz', text, '2024-02-29 00:00:00+00', tagged('2024-02-29 00:00:00+00')],
  ['jsonb', text, '{"a": 1}', tagged('{"a": 1}')],
  ['bytea', binary, '\\x0102', tagged('1,2')],
  ['uuid', binary, '00000000-0000-0000-0000-0000000000ff', tagged('0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,255')],
  ['point', text, '(1,2)', tagged('(1,2)')],
  ['mood', text, 'sad', tagged('sad')],
  ['mood', binary, 'sad', tagged('115,97,100')],
  ['pair', text, '(1,sad,2)', tagged('(1,sad,2)')],
  ['mood[]', text, '{sad,NULL}', tagged('{sad,NULL}')],
  ['int4[]', binary, '{7}', tagged('0,0,0,1,0,0,0,0,0,0,0,23,0,0,0,1,0,0,0,1,0,0,0,4,0,0,0,7')],
  ['moods', text, '[sad,happy]', tagged('[sad,happy]')],
  ['moods', binary, '[sad,happy]', tagged('6,0,0,0,3,115,97,100,0,0,0,5,104,97,112,112,121')],
  ['int4range', text, '[1,5)', tagged('[1,5)')],
];

for (const { version, url } of await servers()) {
  describe(`codecs with PostgreSQL ${version}`, () => {
    /** A connection with these codecs to a schema with the types above. */
    const withTypes = (name, types, use) =>
      withSchema(url, name, TYPES, (schema) => {
        const given = typeof types === 'function' ? types(schema) : types;
        return watched(url, { types: given, options: `-csearch_path=${schema} -ctimezone=UTC` }, use);
      });

    it('over text and over bytes, of every kind of type', () =>
      withSchema(url, 'codecs_kinds', TYPES, async (schema) => {
        for (const [name, codec, literal, value] of CASES) {
          const options = { types: { [name]: codec }, options: `-csearch_path=${schema} -ctimezone=UTC` };
          await within(url, options, async (db) => {
            equal(await db.fetchVal(`select '${literal}'::${name}`), value, `${name}, read`);
            // Twice: the first time the types are not known when the parameters are written.
            for (let round = 0; round < 2; round++) {
              equal(await db.fetchVal(`select $1::${name}`, [value]), value, `${name}, sent`);
            }
            equal(await db.fetchVal(`select $1::${name}`, [null]), null);
            if (name.endsWith('[]')) return;
            equal(await db.fetchVal(`select $1::${name}[]`, [[value, null]]), [value, null], `${name}[]`);
            await db.execute(`create temp table holder (one ${name}, many ${name}[])`);
            const holder = { one: value, many: [value] };
            equal(await db.fetchVal('select $1::holder', [holder]), holder, `a composite of ${name}`);
          });
        }
      }));

    it('in ranges and multiranges', () =>
      withTypes('codecs_ranges', { int4: text, mood: binary }, async (db) => {
        const range = new Range({ lower: tagged('3'), upper: tagged('7') });
        equal(await db.fetchVal('select $1::int4range', [range]), range);
        const open = new Range({ upper: tagged('104,97,112,112,121'), upperInclusive: true });
        equal(await db.fetchVal('select $1::moods', [open]), open);
        equal(await db.fetchVal('select $1::moods', [Range.empty]), Range.empty);
        if (Number.parseInt(db.serverVersion, 10) >= 14) {
          const ranges = [range, new Range({ lower: tagged('9') })];
          equal(await db.fetchVal('select $1::int4multirange', [ranges]), ranges);
        }
      }));

    it('of elements, in arrays that do not begin at 1', () =>
      withTypes('codecs_bounds', { int4: text }, async (db) => {
        const array = await db.fetchVal(`select '[0:1]={5,6}'::int4[]`);
        equal([array, array.lowerBounds], [[tagged('5'), tagged('6')], [0]]);
        equal(await db.fetchVal('select $1::int4[]::text', [array]), '[0:1]={5,6}');
        equal(await db.fetchVal(`select '{{1,2},{3,4}}'::int4[]`), [[tagged('1'), tagged('2')], [tagged('3'), tagged('4')]]);
      }));

    it('of domains, and of what they are over', () =>
      withTypes('codecs_domains', { small: text }, async (db) => {
        equal(await db.fetchVal('select $1::small[]', [[tagged('5')]]), [tagged('5')]);
        equal(await db.fetchVal('select $1::smaller[]', [[tagged('5')]]), [tagged('5')]);
        const pair = { n: 1, m: 'sad', s: tagged('5') };
        equal(await db.fetchVal('select $1::pair', [pair]), pair);
        // The server tells of such a column as of what the domain is over.
        equal(await db.fetchVal('select $1::small', [tagged('5')]), 5);
      }));

    it('of what a domain is over, in each that is over it', () =>
      withTypes('codecs_bases', { int4: text }, async (db) => {
        equal(await db.fetchVal('select $1::small', [tagged('5')]), tagged('5'));
        equal(await db.fetchVal('select $1::smaller[]', [[tagged('5')]]), [tagged('5')]);
        equal(await db.fetchVal(`select '{5}'::smaller[]`), [tagged('5')]);
      }));

    it('by the name of the schema, which goes before a name alone', () =>
      withTypes(
        'codecs_schemas',
        (schema) => ({ mood: { decode: () => 'any' }, [`${schema}.mood`]: { decode: () => 'this' }, 'other.pair': text, 'pg_catalog.int8': text }),
        async (db) => {
          equal(await db.fetchVal(`select 'sad'::mood`), 'this');
          equal(await db.fetchVal(`select array['sad'::mood]`), ['this']);
          equal(await db.fetchVal('select 5::int8'), tagged('5'));
          equal(await db.fetchVal(`select row(1, 'sad', 2)::pair`), { n: 1, m: 'this', s: 2 });
          await db.executeScript(`create type pg_temp.mood as enum ('glad')`);
          equal(await db.fetchVal(`select 'glad'::pg_temp.mood`), 'any');
        },
      ));

    it('of one connection are not those of another', () =>
      within(url, { types: { int4: { decode: () => 'one' } } }, (one) =>
        within(url, { types: { int4: { decode: () => 'two' } } }, (two) =>
          within(url, {}, async (none) => {
            const values = await Promise.all([one, two, none].map((db) => db.fetchVal('select 1')));
            equal(values, ['one', 'two', 1]);
          }),
        ),
      ));

    it('that only read, or only write', () =>
      withTypes('codecs_ways', { mood: { decode: (read) => read.toUpperCase() }, small: { encode: ({ n }) => String(n) } }, async (db) => {
        equal(await db.fetchVal('select $1::mood', ['sad']), 'SAD');
        equal(await db.fetchVal('select $1::small[]', [[{ n: 5 }]]), [5]);
      }));

    it('see what is in a row in its order, and may give anything', () =>
      withTypes('codecs_order', { int4: { decode: (read) => (read === '2' ? undefined : { read }) } }, async (db) => {
        equal(await db.fetch(`select n, n::text as t, n + 10 as m from generate_series(1, 3) n`), [
          { n: { read: '1' }, t: '1', m: { read: '11' } },
          { n: undefined, t: '2', m: { read: '12' } },
          { n: { read: '3' }, t: '3', m: { read: '13' } },
        ]);
      }));

    it('that throw name the column or the parameter, and the connection goes on', () =>
      withTypes('codecs_throw', { mood: { decode: fails, encode: fails } }, async (db, sent) => {
        for (const [sql, type] of [[`'sad'::mood`, 'mood'], [`array['sad'::mood]`, 'mood[]'], [`row(1, 'sad', 2)::pair`, 'pair']]) {
          for (const failing of [db.fetch(`select 1 as n, ${sql} as m`), db.fetchRow(`select ${sql} as m`)]) {
            const error = await rejection(failing);
            equal(error.name, 'ConversionError');
            equal(error.message, `column "m" (PostgreSQL's ${type}) cannot be read: the codec of mood failed: RangeError: no moods`);
            ok(error.cause instanceof RangeError);
          }
        }
        for (const [type, value] of [['mood', 'sad'], ['mood[]', ['sad']], ['pair', { n: 1, m: 'sad', s: 2 }]]) {
          for (let round = 0; round < 3; round++) {
            await db.fetchVal('select 1');
            sent();
            const error = await rejection(db.fetch(`select $1::int4, $2::${type}`, [1, value]));
            equal(error.name, 'UsageError');
            equal(error.message, 'parameter $2: the codec of mood failed: RangeError: no moods; nothing was sent');
            ok(error.cause instanceof RangeError);
            equal(await db.fetchVal('select 1'), 1);
            equal(executions(sent()).filter((tag) => tag === 'E').length, 1, type);
          }
        }
      }));

    it('that give what cannot be sent name the parameter', () =>
      within(url, { types: WRONG }, async (db) => {
        const said = async (type) => (await rejection(db.fetch(`select $1::${type}`, ['x']))).message;
        match(await said('xml'), /^parameter \$1: the codec of xml gave something else than a string; nothing was sent$/);
        match(await said('uuid'), /^parameter \$1: the codec of uuid gave something else than a Uint8Array; nothing was/);
        match(await said('text'), /^parameter \$1:.*text.*NUL.*nothing was sent$/);
        equal(await db.fetchVal('select 1'), 1);
      }));

    it('cannot use the connection that they work for', () =>
      within(url, {}, async (other) => {
        let db;
        const types = { int4: { decode: () => db.fetch('select 1'), encode: () => String(db.serverPid) } };
        await within(url, { types }, async (own) => {
          db = own;
          match((await rejection(own.fetchVal('select 1'))).message, /a codec cannot use a connection while it decodes/);
          db = other;
          equal(await own.fetchVal('select $1::int4::text', [1]), String(other.serverPid));
        });
      }));

    it('that are none are errors of the option', async () => {
      const cases = [
        [{ mood: {} }, /option types: the codec of mood has neither decode nor encode/],
        [{ mood: { decode: 5 } }, /option types: the codec of mood must have a function as its decode/],
        [{ mood: { format: 'xml', decode: String } }, /option types: the codec of mood must have a format of 'text' or 'binary'/],
        [{ mood: null }, /option types: the codec of mood must be an object with decode, encode or both/],
        [{ '': text }, /option types: a name is empty/],
      ];
      for (const [types, pattern] of cases) {
        const error = await rejection(within(url, { types }, () => {}));
        equal(error.name, 'UsageError');
        match(error.message, pattern);
      }
    });
  });
}
