import type { Bench } from '../bench.js';
import type { Measured } from '../figure.js';
import { settle } from '../service/postgres.js';
import { binsOf, expireTimestamps, makeDue, untilRenewed } from '../service/renewals.js';
import type { RunningService } from '../service/running-service.js';
import { tableSizes } from '../service/table-sizes.js';
import type { Scenario } from './scenario.js';

const MEGABYTE = 1_000_000;
/** How many slices the bins are renewed in, one slice a round. */
const SLICES = 256;
/** How many timestamps have not expired long ago. */
const TIMESTAMPS_IN_USE = 10;

interface Usage {
  readonly rss: number;
  readonly tables: ReadonlyMap<string, number>;
}

export const memory: Scenario = {
  name: 'memory',
  measures:
    'what a service started with the large repository holds in memory, and the tables, after an hour of renewals',
  async *run(bench) {
    const { name } = await bench.large(await bench.startService());
    await bench.stopServices(); // what an import leaves behind is told by `import`
    const service = await bench.startService();
    const rounds = bench.scale.renewalRounds;
    yield { name: 'memory-at-start', value: await bench.idleRss(service), unit: 'MB' };
    await renew(bench, name, 0, Math.floor(rounds / 2));
    const halfway = await usage(bench, service);
    await renew(bench, name, Math.floor(rounds / 2), rounds);
    const end = await usage(bench, service);
    yield { name: 'memory-idle', value: end.rss, unit: 'MB', n: rounds };
    yield { name: 'memory-growth', value: end.rss - halfway.rss, unit: 'MB', n: Math.ceil(rounds / 2) };
    yield* tables(halfway.tables, end.tables, Math.ceil(rounds / 2));
  },
};

/** Each round is a minute in which timestamp, snapshot and some bins fall due: more than any setting asks for. */
async function renew({ postgres: { pool } }: Bench, repository: string, from: number, to: number): Promise<void> {
  const bins = await binsOf(pool, repository);
  const slice = Math.ceil(bins.length / SLICES);
  for (let round = from; round < to; round += 1) {
    const some = bins.slice(round * slice, (round + 1) * slice);
    await untilRenewed(pool, repository, await makeDue(pool, repository, ['timestamp', 'snapshot', ...some]));
    await expireTimestamps(pool, repository, TIMESTAMPS_IN_USE);
  }
}

/** Once the service has had time to delete what is past, and PostgreSQL knows the room that this left. */
async function usage(bench: Bench, service: RunningService): Promise<Usage> {
  const rss = await bench.idleRss(service);
  await settle(bench.postgres.pool);
  return { rss, tables: await tableSizes(bench.postgres.pool) };
}

function* tables(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  rounds: number,
): Generator<Measured> {
  for (const [table, bytes] of after) {
    if (bytes < MEGABYTE) continue;
    yield { name: `memory-table-${table}`, value: bytes / MEGABYTE, unit: 'MB', n: rounds };
    const growth = bytes - (before.get(table) ?? 0);
    yield { name: `memory-table-${table}-growth`, value: growth / MEGABYTE, unit: 'MB', n: rounds };
  }
}
