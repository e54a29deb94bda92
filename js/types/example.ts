// What the package's types allow and refuse; compiled, never run.

import {
  ConnectError,
  ServerError,
  SharedTypes,
  TrunklineError,
  connect,
  type BatchResult,
  type CommandResult,
  type Connection,
  type Notice,
  type Row,
  type Statement,
} from 'trunkline';

interface Customer {
  id: number;
  name: string;
}

export async function example(url: string): Promise<void> {
  const sharedTypes = new SharedTypes();
  await using db: Connection = await connect(url, {
    sharedTypes,
    applicationName: 'example',
    int8: 'bigint',
    connectTimeout: 5_000,
    onNotice: (notice: Notice) => console.log(notice.severity, notice.message),
  });
  const customers: Customer[] = await db.fetch<Customer>('select id, name from customer where id = any($1)', [[1, 2]]);
  const rows: Row[] = await db.fetch('select 1 as a');
  const one: Customer = await db.fetchOne<Customer>('select * from customer where id = $1', [1]);
  const maybe: Customer | null = await db.fetchRow<Customer>('select * from customer');
  const count: bigint | null = await db.fetchVal<bigint>('select count(*) from customer');
  const done: CommandResult = await db.execute('insert into customer values ($1, $2)', [3, 'Ada'], { timeout: 1_000 });
  const commands: CommandResult[] = await db.executeScript('create table a (b int); drop table a');
  await using statement: Statement = await db.prepare('select $1::jsonb');
  const value: unknown = await statement.fetchVal([{ any: 'object' }]);
  const strict: BatchResult[] = await db.batch([{ sql: 'select 1' }, { sql: 'select $1::int', params: [1] }]);
  const settled: PromiseSettledResult<BatchResult>[] = await db.batch([{ sql: 'select 1' }], { continueOnError: true });
  const pid: number = db.serverPid;
  const zone: string | undefined = db.parameter('TimeZone');
  void [customers, rows, one, maybe, count, done, commands, value, strict, settled, pid, zone];

  // @ts-expect-error there is no such option
  await connect(url, { username: 'jane' });
  // @ts-expect-error only a SharedTypes can be shared
  await connect(url, { sharedTypes: {} });
  // @ts-expect-error int8 is one of three
  await connect(url, { int8: 'text' });
  // @ts-expect-error undefined cannot be sent
  await db.fetch('select $1', [undefined]);
  // @ts-expect-error a Connection is made by connect
  new Connection();
}

export function explain(error: unknown): string {
  if (error instanceof ServerError) return `${error.sqlstate} ${error.constraint ?? ''} ${error.isRetryable}`;
  if (error instanceof ConnectError) return error.attempts.map(({ host, phase }) => `${host} ${phase}`).join();
  if (error instanceof TrunklineError) return `${error.code} ${error.safeToRetry}`;
  return String(error);
}
