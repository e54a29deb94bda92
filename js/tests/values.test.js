// Every vector, through the core in both directions: as its text, and as the value that JavaScript has for it.

import { describe, it } from 'node:test';

import { connect } from 'trunkline';

import { equal, ok } from './support/check.js';
import { servers } from './support/servers.js';
import { families } from './support/vectors.js';

/** Nothing of a value is lost with these; by default it is the microseconds of a Date. */
const EXACT = { int8: 'bigint', timestamps: 'string', intervals: 'string' };

const SETTINGS = `set datestyle = 'ISO, MDY'; set intervalstyle = postgres; set timezone = 'UTC'; set extra_float_digits = 1;
  set lc_monetary = 'C'; set bytea_output = hex; set client_min_messages = warning`;

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
        await Promise.all(cases.filter((each) => hasText(each, family)).map((each) => isRendered(plain, each)));
        await plain.close();
        await db.executeScript(`drop schema ${schema} cascade`);
        await db.close();
      });
    }
  });
}

/** The value that JavaScript gets, sent back, is the value that it was. */
async function arrives(db, { type, literal, expression, text }) {
  // In JavaScript the null of JSON is null, and what is parsed has no white space.
  if (/^jsonb?\[\]$/.test(type) || text.endsWith(',null)')) return;
  // JSON's numbers are longer than JavaScript's, and its white space is lost when it is parsed.
  const json = /^jsonb?$/.test(type) ? { json: 'string' } : {};
  const value = await db.fetchVal(selected(type, expression), expression ? [] : [literal], json);
  ok(value !== undefined, type);
  if (expression !== undefined) return;
  const given = json.json === undefined ? '$1' : '$1::text';
  equal(await db.fetchVal(`select format('%s', ${given}::${type})`, [value]), text, `${type} ${literal}`);
}

/** A literal goes through text where a string would be something else: a string of JSON, a name that is too long. */
function selected(type, expression) {
  if (expression !== undefined) return `select ${expression} as value`;
  return `select $1::${/^(jsonb?|name)$/.test(type) ? 'text::' : ''}${type} as value`;
}

/** What the core makes of the binary form is the server's own text. */
async function isRendered(db, { type, literal, expression, text }) {
  equal(await db.fetchVal(selected(type, expression), expression ? [] : [literal]), text, `${type} ${literal ?? expression}`);
}

/** Whether the column is told by the type's name, and the value says all that its text needs. */
function hasText({ type, expression, oids }, family) {
  if (/^(reg\w+|pg_(ndistinct|dependencies|mcv_list)|anyarray)(\[\])?$/.test(type)) return false;
  // The column of a domain is told as what it is over; an anonymous record does not tell of types that are not built in.
  if (family.custom.size > 0 && [...family.custom.values()].some(({ name, kind }) => name === type && kind === 'domain')) return false;
  return expression === undefined || oids === undefined;
}

/** The name of a type without its modifier and quotes. */
function bare(type) {
  return type.replace(/\([^)]*\)/, '').replaceAll('"', '');
}
