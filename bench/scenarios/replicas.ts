import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { type LoadResult, publishFor, recordFor } from '../load/publishing.js';
import type { RunningService } from '../service/running-service.js';
import type { Scenario } from './scenario.js';

const COUNTS = [1, 2, 4];
const CLIENTS = 64;
const POLL_MS = 25;

interface Rates {
  readonly accepted: number;
  readonly visible: number;
}

export const replicas: Scenario = {
  name: 'replicas',
  measures: '1, 2 and 4 service processes on one database: accepted and visible per second, and that nothing forks',
  async *run(bench) {
    const { pool } = bench.postgres;
    const services: RunningService[] = [];
    let alone: Rates | null = null;
    for (const count of COUNTS) {
      while (services.length < count) services.push(await bench.startService());
      const { name } = await bench.emptyRepository(services[0] as RunningService);
      const load = { clients: CLIENTS, artifactsPerRequest: 1, seconds: bench.scale.loadSeconds / 2 };
      await publishFor(services, name, { ...load, series: 'warming-up' });
      const recorded = await recordFor(services, name, { ...load, series: 'recorded' });
      await untilNothingWaits(pool, name);
      const published = await publishFor(services, name, { ...load, series: 'published' });
      const rates: Rates = { accepted: rateOf(recorded), visible: rateOf(published) };
      const prefix = `replicas-${count}`;
      yield { name: `${prefix}-accepted`, value: rates.accepted, unit: 'artifacts/s', n: recorded.artifacts };
      yield { name: `${prefix}-visible`, value: rates.visible, unit: 'artifacts/s', n: published.artifacts };
      alone ??= rates;
      if (count > 1) {
        yield { name: `${prefix}-accepted-to-alone`, value: rates.accepted / alone.accepted, unit: '×' };
        yield { name: `${prefix}-visible-to-alone`, value: rates.visible / alone.visible, unit: '×' };
      }
      yield { name: `${prefix}-gaps`, ...(await gapsInTimestamps(pool, name)), unit: 'versions' };
    }
  },
};

function rateOf({ artifacts, seconds }: LoadResult): number {
  return artifacts / seconds;
}

async function untilNothingWaits(pool: pg.Pool, repository: string): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `select from task join repository on repository.id = task.repository_id
       where repository.name = $1 and task.state = 'waiting' limit 1`,
      [repository],
    );
    if (rowCount === 0) return;
    await delay(POLL_MS);
  }
}

/** How many versions of timestamp are missing, or there more than once, between the first and the last that are kept. */
async function gapsInTimestamps(pool: pg.Pool, repository: string): Promise<{ value: number; n: number }> {
  const { rows } = await pool.query(
    `select count(*)::integer as versions, max(version) - min(version) + 1 as expected
     from metadata_version file join repository on repository.id = file.repository_id
     where repository.name = $1 and file.role = 'timestamp'`,
    [repository],
  );
  const { versions, expected } = rows[0];
  return { value: Math.abs(expected - versions), n: versions };
}
