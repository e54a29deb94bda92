// Values that other clients lose something of: what comes is what was stored, and goes back as that.

import { describe, it } from 'node:test';

import { Range } from 'trunkline';

import { equal } from './support/check.js';
import { servers } from './support/servers.js';
import { within } from './support/session.js';

const DIGITS = '1234567890'.repeat(100);

/** Of each a type, its text, and what it is here, by options that keep it when the default is another. */
const CASES = {
  'decimals': [
    ['numeric', '0.1', '0.1'],
    ['numeric', DIGITS, DIGITS],
    ['numeric', `-${DIGITS}.${DIGITS}`, `-${DIGITS}.${DIGITS}`],
    ['numeric', '1.10', '1.10'],
    ['numeric', '0.000', '0.000'],
    ['numeric', 'NaN', 'NaN'],
    ['numeric[]', '{0.1,NULL,1e-20}', ['0.1', null, '0.00000000000000000001'], {}, '{0.1,NULL,0.00000000000000000001}'],
    ['money', '-$92,233,720,368,547,758.08', '-$92,233,720,368,547,758.08'],
  ],
  'integers': [
    ['int8', '9223372036854775807', 9223372036854775807n, { int8: 'bigint' }],
    ['int8', '-9223372036854775808', -9223372036854775808n, { int8: 'bigint' }],
    ['int8', '-9223372036854775808', '-9223372036854775808', { int8: 'string' }],
    ['int8', '9007199254740991', 9007199254740991],
    ['int4', '-2147483648', -2147483648],
    ['int2', '-32768', -32768],
    ['oid', '4294967295', 4294967295],
  ],
  'floats': [
    ['float8', '0.1', 0.1],
    ['float8', '5e-324', 5e-324],
    ['float8', '1.7976931348623157e+308', 1.7976931348623157e308],
    ['float8', '-0', -0],
    ['float4', '0.1', 0.1],
    ['float4', '1e+20', 1e20],
    ['float4', '1.6777216e+07', 16777216],
    ['float4', '1.1754944e-38', 1.1754944e-38],
    ['float4', '3.4028235e+38', 3.4028235e38],
    ['float4', '1e-45', 1e-45],
  ],
  'intervals': [
    ['interval', '1 mon', { months: 1, days: 0, microseconds: 0 }],
    ['interval', '30 days', { months: 0, days: 30, microseconds: 0 }],
    ['interval', '-1 mons +1 day -00:00:00.000001', { months: -1, days: 1, microseconds: -1 }],
    ['interval', '178000000 years', { months: 2_136_000_000, days: 0, microseconds: 0 }],
  ],
  'moments': [
    ['date', 'infinity', 'infinity'],
    ['date', '-infinity', '-infinity'],
    ['date', '4713-01-01 BC', '4713-01-01 BC'],
    ['date', '5874897-12-31', '5874897-12-31'],
    ['time', '24:00:00', '24:00:00'],
    ['time', '23:59:59.999999', '23:59:59.999999'],
    ['timetz', '24:00:00-15:59', '24:00:00-15:59'],
    ['timestamp', '4713-01-01 00:00:00 BC', '4713-01-01 00:00:00 BC'],
    ['timestamp', '294276-12-31 23:59:59.999999', '294276-12-31 23:59:59.999999'],
    ['timestamp', 'infinity', 'infinity'],
    ['timestamptz', 'infinity', Infinity],
    ['timestamptz', '-infinity', -Infinity],
    ['timestamptz', '2024-02-29 12:34:56.789012+00', '2024-02-29T12:34:56.789012Z', { timestamps: 'string' }],
    ['timestamptz', '4713-01-01 00:00:00+00 BC', '4713-01-01 00:00:00+00 BC', { timestamps: 'string' }],
    ['timestamptz[]', '{infinity,"2024-02-29 00:00:00+00"}', [Infinity, new Date('2024-02-29')]],
  ],
  'arrays': [
    ['int4[]', '[2:4]={1,2,3}', bounded([1, 2, 3], 2)],
    ['int4[]', '[-1:0][5:6]={{1,NULL},{3,4}}', bounded([[1, null], [3, 4]], -1, 5)],
    ['text[]', '{"",NULL,"NULL","a\\"b","{}"}', ['', null, 'NULL', 'a"b', '{}']],
    ['int4[]', '{}', []],
  ],
  'ranges': [
    ['numrange', '(0.10,1.0]', new Range({ lower: '0.10', upper: '1.0', lowerInclusive: false, upperInclusive: true })],
    ['tstzrange', '[-infinity,infinity]', new Range({ lower: -Infinity, upper: Infinity, upperInclusive: true })],
    ['tstzrange', '(,)', new Range()],
    ['int4range', 'empty', Range.empty],
  ],
  'texts and bits': [
    ['text', ' \t\n\u{1f600}\u0301', ' \t\n\u{1f600}\u0301'],
    ['bpchar', 'a  ', 'a  '],
    ['bit(3)', '010', '010'],
    ['varbit', '', ''],
    ['inet', '10.0.0.1/8', '10.0.0.1/8'],
    ['jsonb', '{"n": 12345678901234567890.10}', '{"n": 12345678901234567890.10}', { json: 'string' }],
    ['json', '{"b":1,  "a":2, "a":3}', '{"b":1,  "a":2, "a":3}', { json: 'string' }],
  ],
};

