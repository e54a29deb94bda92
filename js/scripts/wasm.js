// Makes of wasm-bindgen's output (`cargo xtask wasm`) what the package loads: the glue as a function, so that there
// can be a second instance when the first one has failed, and the wasm as base64, which needs no file access.

import { readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../dist/wasm/', import.meta.url);
const read = (name) => readFileSync(new URL(name, folder));

const glue = read('core.js').toString();
const start = glue.indexOf('async function __wbg_load');
const sync = glue.indexOf('function initSync');
const init = glue.indexOf('async function __wbg_init');
if (start < 0 || sync < start || init < sync) {
  throw new Error('dist/wasm/core.js is not what wasm-bindgen --target web writes: see js/scripts/wasm.js');
}
// Without the loaders that fetch.
const body = (glue.slice(0, start) + glue.slice(sync, init))
  .replace(/^export (class|function|const)/gm, '$1')
  .replace(/^\/\* @ts-self-types.*$/m, '');
if (/^export/m.test(body)) throw new Error('dist/wasm/core.js exports something that js/scripts/wasm.js does not know');

writeFileSync(
  new URL('glue.js', folder),
  `// Made by scripts/wasm.js of what wasm-bindgen wrote.\n\nexport function instantiate(module) {\n${body}\n` +
    'const exports = initSync({ module });\n' +
    'return { Engine, Configuration, SharedTypes, WebSocketTransport, memory: exports.memory };\n}\n',
);
writeFileSync(
  new URL('inline.js', folder),
  `// Made by scripts/wasm.js.\n\nexport const wasm = '${read('core.wasm').toString('base64')}';\n`,
);
