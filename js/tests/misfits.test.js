// Values that do not fit: the error says which parameter, what it was to be and what it is, and nothing is sent.

import { describe, it } from 'node:test';

import { Range } from 'trunkline';

import { equal, match, ok, rejection } from './support/check.js';
import { servers } from './support/servers.js';
import { withSchema } from './support/session.js';
import { executions, watched } from './support/watch.js';

const TYPES = `create sequence runs;
  create type mood as enum ('sad', 'happy');
  create domain small as int4 check (value < 10);
  create type pair as (a int4, m mood)`;

const DAY = new Date('2024-02-29T00:00:00Z');
const CONVERT = 'convert it with String(), or cast the parameter in the SQL';
const OBJECTS = 'only json and types with named parts take objects';

/** Of each a type, what is sent, and what the error says between the parameter and the promise. */
const CASES = [
  ['int4', 1.5, `number cannot be sent as PostgreSQL's int4: 1.5 is not an integer`],
  ['int4', NaN, `number cannot be sent as PostgreSQL's int4: NaN is not an integer`],
  ['int4', 2 ** 31, `number cannot be sent as PostgreSQL's int4: 2147483648 is out of its range, -2147483648 to 2147483647`],
  ['int2', 40000, `number cannot be sent as PostgreSQL's int2: 40000 is out of its range, -32768 to 32767`],
  ['oid', -1, `number cannot be sent as PostgreSQL's oid: -1 is out of its range, 0 to 4294967295`],
  ['int8', 2 ** 53, `number cannot be sent as PostgreSQL's int8: 9007199254740992 is not a safe integer; give a BigInt`],
  ['int8', 2n ** 63n, `bigint cannot be sent as PostgreSQL's int8: it is out of range`],
  ['float4', 1e300, `number cannot be sent as PostgreSQL's float4: 1e+300 is out of its range, -3.4028235e+38 to 3.4028235e+38`],
  ['int4', true, `boolean cannot be sent as PostgreSQL's int4`],
  ['int4', DAY, `Date cannot be sent as PostgreSQL's int4`],
  ['int4', { a: 1 }, `object cannot be sent as PostgreSQL's int4: ${OBJECTS}`],
  ['int4', [1], `array cannot be sent as PostgreSQL's int4: the type takes no arrays`],
  ['bool', 1, `number cannot be sent as PostgreSQL's bool: ${CONVERT}`],
  ['text', 5, `number cannot be sent as PostgreSQL's text: ${CONVERT}`],
  ['text', 1.5, `number cannot be sent as PostgreSQL's text: ${CONVERT}`],
  ['text', 5n, `bigint cannot be sent as PostgreSQL's text: ${CONVERT}`],
  ['text', 2n ** 70n, `bigint cannot be sent as PostgreSQL's text: ${CONVERT}`],
  ['text', true, `boolean cannot be sent as PostgreSQL's text`],
  ['text', Uint8Array.of(1), `Uint8Array cannot be sent as PostgreSQL's text`],
  ['text', 'a\0b', `string cannot be sent as PostgreSQL's text: it contains a NUL byte, which no PostgreSQL text can hold`],
  ['bytea', 5, `number cannot be sent as PostgreSQL's bytea: ${CONVERT}`],
  ['bytea', Int8Array.of(1), `array cannot be sent as PostgreSQL's bytea: the type takes no arrays`],
  ['uuid', 5, `number cannot be sent as PostgreSQL's uuid: ${CONVERT}`],
  ['timestamptz', 5, `number cannot be sent as PostgreSQL's timestamptz: give a Date or a string`],
  ['date', 1.5, `number cannot be sent as PostgreSQL's date: give a Date or a string`],
  ['time', DAY, `Date cannot be sent as PostgreSQL's time`],
  ['timestamptz', new Date(-8.64e15), /^Date cannot be sent as PostgreSQL's timestamptz: .*is not a timestamp between 4714-11-24 BC and 294276-12-31$/],
  ['interval', 5, `number cannot be sent as PostgreSQL's interval: give { months, days, microseconds } or a string`],
  ['interval', { month: 1 }, `object cannot be sent as PostgreSQL's interval: an interval has no month`],
  ['interval', { months: 1.5 }, `object cannot be sent as PostgreSQL's interval: 1.5 is not an integer`],
  ['interval', { days: '1' }, `object cannot be sent as PostgreSQL's interval: its days are a string, not a number`],
  ['interval', { months: 1e10 }, `object cannot be sent as PostgreSQL's interval: its months are more than an interval holds`],
  ['point', { x: 1 }, `object cannot be sent as PostgreSQL's point: it has no number y`],
  ['jsonb', NaN, `number cannot be sent as PostgreSQL's jsonb: JSON has no NaN and no infinities`],
  ['jsonb', Uint8Array.of(1), `Uint8Array cannot be sent as PostgreSQL's jsonb: JSON has no bytes`],
  ['int4[]', 5, `number cannot be sent as PostgreSQL's int4[]: give an array`],
  ['int4[]', { a: 1 }, `object cannot be sent as PostgreSQL's int4[]: give an array`],
  ['int4[]', [1, 1.5], `array cannot be sent as PostgreSQL's int4[]: element 2: 1.5 is not an integer`],
  ['text[]', ['a', null, 5], `array cannot be sent as PostgreSQL's text[]: element 3: it is a number: ${CONVERT}`],
  ['bool[]', [[true], [{}]], `array cannot be sent as PostgreSQL's bool[]: element 2: it is an object: ${OBJECTS}`],
  ['int4[]', [[1, 2], [3]], `array cannot be sent as PostgreSQL's int4[]: the arrays in it are not all of the same length`],
  ['int4[]', [[1], 2], `array cannot be sent as PostgreSQL's int4[]: it holds both arrays and other values`],
  ['int4[]', [[[[[[[1]]]]]]], `array cannot be sent as PostgreSQL's int4[]: it has more than six dimensions`],
  ['int4[]', bounded([1], 1, 2), `array cannot be sent as PostgreSQL's int4[]: its lowerBounds are 2, its dimensions 1`],
  ['int4[]', bounded([1], 'a'), `array cannot be sent as PostgreSQL's int4[]: its lowerBounds are not integers`],
  ['int4[]', bounded([1, 2], 2 ** 31 - 1), /^array cannot be sent as PostgreSQL's int4\[\]: a dimension of 2 from 2147483647 ends beyond/],
  ['int4[]', ['1', true], `array cannot be sent as PostgreSQL's int4[]: element 2: it is a boolean`],
  ['int2[]', ['1', 40000], /^array cannot be sent as PostgreSQL's int2\[\]: element 2: 40000 is out of its range/],
  ['pair', { a: '1', m: 5 }, `object cannot be sent as PostgreSQL's pair: field "m" (PostgreSQL's mood): it is a number: ${CONVERT}`],
  ['int4range', 5, `number cannot be sent as PostgreSQL's int4range: give a Range or a string`],
  ['int4range', new Range({ upper: true }), `Range cannot be sent as PostgreSQL's int4range: one of its bounds is a boolean`],
  ['int4range', new Range({ lower: 1.5 }), `Range cannot be sent as PostgreSQL's int4range: 1.5 is not an integer`],
  ['int4', new Range({ upper: 1 }), `Range cannot be sent as PostgreSQL's int4`],
  ['mood', 5, `number cannot be sent as PostgreSQL's mood: ${CONVERT}`],
  ['small', true, `boolean cannot be sent as PostgreSQL's small`],
  ['pair', 5, `number cannot be sent as PostgreSQL's pair: give an object with its fields`],
  ['pair', { a: 1 }, `object cannot be sent as PostgreSQL's pair: nothing is given for the field "m" of PostgreSQL's pair`],
  ['pair', { a: 1, m: 'sad', x: 1 }, `object cannot be sent as PostgreSQL's pair: PostgreSQL's pair has no field "x"; its fields are: a, m`],
  ['pair', { a: true, m: 'sad' }, `object cannot be sent as PostgreSQL's pair: field "a" (PostgreSQL's int4): it is a boolean`],
  ['pair', [1], `array cannot be sent as PostgreSQL's pair: it has 1 values, the type 2 fields`],
  ['pair[]', [{ a: 1, m: 7 }], `array cannot be sent as PostgreSQL's pair[]: element 1: field "m" (PostgreSQL's mood): it is a number: ${CONVERT}`],
  ['text', undefined, 'undefined cannot be sent; give null for NULL'],
  ['text', () => 1, 'a function cannot be sent'],
  ['text', Symbol('x'), 'a symbol cannot be sent'],
  ['timestamptz', new Date(NaN), 'an invalid Date cannot be sent'],
  ['jsonb', Promise.resolve(1), 'a Promise cannot be sent; await it first'],
  ['text[]', ['a', undefined], 'undefined cannot be sent; give null for NULL'],
  ['pair', new Map([[5, 1]]), 'a Map has a key that is a number, not a string'],
  ['jsonb', itself(), 'it holds itself, or is nested more than 64 deep'],
  ['int4[]', itself([]), 'it holds itself, or is nested more than 64 deep'],
  ['text', { toJSON: () => { throw new RangeError('no'); } }, 'its toJSON failed: RangeError: no'],
];

for (const { version, url } of await servers()) {
  describe(`misfits with PostgreSQL ${version}`, () => {
    const inSchema = (name, use) =>
      withSchema(url, name, TYPES, (schema) => watched(url, { options: `-csearch_path=${schema}` }, use));

    /** What runs on the server is seen by the sequence, and by the messages. */
    const nothingRan = async (db, sent, failing) => {
      sent();
      const error = await rejection(failing());
      equal(executions(sent()), []);
      equal(await db.fetchVal('select is_called from runs'), false);
      return error;
    };

    it('say what and why, and nothing is sent, the first time and later', () =>
      inSchema('misfits', async (db, sent) => {
        for (const [type, value, expected] of CASES) {
          for (let round = 0; round < 2; round++) {
            const sql = `select nextval('runs'), $1::text, $2::${type}`;
            const error = await nothingRan(db, sent, () => db.fetch(sql, ['x', value]));
            equal([error.name, error.code, error.safeToRetry], ['UsageError', 'TRUNKLINE_USAGE', true], type);
            const [, told] = /^parameter \$2: (.*); nothing was sent$/s.exec(error.message) ?? [];
            ok(told !== undefined, error.message);
            if (expected instanceof RegExp) match(told, expected);
            else equal(told, expected);
          }
        }
      }));

    it('in a batch keep all of it from being sent', () =>
      inSchema('misfits_batch', async (db, sent) => {
        const sql = `select nextval('runs'), $1::int4`;
        await db.prepare(sql);
        const error = await nothingRan(db, sent, () => db.batch([{ sql, params: [1] }, { sql, params: [1.5] }]));
        match(error.message, /^parameter \$1: number cannot be sent as PostgreSQL's int4: 1.5 is not an integer; nothing was sent$/);
        equal(db.transactionStatus, 'idle');
      }));

    it('among many queries at once fail alone', () =>
      inSchema('misfits_many', async (db) => {
        const answers = await Promise.allSettled([1, 2.5, 3, 'x', true, 6].map((n) => db.fetchVal('select $1::int4', [n])));
        equal(answers.map(({ value, reason }) => value ?? reason.name), [1, 'UsageError', 3, 'ServerError', 'UsageError', 6]);
      }));

    it('of a prepared statement too', () =>
      inSchema('misfits_prepared', async (db, sent) => {
        const statement = await db.prepare(`select nextval('runs'), $1::pair`);
        const error = await nothingRan(db, sent, () => statement.fetch([{ a: 1, m: 5 }]));
        match(error.message, /^parameter \$1: object .* field "m" \(PostgreSQL's mood\): it is a number/);
      }));

    it('in a transaction leave it as it was', () =>
      inSchema('misfits_transaction', async (db, sent) => {
        await db.execute('begin');
        await nothingRan(db, sent, () => db.fetch('select $1::int4, $2::pair', [1, 5]));
        equal(db.transactionStatus, 'transaction');
        equal((await db.execute('commit')).command, 'COMMIT');
      }));
  });
}

/** An array whose dimensions begin there. */
function bounded(array, ...lowerBounds) {
  return Object.assign(array, { lowerBounds });
}

function itself(value = {}) {
  value[0] = value;
  return value;
}
