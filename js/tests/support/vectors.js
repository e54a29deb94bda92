// The values of tests/vectors: how a real server writes each of them, in text and in binary. See the README there.

import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../../tests/vectors/', import.meta.url);

/**
 * All families of types, by name. Each is what its file holds, with
 *
 * - `custom` a Map from the OIDs that stand for those of types that are not built in to what is known of these,
 * - `oid` in each case: the case's type,
 * - `binary` in each case as bytes, or null,
 * - `since` in each case, 0 when every version takes it.
 */
export function families() {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return files.sort().map((file) => family(file.slice(0, -'.json'.length)));
}

/** The families that servers have, as a page can be given them: for `travel`. */
export function travellers() {
  const real = families().filter(({ server }) => server !== 'pglite');
  return real.map(({ name, setup, custom, cases }) => ({
    name,
    setup,
    custom: [...custom.values()],
    cases: cases.map(({ binary, ...each }) => each),
  }));
}

/** A case's binary form in a database that has types under other OIDs. */
export function binaryWith({ binary, oids = [] }, oid) {
  if (binary === null) return null;
  const bytes = binary.slice();
  const view = new DataView(bytes.buffer);
  for (const at of oids) view.setUint32(at, oid(view.getUint32(at)));
  return bytes;
}

function family(name) {
  const json = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
  return {
    ...json,
    name,
    custom: new Map(json.custom.map((type) => [type.oid, type])),
    cases: json.cases.map((each) => ({
      since: 0,
      ...each,
      oid: json.types[each.type],
      binary: each.binary === null ? null : bytesOf(each.binary),
    })),
  };
}

function bytesOf(hex) {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}
