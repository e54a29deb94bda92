// The README's TypeScript example is the one in examples/readme.ts, and does what it says.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { example } from '../dist/examples/readme.js';
import { servers } from './support/servers.js';

describe('the example of the README', () => {
  it('stands there as it is compiled', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const source = await readFile(new URL('../examples/readme.ts', import.meta.url), 'utf8');
    assert.ok(readme.includes(`\`\`\`ts\n${source}\`\`\``));
  });

  it('runs', async () => {
    for (const { url } of await servers()) {
      assert.deepEqual(await example(url), ['Ada likes maths and engines']);
    }
  });
});
