// Every vector, through the core in both directions.

import { describe, it } from 'node:test';

import { connect } from 'trunkline';

import { servers } from './support/servers.js';
import { databaseOfItsOwn } from './support/session.js';
import { travel } from './support/travel.js';
import { travellers } from './support/vectors.js';

for (const { version, url } of await servers()) {
  describe(`values with PostgreSQL ${version}`, () => {
    const database = databaseOfItsOwn(url, 'values');
    for (const family of travellers()) {
      it(family.name, () => travel(family, (options) => connect(url, { ...options, database })));
    }
  });
}
