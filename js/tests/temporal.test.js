// Objects of Temporal as results and parameters; where the runtime has none, the options that ask for them say so.

import { describe, it } from 'node:test';

import { Range } from 'trunkline';

import { equal, match, ok, rejection } from './support/check.js';
import { servers } from './support/servers.js';
import { within } from './support/session.js';

const { Temporal } = globalThis;

const ALL = { timestamps: 'temporal', dates: 'temporal', intervals: 'temporal' };

const withTemporal = (url) => {
  it('is what dates and times become', () =>
    within(url, ALL, async (db) => {
      equal(
        await db.fetchOne(`select timestamptz '2024-02-29 12:34:56.789012+00' as moment,
          timestamp '2024-02-29 12:34:56.789012' as local, time '12:34:56.789012' as time, date '2024-02-29' as date,
          interval '1 year 2 months -3 days' as period, interval '00:00:01.5' as span`, [], { intervals: 'object' }),
        {
          moment: Temporal.Instant.from('2024-02-29T12:34:56.789012Z'),
          local: Temporal.PlainDateTime.from('2024-02-29T12:34:56.789012'),
          time: Temporal.PlainTime.from('12:34:56.789012'),
          date: Temporal.PlainDate.from('2024-02-29'),
          period: { months: 14, days: -3, microseconds: 0 },
          span: { months: 0, days: 0, microseconds: 1_500_000 },
        },
      );
      equal(await db.fetchVal(`select interval '1 year 2 months 3 days 00:00:01.5'`), Temporal.Duration.from({ months: 14, days: 3, microseconds: 1_500_000 }));
      ok((await db.fetchVal('select now()')) instanceof Temporal.Instant);
    }));

  it('is in arrays, ranges and composite values too, and NULL is null', () =>
    within(url, ALL, async (db) => {
      await db.execute('create temp table stay (day date, at timestamptz)');
      equal(
        await db.fetchOne(`select '{2024-02-29,NULL}'::date[] as days, daterange('2024-02-29', null) as range,
          row('2024-02-29', null)::stay as stay, null::timestamptz as nothing`),
        {
          days: [Temporal.PlainDate.from('2024-02-29'), null],
          range: new Range({ lower: Temporal.PlainDate.from('2024-02-29') }),
          stay: { day: Temporal.PlainDate.from('2024-02-29'), at: null },
          nothing: null,
        },
      );
    }));

  it('is chosen by each query', () =>
    within(url, {}, async (db) => {
      const sql = `select date '2024-02-29'`;
      equal(await db.fetchVal(sql, [], { dates: 'temporal' }), Temporal.PlainDate.from('2024-02-29'));
      equal(await db.fetchVal(sql), '2024-02-29');
    }));

  it('goes out as it came, to the microsecond and past the year 9999', () =>
    within(url, ALL, async (db) => {
      const cases = [
        ['timestamptz', Temporal.Instant.from('2024-02-29T12:34:56.789012Z')],
        ['timestamptz', Temporal.Instant.from('-001234-01-01T00:00:00Z')],
        ['timestamptz', Temporal.Instant.from('+012345-01-01T00:00:00.000001Z')],
        ['timestamp', Temporal.PlainDateTime.from('2024-02-29T12:34:56.789012')],
        ['timestamp', Temporal.PlainDateTime.from('-000001-12-31T23:59:59')],
        ['date', Temporal.PlainDate.from('2024-02-29')],
        ['date', Temporal.PlainDate.from('+012345-06-07')],
        ['date', Temporal.PlainDate.from('0000-06-07')],
        ['time', Temporal.PlainTime.from('23:59:59.999999')],
        ['interval', Temporal.Duration.from({ months: 1, days: 2, microseconds: 3 })],
        ['interval', Temporal.Duration.from({ months: -1, days: -2, microseconds: -3_000_001 })],
        ['date[]', [Temporal.PlainDate.from('2024-02-29'), null]],
        ['daterange', new Range({ lower: Temporal.PlainDate.from('2024-02-29') })],
      ];
      for (const [type, value] of cases) equal(await db.fetchVal(`select $1::${type}`, [value]), value, `${type} ${value}`);
    }));

  it('goes out from every class that PostgreSQL has a type for', () =>
    within(url, {}, async (db) => {
      const zoned = Temporal.ZonedDateTime.from('2024-02-29T12:00:00+01:00[Europe/Vienna]');
      equal(await db.fetchVal(`select $1::timestamptz`, [zoned]), new Date('2024-02-29T11:00:00Z'));
      equal(await db.fetchVal(`select $1::interval`, [Temporal.Duration.from('P1Y2M3W4DT5H6M7.5S')]), {
        months: 14, days: 25, microseconds: ((5 * 60 + 6) * 60 + 7.5) * 1e6,
      });
      equal(await db.fetchVal(`select $1::interval`, [Temporal.Duration.from('-PT0.5S')]), { months: 0, days: 0, microseconds: -500_000 });
      equal(await db.fetchVal('select $1::jsonb', [{ day: Temporal.PlainDate.from('2024-02-29') }]), { day: '2024-02-29' });
    }));

  it('has no infinities, which stay what they are', () =>
    within(url, ALL, async (db) => {
      for (const type of ['timestamptz', 'timestamp', 'date']) {
        const value = await db.fetchVal(`select 'infinity'::${type}`);
        equal(value, 'infinity', type);
        equal(await db.fetchVal(`select $1::${type} = 'infinity'`, [value]), true, type);
      }
    }));

  it('that cannot hold a value says which, and the connection goes on', () =>
    within(url, ALL, async (db) => {
      const cases = [
        [`time '24:00'`, 'PlainTime', '24:00:00', 'timestamps'],
        [`timestamp '294276-12-31'`, 'PlainDateTime', '\\+294276-12-31T00:00:00', 'timestamps'],
        [`timestamptz '294276-12-31 00:00:00+00'`, 'Instant', '\\+294276-12-31T00:00:00Z', 'timestamps'],
        [`date '5874897-12-31'`, 'PlainDate', '\\+?5874897-12-31', 'dates'],
        [`interval '1 month -1 day'`, 'Duration', '{"months":1,"days":-1,"microseconds":0}', 'intervals'],
      ];
      for (const [sql, kind, shown, option] of cases) {
        const error = await rejection(db.fetch(`select 1 as fine, ${sql} as value`));
        equal(error.name, 'ConversionError', sql);
        match(error.message, new RegExp(`^column "value" \\(PostgreSQL's ${sql.split(' ')[0]}\\) cannot be read: a Temporal.${kind} cannot hold ${shown}; set the option ${option} to "string"$`));
        ok(error.cause instanceof RangeError);
        equal(typeof (await db.fetchVal(`select ${sql}`, [], { [option]: 'string' })), 'string');
      }
    }));
};

const withoutTemporal = (url) => {
  it('that is not there is an error of the option', async () => {
    for (const option of Object.keys(ALL)) {
      const error = await rejection(within(url, { [option]: 'temporal' }, () => {}));
      equal(error.name, 'UsageError');
      equal(error.message, `option ${option}: this runtime has no Temporal; use "string"`);
      await within(url, {}, async (db) => {
        const failing = await rejection(db.fetch('select 1', [], { [option]: 'temporal' }));
        equal([failing.name, failing.message], ['UsageError', error.message]);
        equal(await db.fetchVal('select 1', [], { [option]: 'string' }), 1);
      });
    }
  });
};

for (const { version, url } of await servers()) {
  describe(`Temporal with PostgreSQL ${version}`, () => (Temporal === undefined ? withoutTemporal(url) : withTemporal(url)));
}
