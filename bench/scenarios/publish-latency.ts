import { median } from '../figure.js';
import { LatencyProbe } from '../load/latency-probe.js';
import type { Scenario } from './scenario.js';

export const publishLatency: Scenario = {
  name: 'publish-latency',
  measures: 'one client, one artifact per request, the large repository: POST → the timestamp served names it',
  async *run(bench) {
    const service = await bench.startService();
    const repository = await bench.large(service);
    const probe = new LatencyProbe(service, repository.name, 'latency');
    while (probe.visible.length < bench.scale.requests) await probe.publishOnce();
    probe.close();
    const { answered, visible } = probe;
    yield { name: 'publish-latency', value: median(visible), unit: 'ms', samples: visible };
    yield { name: 'publish-latency-answer', value: median(answered), unit: 'ms', samples: answered };
  },
};
