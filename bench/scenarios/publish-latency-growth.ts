import type { Bench } from '../bench.js';
import { median } from '../figure.js';
import { LatencyProbe } from '../load/latency-probe.js';
import type { RunningService } from '../service/running-service.js';
import type { Scenario } from './scenario.js';

export const publishLatencyGrowth: Scenario = {
  name: 'publish-latency-growth',
  measures: 'publish-latency in repositories of growing size, and the largest to the smallest of its medians',
  async *run(bench) {
    const service = await bench.startService();
    const probes = new Map<number, LatencyProbe>();
    for (const artifacts of bench.scale.growth) {
      const { name } = await ofSize(bench, service, artifacts);
      probes.set(artifacts, new LatencyProbe(service, name, 'growth'));
    }
    // In turns, so that whatever else the machine does meets each size alike.
    for (let request = 0; request < bench.scale.requests; request += 1) {
      for (const probe of probes.values()) await probe.publishOnce();
    }
    for (const [artifacts, { visible }] of probes) {
      yield { name: `publish-latency-at-${artifacts}`, value: median(visible), unit: 'ms', samples: visible };
    }
    const medians = [...probes.values()].map(({ visible }) => median(visible));
    const growth = (medians.at(-1) ?? Number.NaN) / (medians[0] ?? Number.NaN);
    yield { name: 'publish-latency-growth', value: growth, unit: '×', n: medians.length };
    for (const probe of probes.values()) probe.close();
  },
};

function ofSize(bench: Bench, service: RunningService, artifacts: number) {
  return artifacts === bench.scale.artifacts ? bench.large(service) : bench.filledRepository(service, artifacts);
}
