// What values become, by the options of a connection and of a query; never of the whole process.

import { describe, it } from 'node:test';

import { Range } from 'trunkline';

import { equal, match, ok, rejection } from './support/check.js';
import { servers } from './support/servers.js';
import { within } from './support/session.js';

const INT8 = `select 5::int8 as one, '{5,NULL}'::int8[] as many, '[5,7)'::int8range as range, row(5::int8, 'x') as record`;
const NUMERIC = `select 1.50 as one, '{0.10,NULL,NaN}'::numeric[] as many, numrange(-1.5, null) as range, row(1.5) as record`;
const MOMENTS = `select timestamptz '2024-02-29 12:34:56.789012+00' as moment, timestamp '2024-02-29 12:34:56.789012' as local,
  time '12:34:56.789012' as time, '{2024-02-29 00:00:00+00}'::timestamptz[] as many`;
const DATES = `select date '2024-02-29' as one, '{2024-02-29,NULL}'::date[] as many, daterange('2024-02-29', null) as range`;
const INTERVALS = `select interval '1 month -2 days 00:00:03.5' as one, '{1 year}'::interval[] as many`;
const JSONS = `select '{"a": 1}'::json as json, '[1, null]'::jsonb as jsonb, array['"x"'::jsonb, null] as many, 'null'::jsonb as nothing`;

const DAY = new Date('2024-02-29T00:00:00Z');

/** Of each option a query, and what it gives by each choice; the first is the default. */
const CASES = {
  int8: [
    INT8,
    {
      number: { one: 5, many: [5, null], range: new Range({ lower: 5, upper: 7 }), record: [5, 'x'] },
      bigint: { one: 5n, many: [5n, null], range: new Range({ lower: 5n, upper: 7n }), record: [5n, 'x'] },
      string: { one: '5', many: ['5', null], range: new Range({ lower: '5', upper: '7' }), record: ['5', 'x'] },
    },
  ],
  numeric: [
    NUMERIC,
    {
      string: { one: '1.50', many: ['0.10', null, 'NaN'], range: new Range({ lower: '-1.5' }), record: ['1.5'] },
      number: { one: 1.5, many: [0.1, null, NaN], range: new Range({ lower: -1.5 }), record: [1.5] },
    },
  ],
  timestamps: [
    MOMENTS,
    {
      date: { moment: new Date('2024-02-29T12:34:56.789Z'), local: '2024-02-29T12:34:56.789012', time: '12:34:56.789012', many: [DAY] },
      string: { moment: '2024-02-29T12:34:56.789012Z', local: '2024-02-29T12:34:56.789012', time: '12:34:56.789012', many: ['2024-02-29T00:00:00Z'] },
    },
  ],
  dates: [
    DATES,
    {
      string: { one: '2024-02-29', many: ['2024-02-29', null], range: new Range({ lower: '2024-02-29' }) },
      date: { one: DAY, many: [DAY, null], range: new Range({ lower: DAY }) },
    },
  ],
  intervals: [
    INTERVALS,
    {
      object: { one: { months: 1, days: -2, microseconds: 3_500_000 }, many: [{ months: 12, days: 0, microseconds: 0 }] },
      string: { one: '1 mon -2 days +00:00:03.5', many: ['1 year'] },
    },
  ],
  json: [
    JSONS,
    {
      value: { json: { a: 1 }, jsonb: [1, null], many: ['x', null], nothing: null },
      string: { json: '{"a": 1}', jsonb: '[1, null]', many: ['"x"', null], nothing: 'null' },
    },
  ],
};

