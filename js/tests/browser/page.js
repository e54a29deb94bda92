// Runs in the page: one behaviour at a time, told by its name, or the values of one family.

import * as trunkline from '/dist/browser.js';

import { behaviours } from '/tests/support/behaviours.js';
import { travel } from '/tests/support/travel.js';

/** What went wrong; nothing when all is well. */
globalThis.behave = async (name, url, proxy) => {
  try {
    const open = (options) => trunkline.connect(url, { proxy, ...options });
    const db = await open();
    try {
      await behaviours[name]({ db, open, trunkline });
    } finally {
      await db.close();
    }
  } catch (error) {
    return `${error.stack ?? error}`;
  }
};

/** The same of values, in a database that is theirs. */
globalThis.carry = async (family, url, proxy, database) => {
  try {
    await travel(family, (options) => trunkline.connect(url, { proxy, database, ...options }));
  } catch (error) {
    return `${error.stack ?? error}`;
  }
};
