// Wrong input, wrong servers, cut connections: one clear error each, in time, without a secret.

import { describe, it } from 'node:test';

import { connect } from 'trunkline';

import { equal, match, ok, rejection } from './support/check.js';
import { SECRET, bytes, int32, message, session, withServer } from './support/scripted.js';

/** What every error has in common. */
function check(error, name) {
  equal(error.name, name, error.stack);
  const everything = `${error.stack}${JSON.stringify(error)}${error.cause?.stack}`;
  ok(!everything.includes(SECRET), 'the password shows');
}

describe('connecting', () => {
  it('to where nothing listens', async () => {
    const error = await rejection(connect(`postgres://jane:${SECRET}@127.0.0.1:1/db`));
    check(error, 'ConnectError');
    equal([error.code, error.attempts.length, error.attempts[0].phase], ['TRUNKLINE_CONNECT', 1, 'tcp']);
    match(error.message, /127\.0\.0\.1:1 \(tcp\): the connection was refused/);
  });

  it('to several hosts lists every attempt', async () => {
    const error = await rejection(connect(`postgres://jane:${SECRET}@127.0.0.1:1,127.0.0.1:2/db`));
    check(error, 'ConnectError');
    equal(error.attempts.map(({ host }) => host), ['127.0.0.1:1', '127.0.0.1:2']);
  });

  it('to a Unix socket that is not there', async () => {
    const error = await rejection(connect(`postgres://jane:${SECRET}@%2Fno%2Fsuch%2Ffolder/db`));
    check(error, 'ConnectError');
    equal([error.attempts[0].phase, error.attempts[0].host], ['unix', '/no/such/folder/.s.PGSQL.5432']);
  });

  it('to an HTTP server', async () => {
    const serve = (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await withServer(serve, async (url) => {
      const error = await rejection(connect(url));
      check(error, 'ConnectError');
      match(error.message, /startup.*not a PostgreSQL server.*HTTP/s);
    });
  });

  it('to a server that talks garbage', async () => {
    const serve = (socket) => socket.once('data', () => socket.write(Buffer.alloc(200, 0xfe)));
    await withServer(serve, async (url) => {
      const error = await rejection(connect(url));
      check(error, 'ConnectError');
      match(error.message, /startup/);
    });
  });

  it('to a server that says nothing ends with its deadline', async () => {
    await withServer(() => {}, async (url) => {
      const start = performance.now();
      const error = await rejection(connect(url, { connectTimeout: 200 }));
      check(error, 'ConnectError');
      ok(performance.now() - start < 5_000);
      equal(error.attempts[0].error.name, 'TimeoutError');
      // A machine that is busy enough takes the whole time to connect.
      match(error.message, /\((tcp|startup)\): no answer within 200 ms/);
    });
  });

  it('to a server that says nothing has one deadline for all hosts', async () => {
    await withServer(() => {}, async (url) => {
      const { host } = new URL(url);
      const error = await rejection(connect(url.replace(host, `${host},${host}`), { connectTimeout: 50 }));
      check(error, 'ConnectError');
      equal(error.attempts.map((attempt) => attempt.error.name), ['TimeoutError']);
    });
  });

  it('with more time than a timer takes', async () => {
    await withServer(session(() => {}), async (url) => {
      const db = await connect(url, { connectTimeout: 2 ** 31 });
      db.terminate();
    });
  });

  it('to a server that hangs up at once', async () => {
    await withServer((socket) => socket.end(), async (url) => {
      const error = await rejection(connect(url));
      check(error, 'ConnectError');
      match(error.message, /closed the stream without a word|reset by the peer/);
    });
  });

  it('is given up with its signal', async () => {
    await withServer(() => {}, async (url) => {
      const controller = new AbortController();
      const connecting = rejection(connect(url, { signal: controller.signal }));
      controller.abort(new Error('changed my mind'));
      equal((await connecting).message, 'changed my mind');
    });
  });

  it('with a URL that is none', async () => {
    for (const url of ['postgres://jane:x@host:notaport/db', 'postgres://host/db?sslmod=disable', 'mysql://host/db']) {
      const error = await rejection(connect(url.replace(':x@', `:${SECRET}@`)));
      check(error, 'UsageError');
    }
    match((await rejection(connect('postgres://host/db?sslmod=disable'))).message, /did you mean sslmode\?/);
    check(await rejection(connect(undefined)), 'UsageError');
  });

  it('with options that are none', async () => {
    const cases = [
      [{ username: 'jane' }, /username.*did you mean user\?/],
      [{ conectTimeout: 5 }, /conectTimeout.*did you mean connectTimeout\?/],
      [{ password: 5 }, /password.*number.*string/],
      [{ int8: 'text' }, /int8.*number, bigint, string/],
      [{ connectTimeout: -1 }, /connectTimeout.*milliseconds/],
      [{ proxy: 'http://proxy' }, /proxy.*ws:\/\//],
      [{ sslmode: 'reqire' }, /sslmode.*did you mean require\?/],
    ];
    for (const [options, pattern] of cases) {
      const error = await rejection(connect('postgres://jane@127.0.0.1:1/db', options));
      check(error, 'UsageError');
      match(error.message, pattern);
    }
  });

  it('with TLS says that there is none yet', async () => {
    const error = await rejection(connect(`postgres://jane:${SECRET}@127.0.0.1:1/db?sslmode=require`));
    check(error, 'UsageError');
    match(error.message, /TLS.*not have yet/);
  });
});

describe('a session', () => {
  it('that is cut in the middle of a message', async () => {
    const answer = (socket) => {
      socket.write(bytes(message('1'), message('2'), 'T', int32(100), 'half'));
      socket.end();
    };
    await withServer(session(answer), async (url) => {
      const db = await connect(url);
      const error = await rejection(db.fetch('select 1'));
      check(error, 'ClosedError');
      equal([error.reason, error.mayHaveRun, error.safeToRetry], ['eof', true, false]);
      const later = await rejection(db.fetch('select 1'));
      equal([later.name, later.mayHaveRun, later.safeToRetry], ['ClosedError', false, true]);
      await db.close();
    });
  });

  it('whose server breaks the protocol', async () => {
    await withServer(session((socket) => socket.write(message('Z', 'I', 'I'))), async (url) => {
      const db = await connect(url);
      const error = await rejection(db.fetch('select 1'));
      ok(['ClosedError', 'ProtocolError'].includes(error.name), error.name);
      match(error.message, /broke the protocol/);
      equal(db.isClosed, true);
    });
  });

  it('whose server announces a message of two gigabytes', async () => {
    await withServer(session((socket) => socket.write(bytes('D', [0x7f, 255, 255, 255]))), async (url) => {
      const db = await connect(url, { maxMessageLength: 1_000_000 });
      const error = await rejection(db.fetch('select 1'));
      match(error.message, /max_message_len/);
    });
  });

  it('whose server falls silent ends the query in time', async () => {
    await withServer(session(() => {}), async (url) => {
      const db = await connect(url, { commandTimeout: 100 });
      const error = await rejection(db.fetch('select 1'));
      check(error, 'TimeoutError');
      db.terminate();
    });
  });

  it('shows no secret when it is inspected', async () => {
    const { inspect } = await import('node:util');
    await withServer(session(() => {}), async (url) => {
      const db = await connect(url);
      const shown = inspect(db, { depth: 10, showHidden: true }) + JSON.stringify(db);
      ok(!shown.includes(SECRET), 'the password shows');
      db.terminate();
    });
  });
});
