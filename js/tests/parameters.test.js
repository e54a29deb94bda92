// Whatever of JavaScript has a meaning as a value of PostgreSQL can be a parameter.

import { describe, it } from 'node:test';

import { Range } from 'trunkline';

import { equal } from './support/check.js';
import { servers } from './support/servers.js';
import { databaseOfItsOwn, within, withSchema } from './support/session.js';

const DAY = new Date('2024-02-29T12:34:56.789Z');

class Money {
  constructor(cents) {
    this.cents = cents;
  }

  toJSON() {
    return { cents: this.cents, currency: 'EUR' };
  }
}

class Celsius {
  toJSON() {
    return 21.5;
  }
}

class Point {
  x = 1;
  y = 2;
  get length() {
    return 3;
  }
}

/** Of each a type, what is sent, and what the server's text of it is. */
const CASES = {
  'arrays of any depth': [
    ['int4[]', [], '{}'],
    ['int4[]', [[], []], '{}'],
    ['int4[]', [1, null, -3], '{1,NULL,-3}'],
    ['int4[]', [[1, 2], [3, null]], '{{1,2},{3,NULL}}'],
    ['int4[]', [[[[[[1, 2]]]]]], '{{{{{{1,2}}}}}}'],
    ['text[]', [['a"b', 'c\\d'], ['', 'NULL']], '{{"a\\"b","c\\\\d"},{"","NULL"}}'],
    ['numeric[]', [0.1, '2.50', 3n, null], '{0.1,2.50,3,NULL}'],
    ['timestamptz[]', [DAY, 'infinity'], '{"2024-02-29 12:34:56.789+00",infinity}'],
    ['box[]', ['(1,1),(0,0)', '(3,3),(2,2)'], '{(1,1),(0,0);(3,3),(2,2)}'],
    ['point[]', [{ x: 1, y: 2 }, { x: 0.5, y: -0 }], '{"(1,2)","(0.5,-0)"}'],
    ['interval[]', [{ months: 1 }, '2 days'], '{"1 mon","2 days"}'],
    ['int2vector', [1, 2], '1 2'],
  ],
  'lower bounds of arrays': [
    ['int4[]', bounded([1, 2, 3], 2), '[2:4]={1,2,3}'],
    ['int4[]', bounded([[1, 2], [3, 4]], 0, -5), '[0:1][-5:-4]={{1,2},{3,4}}'],
    ['text[]', bounded([null, 'x'], 0), '[0:1]={NULL,x}'],
    ['int4[]', bounded([1], 1), '{1}'],
    ['int4[]', bounded([], 7), '{}'],
    ['jsonb', bounded([1], 7), '[1]'],
  ],
  'typed arrays': [
    ['int2[]', Int8Array.of(-128, 127), '{-128,127}'],
    ['int2[]', Int16Array.of(-32768, 32767), '{-32768,32767}'],
    ['int4[]', Uint16Array.of(65535), '{65535}'],
    ['int4[]', Int32Array.of(-2147483648), '{-2147483648}'],
    ['int8[]', Uint32Array.of(4294967295), '{4294967295}'],
    ['int8[]', BigInt64Array.of(-9223372036854775808n), '{-9223372036854775808}'],
    ['numeric[]', BigUint64Array.of(18446744073709551615n), '{18446744073709551615}'],
    ['float4[]', Float32Array.of(0.5, -Infinity), '{0.5,-Infinity}'],
    ['float8[]', Float64Array.of(0.1, NaN), '{0.1,NaN}'],
    ['jsonb', Int16Array.of(1, 2), '[1, 2]'],
  ],
  'bytes': [
    ['bytea', Uint8Array.of(0, 255), '\\x00ff'],
    ['bytea', new Uint8ClampedArray([1, 300]), '\\x01ff'],
    ['bytea', Uint8Array.of(1, 2, 3, 4).subarray(1, 3), '\\x0203'],
    ['bytea', Uint8Array.of(1, 2).buffer, '\\x0102'],
    ['bytea', new DataView(Uint8Array.of(1, 2, 3).buffer, 1), '\\x0203'],
    ['bytea', '\\x0aff', '\\x0aff'],
    ['bytea[]', [Uint8Array.of(1), new ArrayBuffer(0), null], '{"\\\\x01","\\\\x",NULL}'],
  ],
  'Date': [
    ['timestamptz', DAY, '2024-02-29 12:34:56.789+00'],
    ['timestamp', DAY, '2024-02-29 12:34:56.789'],
    ['date', DAY, '2024-02-29'],
    ['date', new Date(-1), '1969-12-31'],
    ['timestamptz', new Date('-000043-03-15T00:00:00Z'), '0044-03-15 00:00:00+00 BC'],
    ['text', DAY, '2024-02-29T12:34:56.789Z'],
    ['jsonb', DAY, '"2024-02-29T12:34:56.789Z"'],
    ['tstzrange', new Range({ lower: DAY }), '["2024-02-29 12:34:56.789+00",)'],
  ],
  'bigint': [
    ['int2', -32768n, '-32768'],
    ['int8', 9223372036854775807n, '9223372036854775807'],
    ['xid8', 18446744073709551615n, '18446744073709551615'],
    ['oid', 4294967295n, '4294967295'],
    ['numeric', 2n ** 200n, String(2n ** 200n)],
    ['numeric', -(10n ** 300n), `-1${'0'.repeat(300)}`],
    ['float8', 2n ** 53n + 1n, '9.007199254740992e+15'],
    ['float8', 2n ** 70n, '1.1805916207174113e+21'],
    ['int8[]', [1n, 2], '{1,2}'],
    ['jsonb', 12345678901234567890n, '12345678901234567890'],
    ['jsonb', { big: [2n ** 64n], day: DAY }, '{"big": [18446744073709551616], "day": "2024-02-29T12:34:56.789Z"}'],
  ],
  'Set and Map': [
    ['int4[]', new Set([1, 2]), '{1,2}'],
    ['text[]', [new Set(['a']), new Set(['b'])], '{{a},{b}}'],
    ['jsonb', new Set([1, 'x']), '[1, "x"]'],
    ['jsonb', new Map([['a', 1]]), '{"a": 1}'],
    ['jsonb', { map: new Map([['a', new Set([1])]]), none: {}, nothing: new Map() }, '{"map": {"a": [1]}, "none": {}, "nothing": {}}'],
    ['jsonb', { map: new Map([['a', 1n]]) }, '{"map": {"a": 1}}'],
    ['interval', new Map([['days', 2]]), '2 days'],
  ],
  'Range': [
    ['int4range', new Range({ lower: 1, upper: 5 }), '[1,5)'],
    ['int4range', new Range({ lower: 1, upper: 5, lowerInclusive: false, upperInclusive: true }), '[2,6)'],
    ['numrange', new Range({ lower: 0.1, upperInclusive: true }), '[0.1,)'],
    ['int8range', new Range({ upper: 9223372036854775807n }), '(,9223372036854775807)'],
    ['int4range', new Range(), '(,)'],
    ['int4range', Range.empty, 'empty'],
    ['int4range[]', [new Range({ lower: 1 }), null, Range.empty], '{"[1,)",NULL,empty}'],
    ['daterange', new Range({ lower: '2024-02-29', upper: DAY, upperInclusive: true }), '[2024-02-29,2024-03-01)'],
    ['daterange', '[2024-02-29,2024-03-01)', '[2024-02-29,2024-03-01)'],
  ],
  'objects as json': [
    ['json', { a: [1, { b: null }] }, '{"a":[1,{"b":null}]}'],
    ['jsonb', { a: undefined, b: () => 1, c: Symbol('x') }, '{}'],
    ['jsonb', [undefined, 'x'], '[null, "x"]'],
    ['jsonb', 'a "string"', '"a \\"string\\""'],
    ['jsonb', [[1], { a: 2 }], '[[1], {"a": 2}]'],
    ['jsonb', new Point(), '{"x": 1, "y": 2}'],
    ['jsonb', Object.create(null), '{}'],
    ['jsonb', 0.1, '0.1'],
    ['jsonb', -0, '0'],
    ['jsonb', 1e21, '1000000000000000000000'],
    ['jsonb[]', [{ a: 1 }, [2], 'x', null, true], '{"{\\"a\\": 1}",[2],"\\"x\\"",NULL,true}'],
  ],
  'what has a toJSON': [
    ['jsonb', new Money(5), '{"cents": 5, "currency": "EUR"}'],
    ['jsonb', { price: new Money(5) }, '{"price": {"cents": 5, "currency": "EUR"}}'],
    ['jsonb[]', [new Money(5)], '{"{\\"cents\\": 5, \\"currency\\": \\"EUR\\"}"}'],
    ['numeric', new Celsius(), '21.5'],
    ['text', new URL('https://example.org/a?b'), 'https://example.org/a?b'],
    ['int4[]', { toJSON: () => [1, 2] }, '{1,2}'],
    ['interval', { toJSON: () => 'PT5M' }, '00:05:00'],
  ],
  'objects of parts': [
    ['point', new Point(), '(1,2)'],
    ['circle', { x: 1, y: 2, radius: 0.5 }, '<(1,2),0.5>'],
    ['interval', { months: 1, days: -2, microseconds: 3 }, '1 mon -2 days +00:00:00.000003'],
    ['interval', { years: 1, weeks: 2, hours: -3, minutes: 4, seconds: 5, milliseconds: 6 }, '1 year 14 days -02:55:54.994'],
  ],
};

