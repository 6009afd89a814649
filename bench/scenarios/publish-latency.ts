import { median } from '../figure.js';
import { publishingLatency } from '../load/latency.js';
import type { Scenario } from './scenario.js';

export const publishLatency: Scenario = {
  name: 'publish-latency',
  measures: 'one client, one artifact per request, the large repository: POST → the timestamp served names it',
  async *run(bench) {
    const service = await bench.startService();
    const repository = await bench.large(service);
    const isEnough = (requests: number) => requests >= bench.scale.requests;
    const { answered, visible } = await publishingLatency(service, repository.name, 'latency', isEnough);
    yield { name: 'publish-latency', value: median(visible), unit: 'ms', samples: visible };
    yield { name: 'publish-latency-answer', value: median(answered), unit: 'ms', samples: answered };
  },
};
