// Bytes that lie: a server whose values are not what it says they are. One error that names column and type, and no
// memory by the server's numbers.

import { describe, it } from 'node:test';

import { connect } from 'trunkline';

import { equal, match, rejection } from './support/check.js';
import { bytes, int32, message, session, withServer } from './support/scripted.js';

const int16 = (value) => [(value >>> 8) & 255, value & 255];
const words = (...values) => values.flatMap(int32);
const halves = (...values) => values.flatMap(int16);
const element = (value) => [...int32(bytes(value).length), ...bytes(value)];

const HUGE = 0x7fff_ffff;

/** Of each a lie: the type's name and OID, the bytes of a value, and what the error says of them. */
const LENGTH = /it is no \w+ in binary format \(its length is \d+\)/;
const EARLY = /the bytes end too early/;
const IMPOSSIBLE = /a length is impossible/;
const LEFT = /bytes are left over at the end/;
const OTHER = /its type is made of other types than it was; call reloadTypes\(\)/;

const CASES = {
  'lengths of values': [
    ['bool', 16, [], LENGTH],
    ['bool', 16, [1, 1], LENGTH],
    ['int2', 21, [1], LENGTH],
    ['int4', 23, [0, 0, 1], LENGTH],
    ['int4', 23, [0, 0, 0, 0, 1], LENGTH],
    ['int8', 20, int32(1), LENGTH],
    ['oid', 26, [], LENGTH],
    ['float4', 700, [0, 0], /its value has 2 bytes where its type has 4/],
    ['float8', 701, int32(0), /its value has 4 bytes where its type has 8/],
    ['uuid', 2950, int32(1), /its value has 4 bytes where its type has 16/],
    ['date', 1082, [0], LENGTH],
    ['time', 1083, int32(0), LENGTH],
    ['timestamp', 1114, [], LENGTH],
    ['timestamptz', 1184, int32(0), LENGTH],
    ['interval', 1186, words(0, 0, 0), LENGTH],
    ['point', 600, words(0, 0, 0), LENGTH],
    ['macaddr', 829, [1, 2, 3], LENGTH],
    ['money', 790, int32(5), LENGTH],
    ['pg_lsn', 3220, int32(5), LENGTH],
  ],
  'lengths inside of values': [
    ['inet', 869, [2, 32, 0, 16, 1, 2, 3, 4], LENGTH],
    ['inet', 869, [2, 33, 0, 4, 1, 2, 3, 4], LENGTH],
    ['inet', 869, [9, 32, 0, 4, 1, 2, 3, 4], LENGTH],
    ['varbit', 1562, [...int32(HUGE), 1], LENGTH],
    ['varbit', 1562, [...int32(-1)], LENGTH],
    ['int4[]', 1007, [...words(1, 0, 23, 1, 1), ...words(HUGE, 5)], EARLY],
    ['int4[]', 1007, [...words(1, 0, 23, 1, 1), ...words(-2)], IMPOSSIBLE],
    ['int4[]', 1007, [...words(1, 0, 23, 1, 1), ...int32(2), 0, 5], /it is no int4 in binary format \(its length is 2\)/],
    ['int4range', 3904, [2 | 16, ...words(HUGE, 1)], EARLY],
    ['int4range', 3904, [2 | 16, ...words(-1)], IMPOSSIBLE],
    ['record', 2249, [...words(1, 23, HUGE), 1], EARLY],
    ['record', 2249, [...words(1, 23), 0, 0], EARLY],
  ],
  'counts': [
    ['numeric', 1700, halves(HUGE, 0, 0, 0), LENGTH],
    ['numeric', 1700, halves(2, 0, 0, 0, 1), LENGTH],
    ['int4multirange', 4451, int32(HUGE), EARLY],
    ['int4multirange', 4451, int32(-1), IMPOSSIBLE],
    ['record', 2249, int32(HUGE), EARLY],
    ['record', 2249, int32(-1), IMPOSSIBLE],
    ['path', 602, [0, ...int32(HUGE)], LENGTH],
    ['polygon', 604, int32(HUGE), LENGTH],
    ['polygon', 604, int32(-1), LENGTH],
    ['tsvector', 3614, int32(HUGE), EARLY],
    ['tsquery', 3615, int32(HUGE), EARLY],
    ['pg_snapshot', 5038, int32(HUGE), EARLY],
  ],
  'dimensions': [
    ['int4[]', 1007, words(HUGE, 0, 23), IMPOSSIBLE],
    ['int4[]', 1007, words(-1, 0, 23), IMPOSSIBLE],
    ['int4[]', 1007, words(7, 0, 23, ...Array(14).fill(1)), IMPOSSIBLE],
    ['int4[]', 1007, words(2, 0, 23, HUGE, 1, HUGE, 1), IMPOSSIBLE],
    ['int4[]', 1007, words(1, 0, 23, -1, 1), IMPOSSIBLE],
    ['int4[]', 1007, words(1, 0, 23, HUGE, 1), IMPOSSIBLE],
    ['int4[]', 1007, [...words(1, 0, 23, 2, HUGE), ...element(int32(1)), ...element(int32(2))], IMPOSSIBLE],
    ['int4[]', 1007, words(1, 0), EARLY],
    ['text[]', 1009, [...words(1, 0, 23, 1, 1), ...element(int32(1))], OTHER],
  ],
  'bytes that are left over': [
    ['int4[]', 1007, [...words(1, 0, 23, 1, 1), ...element(int32(1)), 0], LEFT],
    ['int4[]', 1007, [...words(0, 0, 23), 0], LEFT],
    ['numeric', 1700, halves(1, 0, 0, 0, 5, 5), LENGTH],
    ['int4range', 3904, [1, 0], LEFT],
    ['int4range', 3904, [8 | 16, 0], LEFT],
    ['int4multirange', 4451, [...int32(0), 0], LEFT],
    ['record', 2249, [...int32(0), 0], LEFT],
    ['inet', 869, [2, 32, 0, 4, 1, 2, 3, 4, 5], LENGTH],
    ['interval', 1186, [...words(0, 0, 0, 0), 0], LENGTH],
    ['varbit', 1562, [...int32(8), 1, 1], LENGTH],
    ['circle', 718, [...words(0, 0, 0, 0, 0, 0), 0], LENGTH],
    ['tsvector', 3614, [...int32(0), 0], LEFT],
  ],
  'texts that are no UTF-8': [
    ['text', 25, [0xff], /it is not valid UTF-8/],
    ['text', 25, [0xc3], /it is not valid UTF-8/],
    ['text', 25, [0xed, 0xa0, 0x80], /it is not valid UTF-8/],
    ['varchar', 1043, [...Array(600).fill(97), 0xfe], /it is not valid UTF-8/],
    ['name', 19, [0x80], /it is not valid UTF-8/],
    ['json', 114, [0x22, 0xff, 0x22], /it is not valid UTF-8/],
    ['xml', 142, [0xff], /it is not valid UTF-8/],
    ['text[]', 1009, [...words(1, 0, 25, 1, 1), ...element([0xff])], /it is not valid UTF-8/],
    ['tsvector', 3614, [...int32(1), 0xff, 0, 0, 0], /it is not valid UTF-8/],
    ['record', 2249, [...words(1, 25), ...element([0xff])], /it is not valid UTF-8/],
  ],
  'digits, flags and versions': [
    ['numeric', 1700, halves(1, 0, 0, 0, 10_000), /a digit, sign, weight or scale that cannot be/],
    ['numeric', 1700, halves(1, 0, 0, 0, 0xffff), /a digit, sign, weight or scale that cannot be/],
    ['numeric', 1700, halves(1, 0, 0x1234, 0, 1), /a digit, sign, weight or scale that cannot be/],
    ['numeric[]', 1231, [...words(1, 0, 1700, 1, 1), ...element(halves(1, 0, 0, 0, 10_000))], /a digit, sign, weight or scale that cannot be/],
    ['int4range', 3904, [0x40, ...element(int32(1))], /the value of a range's flags is not one the protocol knows/],
    ['int4range', 3904, [], EARLY],
    ['int4multirange', 4451, [...int32(1), ...element([0x40])], /the value of a range's flags is not one the protocol knows/],
    ['jsonb', 3802, [2, 0x31], /its version is not the one that is known, 1/],
    ['jsonb', 3802, [], /its version is not the one that is known, 1/],
    ['jsonpath', 4072, [9, 0x24], /its version is not the one that is known, 1/],
    ['bool', 16, [2], LENGTH],
    ['time', 1083, words(0x7fff_ffff, 0), /is not a time between/],
    ['timestamp', 1114, words(0x7fff_ffff, 0xffff_fff0), /is not a timestamp between/],
    ['date', 1082, int32(HUGE - 5), /is not a date between/],
    ['tsquery', 3615, [...int32(1), 9, 0], /the value of a tsquery's item is not one the protocol knows/],
  ],
  'json that is none': [
    ['json', 114, bytes('{'), /SyntaxError/],
    ['jsonb', 3802, bytes('\x01', 'nul'), /SyntaxError/],
    ['json[]', 199, [...words(1, 0, 114, 1, 1), ...element(bytes('}'))], /SyntaxError/],
  ],
};

/** Answers every query with one row of two columns, the second of which is the lie. */
function liar(lies) {
  return session((socket, chunk) => {
    // One flight for each query: it ends with Sync.
    if (chunk.at(-5) !== 'S'.charCodeAt(0)) return;
    const [type, value] = lies.shift() ?? [25, bytes('done')];
    const column = (name, oid) => bytes(name, '\0', words(0), int16(0), words(oid), int16(-1), words(-1), int16(1));
    socket.write(
      bytes(
        message('1'),
        message('2'),
        message('T', int16(2), column('truth', 25), column('lie', type)),
        message('D', int16(2), element(bytes('x')), element(value)),
        message('C', 'SELECT 1\0'),
        message('Z', 'I'),
      ),
    );
  });
}

describe('bytes that lie', () => {
  for (const [name, cases] of Object.entries(CASES)) {
    it(`about ${name}`, async () => {
      const lies = cases.map(([, oid, value]) => [oid, value]);
      await withServer(liar(lies), async (url) => {
        const db = await connect(url);
        for (const [type, , value, pattern] of cases) {
          const error = await rejection(db.fetch(`select 'a lie', ${lies.length}`));
          const shown = `${type} ${bytes(value).toString('hex').slice(0, 60)}`;
          equal([error.name, error.code], ['ConversionError', 'TRUNKLINE_CONVERSION'], shown);
          const [, told, why] = /^column "lie" \(PostgreSQL's (.*?)\) cannot be read: (.*)$/s.exec(error.message) ?? [];
          equal(told, type, error.message);
          match(`${shown}: ${why}`, pattern);
        }
        equal(await db.fetch('select done'), [{ truth: 'x', lie: 'done' }]);
        db.terminate();
      });
    });
  }
});
