import type { Bench } from '../bench.js';
import { median } from '../figure.js';
import { publishingLatency } from '../load/latency.js';
import type { RunningService } from '../service/running-service.js';
import type { Scenario } from './scenario.js';

export const publishLatencyGrowth: Scenario = {
  name: 'publish-latency-growth',
  measures: 'publish-latency in repositories of growing size, and the largest to the smallest of its medians',
  async *run(bench) {
    const service = await bench.startService();
    const medians: number[] = [];
    for (const artifacts of bench.scale.growth) {
      const { name } = await ofSize(bench, service, artifacts);
      const isEnough = (requests: number) => requests >= bench.scale.requests;
      const { visible } = await publishingLatency(service, name, 'growth', isEnough);
      medians.push(median(visible));
      yield { name: `publish-latency-at-${artifacts}`, value: median(visible), unit: 'ms', samples: visible };
    }
    const [smallest = Number.NaN, largest = Number.NaN] = [medians.at(0), medians.at(-1)];
    yield { name: 'publish-latency-growth', value: largest / smallest, unit: '×', n: medians.length };
  },
};

function ofSize(bench: Bench, service: RunningService, artifacts: number) {
  return artifacts === bench.scale.artifacts ? bench.large(service) : bench.filledRepository(service, artifacts);
}
