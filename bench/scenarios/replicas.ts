import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Bench } from '../bench.js';
import { type Measured, median } from '../figure.js';
import { type LoadResult, publishFor, recordFor } from '../load/publishing.js';
import type { RunningService } from '../service/running-service.js';
import type { Scenario } from './scenario.js';

const COUNTS = [1, 2, 4];
const CLIENTS = 64;
const POLL_MS = 25;
/** Each with processes of its own, so that a machine that is faster now and slower then treats all counts alike. */
const ROUNDS = 3;

/** Of the rounds so far. */
class Rates {
  readonly accepted: LoadResult[] = [];
  /** What was accepted, until the last of it was visible. */
  readonly published: LoadResult[] = [];
  readonly visible: LoadResult[] = [];
  missing = 0;
  versions = 0;

  get medians() {
    return {
      accepted: median(this.accepted.map(rateOf)),
      published: median(this.published.map(rateOf)),
      visible: median(this.visible.map(rateOf)),
    };
  }
}

export const replicas: Scenario = {
  name: 'replicas',
  measures: '1, 2 and 4 service processes on one database: accepted and visible per second, and that nothing forks',
  async *run(bench) {
    const counts = new Map(COUNTS.map((count) => [count, new Rates()]));
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const [count, rates] of counts) {
        await measure(bench, count, rates);
        if (round === ROUNDS) yield* figuresOf(count, rates, (counts.get(1) as Rates).medians);
        await bench.stopServices();
      }
    }
  },
};

async function measure(bench: Bench, count: number, rates: Rates): Promise<void> {
  const services = await Promise.all(Array.from({ length: count }, () => bench.startService()));
  const { name } = await bench.emptyRepository(services[0] as RunningService);
  const load = { clients: CLIENTS, artifactsPerRequest: 1, seconds: bench.scale.loadSeconds / 3 };
  // until each of them has answered about as many requests as one alone has
  await publishFor(services, name, { ...load, seconds: load.seconds * count, series: 'warming-up' });
  const started = performance.now();
  const accepted = await recordFor(services, name, { ...load, series: 'recorded' });
  await untilNothingWaits(bench.postgres.pool, name);
  rates.accepted.push(accepted);
  rates.published.push({ ...accepted, seconds: (performance.now() - started) / 1_000 });
  rates.visible.push(await publishFor(services, name, { ...load, series: 'published' }));
  const { missing, versions } = await gapsInTimestamps(bench.postgres.pool, name);
  rates.missing += missing;
  rates.versions += versions;
}

function* figuresOf(count: number, rates: Rates, alone: Rates['medians']): Generator<Measured> {
  const prefix = `replicas-${count}`;
  const { accepted, published, visible } = rates.medians;
  yield { name: `${prefix}-accepted`, value: accepted, unit: 'artifacts/s', n: artifactsOf(rates.accepted) };
  yield { name: `${prefix}-published`, value: published, unit: 'artifacts/s', n: artifactsOf(rates.published) };
  yield { name: `${prefix}-visible`, value: visible, unit: 'artifacts/s', n: artifactsOf(rates.visible) };
  if (count > 1) {
    yield { name: `${prefix}-accepted-to-alone`, value: accepted / alone.accepted, unit: '×' };
    yield { name: `${prefix}-published-to-alone`, value: published / alone.published, unit: '×' };
    yield { name: `${prefix}-visible-to-alone`, value: visible / alone.visible, unit: '×' };
  }
  yield { name: `${prefix}-gaps`, value: rates.missing, unit: 'versions', n: rates.versions };
}

function artifactsOf(results: readonly LoadResult[]): number {
  return results.reduce((sum, { artifacts }) => sum + artifacts, 0);
}

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
async function gapsInTimestamps(pool: pg.Pool, repository: string): Promise<{ missing: number; versions: number }> {
  const { rows } = await pool.query(
    `select count(*)::integer as versions, max(version) - min(version) + 1 as expected
     from metadata_version file join repository on repository.id = file.repository_id
     where repository.name = $1 and file.role = 'timestamp'`,
    [repository],
  );
  const { versions, expected } = rows[0];
  return { missing: Math.abs(expected - versions), versions };
}