const COMPOSITES = `create type pair as (a int4, b text[], j jsonb);
  create type nest as (p pair, l pair[], "odd Name" int4)`;

for (const { version, url } of await servers()) {
  describe(`parameters with PostgreSQL ${version}`, () => {
    const database = databaseOfItsOwn(url, 'parameters');
    const settings = { options: '-ctimezone=UTC -cintervalstyle=postgres' };
    for (const [name, cases] of Object.entries(CASES)) {
      it(name, () =>
        within(url, settings, async (db) => {
          for (const [type, value, text] of cases) {
            for (let round = 0; round < 2; round++) {
              equal(await db.fetchVal(`select $1::${type}::text`, [value]), text, type);
            }
          }
          if (name !== 'Range' || Number.parseInt(db.serverVersion, 10) < 14) return;
          const ranges = [new Range({ lower: 1, upper: 3 }), new Range({ lower: 5 })];
          equal(await db.fetchVal('select $1::int4multirange::text', [ranges]), '{[1,3),[5,)}');
          equal(await db.fetchVal('select $1::int4multirange::text', [[]]), '{}');
        }));
    }

    it('into composite types', () =>
      withSchema(url, 'parameters_composite', COMPOSITES, (schema) =>
        within(url, { options: `-csearch_path=${schema}` }, async (db) => {
          const pair = { a: 1, b: ['x', null], j: { k: [1] } };
          equal(await db.fetchVal('select $1::pair', [pair]), pair);
          equal(await db.fetchVal('select $1::pair', [{ j: 'x', b: null, a: null }]), { a: null, b: null, j: 'x' });
          equal(await db.fetchVal('select $1::pair', [new Map(Object.entries(pair))]), pair);
          equal(await db.fetchVal('select $1::pair', [[1, ['x', null], { k: [1] }]]), pair);
          equal(await db.fetchVal('select $1::pair', ['(1,"{x,NULL}",)']), { a: 1, b: ['x', null], j: null });
          const nest = { p: pair, l: [pair, null], 'odd Name': 5 };
          equal(await db.fetchVal('select $1::nest', [nest]), nest);
          equal(await db.fetchVal('select $1::nest', [{ ...nest, p: '(1,,)' }]), { ...nest, p: { a: 1, b: null, j: null } });
          equal(await db.fetchVal('select $1::nest[]', [[[nest]]]), [[nest]]);
          equal(Object.keys(await db.fetchVal('select $1::nest', [nest])), ['p', 'l', 'odd Name']);
        }),
      ));

    it('into hstore', () =>
      within(url, { database }, async (db) => {
        await db.execute('create extension hstore');
        for (const value of [new Map([['a', '1'], ['b "c"', null]]), { a: '1', 'b "c"': null }]) {
          equal(await db.fetchVal('select $1::hstore', [value]), { a: '1', 'b "c"': null });
        }
        equal(await db.fetchVal('select $1::hstore[]', [[{ a: '' }, null, {}]]), [{ a: '' }, null, {}]);
        equal(await db.fetchVal('select $1::hstore', ['"a"=>"1"']), { a: '1' });
        const odd = { ['__proto__']: 'p', constructor: 'c' };
        equal(await db.fetchVal('select $1::hstore', [new Map(Object.entries(odd))]), odd);
      }));
  });
}

/** An array whose dimensions begin there. */
function bounded(array, ...lowerBounds) {
  return Object.assign([...array], { lowerBounds });
}
