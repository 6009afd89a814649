import { median } from '../figure.js';
import { LatencyProbe } from '../load/latency-probe.js';
import { binsOf, makeDue, untilRenewed } from '../service/renewals.js';
import type { Scenario } from './scenario.js';

export const resignAll: Scenario = {
  name: 'resign-all',
  measures: 'all hash bins of the large repository due at once → the last is signed again, while one client publishes',
  async *run(bench) {
    const { pool } = bench.postgres;
    const service = await bench.startService();
    const { name } = await bench.large(service);
    const bins = await binsOf(pool, name);
    const started = performance.now();
    const due = await makeDue(pool, name, bins);
    let isDone = false;
    const renewing = untilRenewed(pool, name, due).finally(() => {
      isDone = true;
    });
    const publishing = publishUntil(() => isDone, new LatencyProbe(service, name, 'meanwhile'));
    await renewing;
    const seconds = (performance.now() - started) / 1_000;
    const { visible } = await publishing;
    yield { name: 'resign-all', value: seconds, unit: 's', n: bins.length };
    yield { name: 'resign-all-publishing', value: median(visible), unit: 'ms', samples: visible };
  },
};

async function publishUntil(isEnough: () => boolean, probe: LatencyProbe): Promise<LatencyProbe> {
  while (!isEnough()) await probe.publishOnce();
  probe.close();
  return probe;
}
