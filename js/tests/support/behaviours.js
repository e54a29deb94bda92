// What a connection does, whatever carries it: the list runs on every runtime, over TCP and over WebSockets, against
// every version of PostgreSQL. Each behaviour has a connection of its own, made by `open(options)`.

import { equal, match, ok, rejection } from './check.js';

export const behaviours = {
  async 'a row is a plain object with values of JavaScript'({ db }) {
    const rows = await db.fetch(`select 1::int2 as small, -2::int4 as int, 3::int8 as big, 4::oid as oid,
      true as yes, false as no, 1.5::float8 as double, 0.1::float4 as single, 'häß'::text as text,
      'v'::varchar as varchar, 'c'::char(3) as bpchar, 'n'::name as name, '"'::"char" as char,
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid as uuid, null::int as nothing, '' as empty`);
    equal(rows, [
      {
        small: 1, int: -2, big: 3, oid: 4, yes: true, no: false, double: 1.5, single: 0.1, text: 'häß',
        varchar: 'v', bpchar: 'c  ', name: 'n', char: '"', uuid: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
        nothing: null, empty: '',
      },
    ]);
    equal(JSON.parse(JSON.stringify(rows)), rows);
  },

  async 'floats that are no numbers'({ db }) {
    const row = await db.fetchRow(`select 'NaN'::float8 a, 'Infinity'::float8 b, '-Infinity'::float4 c, '-0'::float8 d`);
    equal(row, { a: NaN, b: Infinity, c: -Infinity, d: -0 });
  },

  async 'bytea is a Uint8Array of its own'({ db }) {
    const bytes = Uint8Array.of(0, 1, 254, 255);
    const value = await db.fetchVal('select $1::bytea', [bytes]);
    equal(value, bytes);
    equal(value.buffer.byteLength, 4);
    equal(await db.fetchVal('select $1::bytea', [bytes.buffer]), bytes);
  },

  async 'json columns are values both ways'({ db }) {
    for (const value of [{ a: [1, { b: null }] }, [], [1, 'x', null, [true]], 'text with "quotes"\n', 5, 0.5, false]) {
      for (const type of ['json', 'jsonb']) {
        equal(await db.fetchVal(`select $1::${type}`, [value]), value, type);
      }
    }
    equal(await db.fetchVal('select $1::jsonb is null', [null]), true);
  },

  async 'arrays both ways'({ db }) {
    const cases = [
      ['int4[]', [1, null, -3]],
      ['int8[]', [1, 2 ** 40]],
      ['text[]', ['a', 'b"\\', null, '']],
      ['bool[]', [true, false]],
      ['float8[]', [0.5, null, 3]],
      ['uuid[]', ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
      ['bytea[]', [Uint8Array.of(1, 2), null]],
      ['jsonb[]', [{ a: 1 }, [2], 'x', null]],
      ['int4[]', []],
      ['int4[]', [[1, 2], [3, 4]]],
    ];
    for (const [type, value] of cases) {
      equal(await db.fetchVal(`select $1::${type}`, [value]), value, type);
    }
    equal(await db.fetchVal('select 5 = any($1::int4[])', [[4, 5]]), true);
  },

  async 'texts of every length and script'({ db }) {
    for (const text of ['', 'a', 'é', '日本語', '😀', 'x'.repeat(511), 'é'.repeat(600), '😀'.repeat(5000), 'z'.repeat(200_000), '\ufeffbom']) {
      equal(await db.fetchVal('select $1::text', [text]), text);
    }
    const rows = await db.fetch(
      `select n, repeat(case when n % 7 = 0 then 'é' else 'x' end, n % 700) as a, n::text as b, repeat('y', n % 3) as c
       from generate_series(1, 2000) n`,
    );
    equal(rows.length, 2000);
    for (const { n, a, b, c } of rows) {
      ok(a === (n % 7 === 0 ? 'é' : 'x').repeat(n % 700) && b === String(n) && c === 'y'.repeat(n % 3), `row ${n}`);
    }
  },

  async 'int8 that is not safe is an error that names the column and the option'({ db, open }) {
    const error = await rejection(db.fetch('select 9007199254740993 as big'));
    equal([error.name, error.code], ['ConversionError', 'TRUNKLINE_CONVERSION']);
    match(error.message, /"big".*int8.*9007199254740993.*"bigint"/s);
    equal(await db.fetchVal('select 9007199254740991'), 9007199254740991);
    const big = await open({ int8: 'bigint' });
    equal(await big.fetchVal('select $1::int8', [-9007199254740993n]), -9007199254740993n);
    await big.close();
    const text = await open({ int8: 'string' });
    equal(await text.fetchVal('select 9007199254740993'), '9007199254740993');
    await text.close();
  },

  async 'numbers that do not fit are errors that name parameter and types, and nothing is sent'({ db }) {
    const cases = [
      [1.5, 'int4', 'number'], [3e9, 'int4', 'number'], [40000, 'int2', 'number'], [-1, 'oid', 'number'],
      [2 ** 60, 'int8', 'number'], [2n ** 80n, 'int8', 'bigint'], ['x'.length, 'text', 'number'], [true, 'int4', 'boolean'],
      [{ a: 1 }, 'text', 'object'], [Uint8Array.of(1), 'text', 'Uint8Array'], [[1], 'int4', 'array'], ['a\0b', 'text', 'string'],
    ];
    for (const [value, type, host] of cases) {
      const error = await rejection(db.fetch(`select $1::text, $2::${type}`, ['x', value]));
      equal(error.name, 'UsageError', `${host} as ${type}`);
      match(error.message, new RegExp(`\\$2.*${host}.*${type}.*nothing was sent`, 's'));
    }
    for (const value of [undefined, () => 1, Symbol('x'), [undefined], new Date(NaN)]) {
      const error = await rejection(db.fetch('select $1::text', [value]));
      equal(error.name, 'UsageError');
      match(error.message, /\$1/);
    }
    equal(await db.fetchVal('select 1'), 1);
  },

  async 'strings go into every type, and dates into timestamps'({ db }) {
    equal(await db.fetchVal(`select $1::int4 + 1`, ['41']), 42);
    equal(await db.fetchVal(`select $1::date::text`, ['2024-02-29']), '2024-02-29');
    equal(await db.fetchVal(`select $1::numeric::text`, [0.1]), '0.1');
    equal(await db.fetchVal(`select extract(epoch from $1::timestamptz)::int8`, [new Date(86_400_000)]), 86_400);
  },

  async 'a type that is not known says what to do'({ db }) {
    // Another suite may have made it for itself.
    const make = 'create schema cube_here; create extension cube schema cube_here';
    await db.executeScript(`begin; drop extension if exists cube cascade; ${make}`);
    const sql = `select '(1,2)'::cube_here.cube as place`;
    // In PostgreSQL 13 it has no binary form, and arrives as text.
    if ((await db.fetchVal(`select current_setting('server_version_num')::int`)) >= 140_000) {
      const error = await rejection(db.fetch(sql));
      equal(error.name, 'ConversionError');
      match(error.message, /"place".*cube.*::text/s);
      equal(await db.fetchVal(`${sql.replace(' as', '::text as')}`), '(1, 2)');
    } else {
      equal(await db.fetchVal(sql), '(1, 2)');
    }
    await db.execute('rollback');
  },

  async 'types that have only text arrive as text'({ db }) {
    equal(await db.fetchVal(`select '=r/postgres'::aclitem`), '=r/postgres');
    equal(await db.fetchVal(`select array['=r/postgres'::aclitem]`), ['=r/postgres']);
    equal(await db.fetchVal(`select $1::aclitem[]`, [['=r/postgres']]), ['=r/postgres']);
    equal(await db.fetchVal(`select $1::aclitem[]`, [[]]), []);
  },

  async 'columns of any name'({ db }) {
    const [row] = await db.fetch(`select 1 as "__proto__", 2 as "constructor", 4 as "0", 5 as "ä b"`);
    equal(Object.keys(row).sort(), ['0', '__proto__', 'constructor', 'ä b']);
    equal(Object.getOwnPropertyDescriptor(row, '__proto__').value, 1);
    equal(Object.getPrototypeOf(row), Object.prototype);
    equal(await db.fetchRow('select 1 as a, 2 as a'), { a: 2 });
    equal(await db.fetchVal('select 1 as a, 2 as a'), 1);
    equal(await db.fetch('select from generate_series(1, 3)'), [{}, {}, {}]);
  },

  async 'many columns'({ db }) {
    const names = Array.from({ length: 200 }, (_, index) => `c${index}`);
    const list = names.map((name, index) => `${index % 3 === 0 ? 'null::int' : index} as ${name}`);
    const row = await db.fetchRow(`select ${list.join(', ')}`);
    equal(row, Object.fromEntries(names.map((name, index) => [name, index % 3 === 0 ? null : index])));
  },

  async 'fetchRow, fetchOne and fetchVal'({ db }) {
    equal(await db.fetchRow('select 1 as a where false'), null);
    equal(await db.fetchRow('select n from generate_series(1, 3000) n'), { n: 1 });
    equal(await db.fetchOne('select 1 as a'), { a: 1 });
    match((await rejection(db.fetchOne('select 1 where false'))).message, /exactly one.*no row/);
    match((await rejection(db.fetchOne('select generate_series(1, 3)'))).message, /exactly one.*3 rows/);
    equal(await db.fetchVal('select 1 where false'), null);
    equal(await db.fetchVal('select null'), null);
    equal(await db.fetchVal(`select 'a', 'b'`), 'a');
  },

  async 'execute tells what the command did'({ db }) {
    equal(await db.execute('create temp table e (a int)'), { command: 'CREATE TABLE', rows: 0 });
    equal(await db.execute('insert into e select generate_series(1, $1::int)', [5]), { command: 'INSERT', rows: 5 });
    equal(await db.execute('update e set a = a + 1 where a > 3'), { command: 'UPDATE', rows: 2 });
    equal(await db.execute('select * from e'), { command: 'SELECT', rows: 5 });
    equal(await db.execute(''), { command: '', rows: 0 });
    match((await rejection(db.fetch('select 1; select 2'))).message, /multiple commands/);
  },

  async 'executeScript runs several statements'({ db }) {
    equal(await db.executeScript('create temp table s (a int); insert into s values (1), (2); select * from s'), [
      { command: 'CREATE TABLE', rows: 0 },
      { command: 'INSERT', rows: 2 },
      { command: 'SELECT', rows: 2 },
    ]);
    const error = await rejection(db.executeScript('insert into s values (3); select 1/0; insert into s values (4)'));
    equal(error.sqlstate, '22012');
    equal(await db.fetchVal('select count(*) from s'), 2);
  },

  async 'the first use of a statement and later ones mean the same'({ db }) {
    for (let round = 0; round < 4; round++) {
      equal(await db.fetchRow('select $1::int8 as a, $2::text as b, $3::jsonb as c', [round, 'x', [round]]), {
        a: round, b: 'x', c: [round],
      });
      const error = await rejection(db.fetch('select $1::int8 as refused', [1.5]));
      equal(error.name, 'UsageError');
    }
  },

  async 'a prepared statement knows its types'({ db }) {
    const statement = await db.prepare('select $1::int4 + 1 as next, $2::text as text');
    equal(statement.parameters.map(({ name }) => name), ['int4', 'text']);
    equal(statement.columns.map(({ name, type }) => [name, type.name]), [['next', 'int4'], ['text', 'text']]);
    equal(await statement.fetch([1, 'a']), [{ next: 2, text: 'a' }]);
    equal(await statement.fetchVal([2, 'a']), 3);
    equal(await statement.fetchRow([3, 'a']), { next: 4, text: 'a' });
    equal(await statement.fetchOne([3, 'a']), { next: 4, text: 'a' });
    equal(await statement.execute([3, 'a']), { command: 'SELECT', rows: 1 });
    await statement.close();
    await statement.close();
    match((await rejection(statement.fetch([1, 'a']))).message, /closed/);
    equal((await rejection(db.prepare('selec 1'))).sqlstate, '42601');
  },

  async 'a wrong number of parameters is an error before anything is sent'({ db }) {
    for (let round = 0; round < 2; round++) {
      const error = await rejection(db.fetch('select $1::int', [1, 2]));
      equal(error.name, 'UsageError');
      match(error.message, /takes 1 .*2 were given/);
    }
    equal((await rejection(db.fetch('select 1', 'x'))).name, 'UsageError');
    equal((await rejection(db.fetch(5))).name, 'UsageError');
    match((await rejection(db.fetch('select \0'))).message, /NUL/);
    equal(await db.fetchVal('select 1'), 1);
  },

  async 'three queries in one flight with a failure in the middle'({ db }) {
    const [a, b, c] = await Promise.allSettled([
      db.fetchVal('select 1'),
      db.fetchVal('select 1/0'),
      db.fetchVal('select 3'),
    ]);
    equal([a.value, b.reason.sqlstate, c.value], [1, '22012', 3]);
  },

  async 'a batch is one transaction'({ db }) {
    await db.execute('create temp table b (a int)');
    const error = await rejection(
      db.batch([{ sql: 'insert into b values ($1)', params: [1] }, { sql: 'select 1/0' }, { sql: 'select 3' }]),
    );
    equal(error.sqlstate, '22012');
    equal(error.results.map(({ status, reason }) => [status, reason?.name]), [
      ['fulfilled', undefined],
      ['rejected', 'ServerError'],
      ['rejected', 'SkippedError'],
    ]);
    equal(await db.fetchVal('select count(*) from b'), 0);
    const results = await db.batch([{ sql: 'insert into b values ($1), ($2)', params: [1, 2] }, { sql: 'select a from b' }]);
    equal(results, [
      { command: 'INSERT', count: 2, rows: [] },
      { command: 'SELECT', count: 2, rows: [{ a: 1 }, { a: 2 }] },
    ]);
    equal(await db.batch([]), []);
  },

  async 'a batch that continues on error'({ db }) {
    await db.execute('create temp table c (a int)');
    const [a, b, c] = await db.batch(
      [{ sql: 'insert into c values ($1)', params: [1] }, { sql: 'select 1/0' }, { sql: 'select 3 as x' }],
      { continueOnError: true },
    );
    equal([a.value.count, b.reason.sqlstate, c.value.rows], [1, '22012', [{ x: 3 }]]);
    equal(await db.fetchVal('select count(*) from c'), 1);
  },

  async 'a thousand queries at once are pipelined'({ db }) {
    const values = await Promise.all(Array.from({ length: 1000 }, (_, index) => db.fetchVal('select $1::int4', [index])));
    equal(values, Array.from({ length: 1000 }, (_, index) => index));
  },

  async 'large values both ways at once'({ db }) {
    const text = 'x'.repeat(64 * 1024);
    const echoes = await Promise.all(Array.from({ length: 100 }, () => db.fetchVal('select $1::text', [text])));
    ok(echoes.every((echo) => echo === text));
  },

  async 'a server error keeps every field and shows the SQL'({ db, trunkline }) {
    const error = await rejection(db.fetch('select *\n  form pg_class'));
    ok(error instanceof trunkline.ServerError && error instanceof trunkline.TrunklineError && error instanceof Error);
    ok(!(error instanceof trunkline.UsageError));
    equal([error.code, error.sqlstate, error.severity, error.position], ['TRUNKLINE_SERVER', '42601', 'ERROR', 12]);
    equal(error.serverMessage, 'syntax error at or near "form"');
    match(error.message, /form pg_class\n.*\^/);
    await db.execute('create temp table u (id int constraint u_key unique)');
    await db.execute('insert into u values (1)');
    const unique = await rejection(db.execute('insert into u values ($1)', [1]));
    equal([unique.sqlstate, unique.constraint, unique.table], ['23505', 'u_key', 'u']);
    match(unique.message, /detail: Key \(id\)=\(1\) already exists/);
  },

  async 'an error has the stack of its caller'({ db }) {
    async function theCaller() {
      await db.fetch('select 1/0');
    }
    const error = await rejection(theCaller());
    match(error.stack, /theCaller/);
  },

  async 'notices arrive'({ open }) {
    const notices = [];
    const db = await open({ onNotice: (notice) => notices.push(notice) });
    await db.execute(`do $$ begin raise warning 'careful'; end $$`);
    await db.close();
    equal(notices.map(({ severity, message }) => [severity, message]), [['WARNING', 'careful']]);
  },

  async 'transaction status follows the server'({ db }) {
    equal(db.transactionStatus, 'idle');
    await db.execute('begin');
    equal(db.transactionStatus, 'transaction');
    await rejection(db.execute('select 1/0'));
    equal(db.transactionStatus, 'failed');
    equal((await rejection(db.execute('commit'))).name !== undefined, true);
    equal(db.transactionStatus, 'idle');
  },

  async 'getters tell of the session'({ db }) {
    equal(db.serverPid, await db.fetchVal('select pg_backend_pid()'));
    match(db.serverVersion, /^\d+/);
    await db.execute(`set timezone to 'Europe/Vienna'`);
    equal(db.parameter('TimeZone'), 'Europe/Vienna');
    equal(db.parameter('no_such'), undefined);
    equal(db.isClosed, false);
  },

  async 'a schema change does not break later queries'({ db }) {
    await db.execute('create temp table t (a int)');
    await db.execute('insert into t values (1)');
    for (let round = 0; round < 3; round++) equal(await db.fetch('select * from t'), [{ a: 1 }]);
    await db.execute(`alter table t add column b text default 'new'`);
    equal(await db.fetch('select * from t'), [{ a: 1, b: 'new' }]);
  },

  async 'a query that times out or is aborted never disturbs the next'({ open, db }) {
    // It cannot end by itself: it waits for a lock that is held until it has timed out.
    const holder = await open();
    const key = holder.serverPid;
    await holder.execute(`select pg_advisory_lock(${key})`);
    const slow = rejection(db.fetch(`select pg_advisory_xact_lock(${key})`, [], { timeout: 50 }));
    equal((await slow).name, 'TimeoutError');
    await holder.close();
    equal(await db.fetchVal('select 1'), 1);
    const controller = new AbortController();
    const aborted = rejection(db.fetch('select pg_sleep(0.2)', [], { signal: controller.signal }));
    controller.abort(new Error('no longer wanted'));
    equal((await aborted).message, 'no longer wanted');
    equal(await db.fetchVal('select 2'), 2);
    equal((await rejection(db.fetch('select 1', [], { signal: controller.signal }))).message, 'no longer wanted');
  },

  async 'more statements than are remembered'({ db }) {
    for (let from = 0; from < 1500; from += 250) {
      const sums = Array.from({ length: 250 }, (_, index) => db.fetchVal(`select ${from + index}`));
      equal(await Promise.all(sums), Array.from({ length: 250 }, (_, index) => from + index));
    }
  },

  async 'close waits for what is under way, and ends the session'({ open, db }) {
    const one = await open();
    const pid = one.serverPid;
    const slow = one.fetchVal(`select 'done' from pg_sleep(0.1)`);
    await Promise.all([one.close(), one.close()]);
    equal(await slow, 'done');
    equal(one.isClosed, true);
    const error = await rejection(one.fetch('select 1'));
    equal([error.name, error.reason, error.safeToRetry], ['ClosedError', 'caller', true]);
    // How soon the server notices is its own affair, and that of a bridge between.
    const deadline = performance.now() + 30_000;
    while (await db.fetchVal('select count(*) from pg_stat_activity where pid = $1', [pid])) {
      ok(performance.now() < deadline, 'the session is still there');
    }
    await one.close();
  },

  async 'terminate fails what is under way'({ open }) {
    const one = await open();
    const slow = rejection(one.fetch('select pg_sleep(10)'));
    one.terminate();
    const error = await slow;
    equal([error.name, error.mayHaveRun, one.isClosed], ['ClosedError', true, true]);
  },

  async 'a killed backend says so'({ open, db }) {
    const one = await open();
    await one.fetch('select 1');
    const slow = rejection(one.fetch('select pg_sleep(10)'));
    await db.fetchVal('select pg_terminate_backend($1)', [one.serverPid]);
    const error = await slow;
    ok(['ServerError', 'ClosedError'].includes(error.name), error.name);
    match(error.message, /57P01|terminating connection/);
    const later = await rejection(one.fetch('select 1'));
    equal([later.name, later.safeToRetry], ['ClosedError', true]);
  },

  async 'a message longer than the limit is one clear error'({ open }) {
    const one = await open({ maxMessageLength: 100_000 });
    const error = await rejection(one.fetch(`select repeat('x', 200000)`));
    match(error.message, /max_message_len/);
    equal(one.isClosed, true);
  },

  async 'a wrong password is one clear error that does not show it'({ open }) {
    const error = await rejection(open({ password: 'wr0ng-secret' }));
    equal([error.name, error.code, error.sqlstate], ['ConnectError', 'TRUNKLINE_CONNECT', '28P01']);
    match(error.message, /password authentication failed/);
    ok(!`${error.stack}${JSON.stringify(error)}`.includes('wr0ng-secret'));
  },

  async 'a database that is not there'({ open }) {
    const error = await rejection(open({ database: 'no_such_database' }));
    equal([error.name, error.sqlstate], ['ConnectError', '3D000']);
    equal(error.attempts.length, 1);
    equal(error.attempts[0].phase, 'startup');
  },
};
