// Runs in the page: one behaviour at a time, told by its name.

import * as trunkline from '/dist/browser.js';

import { behaviours } from '/tests/support/behaviours.js';

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
