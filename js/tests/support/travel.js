// The values of tests/vectors, there and back. Runs everywhere, browsers included.

import { equal, ok } from './check.js';

/** Nothing of a value is lost with these; by default it is the microseconds of a Date. */
const EXACT = { int8: 'bigint', timestamps: 'string', intervals: 'string' };

const SETTINGS = `set datestyle = 'ISO, MDY'; set intervalstyle = postgres; set timezone = 'UTC'; set extra_float_digits = 1;
  set lc_monetary = 'C'; set bytea_output = hex; set client_min_messages = warning`;

/**
 * All values of a family through the core in both directions: as the values that JavaScript has for them, and as their
 * texts. `open(options)` connects to a database that has no schema of the family's name.
 */
export async function travel(family, open) {
  await within(open, EXACT, async (db) => {
    await db.executeScript(`${SETTINGS}; create schema "${family.name}"; set search_path = "${family.name}"`);
    for (const sql of family.setup) await db.executeScript(sql);
    const major = Math.trunc(Number(await db.fetchVal(`select current_setting('server_version_num')`)) / 10_000);
    const cases = family.cases.filter(({ since }) => since <= major);
    await Promise.all(cases.map((each) => arrives(db, each)));
    const types = Object.fromEntries(cases.map(({ type }) => [bare(type), { decode: (text) => text }]));
    await within(open, { ...EXACT, types }, async (texts) => {
      await texts.executeScript(`${SETTINGS}; set search_path = "${family.name}"`);
      await Promise.all(cases.filter((each) => hasText(each, family)).map((each) => isRendered(texts, each)));
    });
  });
}

async function within(open, options, use) {
  const db = await open(options);
  try {
    await use(db);
  } finally {
    await db.close();
  }
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
  return `select $1::${/^(jsonb?|name|"char")$/.test(type) ? 'text::' : ''}${type} as value`;
}

/** What the core makes of the binary form is the server's own text. */
async function isRendered(db, { type, literal, expression, text }) {
  equal(await db.fetchVal(selected(type, expression), expression ? [] : [literal]), text, `${type} ${literal ?? expression}`);
}

/** Whether the column is told by the type's name, and the core can say what the server's text says. */
function hasText({ type, expression }, family) {
  if (/^(reg\w+|pg_(ndistinct|dependencies|mcv_list)|anyarray)(\[\])?$/.test(type)) return false;
  // This cast changes nothing that is told: the column is one of pair[].
  if (expression === "'{}'::pair[]::record[]") return false;
  // The column of a domain is told as what it is over.
  return !family.custom.some(({ name, kind }) => name === type && kind === 'domain');
}

/** The name of a type without its modifier and quotes. */
function bare(type) {
  return type.replace(/\([^)]*\)/, '').replaceAll('"', '');
}