for (const { version, url } of await servers()) {
  describe(`options with PostgreSQL ${version}`, () => {
    for (const [option, [sql, choices]] of Object.entries(CASES)) {
      it(`${option} of a connection and of a query`, () =>
        within(url, {}, async (db) => {
          const [[first, byDefault]] = Object.entries(choices);
          for (const [choice, expected] of Object.entries(choices)) {
            equal(await db.fetchOne(sql, [], { [option]: choice }), expected, choice);
            await within(url, { [option]: choice }, async (other) => {
              equal(await other.fetchOne(sql), expected, choice);
              equal(await db.fetchOne(sql), byDefault);
              // A query's choice goes before its connection's.
              equal(await other.fetchOne(sql, [], { [option]: first }), byDefault);
              equal(await other.fetchOne(sql), expected, choice);
            });
          }
        }));
    }

    it('of many queries at once, each has its own', () =>
      within(url, {}, (db) =>
        within(url, { int8: 'string' }, async (other) => {
          const answers = await Promise.all([
            db.fetchVal('select $1::int8', [1], { int8: 'bigint' }),
            other.fetchVal('select $1::int8', [2]),
            db.fetchVal('select $1::int8', [3]),
            other.fetchVal('select $1::int8', [4], { int8: 'bigint' }),
            db.fetchVal('select $1::int8', [5], { int8: 'string' }),
          ]);
          equal(answers, [1n, '2', 3, 4n, '5']);
        }),
      ));

    it('of prepared statements and batches', () =>
      within(url, {}, async (db) => {
        const statement = await db.prepare('select 5::int8 as n');
        equal(await statement.fetchVal([], { int8: 'bigint' }), 5n);
        equal(await statement.fetchVal(), 5);
        const [{ rows }] = await db.batch([{ sql: 'select 5::int8 as n' }], { int8: 'string' });
        equal(rows, [{ n: '5' }]);
      }));

    it('int8 that is not safe names the column and the option, and the next query works', () =>
      within(url, {}, async (db) => {
        for (const sql of [
          'select 1 as fine, 9007199254740992 as large',
          `select array[9007199254740992] as large`,
          `select int8range(null, 9007199254740992) as large`,
          `select row(1, -9007199254740992) as large`,
        ]) {
          const error = await rejection(db.fetch(sql));
          equal([error.name, error.code], ['ConversionError', 'TRUNKLINE_CONVERSION']);
          match(error.message, /^column "large" \(PostgreSQL's (int8|int8\[\]|int8range|record)\) cannot be read: -?9007199254740992 is not a safe integer in JavaScript; set the option int8 to "bigint" or "string"$/);
          equal(Object.values(await db.fetchOne(sql, [], { int8: 'bigint' })).length, sql.includes('fine') ? 2 : 1);
        }
        equal(await db.fetchVal('select -9007199254740991'), -9007199254740991);
      }));

    it('a moment that a Date cannot hold names the column and the option', () =>
      within(url, {}, async (db) => {
        const sql = `select timestamptz '294276-12-31 23:59:59.999999+00' as late`;
        match((await rejection(db.fetch(sql))).message, /^column "late" \(PostgreSQL's timestamptz\).*a Date can hold.*timestamps.*"string"/);
        equal(await db.fetchVal(sql, [], { timestamps: 'string' }), '294276-12-31 23:59:59.999999+00');
        equal(await db.fetchVal(`select timestamptz '-infinity'`), -Infinity);
        equal(await db.fetchVal(`select date 'infinity'`, [], { dates: 'date' }), Infinity);
      }));

    it('an interval that is longer than safe integers count names the option', () =>
      within(url, {}, async (db) => {
        const sql = `select interval '2000000000 hours' as long`;
        match((await rejection(db.fetch(sql))).message, /^column "long" \(PostgreSQL's interval\).*intervals.*"string"/);
        equal(await db.fetchVal(sql, [], { intervals: 'string' }), '2000000000:00:00');
      }));

    it('that there are not are errors before anything happens', () =>
      within(url, {}, async (db) => {
        for (const [option, [, choices]] of Object.entries(CASES)) {
          const wrong = { [option]: 'guess' };
          for (const failing of [within(url, wrong, () => {}), db.fetch('select 1', [], wrong)]) {
            const error = await rejection(failing);
            equal(error.name, 'UsageError');
            match(error.message, new RegExp(`^option ${option}: it is one of ${Object.keys(choices).join(', ')}`));
          }
        }
        ok(!db.isClosed);
      }));
  });
}
