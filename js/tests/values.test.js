// Every vector, through the core in both directions: as its text, and as the value that JavaScript has for it.

import { describe, it } from 'node:test';

import { connect } from 'trunkline';

import { equal, ok } from './support/check.js';
import { servers } from './support/servers.js';
import { families } from './support/vectors.js';

/** Nothing of a value is lost with these; by default it is the microseconds of a Date, and digits of JSON's numbers. */
const EXACT = { int8: 'bigint', timestamps: 'string', json: 'string', intervals: 'string' };

const SETTINGS = `set datestyle = 'ISO, MDY'; set intervalstyle = postgres; set timezone = 'UTC'; set extra_float_digits = 1;
  set lc_monetary = 'C'; set bytea_output = hex; set client_min_messages = warning`;

/** Types that the core renders as something else than the server does, because only the server can. */
const isNamed = (type) => /^(reg\w+|pg_(ndistinct|dependencies|mcv_list)|anyarray)(\[\])?$/.test(type);

for (const { version, url } of await servers()) {
  describe(`PostgreSQL ${version}`, () => {
    for (const family of families().filter(({ server }) => server !== 'pglite')) {
      it(family.name, async () => {
        const schema = `js_${family.name}`;
        const db = await connect(url, EXACT);
        await db.executeScript(`${SETTINGS}; drop schema if exists ${schema} cascade; create schema ${schema};
          set search_path = ${schema}; ${family.setup.join('; ')}`);
        const major = Number((await db.fetchVal('show server_version_num')).slice(0, 2));
        const cases = family.cases.filter(({ since }) => since <= major);
        const names = new Set(cases.map(({ type }) => bare(type)));
        const types = Object.fromEntries([...names].map((name) => [name, { decode: (text) => text }]));
        const plain = await connect(url, { ...EXACT, types });
        await plain.executeScript(`${SETTINGS}; set search_path = ${schema}`);
        await Promise.all(cases.map((each) => arrives(db, each)));
        await Promise.all(cases.filter(({ type }) => !isNamed(type)).map((each) => isRendered(plain, each)));
        await plain.close();
        await db.executeScript(`drop schema ${schema} cascade`);
        await db.close();
      });
    }
  });
}

/** The value that JavaScript gets, sent back, is the value that it was. */
async function arrives(db, { type, literal, expression, text }) {
  const value = await db.fetchVal(`select ${expression ?? `$1::text::${type}`} as value`, expression ? [] : [literal]);
  ok(value !== undefined, type);
  if (expression !== undefined) return;
  // A string of JavaScript is a string of JSON.
  const given = /^jsonb?$/.test(type) ? '$1::text' : '$1';
  equal(await db.fetchVal(`select format('%s', ${given}::${type})`, [value]), text, `${type} ${literal}`);
}

/** What the core makes of the binary form is the server's own text. */
async function isRendered(db, { type, literal, expression, text, oids }) {
  // An anonymous record does not say enough of types that are not built in.
  if (type === 'record' && oids !== undefined) return;
  const value = await db.fetchVal(`select ${expression ?? `$1::text::${type}`} as value`, expression ? [] : [literal]);
  equal(value, text, `${type} ${literal ?? expression}`);
}

/** The name of a type without its modifier and quotes. */
function bare(type) {
  return type.replace(/\([^)]*\)/, '').replaceAll('"', '');
}
