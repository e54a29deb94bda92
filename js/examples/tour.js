// A tour of a real server: node examples/tour.js postgres://user:password@host/database
//
// Runs unchanged on Deno and Bun. The last line tells the steps and their times to programs.

import process from 'node:process';

import { ServerError, connect } from 'trunkline';

const url = process.argv[2];
if (url === undefined) {
  console.error('usage: tour.js postgres://user:password@host/database');
  process.exit(2);
}

const steps = [];

/** Runs one step, and says what it did and how long it took. */
async function step(name, run) {
  const start = performance.now();
  const { count, told } = await run();
  const ms = Math.round((performance.now() - start) * 100) / 100;
  steps.push({ name, count, ms });
  console.log(`${name}: ${told} (${ms.toFixed(1)} ms)`);
}

let db;
await step('connect', async () => {
  db = await connect(url, { applicationName: 'trunkline tour' });
  return { count: 1, told: `PostgreSQL ${db.serverVersion}, session ${db.serverPid}` };
});

await step('read pg_type', async () => {
  const types = await db.fetch(
    `select oid, typname, typnamespace, typowner, typlen, typbyval, typtype, typcategory, typispreferred,
            typisdefined, typdelim, typrelid
     from pg_type`,
  );
  const columns = Object.keys(types[0]).length;
  return { count: types.length, told: `${types.length} rows of ${columns} columns, such as ${types[0].typname}` };
});

await step('create table', async () => {
  const { command } = await db.execute(
    'create temporary table customer (id int primary key, name text not null, tags text[], profile jsonb)',
  );
  return { count: 1, told: command };
});

await step('insert 1,000 rows', async () => {
  const insert = 'insert into customer values ($1, $2, $3, $4)';
  const inserts = Array.from({ length: 1000 }, (_, id) =>
    db.execute(insert, [id, `customer ${id}`, ['new', `group ${id % 10}`], { visits: id, vip: id % 100 === 0 }]),
  );
  const count = (await Promise.all(inserts)).reduce((sum, { rows }) => sum + rows, 0);
  return { count, told: `${count} rows` };
});

await step('read back', async () => {
  const customers = await db.fetch('select * from customer where id >= $1 order by id', [0]);
  return { count: customers.length, told: `${customers.length} rows, such as ${JSON.stringify(customers[100])}` };
});

await step('unique violation', async () => {
  try {
    await db.execute('insert into customer values ($1, $2)', [7, 'the seventh again']);
  } catch (error) {
    if (!(error instanceof ServerError && error.sqlstate === '23505')) throw error;
    return { count: 1, told: `refused, as it should be:\n  ${error.message.replaceAll('\n', '\n  ')}\n ` };
  }
  throw new Error('the server took the same key twice');
});

await step('pipeline 1,000 queries', async () => {
  const queries = Array.from({ length: 1000 }, (_, id) => db.fetchVal('select name from customer where id = $1', [id]));
  const names = await Promise.all(queries);
  if (!names.every((name, id) => name === `customer ${id}`)) throw new Error('an answer went to the wrong query');
  return { count: names.length, told: `${names.length} answers, each to its own query` };
});

await db.close();
console.log(`TOUR ${JSON.stringify({ runtime: runtime(), steps })}`);

function runtime() {
  if (globalThis.Deno !== undefined) return `deno ${globalThis.Deno.version.deno}`;
  if (globalThis.Bun !== undefined) return `bun ${globalThis.Bun.version}`;
  return `node ${process.versions.node}`;
}
