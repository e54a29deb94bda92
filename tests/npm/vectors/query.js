// Runs SQL for `cargo xtask vectors`: a JSON string for each line of input, a JSON answer for each line of output.
//
// node query.js postgres://…   a server
// node query.js pglite         PGlite with pgvector, in this process

import process from 'node:process';
import { createInterface } from 'node:readline';

const target = process.argv[2];
const rows = target === 'pglite' ? await pglite() : await server(target);

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
process.exit();

async function answer(sql) {
  try {
    return { rows: await rows(sql) };
  } catch (error) {
    return { error: error.message, code: error.code };
  }
}

async function server(url) {
  const { default: pg } = await import('pg');
  const client = new pg.Client(url);
  await client.connect();
  return async (text) => (await client.query({ text, rowMode: 'array' })).rows;
}

async function pglite() {
  const [{ PGlite }, { vector }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('@electric-sql/pglite-pgvector'),
  ]);
  const db = await PGlite.create({ extensions: { vector } });
  return async (sql) => (await db.query(sql, [], { rowMode: 'array' })).rows;
}