const NUMBERS = [
  [0.1, '0.1'],
  [0.1 + 0.2, '0.30000000000000004'],
  [1e21, '1000000000000000000000'],
  [-1.5e-7, '-0.00000015'],
  [5e-324, `0.${'0'.repeat(323)}5`],
  [NaN, 'NaN'],
  [-0, '0'],
];

for (const { version, url } of await servers()) {
  describe(`nothing is lost with PostgreSQL ${version}`, () => {
    const settings = { options: '-ctimezone=UTC -clc_monetary=C -cextra_float_digits=1' };
    for (const [name, cases] of Object.entries(CASES)) {
      it(`of ${name}`, () =>
        within(url, settings, async (db) => {
          for (const [type, literal, value, options = {}, text = literal] of cases) {
            const came = await db.fetchVal(`select $1::text::${type}`, [literal], options);
            equal([came, came.lowerBounds], [value, value.lowerBounds], `${type} ${literal}, read`);
            // A text of json is a string of JSON when it is sent.
            const given = options.json === 'string' ? '$1::text' : '$1';
            equal(await db.fetchVal(`select format('%s', ${given}::${type})`, [came]), text, `${type} ${literal}, sent`);
          }
        }));
    }

    it('of infinite intervals', () =>
      within(url, settings, async (db) => {
        if (Number.parseInt(db.serverVersion, 10) < 17) return;
        const infinite = { months: Infinity, days: Infinity, microseconds: Infinity };
        equal(await db.fetchVal(`select interval 'infinity'`), infinite);
        equal(await db.fetchVal('select $1::interval::text', [infinite]), 'infinity');
        equal(await db.fetchVal(`select interval '-infinity'`, [], { intervals: 'string' }), '-infinity');
      }));

    it('of infinite decimals', () =>
      within(url, settings, async (db) => {
        if (Number.parseInt(db.serverVersion, 10) < 14) return;
        equal(await db.fetchVal('select $1::numeric', [-Infinity]), '-Infinity');
        equal(await db.fetchVal('select $1::numeric', ['Infinity'], { numeric: 'number' }), Infinity);
      }));

    it('of numbers given as numbers', () =>
      within(url, settings, async (db) => {
        for (const [number, text] of NUMBERS) {
          equal(await db.fetchVal('select $1::numeric::text', [number]), text);
        }
      }));
  });
}

/** An array whose dimensions begin there; the property is not seen by those who walk through it. */
function bounded(array, ...lowerBounds) {
  return Object.defineProperty(array, 'lowerBounds', { value: lowerBounds });
}
