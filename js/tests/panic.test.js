// A panic of the core ends its instance: its connections say so, and the next one gets a fresh instance.

import { describe, it } from 'node:test';

import { TrunklineError, connect } from 'trunkline';

// Not part of the package's interface.
import { Instance } from '../dist/engine/instance.js';

import { equal, match, ok, rejection } from './support/check.js';
import { servers } from './support/servers.js';

const [{ url }] = await servers();

describe('a panic of the core', () => {
  it('closes the connections of its instance with a clear error, and no others', async () => {
    const db = await connect(url);
    const slow = rejection(db.fetch('select pg_sleep(10)'));
    const instance = Instance.current(undefined);
    const { core } = instance;
    const configuration = new core.Configuration('postgres://jane@localhost/db', '', '', 'number', -1, -1);
    const engine = new core.Engine(configuration, 0, 0, new Uint8Array(24));
    let panic;
    try {
      engine.reserve(0xffff_ffff);
    } catch (error) {
      panic = error;
    }
    ok(panic instanceof Error);
    instance.fail(panic);
    const error = await slow;
    ok(error instanceof TrunklineError);
    equal([error.name, error.reason, error.mayHaveRun], ['ClosedError', 'failure', true]);
    match(error.message, /core failed.*bug/);
    equal(db.isClosed, true);
    equal((await rejection(db.fetch('select 1'))).name, 'ClosedError');
    await db.close();

    const next = await connect(url);
    ok(Instance.current(undefined) !== instance);
    equal(await next.fetchVal('select 1'), 1);
    await next.close();
  });
});
