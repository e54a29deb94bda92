// The vectors can be read.

import { describe, it } from 'node:test';

import { equal, ok } from './support/check.js';
import { binaryWith, families } from './support/vectors.js';

describe('vectors', () => {
  it('have a type for every value', () => {
    const cases = families().flatMap((family) => family.cases);
    ok(cases.length >= 1000, `${cases.length} values`);
    for (const { type, oid } of cases) ok(oid > 0, type);
    const one = cases.find(({ type, literal }) => type === 'int4' && literal === '65536');
    equal([one.oid, one.text, [...one.binary], one.since], [23, '65536', [0, 1, 0, 0], 0]);
  });

  it('tell where OIDs of a database have to stand', () => {
    for (const { custom, cases } of families()) {
      for (const each of cases.filter(({ oids }) => oids)) {
        const other = binaryWith(each, (oid) => {
          ok(custom.has(oid), `${oid} in ${each.text}`);
          return 0xffffffff;
        });
        equal([...other.slice(each.oids[0], each.oids[0] + 4)], [255, 255, 255, 255]);
        equal(binaryWith(each, (oid) => oid).length, other.length);
      }
    }
  });
});
