import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import { median } from '../figure.js';
import { publishingLatency } from '../load/latency.js';
import type { Scenario } from './scenario.js';

const POLL_MS = 25;

export const resignAll: Scenario = {
  name: 'resign-all',
  measures: 'all hash bins of the large repository due at once → the last is signed again, while one client publishes',
  async *run(bench) {
    const service = await bench.startService();
    const { name } = await bench.large(service);
    const started = performance.now();
    const due = await makeAllDue(bench, name);
    let isDone = false;
    const publishing = publishingLatency(service, name, 'meanwhile', () => isDone);
    const signed = untilNoneIsDue(bench, name, due).finally(() => {
      isDone = true;
    });
    const [seconds, { visible }] = await Promise.all([
      signed.then(() => (performance.now() - started) / 1_000),
      publishing,
    ]);
    yield { name: 'resign-all', value: seconds, unit: 's', n: bench.scale.bins };
    yield { name: 'resign-all-publishing', value: median(visible), unit: 'ms', samples: visible };
  },
};

/** @returns the moment since when they are due. */
async function makeAllDue({ postgres }: Bench, repository: string): Promise<Date> {
  const { rows } = await postgres.pool.query(
    `with now as (select date_trunc('milliseconds', now()) as moment)
     update role set renew_at = now.moment from now, repository
     where repository.id = role.repository_id and repository.name = $1 and role.name like 'bins-%'
     returning now.moment`,
    [repository],
  );
  return rows[0].moment;
}

async function untilNoneIsDue({ postgres }: Bench, repository: string, due: Date): Promise<void> {
  for (;;) {
    const { rowCount } = await postgres.pool.query(
      `select from role join repository on repository.id = role.repository_id
       where repository.name = $1 and role.renew_at <= $2 limit 1`,
      [repository, due],
    );
    if (rowCount === 0) return;
    await delay(POLL_MS);
  }
}
