// The behaviours and every vector in a headless browser, through a WebSocket: node tests/browser/run.js
//
// The page has a strict Content-Security-Policy: wasm, and no eval.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';

import { chromium } from 'playwright-core';

import { startBridge } from '../support/bridge.js';
import { behaviours } from '../support/behaviours.js';
import { servers } from '../support/servers.js';
import { databaseOfItsOwn } from '../support/session.js';
import { travellers } from '../support/vectors.js';

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src ws://127.0.0.1:*";
const FOLDER = new URL('../../', import.meta.url);
const TYPES = { html: 'text/html', js: 'text/javascript' };

const running = await servers();

describe('Chromium', () => {
  let bridge;
  let browser;
  let page;
  let server;

  before(async () => {
    bridge = await startBridge(running.map(({ url }) => new URL(url).host));
    server = createServer(serve);
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({
      executablePath: process.env.TRUNKLINE_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/tests/browser/page.html`);
    await page.waitForFunction(() => globalThis.carry !== undefined);
  });

  after(async () => {
    await browser?.close();
    await bridge?.close();
    server?.close();
  });

  for (const { version, url } of running) {
    describe(`with PostgreSQL ${version}`, () => {
      const database = databaseOfItsOwn(url, 'browser');
      for (const name of Object.keys(behaviours)) {
        it(name, async () => {
          const failure = await page.evaluate((given) => globalThis.behave(...given), [name, url, bridge.url]);
          if (failure) throw new Error(failure);
        });
      }
      for (const family of travellers()) {
        it(`values: ${family.name}`, async () => {
          const given = [family, url, bridge.url, database];
          const failure = await page.evaluate((given) => globalThis.carry(...given), given);
          if (failure) throw new Error(failure);
        });
      }
    });
  }
});

async function serve(request, response) {
  const { pathname } = new URL(request.url, 'http://page');
  const type = TYPES[pathname.split('.').at(-1)];
  if (!/^\/(dist|tests)\/[\w/.-]+$/.test(pathname) || pathname.includes('..') || type === undefined) {
    return response.writeHead(404).end();
  }
  try {
    const body = await readFile(new URL(`.${pathname}`, FOLDER));
    response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}
